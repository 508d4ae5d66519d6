// What was understood and seen → the refusals that only a live cluster can give.
import { type Change, type Effect, isWrite } from '../model/effect.ts';
import { type Facts, missingName } from '../model/facts.ts';
import type { WorkloadFact } from '../model/neighbourhood.ts';
import { objectKey, touches } from '../model/object-ref.ts';
import type { Refusal, RefusalCode } from '../model/refusal.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';

/**
 * What propose, evaluate and a second judgement refuse for what the cluster shows: an object, container or revision that
 * is not there; a selector that chooses nothing; a workload that would not roll out; a number of replicas that its autoscaler
 * would change at once. Empty where no cluster answered.
 */
export function liveRefusals(understanding: Understanding, facts: Facts | null): readonly Refusal[] {
  if (facts === null || facts.cluster === null) return [];
  const writes = effectsOf(understanding).filter(isWrite);
  const gone = notFound(writes, facts);
  if (gone.length > 0) return gone;
  if (facts.targets.length > 0) return [...heldBack(writes, facts), ...outOfBounds(writes, facts)];
  const selecting = writes.find(({ name }) => name === '*');
  return selecting === undefined ? [] : [{ code: 'no-targets', about: selecting.selector }];
}

/** An object itself, or what the command names inside one. What apply does not find it creates. */
const notFound = (writes: readonly Effect[], { missing }: Facts): readonly Refusal[] => {
  const needed = new Set(writes.filter(({ kind }) => kind !== 'apply').map(objectKey));
  return missing
    .filter(({ object, why }) => why === 'not-found' && object !== null && needed.has(object))
    .map((gap) => ({ code: 'not-found', about: missingName(gap) }));
};

/** Whether the change does something only when the workload rolls out. */
const ROLLS_OUT = {
  restart: true,
  revision: true,
  images: true,
  replicas: false,
  absence: false,
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

/** Whom an autoscaler governs it keeps between its bounds; with no replicas at all it lets it be (Kubernetes 1.36, HPA). */
const outOfBounds = (writes: readonly Effect[], { targets, neighbourhood }: Facts): readonly Refusal[] =>
  writes.flatMap((effect): readonly Refusal[] => {
    const wanted = effect.change.to === 'replicas' ? (effect.change.replicas ?? 0) : 0;
    if (wanted === 0) return [];
    const keys = new Set(targets.filter((target) => touches(effect, target)).map(objectKey));
    return neighbourhood.autoscalers
      .filter(({ target, min, max }) => keys.has(target) && (wanted < min || wanted > max))
      .slice(0, 1)
      .map(({ namespace, name, min, max }) => ({
        code: 'autoscaler-bounds',
        about: `${namespace}/${name} keeps ${min} to ${max}`,
      }));
  });
