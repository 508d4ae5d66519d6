// Asks the cluster: what an action would touch, and how it is doing afterwards.
import { BUILT_IN } from '../../core/model/built-in-resources.ts';
import type { Undrainable } from '../../core/model/drain.ts';
import { type Effect, writesOf } from '../../core/model/effect.ts';
import {
  type MissingFact,
  missingObject,
  type ObjectPart,
  type RevisionFact,
  type TargetFact,
} from '../../core/model/facts.ts';
import { isObject, type Json } from '../../core/model/json.ts';
import { NO_NEIGHBOURS } from '../../core/model/neighbourhood.ts';
import { type ObjectRef, objectKey, resourceKey } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterFacts, ClusterReader } from '../../ports/cluster-reader.ts';
import { inBatches } from './batch.ts';
import type { ClusterKnowledge } from './cache/cluster-knowledge.ts';
import { readOnce } from './cache/read-once.ts';
import { groupOf } from './cache/trim-meta.ts';
import { absentParts, preImageOf } from './change.ts';
import { chosenPod } from './chosen-pod.ts';
import { type ClusterClient, getJson } from './client.ts';
import { type DrainedPods, findDrained } from './drained-nodes.ts';
import { findObjects, missingFact, withHistory } from './find-objects.ts';
import type { Revision } from './history.ts';
import { listAt, numberAt, textAt } from './json-at.ts';
import { keepRead } from './just-read.ts';
import type { Live } from './live.ts';
import { looseClaimsOf, type Read, readNeighbourhood } from './neighbourhood/read-neighbourhood.ts';
import { kindOf, objectPath } from './resource-path.ts';
import { sampleAll } from './samples.ts';
import { imagesOf, templateHash } from './template.ts';

/** The uid of kube-system is the identity of a cluster: made once, never again. Throws AdapterError. */
export async function clusterUid(client: ClusterClient, signal: AbortSignal): Promise<string | null> {
  return textAt(await client.send(getJson('/api/v1/namespaces/kube-system'), signal), 'metadata', 'uid');
}

const NEVER = new AbortController().signal;
/** Milliseconds: one question that hangs holds up no more than those that came with it. */
const SHARED_MS = 100;
const ASKED = new WeakMap<ClusterClient, { readonly uid: Promise<string | null>; readonly until: number }>();

/** The same for facts: who asks while another has just begun to wait shares its answer. Before a write it is asked anew (preflight.ts). */
const sharedUid = async (client: ClusterClient, signal: AbortSignal): Promise<string | null> => {
  const now = performance.now();
  const before = ASKED.get(client);
  const asked = before !== undefined && now < before.until ? before : askUid(client, now + SHARED_MS);
  return untilAborted(asked.uid, signal);
};

const askUid = (client: ClusterClient, until: number) => {
  const asked = { uid: clusterUid(client, NEVER), until };
  ASKED.set(client, asked);
  const over = (): void => {
    if (ASKED.get(client) === asked) ASKED.delete(client);
  };
  asked.uid.then(over, over);
  return asked;
};

/** Whoever's time is up leaves; the others wait on. */
const untilAborted = async <T>(answer: Promise<T>, signal: AbortSignal): Promise<T> => {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = (): void =>
    reject(new AdapterError('no-answer', 'the cluster did not say who it is before the time was up'));
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
};

/** Made once with the cluster: its uid is the cluster's identity. */
const KUBE_SYSTEM: ObjectRef = { group: '', resource: 'namespaces', namespace: null, name: 'kube-system' };

