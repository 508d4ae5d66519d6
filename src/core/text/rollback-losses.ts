// What a rollback does not bring back, thing by thing.

import { isEviction } from '../model/effect.ts';
import { pairsOf, type TargetFact } from '../model/facts.ts';
import { isOfResource, type ObjectKey, objectKey, placedName } from '../model/object-ref.ts';
import { isFinished } from '../model/pod-controllers.ts';
import { changesOf, type DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';
import { fill } from './words/sentence.ts';

/** Of objects that are deleted and made again, and of pods that a drain evicts; [] where all of it comes back. */
export function describeLosses(
  spec: Pick<DeclarativeSpec, 'changes' | 'effects' | 'facts'>,
  lang: Lang,
): readonly string[] {
  const evicted = pairsOf(spec.effects.filter(isEviction), spec.facts).map(({ target }) => target);
  const pods = new Set(evicted.map(objectKey));
  return [
    ...changesOf(spec)
      .filter(({ op, object }) => op === 'delete' && !pods.has(object))
      .map(({ object }) => lossOfObject(object, lang)),
    ...(evicted.length === 0 ? [] : [lossOfPods(evicted, lang)]),
  ];
}

const lossOfObject = (object: ObjectKey, lang: Lang): string => {
  const { loses, losesRun } = DICTIONARIES[lang];
  return fill(isOfResource(object, 'jobs.batch') ? losesRun : loses, { subject: object });
};

/** Pods that no controller makes again are named. */
const lossOfPods = (evicted: readonly TargetFact[], lang: Lang): string => {
  const bare = evicted.filter((pod) => pod.controller === null && !isFinished(pod)).map(placedName);
  return fill(DICTIONARIES[lang].losesPods, {
    count: evicted.length,
    bare: bare.length === 0 ? null : bare.join(', '),
  });
};
