// What kubectl refuses of commands that change objects, in the order it looks.
import { isUnknown } from '../../shell/unknown.ts';
import { builderRefused, filesRefused, hasFiles } from '../builder-usage.ts';
import { allOf, isBare, isGiven, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import { type CutArgs, cutEnv, cutLast, cutPairs } from '../pairs.ts';
import {
  askedOfBare,
  built,
  dryRun,
  dryRunIs,
  needsFiles,
  noArgs,
  numberOf,
  type OfFlags,
  oneOf,
  type Rule,
  rawAlone,
  rawOneFile,
  required,
  slashes,
  type Table,
  together,
  unlessRaw,
  when,
  whenFlags,
} from './rule.ts';

const noRevisionBelowZero: Rule = whenFlags(
  (it) => numberOf(it, 'revision', 0) < 0,
  'revision must be a positive integer',
);

const allAndSelector = together('all', 'selector', 'cannot set --all and --selector at the same time');

const allAndFields = together('all', 'field-selector', 'cannot set --all and --field-selector at the same time');

const NO_RESOURCES = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';

const localAndServer = whenFlags(
  (it) => isOn(it, 'local') && dryRunIs(it, 'server'),
  'cannot specify --local and --dry-run=server - did you mean --dry-run=client?',
);

/** A rule that also sees which words name objects and which change them. */
type CutRule = ((it: Invocation, cut: CutArgs) => string | null) & OfFlags;

/** These rules, over words that are cut once. */
const cutThen = (cut: (args: readonly string[]) => CutArgs, rules: readonly CutRule[]): Rule => {
  const ofBare = askedOfBare(rules);
  return (it) => {
    const parts = cut(it.args);
    for (const rule of isBare(it) ? ofBare : rules) {
      const why = rule(it, parts);
      if (why !== null) return why;
    }
    return null;
  };
};

/** A rule whose condition asks for a flag before anything else. */
const cutFlags = (rule: CutRule): CutRule => Object.assign(rule, { ofFlags: true } as const);

const localNeedsFiles = (it: Invocation, resources: readonly string[]): string | null =>
  isOn(it, 'local') && (resources.length > 0 || !hasFiles(it))
    ? 'can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set'
    : null;

/** Rules of commands whose objects come first and changes after them. */
const cutRules = (change: string): readonly CutRule[] => [
  (_it, { stray }) => (stray === null ? null : `all resources must be specified before ${change} changes: ${stray}`),
  localAndServer,
  cutFlags((it, { resources }) => localNeedsFiles(it, resources)),
  allAndSelector,
  allAndFields,
  (it, { resources }) => (resources.length === 0 && !hasFiles(it) ? NO_RESOURCES : null),
];

const onServer =
  (rule: Rule): Rule =>
  (it) =>
    isOn(it, 'local') ? null : rule(it);

const builtOnServer: CutRule = (it, { resources }) =>
  isOn(it, 'local') ? null : builderRefused(it, resources, { bareKind: 'with --all', selectors: 'choose' });

const labelRules = (change: string): readonly CutRule[] => [
  ...cutRules(change),
  (it, { pairs }) => (pairs.length === 0 && !isOn(it, 'list') ? `at least one ${change} update is required` : null),
  whenFlags((it) => isOn(it, 'list') && isGiven(it, 'output'), '--list and --output may not be specified together'),
  builtOnServer,
  cutFlags((it, { resources }) =>
    isGiven(it, 'resource-version') && namesIn(resources) > 1
      ? '--resource-version may only be used with a single resource'
      : null,
  ),
];

/** TYPE/NAME each, or NAMEs behind one TYPE. */
const namesIn = (resources: readonly string[]): number =>
  resources.some((word) => word.includes('/')) ? resources.length : resources.length - 1;

const LABEL_VALUE = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** label alone looks at its values before it asks the cluster. */
const labelValues: CutRule = (_it, { pairs }) => {
  for (const pair of pairs) {
    if (!pair.includes('=') || isUnknown(pair)) continue;
    const equals = pair.indexOf('=');
    if (pair.includes('=', equals + 1)) return `invalid label spec: ${pair}`;
    if (!LABEL_VALUE.test(pair.slice(equals + 1))) return `invalid label value: ${JSON.stringify(pair)}`;
  }
  return null;
};

const setPodRules: readonly Rule[] = [localAndServer, allAndSelector];

/** Rules by command. */
export const CHANGES: Table = {
  annotate: [cutThen(cutPairs, labelRules('annotation'))],
  apply: [
    noArgs,
    needsFiles,
    whenFlags(
      (it) => isOn(it, 'force-conflicts') && !isOn(it, 'server-side'),
      '--force-conflicts only works with --server-side',
    ),
    whenFlags(
      (it) => dryRunIs(it, 'client') && isOn(it, 'server-side'),
      "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
    ),
    together('server-side', 'force', '--force cannot be used with --server-side'),
    whenFlags((it) => dryRunIs(it, 'server') && isOn(it, 'force'), '--dry-run=server cannot be used with --force'),
    allAndSelector,
    whenFlags((it) => isGiven(it, 'applyset') && !isOn(it, 'prune'), '--applyset requires --prune'),
    together('force', 'prune', '--force cannot be used with --prune'),
    whenFlags(
      (it) =>
        isGiven(it, 'applyset') &&
        (isOn(it, 'all') || isGiven(it, 'selector') || allOf(it, 'prune-allowlist').length > 0),
      '--all, --selector and --prune-allowlist are incompatible with --applyset',
    ),
    whenFlags(
      (it) => isOn(it, 'prune') && !isGiven(it, 'applyset') && !isOn(it, 'all') && !isGiven(it, 'selector'),
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    ),
    whenFlags(
      (it) => isOn(it, 'prune') && !isGiven(it, 'applyset') && isOn(it, 'server-side'),
      "--prune is in alpha and doesn't currently work on objects created by server-side apply",
    ),
    whenFlags(
      (it) => isGiven(it, 'subresource') && !isOn(it, 'server-side'),
      '--subresource can only be specified for --server-side',
    ),
  ],
  'apply edit-last-applied': [built('list')],
  'apply set-last-applied': [needsFiles],
  'apply view-last-applied': [allAndSelector, built('--all selects')],
  autoscale: [
    whenFlags((it) => numberOf(it, 'max', 1) < 1, '--max=MAXPODS is required and must be at least 1'),
    when(
      (it) => numberOf(it, 'max', 1) < numberOf(it, 'min', -1),
      '--max=MAXPODS must be larger or equal to --min=MINPODS',
    ),
    whenFlags(
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
  delete: [
    whenFlags(
      (it) => isOn(it, 'now') && numberOf(it, 'grace-period', -1) !== -1,
      '--now and --grace-period cannot be specified together',
    ),
    unlessRaw(built('--all selects')),
    oneOf('output', ['name'], "unexpected -o output mode. We only support '-o name'"),
    allAndSelector,
    allAndFields,
    whenFlags(
      (it) => isOn(it, 'force') && (numberOf(it, 'grace-period', -1) > 0 || isOn(it, 'now')),
      '--force and --grace-period greater than 0 cannot be specified together',
    ),
    together('raw', 'interactive', '--interactive can not be used with --raw'),
    whenFlags(
      (it) => isGiven(it, 'raw') && allOf(it, 'filename').length > 1,
      '--raw can only use a single local file or stdin',
    ),
    rawAlone,
  ],
  edit: [built('list')],
  expose: [
    // --selector is the service's own here.
    (it) => builderRefused(it, it.args, { bareKind: 'refused', selectors: 'ignored' }),
  ],
  label: [cutThen(cutPairs, [labelValues, ...labelRules('label')])],
  patch: [
    together('patch', 'patch-file', 'cannot specify --patch and --patch-file together'),
    when(
      (it) => !isGiven(it, 'patch') && !isGiven(it, 'patch-file'),
      'must specify --patch or --patch-file containing the contents of the patch',
    ),
    whenFlags((it) => isOn(it, 'local') && it.args.length > 0, 'cannot specify --local and server resources'),
    localAndServer,
    whenFlags(
      (it) => isGiven(it, 'type') && !/^(?:json|merge|strategic)$/i.test(lastOf(it, 'type') ?? ''),
      '--type must be one of [json merge strategic]',
    ),
    built('refused'),
  ],
  replace: [
    needsFiles,
    whenFlags(
      (it) => numberOf(it, 'grace-period', -1) >= 0 && !isOn(it, 'force'),
      '--grace-period must have --force specified',
    ),
    when(
      (it) => !/^0[a-zµμ]*$/.test(lastOf(it, 'timeout') ?? '0') && !isOn(it, 'force'),
      '--timeout must have --force specified',
    ),
    whenFlags((it) => isOn(it, 'force') && dryRun(it), '--dry-run can not be used when --force is set'),
    rawOneFile,
    rawAlone,
    // Only with --force does replace look at its arguments.
    unlessRaw((it) => (isOn(it, 'force') ? built('refused')(it) : filesRefused(it))),
  ],
  'rollout history': [required, noRevisionBelowZero, built('list')],
  'rollout pause': [required, built('list')],
  'rollout restart': [required, built('list')],
  'rollout resume': [required, built('list')],
  'rollout status': [required, noRevisionBelowZero, built('list')],
  'rollout undo': [required, built('list')],
  scale: [
    whenFlags(
      (it) => numberOf(it, 'replicas', 0) < 0,
      'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0',
    ),
    whenFlags(
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
    whenFlags(
      (it) => isGiven(it, 'from') && (isOn(it, 'all') || isGiven(it, 'selector')),
      'selectors and the all flag cannot be used when passing resource/name arguments',
    ),
    when((it) => allOf(it, 'filename').length === 0 && cutEnv(it.args).resources.length === 0, NO_RESOURCES),
    whenFlags((it) => isOn(it, 'list') && isGiven(it, 'output'), '--list and --output may not be specified together'),
    whenFlags(
      (it) => allOf(it, 'keys').length > 0 && !isGiven(it, 'from'),
      'when specifying --keys, a configmap or secret must be provided with --from',
    ),
    cutThen(cutEnv, [builtOnServer]),
  ],
  'set image': [
    cutThen(cutPairs, [
      ...cutRules('image'),
      (_it, { pairs }) => (pairs.length === 0 ? 'at least one image update is required' : null),
      (_it, { pairs }) => (pairs.some((pair) => !pair.includes('=')) ? 'invalid image format' : null),
      (_it, { pairs }) =>
        pairs.length > 1 && pairs.some((pair) => pair.startsWith('*='))
          ? 'all containers are already specified by *, but saw more than one container_name=container_image pairs'
          : null,
      builtOnServer,
    ]),
  ],
  'set resources': [
    ...setPodRules,
    when(
      (it) => !isGiven(it, 'limits') && !isGiven(it, 'requests'),
      'you must specify an update to requests or limits (in the form of --requests/--limits)',
    ),
    (it) => localNeedsFiles(it, it.args),
    onServer(built('with --all')),
  ],
  'set selector': [when((it) => it.args.length === 0, 'one selector is required'), cutThen(cutLast, [builtOnServer])],
  'set serviceaccount': [
    localAndServer,
    when((it) => it.args.length === 0, 'serviceaccount is required'),
    cutThen(cutLast, [(it, { resources }) => localNeedsFiles(it, resources), builtOnServer]),
  ],
  'set subject': [
    ...setPodRules,
    when(
      (it) => ['user', 'group', 'serviceaccount'].every((flag) => allOf(it, flag).length === 0),
      'you must specify at least one value of user, group or serviceaccount',
    ),
    (it) => localNeedsFiles(it, it.args),
    onServer(built('with --all')),
  ],
};
