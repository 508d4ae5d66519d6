// What was understood and seen → the same with the deletion of pods that would hold a StatefulSet's new template up.
import { changesTemplate, type Effect, isWrite, plainDeletion } from '../model/effect.ts';
import type { Facts, TargetFact } from '../model/facts.ts';
import type { PodFact } from '../model/neighbourhood.ts';
import { objectKey, touchedBy } from '../model/object-ref.ts';
import { effectsOf, type Part, type Understanding } from '../model/understanding.ts';

/** The StatefulSet's own pods that are not ready: whatever template it gets, its controller waits for them first. */
const stuckIn = (set: TargetFact, { neighbourhood }: Pick<Facts, 'neighbourhood'>): readonly PodFact[] => {
  const key = objectKey(set);
  return neighbourhood.pods.filter(({ controller, ready, finished }) => controller === key && !ready && !finished);
};

/**
 * Under OrderedReady a controller replaces no pod that is not ready (Kubernetes: StatefulSets, "Forced rollback"), so a new
 * template alone heals nothing. The deletions are effects like any other: judged, sealed with their uids, shown, and run
 * after the template. Returns the same understanding where there is nothing to add; then its facts hold as they are.
 */
export function withStuckPods(
  understanding: Understanding,
  facts: Pick<Facts, 'targets' | 'neighbourhood'>,
): Understanding {
  const all = effectsOf(understanding);
  const added = (part: Part): readonly Effect[] =>
    part.effects
      .filter((effect) => isWrite(effect) && changesTemplate(effect) && effect.resource === 'statefulsets')
      .flatMap((effect) => touchedBy(effect, facts.targets))
      .flatMap((set) => stuckIn(set, facts))
      .map(({ namespace, name }) => plainDeletion('delete-pod', { group: '', resource: 'pods', namespace, name }))
      .filter(
        (one) =>
          !all.some(
            ({ change, name, namespace }) =>
              change.to === 'absence' && name === one.name && namespace === one.namespace,
          ),
      );
  const parts = understanding.parts.map((part) => ({ ...part, effects: [...part.effects, ...added(part)] }));
  const grew = parts.some(({ effects }, i) => effects.length > (understanding.parts[i]?.effects.length ?? 0));
  return grew ? { ...understanding, parts } : understanding;
}
