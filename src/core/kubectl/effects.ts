// A kubectl command becomes what it would do to the cluster: which command reads which file of effects/ stands in one table.
// It must never score or permit anything.

import { type Effect, READ_VERBS } from '../effect.ts';
import type { Surroundings } from '../proposal.ts';
import type { Refusal } from '../refusal.ts';
import type { Part } from '../understanding.ts';
import { approveCertificate, denyCertificate, diff, localFile, reconcile, setLastApplied } from './effects/admin.ts';
import { apply, createFiles, replace } from './effects/apply.ts';
import { type Command, commandOf, type NestedReader, NOTHING, type Outcome } from './effects/command.ts';
import { CREATED, createToken } from './effects/create.ts';
import { deleteObjects } from './effects/delete.ts';
import { annotate, label } from './effects/label.ts';
import { cordon, drain, taint, uncordon } from './effects/node.ts';
import { edit, patch } from './effects/patch.ts';
import { attach, copy, debug, exec, portForward, proxy } from './effects/pods.ts';
import { createRaw, deleteRaw, getRaw, replaceRaw } from './effects/raw.ts';
import {
  apiKinds,
  canI,
  clusterInfo,
  clusterInfoDump,
  configView,
  events,
  explain,
  get,
  logs,
  nothing,
  readArguments,
  readRollout,
  topNodes,
  topPods,
  version,
  wait,
  whoAmI,
} from './effects/read.ts';
import { pause, restart, resume, undo } from './effects/rollout.ts';
import { autoscale, expose, run } from './effects/run.ts';
import { scale } from './effects/scale.ts';
import { setEnv, setImage, setResources, setSelector, setServiceAccount, setSubject } from './effects/set.ts';
import { isGiven, lastOf } from './flags.ts';
import type { Invocation } from './invocation.ts';

/** The same command with --raw is a bare request. */
const orRaw =
  (plain: (command: Command) => Outcome, raw: (command: Command) => Outcome) =>
  (command: Command): Outcome =>
    (command.invocation.flags.has('raw') ? raw : plain)(command);

/** Every command of kubectl, by its path. A command that is not here could do anything. */
const COMMANDS: ReadonlyMap<string, (command: Command) => Outcome> = new Map([
  ['get', orRaw(get, getRaw)],
  ['describe', readArguments],
  ['logs', logs],
  ['events', events],
  ['top pod', topPods],
  ['top node', topNodes],
  ['wait', wait],
  ['explain', explain],
  ['api-resources', apiKinds],
  ['api-versions', apiKinds],
  ['version', version],
  ['cluster-info', clusterInfo],
  ['cluster-info dump', clusterInfoDump],
  ['auth can-i', canI],
  ['auth whoami', whoAmI],
  ['rollout status', readRollout],
  ['rollout history', readRollout],
  ['apply view-last-applied', readArguments],
  ['config view', configView],
  ['config current-context', nothing],
  ['config get-clusters', nothing],
  ['config get-contexts', nothing],
  ['config get-users', nothing],
  ['kustomize', nothing],
  ['completion', nothing],
  ['options', nothing],
  ['help', nothing],
  ['plugin list', nothing],
  ['kuberc view', nothing],
  // groups by themselves print their help
  ['', nothing],
  ['alpha', nothing],
  ['auth', nothing],
  ['certificate', nothing],
  ['config', nothing],
  ['create secret', nothing],
  ['create service', nothing],
  ['kuberc', nothing],
  ['plugin', nothing],
  ['rollout', nothing],
  ['set', nothing],
  ['top', nothing],
  // writes
  ['delete', orRaw(deleteObjects, deleteRaw)],
  ['scale', scale],
  ['rollout restart', restart],
  ['rollout undo', undo],
  ['rollout pause', pause],
  ['rollout resume', resume],
  ['set image', setImage],
  ['set env', setEnv],
  ['set resources', setResources],
  ['set selector', setSelector],
  ['set serviceaccount', setServiceAccount],
  ['set subject', setSubject],
  ['create', orRaw(createFiles, createRaw)],
  ...[...CREATED].map(([path, read]) => [`create ${path}`, read] as const),
  ['create token', createToken],
  ['run', run],
  ['expose', expose],
  ['autoscale', autoscale],
  ['apply', apply],
  ['apply set-last-applied', setLastApplied],
  ['apply edit-last-applied', edit],
  ['replace', orRaw(replace, replaceRaw)],
  ['diff', diff],
  ['patch', patch],
  ['edit', edit],
  ['label', label],
  ['annotate', annotate],
  ['cordon', cordon],
  ['uncordon', uncordon],
  ['taint', taint],
  ['drain', drain],
  ['exec', exec],
  ['attach', attach],
  ['cp', copy],
  ['debug', debug],
  ['port-forward', portForward],
  ['proxy', proxy],
  ['certificate approve', approveCertificate],
  ['certificate deny', denyCertificate],
  ['auth reconcile', reconcile],
  // files of the machine
  ...[
    'delete-cluster',
    'delete-context',
    'delete-user',
    'rename-context',
    'set',
    'set-cluster',
    'set-context',
    'set-credentials',
    'unset',
    'use-context',
  ].map((word) => [`config ${word}`, localFile] as const),
  ['kuberc set', localFile],
]);

