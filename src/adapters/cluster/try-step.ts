// One write → what the API server's dry runs would leave of its object. Nothing is persisted.

import { fieldsOf } from '../../core/action/changed-object.ts';
import { type Compared, differenceOf, type Hiding, valueIn } from '../../core/action/difference.ts';
import { isDeletionOfObject } from '../../core/action/executors.ts';
import { secretTextsOf, textsIn } from '../../core/action/hidden-content.ts';
import { hidesValue } from '../../core/action/hidden-values.ts';
import {
  preImageOfDeletion,
  rehearsalOfRecreation,
  underAnotherName,
  underItsName,
} from '../../core/action/recreation.ts';
import type { WriteStep } from '../../core/action/write-steps.ts';
import { secretFields } from '../../core/command/secrets/secret-fields.ts';
import { type Effect, isEviction } from '../../core/model/effect.ts';
import type { TargetFact } from '../../core/model/facts.ts';
import { holdsRounded, type Json, type JsonObject, valueAt } from '../../core/model/json.ts';
import type { FieldChange, ObjectChange, Rehearsal, Rehearsed, Unsent } from '../../core/model/object-change.ts';
import { objectKey, placedName } from '../../core/model/object-ref.ts';
import { isNoSecret } from '../../core/model/secret-names.ts';
import { describeMutationRefusal } from '../../core/text/describe.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { WriteIntent } from '../../ports/cluster-writer.ts';
import { readDocuments } from '../yaml/read-documents.ts';
import { asDryRun } from './as-dry-run.ts';
import { obstacle, requestFor } from './change.ts';
import type { ClusterClient, ClusterRequest } from './client.ts';
import { deletionRequest } from './deletion-write.ts';
import { tryEviction } from './eviction.ts';
import { numberAt, textAt } from './json-at.ts';
import type { Live } from './live.ts';
import { type Existing, isMutating, type Mutating, readExisting, requestOf, withoutOld } from './mutation.ts';
import { isBusy } from './outrun.ts';
import { deniedIn } from './rights.ts';
import { readAgain } from './typed-write.ts';

/** Two instants, so that what a command stamps with its time shows as generated. */
const INTENTS: readonly [WriteIntent, WriteIntent] = [
  { at: '2000-01-01T00:00:01.000Z' },
  { at: '2000-01-01T00:00:02.000Z' },
];

type Hidden = Rehearsal['hidden'];
export type Tried =
  | { readonly ok: true; readonly change: ObjectChange; readonly hidden: Hidden }
  /** `found`: the API server would have the object changed otherwise or not at all (422), or it is not there. */
  | { readonly ok: false; readonly as: Rehearsed; readonly found?: 'invalid' | 'absent' };

/** Nobody says what it would come to. */
export function notPossible(because: 'forbidden' | 'unanswered' | 'unsupported', why: string): Tried {
  return { ok: false, as: { is: 'not-possible', because, why } };
}
const refused = (why: string): Tried => ({ ok: false, as: { is: 'refused', why } });

/** `why` is for logs; people read the code in their language. */
const unsent = (why: Unsent): Tried => ({
  ok: false,
  ...(why.code === 'object-missing' ? { found: 'absent' as const } : {}),
  as: { is: 'refused', why: describeMutationRefusal(why, why.subject, 'en'), unsent: why },
});

/** As the API server words it of a webhook that would do something else besides (Kubernetes 1.36, admission/plugin/webhook). */
const FORBIDS_DRY_RUN = /does not support dry run/;

/** What an error of the cluster says of the trial; any other is thrown on. */
export function answerOf(error: unknown): Tried {
  if (!(error instanceof AdapterError)) throw error;
  const { message } = error;
  if (error.kind !== 'refused' || (error.status ?? 500) >= 500 || isBusy(error))
    return notPossible('unanswered', message);
  if (error.status === 403 && deniedIn(message) !== null) return notPossible('forbidden', message);
  if (FORBIDS_DRY_RUN.test(message)) return notPossible('unsupported', message);
  const { reply } = error;
  const as: Rehearsed = { is: 'refused', why: message, ...(reply === null ? {} : { reply }) };
  return { ok: false, as, ...(error.status === 422 ? { found: 'invalid' as const } : {}) };
}

/** Where nothing may be that nobody has approved: what runs, as what, and who may do what (contract section 7). */
const TELLING =
  /\/(?:image|command|args|securityContext|serviceAccountName|subjects|rules|roleRef)(?:\/|$)|\/(?:containers|initContainers|ephemeralContainers)$/;

const inventedIn = (fields: readonly FieldChange[]): FieldChange | undefined =>
  fields.find(({ generated, path }) => generated === true && TELLING.test(path));

/** Values in an object that is compared: some 35 ms of the event loop. A larger one nobody could read the difference of. */
const MOST_VALUES = 6_000;

