// Asks the cluster: what an action would touch, and how it is doing afterwards.
import type { Effect } from '../../core/model/effect.ts';
import type { MissingFact, RevisionFact, TargetFact } from '../../core/model/facts.ts';
import { isObject, type Json } from '../../core/model/json.ts';
import { NO_NEIGHBOURS } from '../../core/model/neighbourhood.ts';
import { writesOf } from '../../core/model/object-ref.ts';
import type { ClusterFacts, ClusterReader } from '../../ports/cluster-reader.ts';
import { inBatches } from './batch.ts';
import type { ClusterKnowledge } from './cache/cluster-knowledge.ts';
import { readOnce } from './cache/read-once.ts';
import { absentParts, type Live, preImageOf } from './change.ts';
import { type ClusterClient, getJson } from './client.ts';
import { findEvicted, findObjects, missingFact, withHistory } from './find-objects.ts';
import type { Revision } from './history.ts';
import { listAt, numberAt, textAt } from './json-at.ts';
import { type Read, readNeighbourhood } from './neighbourhood/read-neighbourhood.ts';
import { kindOf } from './resource-path.ts';
import { sampleAll } from './samples.ts';
import { imagesOf, templateHash } from './template.ts';

/** The uid of kube-system is the identity of a cluster: made once, never again. Throws AdapterError. */
export async function clusterUid(client: ClusterClient, signal: AbortSignal): Promise<string | null> {
  return textAt(await client.send(getJson('/api/v1/namespaces/kube-system'), signal), 'metadata', 'uid');
}

/** Groups of Kubernetes itself whose kinds are named without them, as kubectl does. */
const OWN_GROUPS: ReadonlySet<string> = new Set(['', 'apps', 'batch']);

const controllerOf = ({ object }: Live): string | null => {
  const owner = listAt(object, 'metadata', 'ownerReferences').find((one) => one['controller'] === true);
  if (owner === undefined) return null;
  const [group = ''] = (textAt(owner, 'apiVersion') ?? '').split('/').slice(0, -1);
  const kind = textAt(owner, 'kind') ?? '';
  return `${OWN_GROUPS.has(group) ? kind : `${kind}.${group}`}/${textAt(owner, 'name') ?? ''}`;
};

const merged = (before: Json, more: Json): Json => (isObject(before) && isObject(more) ? { ...before, ...more } : more);

const revisionFact = ({ number, template }: Revision): RevisionFact => ({
  revision: number,
  template: templateHash(template),
  images: imagesOf(template),
});

const factOf = (effect: Effect, live: Live): TargetFact => {
  const { object, history } = live;
  return {
    group: effect.group,
    resource: effect.resource,
    kind: textAt(object, 'kind') ?? kindOf(effect) ?? effect.resource,
    namespace: textAt(object, 'metadata', 'namespace'),
    name: textAt(object, 'metadata', 'name') ?? '',
    uid: textAt(object, 'metadata', 'uid') ?? '',
    preImage: preImageOf(effect, live),
    revision: history?.live ?? null,
    revisions: history?.revisions.map(({ number }) => number) ?? [],
    ...(effect.change.to === 'revision' && history !== null ? { history: history.revisions.map(revisionFact) } : {}),
    replicas: numberAt(object, 'spec', 'replicas'),
    controller: controllerOf(live),
    protected: textAt(object, 'metadata', 'annotations', 'blastgate.io/protected') === 'true',
  };
};

const keyOf = ({ group, resource, namespace, name }: TargetFact): string =>
  [group, resource, namespace ?? '', name].join('\u0000');

/** What an effect of this kind asks for, as facts name it: "deployments.apps shop/web". */
const askedFor = ({ group, resource, namespace, name }: Effect): string =>
  `${resource}${group === '' ? '' : `.${group}`} ${namespace === null ? '' : `${namespace}/`}${name ?? '?'}`;

/** Creating an object touches none that exists; everything else that writes does. */
const touchesExisting = ({ verb, subresource, name }: Effect): boolean =>
  name !== null && !(verb === 'create' && subresource === null);

/** The pods of a drain are those of its nodes, which were found before them. */
const objectsOf = (
  client: ClusterClient,
  effect: Effect,
  found: Iterable<TargetFact>,
  signal: AbortSignal,
): Promise<readonly Omit<Live, 'history'>[]> => {
  if (effect.kind !== 'drain' || effect.resource !== 'pods') return findObjects(client, effect, signal);
  const nodes = [...found].filter(({ group, resource }) => group === '' && resource === 'nodes');
  return findEvicted(
    client,
    effect,
    nodes.map(({ name }) => name),
    signal,
  );
};

const readFacts = async (
  client: ClusterClient,
  knowledge: ClusterKnowledge,
  effects: readonly Effect[],
  signal: AbortSignal,
): Promise<ClusterFacts> => {
  const missing: MissingFact[] = [];
  const read: Read[] = [];
  const targets = new Map<string, TargetFact>();
  const ask = async <T>(what: string, question: () => Promise<T>): Promise<T | null> => {
    try {
      return await question();
    } catch (error) {
      missing.push(missingFact(what, error));
      return null;
    }
  };
  const cluster = await ask('namespaces kube-system', () => clusterUid(client, signal));
  for (const effect of writesOf(effects).filter(touchesExisting)) {
    const what = askedFor(effect);
    const found = (await ask(what, () => objectsOf(client, effect, targets.values(), signal))) ?? [];
    const lives = await inBatches(found, (one) =>
      ask(`history of ${what}`, () => withHistory(client, effect, one, signal)),
    );
    for (const [i, one] of found.entries()) {
      const live = lives[i] ?? { ...one, history: null };
      for (const part of absentParts(effect, live)) missing.push({ what: `${what} ${part}`, why: 'not-found' });
      const fact = factOf(effect, live);
      read.push({ fact, object: live.object });
      const before = targets.get(keyOf(fact));
      targets.set(keyOf(fact), { ...fact, preImage: merged(before?.preImage ?? {}, fact.preImage) });
    }
  }
  const sorted = [...targets.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, fact]) => fact);
  // A cluster that does not even say who it is is not asked for more.
  if (cluster === null) return { cluster, targets: sorted, neighbourhood: NO_NEIGHBOURS, missing };
  const { neighbourhood, missing: unknown } = await readNeighbourhood(knowledge, effects, read, signal);
  return { cluster, targets: sorted, neighbourhood, missing: [...missing, ...unknown] };
};

/**
 * The reader over one cluster; every call ends with its signal, and a dead cluster is an answer in `missing`. Targets are
 * read from the cluster itself; their neighbours from what is known of it, by default from lists read for each question.
 */
export function createClusterReader(
  client: ClusterClient,
  knowledge: ClusterKnowledge = readOnce(client),
): ClusterReader {
  return {
    readFacts: (effects, signal) => readFacts(client, knowledge, effects, signal),
    sample: (effects, targets, signal) => sampleAll(client, effects, targets, signal),
  };
}
