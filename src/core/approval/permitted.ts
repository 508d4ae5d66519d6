// An approved spec and a request as admission sees it → whether the request is one that the approval is for.
import { changedIn, differsBeyond, type Hiding, madeBeyond, type Revealed } from '../action/difference.ts';
import { isDeletionOfObject } from '../action/executors.ts';
import { fieldManagersOf, managersOf } from '../action/field-managers.ts';
import { recreationOf } from '../action/recreation.ts';
import { changeOf, sealedSteps, type WriteStep } from '../action/write-steps.ts';
import type { Effect } from '../model/effect.ts';
import { isObject, type Json, type JsonObject, ownValue, sameJson, valueAt } from '../model/json.ts';
import type { ObjectChange } from '../model/object-change.ts';
import { touches } from '../model/object-ref.ts';
import { RESTARTED_AT_POINTER } from '../model/restart-stamp.ts';
import type { ReviewedRequest } from '../model/reviewed-request.ts';
import { changesOf, type DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import type { Direction } from './permit.ts';

/** A write that is under way: its intent is stored and not answered. */
export interface UnderWay {
  readonly direction: Direction;
  readonly spec: DeclarativeSpec;
  /** What a restart stamps on the template. */
  readonly intendedAt: string;
}

/** What the spec does not hold itself. */
export interface PermitMeans {
  readonly hash: Hiding['hash'];
  /** What was before a deletion, by hash. */
  readonly revealed: Revealed;
  /** The name that the gate gives to an object that the server would name. */
  readonly nameFor: (prefix: string, digest: string, nth: number | undefined) => string;
}

/** One write of the permit, and the request that claims to be it. */
interface Claim extends Pick<WriteStep, 'effect' | 'object' | 'target'> {
  readonly permit: UnderWay;
  readonly request: ReviewedRequest;
  readonly means: PermitMeans;
  /** What was sealed of it. */
  readonly change: ObjectChange | undefined;
}

const uidOf = (object: JsonObject | null): Json => (object === null ? null : valueAt(object, '/metadata/uid'));

/**
 * Verb, object by uid, subresource and every field: true where the request does what this write does, or a part of it, and nothing
 * else. Dry runs are no writes, and not asked about here.
 */
export function isPermitted(permit: UnderWay, request: ReviewedRequest, means: PermitMeans): boolean {
  const { spec, direction } = permit;
  const effects = direction === 'forward' ? spec.effects : spec.rollbackPlan.steps;
  const changes = changesOf(spec);
  return sealedSteps(effects, spec.facts, changes).some((step) => {
    // Steps of a way back are counted by themselves: those that do not name the write which they take back are of the only one.
    const write = direction === 'forward' ? step.write : null;
    return isOf({ ...step, permit, request, means, change: changeOf({ ...step, write }, changes) });
  });
}

const isOf = (claim: Claim): boolean => {
  const { effect, object, target, permit, request, change } = claim;
  if (effect.change.to === 'replacement') return isStuckPod(effect.change.statefulSet, permit, request);
  if (!touches(object.name === null ? { ...object, name: '*' } : object, request)) return false;
  switch (effect.change.to) {
    case 'eviction':
      return isEvictionOf(claim);
    case 'run':
      return isRunOf(claim);
    case 'absence':
      return isDeletionOf(claim, change?.uid ?? target?.uid ?? null);
    case 'before':
      return isWayBack(claim);
    case 'replicas':
    case 'revision':
      return permit.direction === 'back' ? isTypedWayBack(claim) : isForward(claim);
    case 'restart':
      return isForward(claim) && isStampedBy(claim);
    case 'images':
    case 'bounds':
    case 'several':
    case 'other':
      return isForward(claim);
    default:
      return effect.change satisfies never;
  }
};

const isForward = (claim: Claim): boolean => {
  if (claim.change?.op === 'create') return isCreationOf(claim, claim.change);
  return claim.change?.op === 'update' && isUpdateOf(claim, claim.change, 'after');
};

/** Exactly the sealed fields change, each to its value of that side. */
const isUpdateOf = (
  { effect, request, means }: Claim,
  { uid, fields }: ObjectChange,
  side: 'before' | 'after',
): boolean => {
  const { operation, object, oldObject, subresource } = request;
  return (
    operation === 'UPDATE' &&
    subresource === effect.subresource &&
    object !== null &&
    oldObject !== null &&
    uid !== null &&
    uidOf(oldObject) === uid &&
    changedIn(object, fields, side, means.hash).length === 0 &&
    differsBeyond(oldObject, object, fields, subresource === 'status').length === 0
  );
};

/** A restart's stamp is made at its intent, so that it stands in no spec. One that is sent as a patch has its own, which is sealed. */
const isStampedBy = ({ effect, permit, request: { object } }: Claim): boolean =>
  effect.mutation !== undefined || (object !== null && valueAt(object, RESTARTED_AT_POINTER) === permit.intendedAt);

const isCreationOf = (claim: Claim, { fields, write }: ObjectChange): boolean => {
  const { effect, permit, request, means } = claim;
  const { operation, subresource, name } = request;
  const object = request.object === null ? null : withLabels(request.object);
  return (
    operation === 'CREATE' &&
    subresource === effect.subresource &&
    object !== null &&
    (effect.name !== null || name === nameByGate(object, permit, means, write)) &&
    changedIn(object, fields, 'after', means.hash).length === 0 &&
    madeBeyond(object, fields).length === 0 &&
    hasItsVolumes(object, effect)
  );
};

/** Written otherwise once they are stored: "1024Mi" is "1Gi". */
const QUANTITIES: ReadonlySet<string> = new Set(['sizeLimit', 'divisor', 'storage']);

/** All of what was sent stands in it; defaults may be added, and what is hidden is not looked at. */
const contains = (object: Json, sent: Json): boolean => {
  if (isObject(sent))
    return (
      isObject(object) &&
      Object.entries(sent).every(
        ([key, value]) => QUANTITIES.has(key) || contains(ownValue(object, key) ?? null, value),
      )
    );
  if (Array.isArray(sent)) {
    const list: readonly Json[] = sent;
    return Array.isArray(object) && list.every((one, i) => contains((object as readonly Json[])[i] ?? null, one));
  }
  return sameJson(object, sent) || (typeof sent === 'string' && sent.startsWith('hmac-sha256:'));
};

const listOf = (value: Json): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];