/** How many values there are, counted no further than one more than the most. */
const valuesIn = (value: Json, most: number): number => {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const inner of Object.values(value)) {
    if (count > most) break;
    count += valuesIn(inner as Json, most - count);
  }
  return count;
};

/** The secret texts of what is sent, and of the object before and after it, by the search that masks commands. */
const secretsOf = (effect: Effect, { before, after, again }: Omit<Compared, 'status'>): ReadonlySet<string> => {
  const found = [before, after, again].flatMap((object) => (object === null ? [] : secretTextsIn(object)));
  return new Set([...secretTextsOf(effect), ...found].filter((text) => !isNoSecret(text)));
};

const secretTextsIn = (object: JsonObject): readonly string[] =>
  (secretFields(object, false, readDocuments.locate ?? null) ?? []).flatMap((pointer) =>
    textsIn(valueAt(object, pointer)),
  );

/** Which write a change is of. */
const placeOf = ({ object, write }: WriteStep): Pick<ObjectChange, 'object' | 'write'> => ({
  object: objectKey(object),
  ...(write === null ? {} : { write }),
});

/** The two answers of one write, beside what stood there before. */
const differ = (step: WriteStep, compared: Omit<Compared, 'status'>, hash: Hiding['hash']): Tried => {
  const { effect, object } = step;
  const { before } = compared;
  if (valuesIn(compared.after, MOST_VALUES) > MOST_VALUES)
    return notPossible(
      'unsupported',
      `${placedName(object)} has more than ${MOST_VALUES} values: too many to be compared`,
    );
  const secrets = secretsOf(effect, compared);
  const fields = differenceOf(
    { ...compared, status: effect.subresource === 'status' },
    { hash, hides: (path, keys, value) => hidesValue({ resource: effect.resource, secrets }, path, keys, value) },
  );
  const invented = inventedIn(fields);
  if (invented !== undefined)
    return refused(`${placedName(object)}: two dry runs differ in ${invented.path}, so nobody can approve it`);
  const hidden = fields.flatMap((field): Hidden => {
    const known = field.hidden?.before ?? null;
    const value = known === null || before === null ? undefined : valueIn(before, field);
    return known === null || value === undefined ? [] : [[known, value]];
  });
  const isRounded = [...hidden.map(([, value]) => value), ...fields.map((field) => field.before)].some(holdsRounded);
  const uid = before === null ? null : textAt(before, 'metadata', 'uid');
  const op = before === null ? ('create' as const) : ('update' as const);
  return {
    ok: true,
    change: { ...placeOf(step), uid, op, fields, ...(isRounded ? { back: 'rounded' } : {}) },
    hidden,
  };
};

const twice = async (
  client: ClusterClient,
  first: ClusterRequest,
  second: ClusterRequest,
  signal: AbortSignal,
): Promise<readonly [JsonObject, JsonObject]> => [
  await client.send(asDryRun(first), signal),
  await client.send(asDryRun(second), signal),
];

/** What is made in the place of an object that goes first: tried under another name, as long as that stands there. */
const tryAnew = async (
  client: ClusterClient,
  step: WriteStep & Mutating,
  hash: Hiding['hash'],
  signal: AbortSignal,
): Promise<Tried> => {
  const asked = requestOf(step, withoutOld(await readExisting(client, step, signal)));
  if (!asked.ok) return unsent({ ...asked.why, subject: placedName(step.object) });
  const { request } = asked;
  const value = underAnotherName(fieldsOf((request?.body?.value ?? {}) as Json));
  if (request === null) return notPossible('unsupported', `${placedName(step.object)}: nothing would be sent`);
  const renamed: ClusterRequest = { ...request, body: { type: 'application/json', value } };
  const answers = await twice(client, renamed, renamed, signal);
  const [after, again] = answers.map((one) => underItsName(one, step.object.name ?? '')) as [JsonObject, JsonObject];
  return differ(step, { asked: value, before: null, after, again }, hash);
};

const tryMutation = async (
  client: ClusterClient,
  step: WriteStep & Mutating,
  known: Live | null,
  hash: Hiding['hash'],
  signal: AbortSignal,
): Promise<Tried> => {
  const now = await readExisting(client, step, signal, known);
  const asked = requestOf(step, now);
  if (!asked.ok) return unsent({ ...asked.why, subject: placedName(step.object) });
  const { request } = asked;
  if (request === null) {
    const uid = textAt(now.object ?? {}, 'metadata', 'uid');
    return { ok: true, change: { ...placeOf(step), uid, op: 'update', fields: [] }, hidden: [] };
  }
  const isNew = request.method === 'POST' || now.object === null;
  const [after, again] = await twice(client, request, request, signal);
  // as: a body is JSON.
  const sent = (request.body?.value ?? null) as Json;
  return differ(step, { asked: sent, before: isNew ? null : now.object, after, again }, hash);
};

