// Effects and what they touch → what the API server's dry runs would leave of it. Nothing is persisted.
import { differenceOf, type Hiding } from '../../core/action/difference.ts';
import { hidesValue } from '../../core/action/hidden-values.ts';
import type { Effect } from '../../core/model/effect.ts';
import type { TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import type { ObjectChange, Rehearsal, Rehearsed } from '../../core/model/object-change.ts';
import { objectKey, placedName, touches } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import { inBatches } from './batch.ts';
import { asDryRun, obstacle, requestFor } from './change.ts';
import { type ApiRequest, type ClusterClient, getJson } from './client.ts';
import { textAt } from './json-at.ts';
import { isMutating, type Mutating, readExisting, requestOf } from './mutation.ts';
import { stepsOf, type WriteStep } from './planned-writes.ts';
import { deniedIn } from './rights.ts';
import { readAgain } from './typed-write.ts';

/** Two instants, so that what a command stamps with its time shows as generated. */
const INTENTS: readonly [WriteIntent, WriteIntent] = [
  { at: '2000-01-01T00:00:01.000Z' },
  { at: '2000-01-01T00:00:02.000Z' },
];

type Tried = { readonly ok: true; readonly change: ObjectChange } | { readonly ok: false; readonly as: Rehearsed };

const notPossible = (because: 'forbidden' | 'unanswered' | 'unsupported', why: string): Tried => ({
  ok: false,
  as: { is: 'not-possible', because, why },
});
const refused = (why: string): Tried => ({ ok: false, as: { is: 'refused', why } });

/** As the API server words it of a webhook that would do something else besides (Kubernetes 1.36, admission/plugin/webhook). */
const FORBIDS_DRY_RUN = /does not support dry run/;

const answerOf = (error: unknown): Tried => {
  if (!(error instanceof AdapterError)) throw error;
  const { message } = error;
  if (error.kind !== 'refused' || (error.status ?? 500) >= 500) return notPossible('unanswered', message);
  if (error.status === 403 && deniedIn(message) !== null) return notPossible('forbidden', message);
  return FORBIDS_DRY_RUN.test(message) ? notPossible('unsupported', message) : refused(message);
};

const differ = (
  { effect, object }: WriteStep,
  before: JsonObject | null,
  [after, again]: readonly [JsonObject, JsonObject],
  hash: Hiding['hash'],
): Tried => ({
  ok: true,
  change: {
    object: objectKey(object),
    uid: before === null ? null : textAt(before, 'metadata', 'uid'),
    op: before === null ? 'create' : 'update',
    fields: differenceOf(
      { before, after, again, status: effect.subresource === 'status' },
      { hash, hides: (path, keys, value) => hidesValue(effect.resource, path, keys, value) },
    ),
  },
});

const twice = async (
  client: ClusterClient,
  first: ApiRequest,
  second: ApiRequest,
  signal: AbortSignal,
): Promise<readonly [JsonObject, JsonObject]> => [
  await client.send(asDryRun(first), signal),
  await client.send(asDryRun(second), signal),
];

const tryMutation = async (
  client: ClusterClient,
  step: WriteStep & Mutating,
  hash: Hiding['hash'],
  signal: AbortSignal,
): Promise<Tried> => {
  const now = await readExisting(client, step, signal);
  const asked = requestOf(step, now);
  if (!asked.ok)
    return refused(
      `${placedName(step.object)}: ${asked.why.code}${asked.why.about === null ? '' : ` ${asked.why.about}`}`,
    );
  const { request } = asked;
  if (request === null) {
    const uid = textAt(now.object ?? {}, 'metadata', 'uid');
    return { ok: true, change: { object: objectKey(step.object), uid, op: 'update', fields: [] } };
  }
  const before = request.method === 'POST' ? null : now.object;
  return differ(step, before, await twice(client, request, request, signal), hash);
};

const isDone = ({ change }: Effect): boolean => change.to === 'absence' || change.to === 'replacement';

/** A status that moves in between makes the answer 409: so often it is read again. */
const CONFLICT_LIMIT = 3;

const tryOne = async (
  client: ClusterClient,
  step: WriteStep,
  hash: Hiding['hash'],
  signal: AbortSignal,
  attempt = 1,
): Promise<Tried> => {
  const { effect, object, target } = step;
  try {
    if (isMutating(effect)) return await tryMutation(client, { ...step, effect }, hash, signal);
    if (target === null || isDone(effect)) {
      const uid = target?.uid ?? null;
      return { ok: true, change: { object: objectKey(object), uid, op: 'delete', fields: [] } };
    }
    const live = await readAgain(client, { effect, target }, signal);
    const why = live === null ? 'it is gone' : obstacle(effect, live);
    if (live === null || why !== null) return refused(`${placedName(object)}: ${why}`);
    const [one, other] = INTENTS.map((intent) => requestFor(effect, live, intent)) as [ApiRequest, ApiRequest];
    const before =
      effect.change.to === 'replicas' ? await client.send(getJson(`${live.path}/scale`), signal) : live.object;
    return differ(step, before, await twice(client, one, other, signal), hash);
  } catch (error) {
    const isOutrun = error instanceof AdapterError && error.status === 409;
    return isOutrun && attempt < CONFLICT_LIMIT ? tryOne(client, step, hash, signal, attempt + 1) : answerOf(error);
  }
};

/** More objects than people would read a difference of. */
const MOST_OBJECTS = 200;

const sameObject = (one: WriteStep, other: WriteStep): boolean => one !== other && touches(one.object, other.object);

/**
 * Sends each write twice as a server dry run. What differs between the two answers is generated. Never throws for what the
 * cluster says: a refusal is one, and what could not be tried says why.
 */
export async function rehearse(
  client: ClusterClient,
  effects: readonly Effect[],
  targets: readonly TargetFact[],
  hash: Hiding['hash'],
  signal: AbortSignal,
): Promise<Rehearsal> {
  const steps = stepsOf(effects, targets);
  const failed = (forward: Rehearsed): Rehearsal => ({ forward, changes: [] });
  const unsupported = (why: string): Rehearsal => failed({ is: 'not-possible', because: 'unsupported', why });
  if (steps.length > MOST_OBJECTS) return unsupported(`more than ${MOST_OBJECTS} objects`);
  const twiceWritten = steps.find((step) => isMutating(step.effect) && steps.some((other) => sameObject(step, other)));
  if (twiceWritten !== undefined) return unsupported(`${placedName(twiceWritten.object)} is written to more than once`);
  const tried = await inBatches(steps, (step) => tryOne(client, step, hash, signal));
  const stopped = tried.find((one) => !one.ok);
  if (stopped !== undefined && !stopped.ok) return failed(stopped.as);
  return { forward: { is: 'passed' }, changes: tried.flatMap((one) => (one.ok ? [one.change] : [])) };
}