/**
 * The name of a pod's volume of its account is drawn by lot, so that its volumes are no sealed values: those that were asked for must
 * be there as they were sent, and what the API server projects besides holds no Secret.
 */
const hasItsVolumes = (object: JsonObject, { mutation, resource, group }: Effect): boolean => {
  if (resource !== 'pods' || group !== '') return true;
  const body = mutation?.is === 'create' ? mutation.object : mutation?.is === 'request' ? mutation.body : null;
  if (!isObject(body)) return true;
  const asked = new Map(listOf(valueAt(body, '/spec/volumes')).map((volume) => [volume['name'] ?? null, volume]));
  return listOf(valueAt(object, '/spec/volumes')).every((volume) => {
    const sent = asked.get(volume['name'] ?? null);
    if (sent !== undefined) return contains(volume, sent);
    const sources = listOf(valueAt(volume, '/projected/sources'));
    return !Object.hasOwn(volume, 'hostPath') && !sources.some((one) => Object.hasOwn(one, 'secret'));
  });
};

/** Without labels of its own such an object gets those of its template once it is stored, after admission (Kubernetes 1.36, defaults.go). */
const LABELLED_BY_TEMPLATE: ReadonlySet<Json> = new Set<Json>(['Job', 'ReplicationController']);

const withLabels = (object: JsonObject): JsonObject => {
  const [own, given] = [valueAt(object, '/metadata/labels'), valueAt(object, '/spec/template/metadata/labels')];
  const { kind = null, metadata } = object;
  if (!LABELLED_BY_TEMPLATE.has(kind) || !isObject(metadata) || given === null) return object;
  return isObject(own) && Object.keys(own).length > 0
    ? object
    : { ...object, metadata: { ...metadata, labels: given } };
};

