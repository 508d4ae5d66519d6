// A kubectl command becomes what it would do to the cluster: which command reads which file of effects/ stands in one table.
// It must never score or permit anything.

import { type Effect, READ_VERBS } from '../effect.ts';
import type { Surroundings } from '../proposal.ts';
import type { Refusal } from '../refusal.ts';
import type { Part } from '../understanding.ts';
import { type Command, commandOf, type NestedReader, NOTHING, type Outcome } from './effects/command.ts';
import { deleteObjects } from './effects/delete.ts';
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
  topNodes,
  topPods,
  version,
  wait,
  whoAmI,
} from './effects/read.ts';
import { pause, restart, resume, undo } from './effects/rollout.ts';
import { scale } from './effects/scale.ts';
import { setImage } from './effects/set.ts';
import { isGiven } from './flags.ts';
import type { Invocation } from './invocation.ts';

/** Every command of kubectl, by its path. A command that is not here could do anything. */
const COMMANDS: ReadonlyMap<string, (command: Command) => Outcome> = new Map([
  ['get', get],
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
  ['rollout status', readArguments],
  ['rollout history', readArguments],
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
  ['delete', deleteObjects],
  ['scale', scale],
  ['rollout restart', restart],
  ['rollout undo', undo],
  ['rollout pause', pause],
  ['rollout resume', resume],
  ['set image', setImage],
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

/** Flags that pick another cluster or identity, or write a file (scoring section 6, human). */
const steersAway = (invocation: Invocation): boolean =>
  isGiven(invocation, 'output-directory') ||
  isGiven(invocation, 'profile-output') ||
  invocation.refusals.some(({ code }) => code === 'identity-flag');

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
export const readsNoNested: NestedReader = () => [];

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
  const outcome = COMMANDS.get(keyOf(invocation.path))?.(command) ?? OPAQUE;
  const steers = steersAway(invocation);
  const dryRun = isDryRun(outcome.effects);
  return steers || dryRun ? { ...outcome, steersAway: steers, dryRun } : outcome;
};
