// What kubectl refuses of commands that reach into pods and nodes, in the order it looks.
import { isUnknown } from '../../shell/unknown.ts';
import { hasFiles, slashRefused } from '../builder-usage.ts';
import { allOf, isGiven, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { cutTaints } from '../pairs.ts';
import {
  argCount,
  dryRun,
  numberOf,
  oneOf,
  type Rule,
  slashes,
  type Table,
  together,
  when,
  whenFlags,
} from './rule.ts';

const needsNode: Rule = when(
  (it) => it.args.length === 0 && !it.flags.has('selector'),
  'a node name or --selector is required',
);

const nodeOrSelector: Rule = when(
  (it) => it.args.length > 0 && isGiven(it, 'selector'),
  'error: cannot specify both a node name and a --selector option',
);

const ttyNeedsStdin = whenFlags(
  (it) => isOn(it, 'tty') && !isOn(it, 'stdin'),
  '-i/--stdin is required for containers with -t/--tty=true',
);

const topRules: readonly Rule[] = [
  argCount(0, 1, 'only one NAME is allowed'),
  whenFlags(
    (it) => isGiven(it, 'sort-by') && !/^(?:cpu|memory)$/.test(lastOf(it, 'sort-by') ?? ''),
    '--sort-by accepts only cpu or memory',
  ),
  when(
    (it) => it.args.length > 0 && (isGiven(it, 'selector') || isGiven(it, 'field-selector')),
    'only one of NAME or selector can be provided',
  ),
];

const pullPolicy = oneOf('image-pull-policy', ['Always', 'IfNotPresent', 'Never'], 'invalid image pull policy');

const TAINT = /^[^:=]+(?:=[^:=]*)?:(?:NoSchedule|PreferNoSchedule|NoExecute)-?$|^[^:=]+-$/;

/** The words after "--" that run inside a container. */
const commandOf = (it: Invocation): readonly string[] =>
  it.argsBeforeDash === null ? [] : it.args.slice(it.argsBeforeDash);

const attaches = (it: Invocation): boolean =>
  it.flags.has('attach') ? isOn(it, 'attach') : isOn(it, 'stdin') || isOn(it, 'tty');

/** Rules by command. */
export const CONTAINERS: Table = {
  attach: [
    when((it) => it.args.length === 0, 'at least 1 argument is required for attach'),
    argCount(1, 2, 'expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments)'),
    slashes,
  ],
  cordon: [needsNode, nodeOrSelector, slashes],
  cp: [
    argCount(2, 2, 'source and destination are required'),
    when(
      (it) => !it.args.some((arg) => arg.includes(':') || isUnknown(arg)),
      'one of src or dest must be a remote file specification',
    ),
  ],
  debug: [
    whenFlags(
      (it) => it.flags.has('attach') && isOn(it, 'attach') && !isGiven(it, 'image') && !isGiven(it, 'container'),
      'you must specify --container or create a new container using --image in order to attach.',
    ),
    whenFlags(
      (it) =>
        isGiven(it, 'copy-to') &&
        !isGiven(it, 'image') &&
        allOf(it, 'set-image').length === 0 &&
        commandOf(it).length === 0,
      'you must specify --image, --set-image or command arguments.',
    ),
    whenFlags(
      (it) => isGiven(it, 'copy-to') && commandOf(it).length > 0 && !isGiven(it, 'container') && !isGiven(it, 'image'),
      'you must specify an existing container or a new image when specifying args.',
    ),
    when((it) => !isGiven(it, 'copy-to') && isOn(it, 'replace'), '--replace may only be used with --copy-to.'),
    when((it) => !isGiven(it, 'copy-to') && isOn(it, 'same-node'), '--same-node may only be used with --copy-to.'),
    when(
      (it) => !isGiven(it, 'copy-to') && allOf(it, 'set-image').length > 0,
      '--set-image may only be used with --copy-to.',
    ),
    when(
      (it) => !isGiven(it, 'copy-to') && !isGiven(it, 'image'),
      'you must specify --image when not using --copy-to.',
    ),
    when(
      (it) => it.args.length - commandOf(it).length === 0 && !hasFiles(it),
      'NAME or filename is required for debug',
    ),
    pullPolicy,
    together('target', 'copy-to', '--target is incompatible with --copy-to. Use --share-processes instead.'),
    ttyNeedsStdin,
    oneOf(
      'profile',
      ['legacy', 'general', 'baseline', 'netadmin', 'restricted', 'sysadmin', 'auto'],
      'unknown profile',
    ),
  ],
  drain: [needsNode, nodeOrSelector, slashes],
  exec: [
    when(
      (it) => it.argsBeforeDash === null && (it.args.length > 1 || (it.args.length > 0 && hasFiles(it))),
      'exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead',
    ),
    when(
      (it) => (it.args.length === 0 || it.argsBeforeDash === 0) && !hasFiles(it),
      'pod, type/name or --filename must be specified',
    ),
    when((it) => commandOf(it).length === 0, 'you must specify at least one command for the container'),
    (it) => slashRefused(it.args.slice(0, 1)),
  ],
  logs: [
    when(
      (it) => it.args.length > 2 || (it.args.length === 0 && !isGiven(it, 'selector')),
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.",
    ),
    when((it) => it.args.length > 0 && isGiven(it, 'selector'), 'only a selector (-l) or a POD name is allowed'),
    whenFlags(
      (it) =>
        isGiven(it, 'since-time') &&
        !isUnknown(lastOf(it, 'since-time') ?? '') &&
        !/^\d{4}-\d\d-\d\dT/.test(lastOf(it, 'since-time') ?? ''),
      '--since-time must be a date of RFC 3339',
    ),
    together('since-time', 'since', 'only one of sinceTime or sinceSeconds may be provided'),
    whenFlags(
      (it) => isOn(it, 'all-containers') && (isGiven(it, 'container') || it.args.length === 2),
      '--all-containers=true should not be specified with container name',
    ),
    whenFlags(
      (it) => it.flags.has('container') && it.args.length === 2,
      'only one of -c or an inline [CONTAINER] arg is allowed',
    ),
    whenFlags((it) => numberOf(it, 'limit-bytes', 0) < 0, '--limit-bytes must be greater than 0'),
    whenFlags((it) => numberOf(it, 'tail', -1) < -1, '--tail must be greater than or equal to -1'),
    (it) => slashRefused(it.args.slice(0, 1)),
  ],
  'port-forward': [
    when((it) => it.args.length < 2, 'TYPE/NAME and list of ports are required for port-forward'),
    (it) => slashRefused(it.args.slice(0, 1)),
  ],
  run: [
    when((it) => it.args.length === 0, 'NAME is required for run'),
    when((it) => !isGiven(it, 'image'), '--image is required'),
    ttyNeedsStdin,
    whenFlags((it) => isOn(it, 'expose') && !isGiven(it, 'port'), '--port must be set when exposing a service'),
    oneOf('restart', ['Always', 'OnFailure', 'Never'], 'invalid restart policy'),
    whenFlags((it) => isOn(it, 'rm') && !attaches(it), '--rm should only be used for attached containers'),
    when(
      (it) => attaches(it) && dryRun(it),
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    ),
    pullPolicy,
  ],
  taint: [
    (it) =>
      cutTaints(it.args).stray === null
        ? null
        : `all resources must be specified before taint changes: ${cutTaints(it.args).stray}`,
    when(
      (it) => cutTaints(it.args).resources.length === 0,
      'one or more resources must be specified as <resource> <name>',
    ),
    when((it) => cutTaints(it.args).pairs.length === 0, 'at least one taint update is required'),
    when((it) => cutTaints(it.args).pairs.some((pair) => !isUnknown(pair) && !TAINT.test(pair)), 'invalid taint spec'),
    together('all', 'selector', "setting 'all' parameter with a non empty selector is prohibited"),
    when(
      (it) => !isOn(it, 'all') && !isGiven(it, 'selector') && cutTaints(it.args).resources.length < 2,
      "at least one resource name must be specified since 'all' parameter is not set",
    ),
  ],
  'top node': topRules,
  'top pod': topRules,
  uncordon: [needsNode, nodeOrSelector, slashes],
};