const nameByGate = (
  object: JsonObject,
  { spec }: UnderWay,
  { nameFor }: PermitMeans,
  nth: number | undefined,
): string | null => {
  const prefix = valueAt(object, '/metadata/generateName');
  return typeof prefix === 'string' ? nameFor(prefix, spec.digest, nth) : null;
};

/** How it is to go: what the approval says nothing of is the API server's choice, and not the sender's. */
const isDeletedAs = ({ effect, request }: Claim): boolean => {
  const { gracePeriodSeconds = null, propagation = null } = effect.change.to === 'absence' ? effect.change : {};
  const ofObject = isDeletionOfObject(effect) || effect.change.to === 'before';
  const wanted = propagation ?? (ofObject ? 'Background' : null);
  return (
    (request.options['propagationPolicy'] ?? null) === wanted &&
    isGrace(request, gracePeriodSeconds) &&
    isPlainDeletion(request)
  );
};

/** Neither by the old word for orphans, nor past finalizers and what cannot be read (Kubernetes 1.36, DeleteOptions): the gate sends none. */
const isPlainDeletion = ({ options }: ReviewedRequest): boolean =>
  (options['orphanDependents'] ?? null) === null &&
  (options['ignoreStoreReadErrorWithClusterBreakingPotential'] ?? null) !== true;

/** The API server writes the pod's own period into the options that it shows, and 0 where nothing of the pod runs. */
const isGrace = ({ options, oldObject }: ReviewedRequest, wanted: number | null): boolean => {
  const grace = options['gracePeriodSeconds'] ?? null;
  if (grace === null || grace === wanted) return true;
  if (oldObject === null) return false;
  const runs = valueAt(oldObject, '/spec/nodeName') !== null && !HAS_ENDED.has(valueAt(oldObject, '/status/phase'));
  return runs ? wanted === null && grace === valueAt(oldObject, '/spec/terminationGracePeriodSeconds') : grace === 0;
};

const HAS_ENDED: ReadonlySet<Json> = new Set<Json>(['Succeeded', 'Failed']);

const isDeletionOf = (claim: Claim, uid: string | null): boolean => {
  const { operation, subresource, oldObject } = claim.request;
  return (
    operation === 'DELETE' && subresource === null && uid !== null && uidOf(oldObject) === uid && isDeletedAs(claim)
  );
};

const isEvictionOf = (claim: Claim): boolean => {
  const { effect, request, target } = claim;
  if (target === null || effect.change.to !== 'eviction') return false;
  const grace = effect.change.gracePeriodSeconds;
  if (effect.verb === 'delete')
    return (
      request.operation === 'DELETE' &&
      request.subresource === null &&
      uidOf(request.oldObject) === target.uid &&
      isGrace(request, grace) &&
      isPlainDeletion(request)
    );
  const { operation, subresource, object } = request;
  if (operation !== 'CREATE' || subresource !== 'eviction' || object === null) return false;
  const asked = valueAt(object, '/deleteOptions/gracePeriodSeconds');
  return valueAt(object, '/deleteOptions/preconditions/uid') === target.uid && (asked === null || asked === grace);
};

/** A program of these words in this container, with neither terminal nor input; admission does not see which pod of the name. */
const isRunOf = ({ request, change }: Claim): boolean => {
  const { operation, subresource, object } = request;
  const run = change?.run;
  return (
    operation === 'CONNECT' &&
    subresource === 'exec' &&
    object !== null &&
    run !== undefined &&
    sameJson(object['command'], run.argv) &&
    object['container'] === run.container &&
    object['stdin'] !== true &&
    object['tty'] !== true
  );
};