const controllerOf = ({ object }: Live): string | null => {
  const owner = listAt(object, 'metadata', 'ownerReferences').find((one) => one['controller'] === true);
  if (owner === undefined) return null;
  const [kind, group] = [textAt(owner, 'kind') ?? '', groupOf(textAt(owner, 'apiVersion') ?? '')];
  // A kind that is not built in may have the name of one that is: batch.volcano.sh has Jobs too.
  const builtIn = BUILT_IN.some((one) => one.kind === kind && one.group === group);
  return `${builtIn ? kind : `${kind}.${group}`}/${textAt(owner, 'name') ?? ''}`;
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

/** Facts come by group, resource, namespace, name. */
const placeOf = ({ group, resource, namespace, name }: TargetFact): string =>
  [group, resource, namespace ?? '', name].join('\u0000');

/** Creating an object touches none that exists; everything else that writes does. */
const touchesExisting = ({ verb, subresource, name }: Effect): boolean =>
  name !== null && !(verb === 'create' && subresource === null);

/** The object among whose pods the one is chosen in which a program would run; null where the effect names its objects. */
const podOwnerOf = ({ change, namespace }: Effect): ObjectRef | null =>
  change.to === 'run' && change.of !== null ? { ...change.of, namespace } : null;

/** The pods of a drain are those of its nodes, which were found before them; a program runs in one of its object's. */
const objectsOf = async (
  client: ClusterClient,
  effect: Effect,
  found: Iterable<TargetFact>,
  signal: AbortSignal,
): Promise<DrainedPods> => {
  const of = podOwnerOf(effect);
  if (of !== null) {
    const object = await chosenPod(client, of, signal);
    const name = textAt(object ?? {}, 'metadata', 'name') ?? '';
    const path = objectPath('/api/v1', 'pods', of.namespace, name);
    return { pods: object === null ? [] : [{ object, path }], undrainable: [] };
  }
  if (effect.kind !== 'drain' || effect.resource !== 'pods')
    return { pods: await findObjects(client, effect, signal), undrainable: [] };
  const nodes = [...found].filter(({ group, resource }) => group === '' && resource === 'nodes');
  return findDrained(
    client,
    effect,
    nodes.map(({ name }) => name),
    signal,
  );
};

/** null where there is no answer: it is put down as missing, and why. */
const answerOr = async <T>(
  missing: MissingFact[],
  object: ObjectRef,
  part: ObjectPart | null,
  question: () => Promise<T>,
): Promise<T | null> => {
  try {
    return await question();
  } catch (error) {
    missing.push(missingFact({ resource: resourceKey(object), object: objectKey(object), part }, error));
    return null;
  }
};

const readFacts = async (
  client: ClusterClient,
  knowledge: ClusterKnowledge,
  effects: readonly Effect[],
  signal: AbortSignal,
): Promise<ClusterFacts> => {
  const missing: MissingFact[] = [];
  const read: Read[] = [];
  const undrainable: Undrainable[] = [];
  const targets = new Map<string, TargetFact>();
  const ask = <T>(object: ObjectRef, part: ObjectPart | null, question: () => Promise<T>): Promise<T | null> =>
    answerOr(missing, object, part, question);
  const nameless: MissingFact[] = [];
  const naming = answerOr(nameless, KUBE_SYSTEM, null, () => sharedUid(client, signal));
  for (const effect of writesOf(effects).filter(touchesExisting)) {
    const about = podOwnerOf(effect) ?? effect;
    const asked = await ask(about, null, () => objectsOf(client, effect, targets.values(), signal));
    const found = asked?.pods ?? [];
    undrainable.push(...(asked?.undrainable ?? []));
    const lives = await inBatches(found, (one) =>
      ask(effect, { kind: 'history' }, () => withHistory(client, effect, one, signal)),
    );
    for (const [i, one] of found.entries()) {
      const live = lives[i] ?? { ...one, history: null };
      for (const part of absentParts(effect, live)) missing.push(missingObject(effect, 'not-found', part));
      const fact = factOf(effect, live);
      read.push({ fact, object: live.object });
      const key = objectKey(fact);
      const before = targets.get(key);
      const joined = { ...fact, preImage: merged(before?.preImage ?? {}, fact.preImage) };
      targets.set(key, joined);
      keepRead(joined, live);
    }
  }
  const sorted = [...targets.values()].toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const cluster = await naming;
  // A cluster that does not even say who it is is not asked for more.
  if (cluster === null) {
    const neighbourhood = { ...NO_NEIGHBOURS, workloads: looseClaimsOf(read) };
    return { cluster, targets: sorted, neighbourhood, missing: [...nameless, ...missing] };
  }
  const { neighbourhood, missing: unknown } = await readNeighbourhood(client, knowledge, effects, read, signal);
  const held = undrainable.length === 0 ? {} : { undrainable };
  return { cluster, targets: sorted, neighbourhood, missing: [...missing, ...unknown], ...held };
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
    sample: (watched, signal) => sampleAll(client, watched, signal),
  };
}