/** Paths as map keys, made once for each command of the grammar. */
const keys = new WeakMap<readonly string[], string>();
const keyOf = (path: readonly string[]): string => {
  if (path.length === 1) return path[0] ?? '';
  const ready = keys.get(path);
  if (ready !== undefined) return ready;
  const key = path.join(' ');
  keys.set(path, key);
  return key;
};

const OPAQUE: Outcome = {
  ...NOTHING,
  opaque: { why: 'what this command does is not known', floor: 'human' },
};

/** What a command does, its flags' own refusals included. `nested`: the commands that run inside containers. */
export interface CommandEffects extends Part {
  readonly refusals: readonly Refusal[];
  readonly nested: readonly Part[];
}

const WRONG_USAGE = new Set(['usage-error', 'unknown-flag', 'bad-flag-value', 'unknown-command', 'unknown-word']);

/** kubectl would refuse it as wrong usage. */
const isWrongUsage = (invocation: Invocation): boolean => invocation.refusals.some(({ code }) => WRONG_USAGE.has(code));

/** A write that prints its objects shows the Secrets among them, dry run or not; creating shows what the proposer brought. */
const reveal = (command: Command, outcome: Outcome): Outcome => {
  const output = lastOf(command.invocation, 'output');
  if (output === null || output === '' || output === 'name') return outcome;
  const shown = outcome.effects
    .filter(({ resource, group, verb }) => resource === 'secrets' && group === '' && SHOWS.has(verb))
    .map(
      (effect): Effect => ({
        ...effect,
        verb: 'get',
        kind: 'sensitive-read',
        dryRun: false,
        traits: [],
        change: { to: 'other' },
        labelKeys: [],
        annotationKeys: [],
      }),
    );
  return shown.length === 0 ? outcome : { ...outcome, effects: [...outcome.effects, ...shown] };
};

const SHOWS: ReadonlySet<string> = new Set(['patch', 'update', 'delete']);

/** Flags that pick another cluster or identity, or write a file (scoring section 6, human); can-i asks about another. */
const steersAway = (invocation: Invocation): boolean =>
  isGiven(invocation, 'output-directory') ||
  isGiven(invocation, 'profile-output') ||
  invocation.refusals.some(
    ({ code, about }) =>
      code === 'identity-flag' && !(keyOf(invocation.path) === 'auth can-i' && about?.startsWith('--as') === true),
  );

/** Each refusal once. */
const distinct = (refusals: readonly Refusal[]): readonly Refusal[] => [
  ...new Map(refusals.map((refusal) => [`${refusal.code} ${refusal.about ?? ''}`, refusal])).values(),
];

/** An unknown word where a command or kind should stand decides everything: it is never read as plain. */
const UNKNOWN_COMMAND = new Set(['unknown-command', 'unknown-word']);

/** Every write is an effective dry run, and there is one. Reviews that a client creates to ask something are no writes. */
const isDryRun = (effects: readonly Effect[]): boolean => {
  let found = false;
  for (const { dryRun, kind, verb } of effects) {
    if (dryRun) found = true;
    else if (kind !== 'read' && !READ_VERBS.has(verb)) return false;
  }
  return found;
};

/** No command is nested, or nobody reads it. */
const readsNoNested: NestedReader = () => [];

/**
 * The API requests that a command amounts to (kubectl 1.36), with the traits that judging reads and the refusals that
 * targets, kinds and bodies give; those of the invocation are not repeated. `readNested` judges commands that would run
 * inside containers; they come back as `nested` parts.
 */
export const effectsOf = (
  invocation: Invocation,
  surroundings: Surroundings,
  readNested: NestedReader = readsNoNested,
): CommandEffects => {
  if (invocation.help) return NOTHING;
  if (invocation.path.length === 0 && invocation.refusals.some(({ code }) => UNKNOWN_COMMAND.has(code))) return OPAQUE;
  const command = commandOf(invocation, surroundings, readNested);
  const outcome = reveal(command, COMMANDS.get(keyOf(invocation.path))?.(command) ?? OPAQUE);
  if (outcome.effects.length === 0 && isWrongUsage(invocation)) return { ...OPAQUE, refusals: outcome.refusals };
  const steers = steersAway(invocation);
  const refusals = outcome.refusals.length < 2 ? outcome.refusals : distinct(outcome.refusals);
  const dryRun = isDryRun(outcome.effects);
  return steers || dryRun || refusals !== outcome.refusals
    ? { ...outcome, steersAway: steers, dryRun, refusals }
    : outcome;
};
