// What was understood and seen → the refusals that only a live cluster can give.
import { type Change, type Effect, isWrite } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import { objectKey, type WorkloadFact } from '../model/neighbourhood.ts';
import { touches } from '../model/object-ref.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';

/**
 * What propose, evaluate and a second judgement refuse for what the cluster shows: an object, container or revision that
 * is not there; a selector that chooses nothing; a workload that would not roll out. Empty where no cluster answered.
 */
export function liveRefusals(understanding: Understanding, facts: Facts | null): readonly Refusal[] {
  if (facts === null || facts.cluster === null) return [];
  const writes = effectsOf(understanding).filter(isWrite);
  const gone = notFound(writes, facts);
  if (gone.length > 0) return gone;
  if (facts.targets.length > 0) return heldBack(writes, facts);
  const selecting = writes.find(({ name }) => name === '*');
  return selecting === undefined ? [] : [{ code: 'no-targets', about: selecting.selector }];
}

/** An object itself, or what the command names inside one. What apply does not find it creates. */
const notFound = (writes: readonly Effect[], { missing }: Facts): readonly Refusal[] => {
  const needed = writes.filter(({ kind }) => kind !== 'apply').map(objectKey);
  return missing
    .filter(({ what, why }) => why === 'not-found' && needed.some((key) => what === key || what.startsWith(`${key} `)))
    .map(({ what }) => ({ code: 'not-found', about: what }));
};

/** Whether the change does something only when the workload rolls out. */
const ROLLS_OUT = {
  restart: true,
  revision: true,
  images: true,
  replicas: false,
  absence: false,
  replacement: false,
  bounds: false,
  several: false,
  other: false,
} as const satisfies Record<Change['to'], boolean>;

/**
 * kubectl 1.36 refuses `rollout restart` and `rollout undo` of a paused Deployment; a new image would be accepted, and
 * nothing would come of it. Nor does anything of a change under OnDelete until somebody deletes the pods.
 */
const HELD_BACK: readonly { readonly code: RefusalCode; readonly holds: (workload: WorkloadFact) => boolean }[] = [
  { code: 'rollout-paused', holds: ({ paused }) => paused },
  { code: 'update-on-delete', holds: ({ rollout }) => rollout?.type === 'OnDelete' },
];

const heldBack = (writes: readonly Effect[], { targets, neighbourhood }: Facts): readonly Refusal[] => {
  const rolling = writes.filter(({ change }) => ROLLS_OUT[change.to]);
  const keys = new Set(targets.filter((target) => rolling.some((effect) => touches(effect, target))).map(objectKey));
  const workloads = neighbourhood.workloads.filter(({ key }) => keys.has(key));
  return HELD_BACK.flatMap(({ code, holds }) => {
    const held = workloads.find(holds);
    return held === undefined ? [] : [{ code, about: held.key }];
  });
};