/** The fields get their values from before, what was made goes, what went is made again. */
const isWayBack = (claim: Claim): boolean => {
  const { change, request } = claim;
  if (change === undefined) return false;
  switch (change.op) {
    case 'update':
      return isUpdateOf(claim, change, 'before');
    case 'create':
      return isWrittenByGate(claim) && isDeletionOf(claim, textOf(uidOf(request.oldObject)));
    case 'delete':
      return isRecreationOf(claim, change);
    case 'run':
      return false;
    default:
      return change.op satisfies never;
  }
};

const textOf = (value: Json): string | null => (typeof value === 'string' ? value : null);

/** By one of the managers that the writes of the object name. */
const isWrittenByGate = ({ object, permit: { spec }, request: { oldObject } }: Claim): boolean => {
  const expected = fieldManagersOf(spec.effects, object);
  return oldObject !== null && managersOf(oldObject).some((one) => expected.has(one));
};

/** What a server gives to every object anew, and to a Job by its uid. */
const GIVEN_ANEW =
  /^\/metadata\/(?:uid|creationTimestamp)$|^\/(?:spec\/template\/)?metadata\/labels(?:\/(?:batch\.kubernetes\.io~1)?controller-uid)?$|^\/spec\/selector(?:\/|$)/;

const isRecreationOf = ({ request, means }: Claim, { fields }: ObjectChange): boolean => {
  const { operation, subresource, object } = request;
  const mark = fields.find(({ path }) => path === '')?.hidden?.before ?? '';
  const preImage = means.revealed.get(mark);
  if (operation !== 'CREATE' || subresource !== null || object === null || !isObject(preImage)) return false;
  const wanted = recreationOf(preImage);
  const isJob = preImage['kind'] === 'Job';
  const anew = isJob ? GIVEN_ANEW : /^\/metadata\/(?:uid|creationTimestamp)$/;
  return differsBeyond(wanted, object, [], false).every((path) => anew.test(path));
};

/** An undo or a scale back that is told by a number: the sealed fields alone, and the value that it goes back to. */
const isTypedWayBack = ({ effect, request, means, change, target }: Claim): boolean => {
  const { operation, object, oldObject, subresource } = request;
  if (operation !== 'UPDATE' || subresource !== effect.subresource || object === null || oldObject === null)
    return false;
  if (target === null || uidOf(oldObject) !== target.uid) return false;
  if (effect.change.to === 'replicas')
    return (
      valueAt(object, '/spec/replicas') === effect.change.replicas &&
      differsBeyond(oldObject, object, [{ path: '/spec/replicas' }], false).length === 0
    );
  const fields = change?.fields ?? [];
  const template = fields.filter(({ path }) => path.startsWith('/spec/template'));
  return (
    template.length > 0 &&
    changedIn(object, template, 'before', means.hash).length === 0 &&
    differsBeyond(oldObject, object, fields, false).length === 0
  );
};

/** A pod of the StatefulSet for which its controller waits in vain. */
const isStuckPod = (statefulSet: string, { spec }: UnderWay, request: ReviewedRequest): boolean => {
  const { operation, group, resource, subresource, namespace, oldObject, options } = request;
  const set = spec.facts.find(
    (fact) =>
      fact.group === 'apps' &&
      fact.resource === 'statefulsets' &&
      fact.namespace === namespace &&
      fact.name === statefulSet,
  );
  if (operation !== 'DELETE' || group !== '' || resource !== 'pods' || subresource !== null) return false;
  if (set === undefined || oldObject === null) return false;
  const owners = valueAt(oldObject, '/metadata/ownerReferences');
  const conditions = valueAt(oldObject, '/status/conditions');
  const some = (list: Json, is: (one: JsonObject) => boolean): boolean =>
    Array.isArray(list) && (list as readonly Json[]).some((one) => isObject(one) && is(one));
  return (
    some(owners, (owner) => owner['controller'] === true && owner['uid'] === set.uid) &&
    !some(conditions, (one) => one['type'] === 'Ready' && one['status'] === 'True') &&
    (options['propagationPolicy'] ?? null) === null &&
    isPlainDeletion(request) &&
    isGrace(request, null)
  );
};
