// Asks what is known of the cluster for the neighbourhood of some effects.

import type { Effect } from '../../../core/model/effect.ts';
import { type MissingFact, missingObject, type TargetFact } from '../../../core/model/facts.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import { type Neighbourhood, NO_NEIGHBOURS } from '../../../core/model/neighbourhood.ts';
import { objectKey, resourceKey } from '../../../core/model/object-ref.ts';
import type { ClusterKnowledge } from '../cache/cluster-knowledge.ts';
import { isBefore } from '../cache/freshness.ts';
import { isKindName, isWorkloadKind, type KindName } from '../cache/kinds.ts';
import type { KnownCluster } from '../cache/known-cluster.ts';
import { textAt } from '../json-at.ts';
import { heldFields } from './held-fields.ts';
import { neighbourhoodOf } from './neighbourhood-of.ts';
import { kindsFor, neighbourhoodQueryOf, placesFor } from './neighbourhood-query.ts';
import { workloadAt } from './owners.ts';

/** A target with the object as it was just read. */
export interface Read {
  readonly fact: TargetFact;
  readonly object: JsonObject;
}

const kindOf = (target: TargetFact): KindName | null => {
  const kind = resourceKey(target);
  return isKindName(kind) ? kind : null;
};

/** The newest version of each kind that was read: what is known of the neighbours may not be older. */
const versionsOf = (read: readonly Read[]): ReadonlyMap<KindName, string> => {
  const newest = new Map<KindName, string>();
  for (const { fact, object } of read) {
    const [kind, version] = [kindOf(fact), textAt(object, 'metadata', 'resourceVersion')];
    if (kind === null || version === null) continue;
    const before = newest.get(kind);
    if (before === undefined || isBefore(before, version)) newest.set(kind, version);
  }
  return newest;
};

/** A pod or workload that was read, and that what is known has otherwise. */
const isUnknown = (cluster: KnownCluster, { fact }: Read): boolean => {
  const kind = kindOf(fact);
  if (kind === 'pods') return cluster.pods.get(`${fact.namespace ?? ''}/${fact.name}`)?.uid !== fact.uid;
  return kind !== null && isWorkloadKind(kind) && workloadAt(cluster, fact)?.workload.uid !== fact.uid;
};

/** The neighbourhood of the effects, and what of it is not known. Nothing is asked when nothing is written. */
export async function readNeighbourhood(
  knowledge: ClusterKnowledge,
  effects: readonly Effect[],
  read: readonly Read[],
  signal: AbortSignal,
): Promise<{ readonly neighbourhood: Neighbourhood; readonly missing: readonly MissingFact[] }> {
  const question = neighbourhoodQueryOf(
    effects,
    read.map(({ fact }) => fact),
  );
  if (question.effects.length === 0) return { neighbourhood: NO_NEIGHBOURS, missing: [] };
  const wanted = { ...kindsFor(question), namespaces: placesFor(question), atLeast: versionsOf(read) };
  const { cluster, missing, ageSeconds } = await knowledge.ask(wanted, signal);
  const lacks = new Set(missing.map(({ resource }) => resource));
  const behind = read.filter((one) => !lacks.has(kindOf(one.fact) ?? '') && isUnknown(cluster, one));
  const held = new Map(
    read
      .flatMap(({ fact, object }) => heldFields(objectKey(fact), object))
      .map((one) => [`${one.object} ${one.manager}`, one]),
  );
  return {
    neighbourhood: { ...neighbourhoodOf(cluster, question), held: [...held.values()], ageSeconds },
    missing: [...missing, ...behind.map(({ fact }) => missingObject(fact, 'too-old'))],
  };
}
