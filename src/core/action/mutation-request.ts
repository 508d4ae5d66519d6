// What a command wants and the object as it stands become the request that kubectl would send, or why it would send none.
import { isObject, type Json, type JsonObject, ownValue, sameJson } from '../model/json.ts';
import { withLastApplied } from '../model/last-applied.ts';
import type { Mutation, MutationContent, PatchType } from '../model/mutation.ts';
import type { MutationRefusal } from '../model/mutation-refusal.ts';
import { applyPatch } from './apply-patch.ts';
import { withSwitch, withTaints } from './changed-node.ts';
import {
  CHANGE_CAUSE,
  type ChangedObject,
  elementsOf,
  fieldsOf,
  refused,
  stringOf,
  withCause,
  withKeys,
} from './changed-object.ts';
import { withContainerImages, withEnvironment, withResources, withServiceAccount } from './changed-pods.ts';
import { copiedPod, withDebugContainer } from './debug-pods.ts';
import { exposedService } from './exposed-service.ts';
import { type MergeSchema, POD_MERGE_SCHEMA } from './merge-schema.ts';
import { reconciled } from './reconciled-rights.ts';
import { mergeDiff, plainText, strategicDiff, UnmergeableList } from './strategic-diff.ts';

/** A request to the object's own path, or to its subresource's; a POST goes to the collection. */
export interface MutationRequest {
  readonly method: 'PATCH' | 'POST' | 'PUT';
  readonly contentType: string;
  /** Parameters that decide what happens; those of a dry run are the sender's. */
  readonly query: { readonly [name: string]: string };
  readonly body: Json;
}

/** `request` null: it is already as the command wants it, so that kubectl sends nothing or nothing that counts. */
export type MutationAnswer =
  | { readonly ok: true; readonly request: MutationRequest | null }
  | { readonly ok: false; readonly why: MutationRefusal };

/** What the request depends on. */
export interface MutationCase {
  readonly mutation: Mutation;
  /**
   * The object as it stands, null where there is none: of a scale its Scale or the object itself; of a Job from a CronJob the
   * CronJob; of an exposure, or what else is made for another object, that object.
   */
  readonly live: JsonObject | null;
  /** The object whose keys `set env --from` names; null or absent: not there, or not named. */
  readonly from?: JsonObject | null;
  /**
   * For a client-side apply alone, whose manifest may hold any field: how the server says that it merges the kind (openApiMergeSchema);
   * null for a kind that it does not merge strategically (every custom one). Without it such an apply is refused.
   */
  readonly applySchema?: MergeSchema | null;
  /** Of a debug container that the command does not name: one that the pod does not have. kubectl draws five letters by lot. */
  readonly containerName?: string;
}

const CONTENT_TYPES: Readonly<Record<PatchType, string>> = {
  strategic: 'application/strategic-merge-patch+json',
  merge: 'application/merge-patch+json',
  json: 'application/json-patch+json',
};

/** Of a server-side apply; its YAML may be JSON. */
const APPLY_PATCH = 'application/apply-patch+yaml';

const answer = (method: MutationRequest['method'], contentType: string, body: Json): MutationAnswer => ({
  ok: true,
  request: { method, contentType, query: {}, body },
});

/** A patch; one that says nothing is not sent. */
const patchOf = (type: PatchType, body: JsonObject): MutationAnswer =>
  Object.keys(body).length === 0 ? { ok: true, request: null } : answer('PATCH', CONTENT_TYPES[type], body);

const sent = (method: 'POST' | 'PUT', object: JsonObject): MutationAnswer => answer(method, 'application/json', object);

/** The patch to the object after; kubectl's own types decide how lists are merged. */
const patchTo = (live: JsonObject, changed: ChangedObject, changeCause: string | undefined): MutationAnswer =>
  changed.ok
    ? patchOf('strategic', strategicDiff(live, withCause(changed.object, changeCause), POD_MERGE_SCHEMA))
    : changed;

type Of<K extends MutationContent['is']> = Extract<MutationContent, { is: K }>;

