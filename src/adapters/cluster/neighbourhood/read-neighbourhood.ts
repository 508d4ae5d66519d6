// Asks what is known of the cluster for the neighbourhood of some effects.
import { deletesDependents } from '../../../core/impact/collateral.ts';
import { podSpecAfter } from '../../../core/model/desired.ts';
import type { Effect } from '../../../core/model/effect.ts';
import { type MissingFact, missingObject, type TargetFact } from '../../../core/model/facts.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import {
  type Neighbourhood,
  NO_NEIGHBOURS,
  type PodFact,
  type WorkloadFact,
} from '../../../core/model/neighbourhood.ts';
import { type ObjectKey, objectKey, resourceKey, touchedBy } from '../../../core/model/object-ref.ts';
import type { ClusterKnowledge } from '../cache/cluster-knowledge.ts';
import { isBefore } from '../cache/freshness.ts';
import { isKindName, isWorkloadKind, type KindName } from '../cache/kinds.ts';
import type { KnownCluster } from '../cache/known-cluster.ts';
import { ownerReferencesOf } from '../cache/trim-meta.ts';
import { claimRetentionOf } from '../cache/trim-others.ts';
import type { ClusterClient } from '../client.ts';
import { objectAt, textAt } from '../json-at.ts';
import { type Deletable, dependentsOf } from './dependents.ts';
import { ownedRefOf } from './find-owner.ts';
import { heldFields } from './held-fields.ts';
import { neighbourhoodOf } from './neighbourhood-of.ts';
import { kindsFor, type NeighbourhoodQuery, neighbourhoodQueryOf, placesFor } from './neighbourhood-query.ts';
import { podsBelow, workloadAt } from './owners.ts';
import { nodesForDaemon, nodesForPod } from './placement.ts';

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

/** Targets of effects that delete, and every pod that may end with the effects. */
const deletableBy = (
  { effects }: NeighbourhoodQuery,
  read: readonly Read[],
  pods: readonly PodFact[],
  cluster: KnownCluster,
): Deletable => {
  const facts = read.map(({ fact }) => fact);
  const deleting = effects.filter(deletesDependents);
  const gone = new Set(deleting.flatMap((effect) => touchedBy(effect, facts)));
  return {
    named: [
      ...read
        .filter(({ fact }) => gone.has(fact))
        .map(({ fact, object }) => {
          const { group, resource, namespace, name, uid } = fact;
          return {
            group,
            resource,
            namespace,
            name,
            uid,
            owners: ownerReferencesOf(object),
            protected: fact.protected,
          };
        }),
      ...deleting
        .filter((effect) => touchedBy(effect, facts).length === 0)
        .flatMap(({ group, resource, namespace, name }) =>
          name === null || name === '*' || namespace === '*'
            ? []
            : [{ group, resource, namespace, name, uid: null, owners: [], protected: false }],
        ),
    ],
    pods: pods
      .flatMap(({ namespace, name }) => cluster.pods.get(`${namespace}/${name}`) ?? [])
      .map((pod) => ownedRefOf({ group: '', resource: 'pods' }, pod)),
  };
};

/** StatefulSets that do not retain all their claims, as they were just read. */
export function looseClaimsOf(read: readonly Read[]): readonly WorkloadFact[] {
  return read.flatMap(({ fact, object }) => {
    const claimRetention = fact.group === 'apps' && fact.resource === 'statefulsets' ? claimRetentionOf(object) : null;
    if (claimRetention === null) return [];
    const { uid, replicas } = fact;
    const counts = { replicas, pods: 0, ready: 0 };
    return [{ ...NOTHING_KNOWN, key: objectKey(fact), uid, ...counts, claimRetention }];
  });
}

/** Which nodes admit the pods of workloads whose template the effects change, where nodes are known. */
const withAdmission = (
  workloads: readonly WorkloadFact[],
  { effects, replaces }: NeighbourhoodQuery,
  read: readonly Read[],
  cluster: KnownCluster,
): readonly WorkloadFact[] => {
  if (!replaces || cluster.nodes.size === 0) return workloads;
  const after = new Map<ObjectKey, readonly string[]>();
  const facts = read.map(({ fact }) => fact);
  const placed = effects.flatMap((effect) => {
    const pod = effect.desired?.pod ?? null;
    return pod === null ? [] : touchedBy(effect, facts).map((fact) => ({ fact, pod }));
  });
  const changesOf = Map.groupBy(placed, ({ fact }) => fact);
  for (const { fact, object } of read) {
    const changes = (changesOf.get(fact) ?? []).map(({ pod }) => pod);
    if (changes.length === 0) continue;
    const template = objectAt(object, 'spec', 'template', 'spec');
    const spec = changes.reduce<JsonObject>((before, change) => podSpecAfter(before, change), template);
    const nodes =
      fact.resource === 'daemonsets'
        ? nodesForDaemon(cluster, spec)
        : nodesForPod(cluster, spec, podsBelow(cluster, fact.uid));
    after.set(objectKey(fact), nodes);
  }
  return workloads.map((one) => ({ ...one, admittedAfter: after.get(one.key) ?? null }));
};

const NOTHING_KNOWN = { controller: null, rollout: null, paused: false, admittedAfter: null } as const;

/** What was just read of a workload comes before what is known of it. */
const withRetention = (known: readonly WorkloadFact[], read: readonly WorkloadFact[]): readonly WorkloadFact[] => {
  const fresh = new Map(read.map((one) => [one.key, one]));
  const keys = new Set(known.map(({ key }) => key));
  return [
    ...known.map((one) => ({ ...one, claimRetention: fresh.get(one.key)?.claimRetention ?? one.claimRetention })),
    ...read.filter(({ key }) => !keys.has(key)),
  ];
};

/** The neighbourhood of the effects, and what of it is not known. Nothing is asked when nothing is written. */
export async function readNeighbourhood(
  client: ClusterClient,
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
  const answered = await knowledge.ask(wanted, signal);
  const { cluster, missing, ageSeconds } = answered;
  const lacks = new Set(missing.map(({ resource }) => resource));
  const behind = read.filter((one) => !lacks.has(kindOf(one.fact) ?? '') && isUnknown(cluster, one));
  const held = new Map(
    read
      .flatMap(({ fact, object }) => heldFields(objectKey(fact), object))
      .map((one) => [`${one.object} ${one.manager}`, one]),
  );
  const around = neighbourhoodOf(cluster, question);
  const { dependents, missing: unread } = await dependentsOf(
    client,
    answered,
    deletableBy(question, read, around.pods, cluster),
    signal,
  );
  return {
    neighbourhood: {
      ...around,
      held: [...held.values()],
      workloads: withRetention(withAdmission(around.workloads, question, read, cluster), looseClaimsOf(read)),
      dependents,
      ageSeconds,
    },
    missing: [...missing, ...unread, ...behind.map(({ fact }) => missingObject(fact, 'too-old'))],
  };
}
