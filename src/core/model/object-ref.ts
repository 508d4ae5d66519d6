// Names objects as kubectl does, and pairs each effect with the objects it touches.

import { BUILT_IN } from './built-in-resources.ts';
import type { Effect } from './effect.ts';
import { READ_VERBS } from './effect.ts';
import type { TargetFact } from './facts.ts';

/** Enough of an effect, a fact or a request to name what it is about. */
export interface ObjectRef {
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string | null;
}

/** "deployment", "namespace"; kinds that are not built in keep their plural and group: "widgets.example.com". */
const typeName = (group: string, resource: string): string =>
  BUILT_IN.find((known) => known.name === resource && known.group === group)?.singular ??
  (group === '' ? resource : `${resource}.${group}`);

/** "deployment/web"; the type alone with "*" where the name is not known. */
export function objectName(object: ObjectRef): string {
  return `${typeName(object.group, object.resource)}/${object.name ?? '*'}`;
}

/** "deployment/web -n shop": one object of a cluster, in words that every language and kubectl share. */
export function placedName(object: ObjectRef): string {
  return `${objectName(object)}${object.namespace === null ? '' : ` -n ${object.namespace}`}`;
}

/** An effect and one object that it touches. */
export interface Pair {
  readonly effect: Effect;
  readonly target: TargetFact;
}

/** Whether the effect speaks of this object; "*" speaks of all. Pods that are replaced are spoken of by their StatefulSet. */
export function touches(effect: Effect, object: ObjectRef): boolean {
  if (effect.change.to === 'replacement') {
    const { group, resource, namespace, name } = object;
    return (
      group === 'apps' &&
      resource === 'statefulsets' &&
      namespace === effect.namespace &&
      name === effect.change.statefulSet
    );
  }
  return (
    effect.group === object.group &&
    effect.resource === object.resource &&
    (effect.namespace === '*' || effect.namespace === object.namespace) &&
    (effect.name === '*' || effect.name === object.name)
  );
}

/** Effects that would change something: no reads, no dry runs. */
export function writesOf(effects: readonly Effect[]): readonly Effect[] {
  return effects.filter((effect) => !READ_VERBS.has(effect.verb) && !effect.dryRun);
}

/** Every write with each object it touches, in the order of the effects. */
export function pairsOf(effects: readonly Effect[], targets: readonly TargetFact[]): readonly Pair[] {
  return writesOf(effects).flatMap((effect) =>
    targets.filter((target) => touches(effect, target)).map((target) => ({ effect, target })),
  );
}