/** The annotation in the same patch; kubectl sends a second one, which leaves the same. */
const withCauseIn = (live: JsonObject, { type, body }: Of<'patch'>, changeCause: string): MutationAnswer => {
  const whole = (patch: Json): MutationAnswer => answer('PATCH', CONTENT_TYPES[type], patch);
  if (Array.isArray(body)) {
    const path = '/metadata/annotations';
    const operations: readonly Json[] = body;
    const touched = operations.findLast((one) => [path, '/metadata', ''].includes(stringOf(fieldsOf(one)['path'])));
    if (touched !== undefined) return refused('cause-unmergeable');
    const isThere =
      isObject(fieldsOf(live['metadata'])['annotations']) ||
      operations.some((one) => stringOf(fieldsOf(one)['path']).startsWith(`${path}/`));
    const noted = isThere
      ? { op: 'add', path: `${path}/${CHANGE_CAUSE.replaceAll('/', '~1')}`, value: changeCause }
      : { op: 'add', path, value: { [CHANGE_CAUSE]: changeCause } };
    return whole([...operations, noted]);
  }
  const { annotations } = fieldsOf(fieldsOf(body)['metadata']);
  if (annotations === null || Object.hasOwn(fieldsOf(annotations), '$patch')) return refused('cause-unmergeable');
  return whole(withKeys(fieldsOf(body), 'annotations', { [CHANGE_CAUSE]: changeCause }));
};

/** A patch as it was given. What was noted already is not noted again. */
const patchRequest = (live: JsonObject, mutation: Of<'patch'>, changeCause?: string): MutationAnswer =>
  changeCause === undefined || fieldsOf(fieldsOf(live['metadata'])['annotations'])[CHANGE_CAUSE] === changeCause
    ? answer('PATCH', CONTENT_TYPES[mutation.type], mutation.body)
    : withCauseIn(live, mutation, changeCause);

/** label, annotate: a merge patch, for kinds of every make (kubectl 1.36, pkg/cmd/label, pkg/cmd/annotate). */
const metadataRequest = (
  live: JsonObject,
  { on, set, overwrite }: Of<'metadata'>,
  changeCause?: string,
): MutationAnswer => {
  const before = fieldsOf(fieldsOf(live['metadata'])[on]);
  const other = Object.entries(set).find(
    ([key, value]) =>
      value !== null &&
      Object.hasOwn(before, key) &&
      before[key] !== value &&
      !(on === 'annotations' && key === CHANGE_CAUSE),
  );
  if (other !== undefined && !overwrite) return refused('value-exists', other[0]);
  const after = withKeys(live, on, set);
  const changes = on === 'annotations' || !sameJson(before, fieldsOf(fieldsOf(after['metadata'])[on]));
  return changes ? patchOf('merge', mergeDiff(live, withCause(after, changeCause))) : { ok: true, request: null };
};

const pauseRequest = (live: JsonObject, on: boolean): MutationAnswer => {
  if (stringOf(live['kind']) !== 'Deployment') return refused('pause-unsupported');
  const paused = fieldsOf(live['spec'])['paused'] === true;
  if (paused === on) return refused(on ? 'already-paused' : 'not-paused');
  return patchTo(live, { ok: true, object: withSwitch(live, 'paused', on) }, undefined);
};

const selectorRequest = (live: JsonObject, { labels }: Of<'selector'>, changeCause?: string): MutationAnswer => {
  if (stringOf(live['kind']) !== 'Service' || stringOf(live['apiVersion']) !== 'v1')
    return refused('selector-unsupported');
  const object = { ...live, spec: { ...fieldsOf(live['spec']), selector: labels } };
  return patchTo(live, { ok: true, object }, changeCause);
};

const RBAC = 'rbac.authorization.k8s.io/v1';

