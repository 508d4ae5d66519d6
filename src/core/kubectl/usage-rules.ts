// kubectl's own checks of arguments and flags, a row a command, in the order kubectl makes them. It must never know
// more than the words: what depends on the cluster is not usage.

import { isUnknown } from '../shell/unknown.ts';
import { type BuilderUse, builderRefused, filesRefused, hasFiles, slashRefused } from './builder-usage.ts';
import { allOf, isGiven, isOn, lastOf } from './flags.ts';
import type { Invocation } from './invocation.ts';
import { type CutArgs, cutEnv, cutLast, cutPairs, cutTaints } from './pairs.ts';

/** Why kubectl refuses, in its words; null when this rule is content. */
type Rule = (it: Invocation) => string | null;

const when =
  (refused: (it: Invocation) => boolean, why: string): Rule =>
  (it) =>
    refused(it) ? why : null;

const together = (one: string, other: string, why: string): Rule =>
  when((it) => (isOn(it, one) || isText(it, one)) && (isOn(it, other) || isText(it, other)), why);

/** A flag that holds a text, and not the "false" of a bool. */
const isText = (it: Invocation, flag: string): boolean => isGiven(it, flag) && lastOf(it, flag) !== 'false';

const numberOf = (it: Invocation, flag: string, otherwise: number): number => {
  const value = lastOf(it, flag);
  return value === null ? otherwise : Number(value);
};

/** The strategies of --dry-run that send nothing, or send without persisting. */
const dryRunIs = (it: Invocation, strategy: 'client' | 'server'): boolean => {
  const value = lastOf(it, 'dry-run');
  return strategy === 'server' ? value === 'server' : /^(?:client|unchanged|1|t|T|true|TRUE|True)$/.test(value ?? '');
};
const dryRun = (it: Invocation): boolean => dryRunIs(it, 'client') || dryRunIs(it, 'server');

const noArgs: Rule = (it) => (it.args.length === 0 ? null : `Unexpected args: [${it.args.join(' ')}]`);
const argCount = (least: number, most: number, why: string): Rule =>
  when((it) => it.args.length < least || it.args.length > most, why);
const needsFiles: Rule = (it) => filesRefused(it) ?? (hasFiles(it) ? null : 'must specify one of -f and -k');

/** Of "create KIND": exactly one NAME before "--". */
const oneName: Rule = (it) => {
  const count = it.argsBeforeDash ?? it.args.length;
  return count === 1 ? null : `exactly one NAME is required, got ${count}`;
};

const built =
  (bareKind: BuilderUse['bareKind'], cut: (args: readonly string[]) => CutArgs | null = () => null): Rule =>
  (it) =>
    builderRefused(it, cut(it.args)?.resources ?? it.args, { bareKind, selectors: 'choose' });

const needsNode: Rule = when(
  (it) => it.args.length === 0 && !it.flags.has('selector'),
  'a node name or --selector is required',
);
const nodeOrSelector: Rule = when(
  (it) => it.args.length > 0 && isGiven(it, 'selector'),
  'error: cannot specify both a node name and a --selector option',
);
const slashes: Rule = (it) => slashRefused(it.args);

const required: Rule = when((it) => it.args.length === 0 && !hasFiles(it), 'required resource not specified');
const noRevisionBelowZero: Rule = when((it) => numberOf(it, 'revision', 0) < 0, 'revision must be a positive integer');

const allAndSelector = together('all', 'selector', 'cannot set --all and --selector at the same time');
const allAndFields = together('all', 'field-selector', 'cannot set --all and --field-selector at the same time');

const NO_RESOURCES = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';
const localAndServer = when(
  (it) => isOn(it, 'local') && dryRunIs(it, 'server'),
  'cannot specify --local and --dry-run=server - did you mean --dry-run=client?',
);
const localNeedsFiles = (cut: (args: readonly string[]) => CutArgs | null): Rule =>
  when((it) => {
    const resources = cut(it.args)?.resources ?? it.args;
    return isOn(it, 'local') && (resources.length > 0 || !hasFiles(it));
  }, 'can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set');

