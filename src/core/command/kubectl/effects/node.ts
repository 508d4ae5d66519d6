// cordon, uncordon, taint, drain.
import { DRAIN_TIMEOUT_SECONDS, LONGEST_DRAIN_SECONDS } from '../../../model/drain.ts';
import type { ActionKind, Change, Effect, Trait } from '../../../model/effect.ts';
import type { MutationContent, Taint, TaintName } from '../../../model/mutation.ts';
import { isOn, lastOf } from '../flags.ts';
import { goSeconds } from '../go-values.ts';
import type { Invocation } from '../invocation.ts';
import { PODS } from './built-in.ts';
import {
  type CommandEffects,
  concat,
  effectsOnly,
  type KubectlCommand,
  NO_EFFECTS,
  OTHER,
  PLAIN,
  writeEffect,
} from './effect-builder.ts';
import { selectionByFlags } from './selection.ts';
import { sent } from './sent.ts';
import { namedOf, targetConcerns } from './targets.ts';
import { writeTargets } from './write.ts';

/** Writes of the nodes that the arguments or the selector choose. */
const patchesNodes = (
  command: KubectlCommand,
  kind: ActionKind,
  traits: readonly Trait[],
  unschedulable: boolean,
): CommandEffects => {
  const selection = selectionByFlags(command.invocation);
  const targets = namedOf(command, 'nodes', command.invocation.args);
  const mutation = sent(command, () => ({ is: 'unschedulable', value: unschedulable }));
  const effects = targets.map(({ name, ...target }) =>
    writeEffect(command, target, null, name, {
      ...PLAIN,
      verb: 'patch',
      kind,
      selector: name === '*' ? selection.selector : null,
      traits: name === '*' ? [...traits, ...selection.traits] : traits,
      mutation,
    }),
  );
  return concat(effectsOnly(effects), targetConcerns(command, targets));
};

export function cordon(command: KubectlCommand): CommandEffects {
  return patchesNodes(command, 'cordon', [], true);
}
export function uncordon(command: KubectlCommand): CommandEffects {
  return patchesNodes(command, 'uncordon', [], false);
}

/** A word that changes taints: "key=value:Effect", "key:Effect", "key-" (kubectl 1.36, taint.go). */
const isTaint = (word: string): boolean => word.includes('=') || word.includes(':') || word.endsWith('-');

/** "key=value:Effect", "key:Effect", "key" (kubectl 1.36, taint/utils.go); null where kubectl refuses it. */
const taintOf = (
  word: string,
): { readonly key: string; readonly value: string | null; readonly effect: string | null } | null => {
  const [, key, value, effect] = /^([^:=]+)(?:=([^:=]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(word) ?? [];
  if (key !== undefined) return { key, value: value ?? null, effect: effect ?? null };
  return /^[^:=]+$/.test(word) ? { key: word, value: null, effect: null } : null;
};

const taintsWanted = (words: readonly string[], overwrite: boolean): MutationContent | null => {
  const add: Taint[] = [];
  const remove: TaintName[] = [];
  for (const word of words) {
    const goes = word.endsWith('-');
    const taint = taintOf(goes ? word.slice(0, -1) : word);
    if (taint === null) return null;
    const { key, value, effect } = taint;
    if (goes) remove.push({ key, effect });
    else if (effect === null || add.some((one) => one.key === key && one.effect === effect)) return null;
    else add.push({ key, value, effect });
  }
  const both = remove.some(({ key, effect }) =>
    add.some((one) => one.key === key && (effect === null || one.effect === effect)),
  );
  return both ? null : { is: 'taints', add, remove, overwrite };
};

export function taint(command: KubectlCommand): CommandEffects {
  const { args } = command.invocation;
  const first = args.findIndex(isTaint);
  const named = first < 0 ? args : args.slice(0, first);
  // beside --all or a selector kubectl forgets the names: all nodes that it chooses are tainted (kubectl 1.36, taint.go)
  const selection = selectionByFlags(command.invocation);
  const resources = selection.traits.length === 0 ? named : named.slice(0, 1);
  const added = (first < 0 ? [] : args.slice(first)).filter((word) => !word.endsWith('-'));
  const evicts = added.some((word) => word.endsWith(':NoExecute'));
  const kind = added.length === 0 && first >= 0 ? 'untaint' : 'taint';
  const words = first < 0 ? [] : args.slice(first);
  const mutation = sent(command, () => taintsWanted(words, isOn(command.invocation, 'overwrite')));
  return writeTargets(command, resources, selection, (reached) => ({
    ...PLAIN,
    verb: 'patch',
    kind,
    traits: evicts ? ['no-execute', ...reached.traits] : reached.traits,
    mutation,
  }));
}

const drainTraits = ({ invocation }: KubectlCommand): readonly Trait[] => {
  const traits: Trait[] = [];
  const grace = Number(lastOf(invocation, 'grace-period') ?? -1);
  if (isOn(invocation, 'force')) traits.push('force');
  if (grace === 0) traits.push('grace-zero');
  if (grace === 1) traits.push('grace-one');
  if (isOn(invocation, 'delete-emptydir-data')) traits.push('emptydir');
  if (isOn(invocation, 'disable-eviction')) traits.push('disable-eviction');
  return traits;
};

/** Whole seconds, never 0: what kubectl takes as no limit is the gate's own. */
const timeoutOf = (invocation: Invocation): number | null => {
  const given = goSeconds(lastOf(invocation, 'timeout') ?? '0');
  if (given === null) return null;
  return given === 0 ? DRAIN_TIMEOUT_SECONDS : Math.min(Math.max(Math.ceil(given), 1), LONGEST_DRAIN_SECONDS);
};

/** How the pods go; OTHER where a value is only known when it runs. */
const evictionOf = (invocation: Invocation): Change => {
  const timeoutSeconds = timeoutOf(invocation);
  const grace = Number(lastOf(invocation, 'grace-period') ?? -1);
  const skipWaitSeconds = Number(lastOf(invocation, 'skip-wait-for-delete-timeout') ?? 0);
  if (timeoutSeconds === null || Number.isNaN(grace) || Number.isNaN(skipWaitSeconds)) return OTHER;
  return {
    to: 'eviction',
    force: isOn(invocation, 'force'),
    ignoreDaemonSets: isOn(invocation, 'ignore-daemonsets'),
    deletesEmptyDirData: isOn(invocation, 'delete-emptydir-data'),
    gracePeriodSeconds: grace < 0 ? null : grace,
    skipWaitSeconds: Math.max(skipWaitSeconds, 0),
    timeoutSeconds,
  };
};

/** The pods that go: evicted, or deleted past every disruption budget. */
const evictions = (command: KubectlCommand, traits: readonly Trait[]): Effect => {
  const selector = lastOf(command.invocation, 'pod-selector');
  const deletes = isOn(command.invocation, 'disable-eviction');
  return writeEffect(command, PODS, '*', '*', {
    ...PLAIN,
    verb: deletes ? 'delete' : 'create',
    kind: 'drain',
    subresource: deletes ? null : 'eviction',
    selector: selector === '' ? null : selector,
    traits,
    change: evictionOf(command.invocation),
  });
};

export function drain(command: KubectlCommand): CommandEffects {
  const traits = drainTraits(command);
  const nodes = patchesNodes(command, 'drain', traits, true);
  return nodes === NO_EFFECTS ? NO_EFFECTS : concat(nodes, effectsOnly([evictions(command, traits)]));
}