/** The subjects that are not there yet, behind those that are (kubectl 1.36, pkg/cmd/set/set_subject.go). */
const subjectsRequest = (live: JsonObject, { add }: Of<'subjects'>): MutationAnswer => {
  if (!/^(?:Cluster)?RoleBinding$/.test(stringOf(live['kind'])) || live['apiVersion'] !== RBAC)
    return refused('subjects-unsupported');
  const before = elementsOf(live['subjects']);
  const subjects = [...before, ...add.filter((one) => !before.some((known) => sameJson(known, one)))];
  return patchTo(live, { ok: true, object: { ...live, subjects } }, undefined);
};

/** A PUT of the Scale, of which only name and replicas count. */
const scaleRequest = (live: JsonObject, { replicas, currentReplicas }: Of<'scale'>): MutationAnswer => {
  const known = fieldsOf(live['spec'])['replicas'] ?? 0;
  if (currentReplicas !== null && known !== currentReplicas) return refused('replicas-moved', plainText(known));
  const { name = '', namespace } = fieldsOf(live['metadata']);
  return sent('PUT', {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { replicas },
  });
};

/** A Job as the CronJob's schedule would make it, owned by it (kubectl 1.36, pkg/cmd/create/create_job.go). */
const jobOf = (live: JsonObject, { name, namespace }: Of<'job-of-cronjob'>): JsonObject => {
  const template = fieldsOf(fieldsOf(live['spec'])['jobTemplate']);
  const { labels, annotations } = fieldsOf(template['metadata']);
  const owner = fieldsOf(live['metadata']);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(namespace === null ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...fieldsOf(annotations) },
      ownerReferences: [
        {
          apiVersion: 'batch/v1',
          kind: 'CronJob',
          name: owner['name'] ?? '',
          uid: owner['uid'] ?? '',
          controller: true,
        },
      ],
    },
    spec: fieldsOf(template['spec']),
  };
};

/** The version or the uid that a body itself names, where the object has another: the API server would answer 409. */
const namesAnother = (body: Json, live: JsonObject | null): string | null => {
  const named = fieldsOf(fieldsOf(body)['metadata']);
  const own = fieldsOf(live?.['metadata']);
  const other = ['resourceVersion', 'uid'].find(
    (field) =>
      live !== null && (ownValue(named, field) ?? '') !== '' && ownValue(named, field) !== ownValue(own, field),
  );
  return other === undefined ? null : plainText(named[other] ?? '');
};

/** The object without what binds it to a version: the sender adds it. */
const unbound = (object: JsonObject): JsonObject => {
  const { resourceVersion: _version, uid: _uid, ...metadata } = fieldsOf(object['metadata']);
  return { ...object, metadata };
};

const prunedOf = (value: Json): Json => {
  if (Array.isArray(value)) return value.map((one: Json) => prunedOf(one));
  return isObject(value) ? withoutNulls(value) : value;
};

/** Fields that are null are not sent when an object is made: an update would leave them out too. */
const withoutNulls = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, prunedOf(value)]),
  );

const applyRequest = ({ mutation, live, applySchema }: MutationCase, wanted: Of<'apply'>): MutationAnswer => {
  const { serverSide, overwrite } = wanted;
  const object = withCause(wanted.object, mutation.changeCause);
  if (stringOf(fieldsOf(object['metadata'])['name']) === '') return refused('name-generated');
  if (serverSide !== null)
    return {
      ok: true,
      request: {
        method: 'PATCH',
        contentType: APPLY_PATCH,
        query: { fieldManager: serverSide.fieldManager, force: String(serverSide.force) },
        body: unbound(object),
      },
    };
  if (live === null) return sent('POST', withoutNulls(unbound(withLastApplied(object))));
  if (applySchema === undefined) return refused('schema-unknown');
  const patch = applyPatch({ object, live, schema: applySchema, overwrite });
  return patch.ok ? patchOf(applySchema === null ? 'merge' : 'strategic', patch.object) : patch;
};

/** What is sent as it was given; null where the request is made from the object. */
const givenBody = (mutation: Mutation): Json | null =>
  mutation.is === 'patch' || mutation.is === 'request'
    ? mutation.body
    : mutation.is === 'replace' || mutation.is === 'apply'
      ? mutation.object
      : null;