/** Rules of commands whose objects come first and changes after them. */
const cutRules = (cut: (args: readonly string[]) => CutArgs, change: string): readonly Rule[] => [
  (it) => {
    const { stray } = cut(it.args);
    return stray === null ? null : `all resources must be specified before ${change} changes: ${stray}`;
  },
  localAndServer,
  localNeedsFiles(cut),
  allAndSelector,
  allAndFields,
  when((it) => cut(it.args).resources.length === 0 && !hasFiles(it), NO_RESOURCES),
];

const onServer =
  (rule: Rule): Rule =>
  (it) =>
    isOn(it, 'local') ? null : rule(it);

const labelRules = (change: string): readonly Rule[] => [
  ...cutRules(cutPairs, change),
  when((it) => cutPairs(it.args).pairs.length === 0 && !isOn(it, 'list'), `at least one ${change} update is required`),
  when((it) => isOn(it, 'list') && isGiven(it, 'output'), '--list and --output may not be specified together'),
  onServer(built('with --all', cutPairs)),
];

const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** label alone looks at its values before it asks the cluster. */
const labelValues: Rule = (it) => {
  for (const pair of cutPairs(it.args).pairs) {
    if (!pair.includes('=') || isUnknown(pair)) continue;
    const parts = pair.split('=');
    if (parts.length !== 2) return `invalid label spec: ${pair}`;
    if (!LABEL_VALUE.test(parts[1] ?? '')) return `invalid label value: ${JSON.stringify(pair)}`;
  }
  return null;
};

const setPodRules: readonly Rule[] = [localAndServer, allAndSelector];

