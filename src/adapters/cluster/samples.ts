// What was written, or is about to be → one look at each object that tells how it does.

import { withoutBinding } from '../../core/action/binding-labels.ts';
import { changeOf, earlierOf, sealedSteps, type WriteStep } from '../../core/action/write-steps.ts';
import { isEviction } from '../../core/model/effect.ts';
import { controllerOfTarget, type Pair, type TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { FieldChange, ObjectChange } from '../../core/model/object-change.ts';
import { type ObjectRef, placedName } from '../../core/model/object-ref.ts';
import { isFinished } from '../../core/model/pod-controllers.ts';
import type { Sample } from '../../core/remediation/sample.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { WatchedWrite } from '../../ports/cluster-reader.ts';
import { inBatches } from './batch.ts';
import { preImageOf } from './change.ts';
import { type ClusterClient, getJson } from './client.ts';
import { drainedName, evictedByNode, sampleDrained } from './drained-sample.ts';
import { healthReaderOf } from './health/health-of.ts';
import { hasUsers, sampleUsers, selectsItsUsers, usersName } from './health/users.ts';
import { stable, textAt } from './json-at.ts';
import { isMutating, readExisting } from './mutation.ts';
import { madeBy } from './planned-writes.ts';
import { apiPrefix, objectPath } from './resource-path.ts';
import { isReady } from './rollout-status.ts';
import { notYetWritten, type WatchedObject, writtenAs, writtenBy, writtenTogether } from './written.ts';

const CONTROLLERS: ReadonlyMap<string, { readonly group: string; readonly resource: string }> = new Map([
  ['ReplicaSet', { group: 'apps', resource: 'replicasets' }],
  ['StatefulSet', { group: 'apps', resource: 'statefulsets' }],
  ['DaemonSet', { group: 'apps', resource: 'daemonsets' }],
  ['ReplicationController', { group: '', resource: 'replicationcontrollers' }],
]);

/** The controller that must be whole again; null where none brings the pod back, or it is not known how it converges. */
const controllerRef = (fact: TargetFact): ObjectRef | null => {
  const owner = isFinished(fact) ? null : controllerOfTarget(fact);
  const known = owner === null ? undefined : CONTROLLERS.get(owner.kind);
  return owner === null || known === undefined ? null : { ...known, namespace: fact.namespace, name: owner.name };
};

const unasked = (target: string, error: unknown): Sample => {
  if (!(error instanceof AdapterError)) throw error;
  return { seen: 'nothing', target, why: error.message };
};

const readObject = async (client: ClusterClient, ref: ObjectRef, signal: AbortSignal): Promise<JsonObject> => {
  const prefix = await apiPrefix(client, ref, signal);
  return client.send(getJson(objectPath(prefix, ref.resource, ref.namespace, ref.name ?? '')), signal);
};

const isMissing = (error: unknown): boolean => error instanceof AdapterError && error.status === 404;

/** An object that should stand as it was written; `tells`: whether what was written is acted upon, so that its status counts. */
const sampleObject = async (
  client: ClusterClient,
  ref: ObjectRef,
  { written, tells }: { readonly written: WatchedObject; readonly tells: boolean },
  signal: AbortSignal,
): Promise<Sample> => {
  const target = placedName(ref);
  try {
    const object = await readObject(client, ref, signal);
    if (written.uid !== null && textAt(object, 'metadata', 'uid') !== written.uid) return { seen: 'gone', target };
    const changed = await written.changed(object);
    if (changed !== null) return changed;
    if (!tells) return { seen: 'written', target };
    const seen = await healthReaderOf(ref)({ client, ref, object, isNew: written.isNew, signal });
    const leftOver = await written.leftOver(object);
    return seen.seen === 'workload' && leftOver.length > 0 ? { ...seen, target, leftOver } : { ...seen, target };
  } catch (error) {
    // Who may make it and not read it has seen it in the answer of the write.
    if (written.isNew && error instanceof AdapterError && error.status === 403) return { seen: 'written', target };
    return isMissing(error) ? { seen: 'gone', target } : unasked(target, error);
  }
};

/** `uid` null: whichever has the name. */
const sampleDeleted = async (
  client: ClusterClient,
  ref: ObjectRef,
  uid: string | null,
  signal: AbortSignal,
): Promise<Sample> => {
  const target = placedName(ref);
  try {
    const object = await readObject(client, ref, signal);
    return { seen: uid === null || textAt(object, 'metadata', 'uid') === uid ? 'leaving' : 'removed', target };
  } catch (error) {
    return isMissing(error) ? { seen: 'removed', target } : unasked(target, error);
  }
};

/** The pod in which a program ran: judged by the container that was sealed, and by its readiness only where it was ready before. */
const sampleProgram = async (
  { client, wasReady, signal }: Looking,
  { effect, target: sealed }: Pair,
): Promise<Sample> => {
  const target = placedName(sealed);
  try {
    const pod = await readObject(client, sealed, signal);
    if (textAt(pod, 'metadata', 'uid') !== sealed.uid) return { seen: 'gone', target };
    const same = stable(preImageOf(effect, { object: pod, path: '', history: null })) === stable(sealed.preImage);
    if (!same) return { seen: 'container-lost', target, container: textAt(sealed.preImage, 'container') ?? '' };
    return wasReady && !isReady(pod) ? { seen: 'unready', target } : { seen: 'intact', target };
  } catch (error) {
    return isMissing(error) ? { seen: 'gone', target } : unasked(target, error);
  }
};

/** A question about one object, by the name that its sample carries: each object is looked at once. */
type Question = readonly [target: string, ask: () => Promise<Sample>];

interface Looking {
  readonly client: ClusterClient;
  readonly isWritten: boolean;
  /** Of the pod of a program, just before it ran. */
  readonly wasReady: boolean;
  readonly signal: AbortSignal;
}

const objectQuestion = (
  { client, signal }: Looking,
  ref: ObjectRef,
  written: WatchedObject,
  tells: boolean,
): Question => [placedName(ref), () => sampleObject(client, ref, { written, tells }, signal)];

/** The pods that use an object; where it is away, those that still want it. */
const usersQuestion = ({ client, signal }: Looking, ref: ObjectRef): readonly Question[] => {
  if (!hasUsers(ref)) return [];
  const ask = async (): Promise<Sample> => {
    if (!selectsItsUsers(ref)) return sampleUsers(client, ref, null, signal);
    try {
      return await sampleUsers(client, ref, await readObject(client, ref, signal), signal);
    } catch (error) {
      return isMissing(error) ? sampleUsers(client, ref, null, signal) : unasked(usersName(ref), error);
    }
  };
  return [[usersName(ref), ask]];
};

/** Labels and annotations of the object itself are read by nobody who could fail of them. */
const isActedUpon = ({ path }: FieldChange): boolean => !path.startsWith('/metadata');

/** A write that was sealed as a difference, as it is watched. */
const differingOf = (
  { client, signal }: Looking,
  { effect, object }: WriteStep,
  { op, uid, fields }: ObjectChange,
): WatchedObject => {
  const side = effect.change.to === 'before' ? 'before' : 'after';
  return writtenAs({
    object,
    isNew: op === 'delete' || (op === 'create' && side === 'after'),
    uid: op === 'update' ? uid : null,
    fields: op === 'delete' ? [] : fields,
    side,
    // Where a kind keeps its replicas is its own business: the Scale tells them.
    readApart:
      effect.subresource === 'scale'
        ? async () => (await readExisting(client, { effect, object }, signal)).object
        : null,
  });
};

/** What was sealed as a difference, and the way back of it. `earlier`: the writes of the same object before it. */
const questionsOfDifference = (
  looking: Looking,
  wanted: WriteStep,
  earlier: readonly WriteStep[],
  { changes, made }: WatchedWrite,
): readonly Question[] => {
  const { client, isWritten, signal } = looking;
  const found = changeOf(wanted, changes);
  if (found === undefined) return [];
  const sealed = withoutBinding(found);
  const object = madeBy(made.effects, wanted, made.digest);
  const step = { ...wanted, object };
  const { effect } = wanted;
  const { op, uid } = sealed;
  const before = op === 'update' ? earlier.filter((one) => changeOf(one, changes)?.op === 'update') : [];
  const all = [sealed, ...before.flatMap((one) => changeOf(one, changes) ?? [])];
  const tells = op !== 'update' || all.some(({ fields }) => fields.some(isActedUpon));
  const users = tells ? usersQuestion(looking, object) : [];
  if (!isWritten)
    return op === 'update' ? [objectQuestion(looking, object, notYetWritten(uid), tells), ...users] : users;
  if (op === 'create' && effect.change.to === 'before')
    return [[placedName(object), () => sampleDeleted(client, object, null, signal)], ...users];
  const others = before.map((one) => watchedOf(looking, one, changes));
  const written = [...others, differingOf(looking, step, sealed)].reduce(writtenTogether);
  return [objectQuestion(looking, object, written, tells), ...users];
};

const watchedOf = (looking: Looking, step: WriteStep, changes: readonly ObjectChange[]): WatchedObject => {
  const { effect, target } = step;
  const isTyped = !isMutating(effect) && effect.change.to !== 'before';
  if (isTyped && target !== null) return writtenBy(looking.client, { effect, target }, looking.signal);
  const change = changeOf(step, changes);
  return change === undefined ? notYetWritten(null) : differingOf(looking, step, withoutBinding(change));
};

const questionsOf = (looking: Looking, pair: Pair): readonly Question[] => {
  const { client, isWritten, signal } = looking;
  const { effect, target } = pair;
  if (effect.change.to === 'run') return isWritten ? [[placedName(target), () => sampleProgram(looking, pair)]] : [];
  // Their StatefulSet is looked at for the step that gives its template back.
  if (effect.change.to === 'replacement') return [];
  if (effect.change.to !== 'absence') {
    const written = isWritten ? writtenBy(client, pair, signal) : notYetWritten(target.uid);
    return [objectQuestion(looking, target, written, true)];
  }
  const deleted: Question = [placedName(target), () => sampleDeleted(client, target, target.uid, signal)];
  return [...(isWritten ? [deleted] : []), ...controllerQuestion(looking, target), ...usersQuestion(looking, target)];
};

/** The controller that brings another pod in the place of this one. */
const controllerQuestion = (looking: Looking, pod: TargetFact): readonly Question[] => {
  const controller = controllerRef(pod);
  return controller === null ? [] : [objectQuestion(looking, controller, notYetWritten(null), true)];
};

/** What a drain takes: the pods of each node in one question, and each of their controllers. */
const questionsOfDrain = (looking: Looking, steps: readonly WriteStep[]): readonly Question[] => {
  const { client, isWritten, signal } = looking;
  const nodes = [...evictedByNode(steps)];
  const gone = nodes.map(([node, pods]): Question => {
    const target = drainedName(node);
    return [target, () => sampleDrained(client, node, pods, signal).catch((error: unknown) => unasked(target, error))];
  });
  const controllers = nodes.flatMap(([, pods]) => pods.flatMap((pod) => controllerQuestion(looking, pod)));
  return [...(isWritten ? gone : []), ...controllers];
};

/** One sample an object; of a deleted pod itself and of the controller that brings another. */
export function sampleAll(
  client: ClusterClient,
  watched: WatchedWrite,
  signal: AbortSignal,
): Promise<readonly Sample[]> {
  const looking: Looking = { client, isWritten: watched.isWritten, wasReady: watched.wasReady ?? true, signal };
  // An object that was written to itself is looked at as such, not as the controller of a pod that was deleted too.
  const all = sealedSteps(watched.effects, watched.targets, watched.changes);
  const steps = all.filter(({ effect }) => !isEviction(effect));
  const isDeletion = ({ effect }: WriteStep): boolean => effect.change.to === 'absence';
  const ordered = [...steps.filter(isDeletion), ...steps.filter((step) => !isDeletion(step))];
  const ask = (step: WriteStep): readonly Question[] => {
    const { effect, target } = step;
    if (isMutating(effect) || effect.change.to === 'before')
      return questionsOfDifference(looking, step, earlierOf(all, step), watched);
    return target === null ? [] : questionsOf(looking, { effect, target });
  };
  const questions = new Map([...questionsOfDrain(looking, all), ...ordered.flatMap(ask)]);
  return inBatches([...questions.values()], (one) => one());
}
