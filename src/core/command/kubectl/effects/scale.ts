// scale: a number of replicas for workloads, sent to their scale subresource.
import type { Effect } from '../../../model/effect.ts';
import type { MutationContent } from '../../../model/mutation.ts';
import type { Refusal } from '../../../model/refusal.ts';
import { replicaTraits } from '../body/replicas.ts';
import { isGiven, isOn, lastOf } from '../flags.ts';
import type { Invocation } from '../invocation.ts';
import {
  bothTraits,
  type CommandEffects,
  concat,
  type EffectDetails,
  effectsOnly,
  type KubectlCommand,
  NO_EFFECTS,
  OTHER,
  PLAIN,
} from './effect-builder.ts';
import { selectionByFlags } from './selection.ts';
import { sent } from './sent.ts';
import { writeArguments } from './write.ts';

export function scale(command: KubectlCommand): CommandEffects {
  const { invocation } = command;
  const given = lastOf(invocation, 'replicas');
  const read = given === null ? Number.NaN : Number(given);
  const replicas = Number.isSafeInteger(read) ? read : null;
  const traits = replicaTraits(replicas);
  // a precondition makes it a GET and a PUT of the scale (kubectl 1.36, pkg/scale)
  const asks = isGiven(invocation, 'resource-version') || (lastOf(invocation, 'current-replicas') ?? '-1') !== '-1';
  const verb = asks ? 'update' : 'patch';
  const details: EffectDetails = {
    ...PLAIN,
    verb,
    kind: 'scale',
    subresource: 'scale',
    change: { to: 'replicas', replicas },
  };
  const content = sent(command, () => (asks ? conditionalScale(invocation, replicas) : scalePatch(replicas)));
  const isRecorded = isOn(invocation, 'record');
  const selection = selectionByFlags(invocation);
  const scaled = writeArguments(
    command,
    invocation.args,
    selection,
    (reached) => ({
      ...details,
      traits: bothTraits(traits, reached.traits),
      // without a condition, or a second write, the change says it all of the built-in kinds
      mutation: asks || isRecorded || reached.kind.known !== 'built-in' ? content : null,
    }),
    { verb, kind: 'scale', traits },
  );
  const all = isRecorded ? concat(scaled, recorded(command, scaled)) : scaled;
  const refusals = withoutScale(scaled.effects);
  return refusals.length === 0 ? all : { ...all, refusals: [...all.refusals, ...refusals] };
}

/** What kubectl sends to the scale subresource, whatever the kind (kubectl 1.36, pkg/scale). */
const scalePatch = (replicas: number | null): MutationContent | null =>
  replicas === null || replicas < 0 ? null : { is: 'patch', type: 'merge', body: { spec: { replicas } } };

const conditionalScale = (invocation: Invocation, replicas: number | null): MutationContent | null => {
  const current = Number(lastOf(invocation, 'current-replicas') ?? -1);
  if (replicas === null || replicas < 0 || !Number.isSafeInteger(current)) return null;
  return { is: 'scale', replicas, currentReplicas: current === -1 ? null : current };
};

/** Built-in kinds with a scale subresource: the API server knows no path for that of any other. */
const SCALABLE = new Set(['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'replicationcontrollers.']);

const withoutScale = (effects: readonly Effect[]): readonly Refusal[] =>
  effects
    .filter(({ known, resource, group }) => known === 'built-in' && !SCALABLE.has(`${resource}.${group}`))
    .map(({ resource }) => ({ code: 'usage-error', about: `${resource} have no scale` }));

/** --record: the change cause, which a /scale cannot hold, is patched into the object itself. */
const recorded = (command: KubectlCommand, { effects }: CommandEffects): CommandEffects => {
  if (command.dryRun === 'client') return NO_EFFECTS;
  // the scale before it has moved the version that the command names
  const noted = sent(command, () => ({ is: 'metadata', on: 'annotations', set: {}, overwrite: true }), {
    isVersioned: false,
  });
  return effectsOnly(
    effects.map(({ mutation: _scale, ...effect }) => ({
      ...effect,
      verb: 'patch',
      kind: effect.dryRun ? 'read' : 'annotate',
      subresource: null,
      traits: [],
      change: OTHER,
      annotationKeys: effect.dryRun ? [] : ['kubernetes.io/change-cause'],
      ...(noted === null ? {} : { mutation: noted }),
    })),
  );
};