/** Before it is deleted it is tried whether it could be made again, under a name that nobody has. */
const tryRecreation = async (
  client: ClusterClient,
  existing: Existing,
  preImage: JsonObject,
  signal: AbortSignal,
): Promise<NonNullable<ObjectChange['back']> | null> => {
  if (holdsRounded(preImage)) return 'rounded';
  const value = rehearsalOfRecreation(preImage);
  const body = { type: 'application/json', value } as const;
  try {
    await client.send(asDryRun({ method: 'POST', path: existing.collection, query: {}, body }), signal);
    return 'passed';
  } catch (error) {
    const answer = answerOf(error);
    if (answer.ok) return null;
    const { as } = answer;
    // Without the right to make it there is no way back either.
    return as.is === 'refused' || (as.is === 'not-possible' && as.because === 'forbidden') ? 'refused' : null;
  }
};

/** A deletion makes no difference that could be shown: it is sealed by a mark of the whole object. */
const tryDeletion = async (
  client: ClusterClient,
  step: WriteStep,
  known: Live | null,
  hash: Hiding['hash'],
  signal: AbortSignal,
): Promise<Tried> => {
  const { effect, object } = step;
  const existing = await readExisting(client, step, signal, known);
  if (existing.object === null) return refused(`${placedName(object)}: it is gone`);
  const preImage = preImageOfDeletion(existing.object);
  if (existing.path !== null)
    await client.send(asDryRun(deletionRequest(existing.path, existing.object, effect)), signal);
  const mark = hash(preImage);
  const back = await tryRecreation(client, existing, preImage, signal);
  const change: ObjectChange = {
    ...placeOf(step),
    uid: textAt(existing.object, 'metadata', 'uid'),
    op: 'delete',
    fields: [{ path: '', hidden: { before: mark, after: null } }],
    ...(back === null ? {} : { back }),
  };
  return { ok: true, change, hidden: [[mark, preImage]] };
};

/** A pod that goes, sealed by its uid. */
const tryPod = (step: WriteStep): Tried => ({
  ok: true,
  change: { ...placeOf(step), uid: step.target?.uid ?? null, op: 'delete', fields: [] },
  hidden: [],
});

/** Nothing tries a program but running it: it is sealed by the container that was found for it. */
const tryProgram = (step: WriteStep, { uid, preImage }: TargetFact, argv: readonly string[]): Tried => {
  const [container, containerID] = [textAt(preImage, 'container') ?? '', textAt(preImage, 'containerID') ?? ''];
  const run = { container, containerID, argv };
  return { ok: true, change: { ...placeOf(step), uid, op: 'run', fields: [], run }, hidden: [] };
};

/** The Scale as it was: of the built-in kinds it says nothing more than the object does, and reading it is a right of its own. */
const scaleBefore = (after: JsonObject, { object }: Live): JsonObject => ({
  ...after,
  spec: { replicas: numberAt(object, 'spec', 'replicas') },
});

/** A step, and whether its object is deleted by an earlier one. */
export interface WriteTrial {
  readonly step: WriteStep;
  readonly isAnew: boolean;
}

/** `known`: the object as it was just read; null: it is read. Throws AdapterError for what the cluster says otherwise. */
export async function tryStep(
  client: ClusterClient,
  { step, isAnew }: WriteTrial,
  known: Live | null,
  hash: Hiding['hash'],
  signal: AbortSignal,
): Promise<Tried> {
  const { effect, object, target } = step;
  if (isMutating(effect) && isAnew) return tryAnew(client, { ...step, effect }, hash, signal);
  if (isMutating(effect)) return tryMutation(client, { ...step, effect }, known, hash, signal);
  if (isDeletionOfObject(effect)) return tryDeletion(client, step, known, hash, signal);
  if (target !== null && isEviction(effect)) {
    await tryEviction(client, effect, object, target.uid, signal);
    return tryPod(step);
  }
  if (target === null || effect.change.to === 'absence') return tryPod(step);
  const live = known ?? (await readAgain(client, { effect, target }, signal));
  if (effect.change.to === 'run' && live !== null) return tryProgram(step, target, effect.change.argv);
  const why = live === null ? 'it is gone' : obstacle(effect, live);
  if (live === null || why !== null) return refused(`${placedName(object)}: ${why}`);
  const [one, other] = INTENTS.map((intent) => requestFor(effect, live, intent)) as [ClusterRequest, ClusterRequest];
  const [after, again] = await twice(client, one, other, signal);
  const before = effect.change.to === 'replicas' ? scaleBefore(after, live) : live.object;
  return differ(step, { asked: null, before, after, again }, hash);
}