const rawRules: readonly Rule[] = [
  when((it) => isGiven(it, 'raw') && isGiven(it, 'output'), '--raw and --output are mutually exclusive'),
  when((it) => isGiven(it, 'raw') && isOn(it, 'recursive'), '--raw and --recursive are mutually exclusive'),
  when(
    (it) => isGiven(it, 'raw') && !/^(?:\/|[A-Za-z][A-Za-z0-9+.-]*:)/.test(lastOf(it, 'raw') ?? ''),
    '--raw must be a valid URL path',
  ),
];
const rawOneFile = when(
  (it) =>
    isGiven(it, 'raw') && (allOf(it, 'filename').length !== 1 || /^https?:\/\//.test(allOf(it, 'filename')[0] ?? '')),
  '--raw can only use a single local file or stdin',
);
const unlessRaw =
  (rule: Rule): Rule =>
  (it) =>
    isGiven(it, 'raw') ? null : rule(it);

const envAndFiles = when(
  (it) =>
    allOf(it, 'from-env-file').length > 0 &&
    (allOf(it, 'from-file').length > 0 || allOf(it, 'from-literal').length > 0),
  'from-env-file cannot be combined with from-file or from-literal',
);
const needsTcp = when((it) => allOf(it, 'tcp').length === 0, 'at least one tcp port specifier must be provided');
const needsVerb = when((it) => allOf(it, 'verb').length === 0, 'at least one verb must be specified');
const accountNames: Rule = when(
  (it) => allOf(it, 'serviceaccount').some((one) => !isUnknown(one) && !/^[^:]*:[^:]+$/.test(one)),
  'serviceaccount must be <namespace>:<name>',
);
const ttyNeedsStdin = when(
  (it) => isOn(it, 'tty') && !isOn(it, 'stdin'),
  '-i/--stdin is required for containers with -t/--tty=true',
);
const topRules: readonly Rule[] = [
  argCount(0, 1, 'only one NAME is allowed'),
  when(
    (it) => isGiven(it, 'sort-by') && !/^(?:cpu|memory)$/.test(lastOf(it, 'sort-by') ?? ''),
    '--sort-by accepts only cpu or memory',
  ),
  when(
    (it) => it.args.length > 0 && (isGiven(it, 'selector') || isGiven(it, 'field-selector')),
    'only one of NAME or selector can be provided',
  ),
];
const oneOf = (flag: string, values: readonly string[], why: string): Rule =>
  when(
    (it) => isGiven(it, flag) && !values.includes(lastOf(it, flag) ?? '') && !isUnknown(lastOf(it, flag) ?? ''),
    why,
  );
const pullPolicy = oneOf('image-pull-policy', ['Always', 'IfNotPresent', 'Never'], 'invalid image pull policy');

const TABLE: Readonly<Record<string, readonly Rule[]>> = {
  annotate: labelRules('annotation'),
  'api-resources': [noArgs, oneOf('sort-by', ['name', 'kind'], '--sort-by accepts only name or kind')],
  'api-versions': [noArgs],
  apply: [
    noArgs,
    needsFiles,
    when(
      (it) => isOn(it, 'force-conflicts') && !isOn(it, 'server-side'),
      '--force-conflicts only works with --server-side',
    ),
    when(
      (it) => dryRunIs(it, 'client') && isOn(it, 'server-side'),
      "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    ),
    together('server-side', 'force', '--force cannot be used with --server-side'),
    when((it) => dryRunIs(it, 'server') && isOn(it, 'force'), '--dry-run=server cannot be used with --force'),
    allAndSelector,
    when((it) => isGiven(it, 'applyset') && !isOn(it, 'prune'), '--applyset requires --prune'),
    together('force', 'prune', '--force cannot be used with --prune'),
    when(
      (it) =>
        isGiven(it, 'applyset') &&
        (isOn(it, 'all') || isGiven(it, 'selector') || allOf(it, 'prune-allowlist').length > 0),
      '--all, --selector and --prune-allowlist are incompatible with --applyset',
    ),
    when(
      (it) => isOn(it, 'prune') && !isGiven(it, 'applyset') && !isOn(it, 'all') && !isGiven(it, 'selector'),
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    ),
    when(
      (it) => isOn(it, 'prune') && !isGiven(it, 'applyset') && isOn(it, 'server-side'),
      "--prune is in alpha and doesn't currently work on objects created by server-side apply",
    ),
    when(
      (it) => isGiven(it, 'subresource') && !isOn(it, 'server-side'),
      '--subresource can only be specified for --server-side',
    ),
  ],
  'apply edit-last-applied': [built('list')],
  'apply set-last-applied': [needsFiles],
  'apply view-last-applied': [built('--all selects')],
  attach: [
    when((it) => it.args.length === 0, 'at least 1 argument is required for attach'),
    argCount(1, 2, 'expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments)'),
    slashes,
  ],
  'auth can-i': [
    when((it) => isOn(it, 'list') && it.args.length > 0, 'list option must be specified with no arguments'),
    when(
      (it) => !isOn(it, 'list') && it.args.length !== 2,
      'you must specify two arguments: verb resource or verb resource/resourceName.',
    ),
    when(
      (it) => isOn(it, 'list') && (isOn(it, 'quiet') || isOn(it, 'all-namespaces') || isGiven(it, 'subresource')),
      "list option can't be specified with neither quiet, all-namespaces nor subresource options",
    ),
    when((it) => !isOn(it, 'list') && isOn(it, 'no-headers'), '--no-headers cannot be set without --list specified'),
  ],
  'auth reconcile': [needsFiles, when((it) => it.args.length > 0, 'no arguments are allowed')],
  autoscale: [
    when((it) => numberOf(it, 'max', 1) < 1, '--max=MAXPODS is required and must be at least 1'),
    when(
      (it) => numberOf(it, 'max', 1) < numberOf(it, 'min', -1),
      '--max=MAXPODS must be larger or equal to --min=MINPODS',
    ),
    when(
      (it) => numberOf(it, 'cpu-percent', -1) > 0 && isGiven(it, 'cpu'),
      '--cpu-percent and --cpu are mutually exclusive',
    ),
    built('refused'),
  ],
  'certificate approve': [
    when(
      (it) => it.args.length === 0 && !hasFiles(it),
      'one or more CSRs must be specified as <name> or -f <filename>',
    ),
    slashes,
  ],
  'certificate deny': [
    when(
      (it) => it.args.length === 0 && !hasFiles(it),
      'one or more CSRs must be specified as <name> or -f <filename>',
    ),
    slashes,
  ],
  completion: [
    argCount(1, 1, 'Shell not specified, or too many arguments. Expected only the shell type.'),
    when((it) => !/^(?:bash|zsh|fish|powershell)$/.test(it.args[0] ?? ''), 'Unsupported shell type'),
  ],
  'config delete-cluster': [argCount(1, 1, 'cluster name to delete is required')],
  'config delete-context': [argCount(1, 1, 'context name to delete is required')],
  'config delete-user': [argCount(1, 1, 'user to delete is required')],
  'config rename-context': [argCount(2, 2, 'two context names are required')],
  'config set': [argCount(2, 2, 'a property name and a value are required')],
  'config set-cluster': [argCount(1, 1, 'exactly one cluster name is required')],
  'config set-context': [
    argCount(0, 1, 'at most one context name is allowed'),
    when(
      (it) => (it.args[0] ?? '') === '' && !isOn(it, 'current'),
      'you must specify a non-empty context name or --current',
    ),
    when(
      (it) => (it.args[0] ?? '') !== '' && isOn(it, 'current'),
      'you cannot specify both a context name and --current',
    ),
  ],
  'config set-credentials': [
    argCount(1, 1, 'exactly one user name is required'),
    when(
      (it) => isGiven(it, 'token') && (isGiven(it, 'username') || isGiven(it, 'password')),
      'you cannot specify more than one authentication method at the same time: [--token --username/--password]',
    ),
  ],
  'config unset': [argCount(1, 1, 'exactly one property name is required')],
  'config use-context': [argCount(1, 1, 'exactly one context name is required')],
  'config view': [noArgs],
  cordon: [needsNode, nodeOrSelector, slashes],
  cp: [
    argCount(2, 2, 'source and destination are required'),
    when(
      (it) => !it.args.some((arg) => arg.includes(':') || isUnknown(arg)),
      'one of src or dest must be a remote file specification',
    ),
  ],
  create: [
    noArgs,
    needsFiles,
    rawOneFile,
    ...rawRules,
    together('raw', 'edit', '--raw and --edit are mutually exclusive'),
    together('raw', 'selector', '--raw and --selector (-l) are mutually exclusive'),
  ],
  'create clusterrole': [
    oneName,
    when(
      (it) =>
        isGiven(it, 'aggregation-rule') &&
        ['non-resource-url', 'verb', 'resource', 'resource-name'].some((flag) => allOf(it, flag).length > 0),
      'aggregation rule must be specified without nonResourceURLs, verbs, resources or resourceNames',
    ),
    (it) => (isGiven(it, 'aggregation-rule') ? null : needsVerb(it)),
    when(
      (it) =>
        !isGiven(it, 'aggregation-rule') &&
        allOf(it, 'resource').length === 0 &&
        allOf(it, 'non-resource-url').length === 0,
      'one of resource or nonResourceURL must be specified',
    ),
  ],
  'create clusterrolebinding': [oneName, accountNames],
  'create configmap': [oneName, envAndFiles],
  'create cronjob': [oneName],
  'create deployment': [
    oneName,
    when(
      (it) => allOf(it, 'image').length > 1 && it.args.length > 1,
      'cannot specify multiple --image options and command',
    ),
  ],
  'create ingress': [
    oneName,
    when(
      (it) => !isGiven(it, 'default-backend') && allOf(it, 'rule').length === 0,
      'not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
    ),
  ],
  'create job': [
    oneName,
    when((it) => isGiven(it, 'image') === isGiven(it, 'from'), 'either --image or --from must be specified'),
    when((it) => it.args.length > 1 && isGiven(it, 'from'), 'cannot specify --from and command'),
  ],
  'create namespace': [oneName],
  'create poddisruptionbudget': [
    oneName,
    when((it) => !isGiven(it, 'selector'), 'a selector must be specified'),
    when(
      (it) => !isGiven(it, 'max-unavailable') && !isGiven(it, 'min-available'),
      'one of min-available or max-unavailable must be specified',
    ),
    together('min-available', 'max-unavailable', 'min-available and max-unavailable cannot be both specified'),
  ],
  'create priorityclass': [oneName],
  'create quota': [oneName],
  'create role': [
    oneName,
    needsVerb,
    when((it) => allOf(it, 'resource').length === 0, 'at least one resource must be specified'),
  ],
  'create rolebinding': [
    oneName,
    accountNames,
    when(
      (it) => isGiven(it, 'clusterrole') === isGiven(it, 'role'),
      'exactly one of clusterrole or role must be specified',
    ),
  ],
  'create secret docker-registry': [
    oneName,
    when(
      (it) =>
        allOf(it, 'from-file').length === 0 &&
        !['docker-username', 'docker-password', 'docker-server'].every(
          (flag) => isGiven(it, flag) || (flag === 'docker-server' && !it.flags.has(flag)),
        ),
      'either --from-file or the combination of --docker-username, --docker-password and --docker-server is required',
    ),
  ],
  'create secret generic': [oneName, envAndFiles],
  'create secret tls': [
    oneName,
    when((it) => !isGiven(it, 'key') || !isGiven(it, 'cert'), 'key and cert must be specified'),
  ],
  'create service clusterip': [oneName, (it) => (lastOf(it, 'clusterip') === 'None' ? null : needsTcp(it))],
  'create service externalname': [oneName],
  'create service loadbalancer': [oneName, needsTcp],
  'create service nodeport': [oneName, needsTcp],
  'create serviceaccount': [oneName],
  'create token': [
    oneName,
    when(
      (it) => isGiven(it, 'bound-object-kind') !== isGiven(it, 'bound-object-name'),
      '--bound-object-kind and --bound-object-name are required together',
    ),
  ],
  debug: [
    when(
      (it) => it.flags.has('attach') && isOn(it, 'attach') && !isGiven(it, 'image') && !isGiven(it, 'container'),
      'you must specify --container or create a new container using --image in order to attach.',
    ),
    when(
      (it) =>
        isGiven(it, 'copy-to') &&
        !isGiven(it, 'image') &&
        allOf(it, 'set-image').length === 0 &&
        commandOf(it).length === 0,
      'you must specify --image, --set-image or command arguments.',
    ),
    when(
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
  delete: [
    when(
      (it) => isOn(it, 'now') && numberOf(it, 'grace-period', -1) !== -1,
      '--now and --grace-period cannot be specified together',
    ),
    unlessRaw(built('--all selects')),
    oneOf('output', ['name'], "unexpected -o output mode. We only support '-o name'"),
    allAndSelector,
    allAndFields,
    when(
      (it) => isOn(it, 'force') && (numberOf(it, 'grace-period', -1) > 0 || isOn(it, 'now')),
      '--force and --grace-period greater than 0 cannot be specified together',
    ),
    together('raw', 'interactive', '--interactive can not be used with --raw'),
    when(
      (it) => isGiven(it, 'raw') && allOf(it, 'filename').length > 1,
      '--raw can only use a single local file or stdin',
    ),
    ...rawRules,
  ],
  describe: [built('list')],
  diff: [
    noArgs,
    needsFiles,
    when(
      (it) => isOn(it, 'force-conflicts') && !isOn(it, 'server-side'),
      '--force-conflicts only works with --server-side',
    ),
  ],
  drain: [needsNode, nodeOrSelector, slashes],
  edit: [built('list')],
  events: [
    when((it) => isGiven(it, 'for') && !(lastOf(it, 'for') ?? '').includes('/'), '--for must be in resource/name form'),
  ],
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
  explain: [argCount(1, 1, 'You must specify the type of resource to explain, and only one')],
  expose: [
    // --selector is the service's own here.
    (it) => builderRefused(it, it.args, { bareKind: 'refused', selectors: 'ignored' }),
  ],
  get: [
    when((it) => isGiven(it, 'raw') && it.args.length > 0, 'arguments may not be passed when --raw is specified'),
    when(
      (it) => isGiven(it, 'raw') && (isOn(it, 'watch') || isOn(it, 'watch-only') || isGiven(it, 'selector')),
      '--raw may not be specified with other flags that filter the server request or alter the output',
    ),
    ...rawRules,
    when(
      (it) => isOn(it, 'show-labels') && isGiven(it, 'output') && lastOf(it, 'output') !== 'wide',
      `--show-labels option cannot be used with this printer`,
    ),
    when(
      (it) => isOn(it, 'output-watch-events') && !isOn(it, 'watch') && !isOn(it, 'watch-only'),
      '--output-watch-events option can only be used with --watch or --watch-only',
    ),
    unlessRaw(built('list')),
    when(
      (it) => (isOn(it, 'watch') || isOn(it, 'watch-only')) && (it.args[0] ?? '').includes(','),
      'you may only specify a single resource type',
    ),
  ],
  kustomize: [argCount(0, 1, 'specify one path to kustomization.yaml')],
  label: [labelValues, ...labelRules('label')],
  logs: [
    when(
      (it) => it.args.length > 2 || (it.args.length === 0 && !isGiven(it, 'selector')),
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.",
    ),
    when((it) => it.args.length > 0 && isGiven(it, 'selector'), 'only a selector (-l) or a POD name is allowed'),
    when(
      (it) =>
        isGiven(it, 'since-time') &&
        !isUnknown(lastOf(it, 'since-time') ?? '') &&
        !/^\d{4}-\d\d-\d\dT/.test(lastOf(it, 'since-time') ?? ''),
      '--since-time must be a date of RFC 3339',
    ),
    together('since-time', 'since', 'only one of sinceTime or sinceSeconds may be provided'),
    when(
      (it) => isOn(it, 'all-containers') && (isGiven(it, 'container') || it.args.length === 2),
      '--all-containers=true should not be specified with container name',
    ),
    when(
      (it) => it.flags.has('container') && it.args.length === 2,
      'only one of -c or an inline [CONTAINER] arg is allowed',
    ),
    when((it) => numberOf(it, 'limit-bytes', 0) < 0, '--limit-bytes must be greater than 0'),
    when((it) => numberOf(it, 'tail', -1) < -1, '--tail must be greater than or equal to -1'),
    (it) => slashRefused(it.args.slice(0, 1)),
  ],
  patch: [
    together('patch', 'patch-file', 'cannot specify --patch and --patch-file together'),
    when(
      (it) => !isGiven(it, 'patch') && !isGiven(it, 'patch-file'),
      'must specify --patch or --patch-file containing the contents of the patch',
    ),
    when((it) => isOn(it, 'local') && it.args.length > 0, 'cannot specify --local and server resources'),
    localAndServer,
    when(
      (it) => isGiven(it, 'type') && !/^(?:json|merge|strategic)$/i.test(lastOf(it, 'type') ?? ''),
      '--type must be one of [json merge strategic]',
    ),
    built('refused'),
  ],
  'port-forward': [
    when((it) => it.args.length < 2, 'TYPE/NAME and list of ports are required for port-forward'),
    (it) => slashRefused(it.args.slice(0, 1)),
  ],
  replace: [
    needsFiles,
    when(
      (it) => numberOf(it, 'grace-period', -1) >= 0 && !isOn(it, 'force'),
      '--grace-period must have --force specified',
    ),
    when(
      (it) => !/^0[a-zµμ]*$/.test(lastOf(it, 'timeout') ?? '0') && !isOn(it, 'force'),
      '--timeout must have --force specified',
    ),
    when((it) => isOn(it, 'force') && dryRun(it), '--dry-run can not be used when --force is set'),
    rawOneFile,
    ...rawRules,
    // Only with --force does replace look at its arguments.
    unlessRaw((it) => (isOn(it, 'force') ? built('refused')(it) : filesRefused(it))),
  ],
  'rollout history': [required, noRevisionBelowZero, built('list')],
  'rollout pause': [required, built('list')],
  'rollout restart': [required, built('list')],
  'rollout resume': [required, built('list')],
  'rollout status': [required, noRevisionBelowZero, built('list')],
  'rollout undo': [required, built('list')],
  run: [
    when((it) => it.args.length === 0, 'NAME is required for run'),
    when((it) => !isGiven(it, 'image'), '--image is required'),
    ttyNeedsStdin,
    when((it) => isOn(it, 'expose') && !isGiven(it, 'port'), '--port must be set when exposing a service'),
    oneOf('restart', ['Always', 'OnFailure', 'Never'], 'invalid restart policy'),
    when((it) => isOn(it, 'rm') && !attaches(it), '--rm should only be used for attached containers'),
    when(
      (it) => attaches(it) && dryRun(it),
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    ),
    pullPolicy,
  ],
  scale: [
    when(
      (it) => numberOf(it, 'replicas', 0) < 0,
      'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
    ),
    when(
      (it) => numberOf(it, 'current-replicas', -1) < -1,
      'The --current-replicas must specify an integer of -1 or greater',
    ),
    built('with --all'),
  ],
  'set env': [
    allAndSelector,
    (it) =>
      cutEnv(it.args).stray === null
        ? null
        : `all resources must be specified before environment changes: ${it.args.join(' ')}`,
    localAndServer,
    when((it) => allOf(it, 'filename').length === 0 && cutEnv(it.args).resources.length === 0, NO_RESOURCES),
    when((it) => isOn(it, 'list') && isGiven(it, 'output'), '--list and --output may not be specified together'),
    when(
      (it) => allOf(it, 'keys').length > 0 && !isGiven(it, 'from'),
      'when specifying --keys, a configmap or secret must be provided with --from',
    ),
    onServer(built('with --all', cutEnv)),
  ],
  'set image': [
    ...cutRules(cutPairs, 'image'),
    when((it) => cutPairs(it.args).pairs.length === 0, 'at least one image update is required'),
    when((it) => cutPairs(it.args).pairs.some((pair) => !pair.includes('=')), 'invalid image format'),
    when(
      (it) => cutPairs(it.args).pairs.length > 1 && cutPairs(it.args).pairs.some((pair) => pair.startsWith('*=')),
      'all containers are already specified by *, but saw more than one container_name=container_image pairs',
    ),
    onServer(built('with --all', cutPairs)),
  ],
  'set resources': [
    ...setPodRules,
    when(
      (it) => !isGiven(it, 'limits') && !isGiven(it, 'requests'),
      'you must specify an update to requests or limits (in the form of --requests/--limits)',
    ),
    localNeedsFiles(() => null),
    onServer(built('with --all')),
  ],
  'set selector': [
    when((it) => it.args.length === 0, 'one selector is required'),
    onServer(built('with --all', cutLast)),
  ],
  'set serviceaccount': [
    localAndServer,
    when((it) => it.args.length === 0, 'serviceaccount is required'),
    onServer(built('with --all', cutLast)),
  ],
  'set subject': [
    ...setPodRules,
    when(
      (it) => ['user', 'group', 'serviceaccount'].every((flag) => allOf(it, flag).length === 0),
      'you must specify at least one value of user, group or serviceaccount',
    ),
    localNeedsFiles(() => null),
    onServer(built('with --all')),
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
  version: [
    when((it) => it.args.length > 0 && !isOn(it, 'client'), 'extra arguments'),
    oneOf('output', ['yaml', 'json'], `--output must be 'yaml' or 'json'`),
  ],
  wait: [built('with --all')],
};

const TAINT = /^[^:=]+(?:=[^:=]*)?:(?:NoSchedule|PreferNoSchedule|NoExecute)-?$|^[^:=]+-$/;

/** The words after "--" that run inside a container. */
const commandOf = (it: Invocation): readonly string[] =>
  it.argsBeforeDash === null ? [] : it.args.slice(it.argsBeforeDash);

const attaches = (it: Invocation): boolean =>
  it.flags.has('attach') ? isOn(it, 'attach') : isOn(it, 'stdin') || isOn(it, 'tty');

/** The rules of each command, by its path as one text. */
export const USAGE_RULES: ReadonlyMap<string, readonly Rule[]> = new Map(Object.entries(TABLE));