/** What is made for another object is made only where that is there: then it is `live`. */
const createRequest = ({ object, of, changeCause }: Extract<Mutation, { is: 'create' }>, live: JsonObject | null) => {
  if (of !== undefined && live === null) return refused('object-missing');
  if (of === undefined && live !== null) return refused('object-exists');
  return sent('POST', withCause(object, changeCause));
};

/** A server-side apply makes what is not there; so does no other request but a POST. */
const givenRequest = ({ method, contentType, query, body }: Of<'request'>, live: JsonObject | null): MutationAnswer => {
  if (method === 'POST' && live !== null) return refused('object-exists');
  if (method !== 'POST' && live === null && contentType !== APPLY_PATCH) return refused('object-missing');
  return { ok: true, request: { method, contentType, query, body } };
};

/** The requests that need the object: all but creation and apply. */
const requestOn = (
  live: JsonObject,
  { changeCause, ...mutation }: Mutation,
  { from = null, containerName = 'debugger' }: Pick<MutationCase, 'from' | 'containerName'>,
): MutationAnswer => {
  switch (mutation.is) {
    case 'patch':
      return patchRequest(live, mutation, changeCause);
    case 'metadata':
      return metadataRequest(live, mutation, changeCause);
    case 'unschedulable':
      return patchTo(live, { ok: true, object: withSwitch(live, 'unschedulable', mutation.value) }, changeCause);
    case 'paused':
      return pauseRequest(live, mutation.value);
    case 'taints':
      return patchTo(live, withTaints(live, mutation), changeCause);
    case 'environment':
      return patchTo(live, withEnvironment(live, mutation, from), changeCause);
    case 'resources':
      return patchTo(live, withResources(live, mutation), changeCause);
    case 'images':
      return patchTo(live, withContainerImages(live, mutation.images), changeCause);
    case 'service-account':
      return patchTo(live, withServiceAccount(live, mutation.name), changeCause);
    case 'selector':
      return selectorRequest(live, mutation, changeCause);
    case 'subjects':
      return subjectsRequest(live, mutation);
    case 'scale':
      return scaleRequest(live, mutation);
    case 'job-of-cronjob':
      return sent('POST', jobOf(live, mutation));
    case 'debug':
      return patchTo(live, withDebugContainer(live, mutation, containerName), changeCause);
    case 'debug-copy': {
      const copy = copiedPod(live, mutation, containerName);
      return copy.ok ? sent('POST', copy.object) : copy;
    }
    case 'expose': {
      const service = exposedService(live, mutation);
      return service.ok ? sent('POST', withCause(service.object, changeCause)) : service;
    }
    case 'replace':
      return sent('PUT', withCause(unbound(mutation.object), changeCause));
    case 'reconcile': {
      const object = reconciled(live, mutation);
      return object === null ? { ok: true, request: null } : sent('PUT', unbound(object));
    }
    case 'create':
    case 'apply':
    case 'request':
      throw new Error(`${mutation.is} needs no object (this is a bug)`);
    default:
      return mutation satisfies never;
  }
};

/**
 * The request that kubectl 1.36 would send. Bodies carry neither the uid nor the resourceVersion of the object: those are the
 * sender's to add. Every answer depends on the arguments alone.
 */
export function mutationRequest(wanted: MutationCase): MutationAnswer {
  const { mutation, live } = wanted;
  const version = mutation.resourceVersion;
  if (version !== undefined && live !== null && fieldsOf(live['metadata'])['resourceVersion'] !== version)
    return refused('version-moved', version);
  const another = namesAnother(givenBody(mutation), live);
  if (another !== null) return refused('version-moved', another);
  try {
    if (mutation.is === 'apply') return applyRequest(wanted, mutation);
    if (mutation.is === 'create') return createRequest(mutation, live);
    if (mutation.is === 'request') return givenRequest(mutation, live);
    return live === null ? refused('object-missing') : requestOn(live, mutation, wanted);
  } catch (error) {
    if (error instanceof UnmergeableList) return refused('list-unmergeable', error.mergeKey);
    throw error;
  }
}
