// Which requests an approved write covers: each kind of write as it is, and with one thing changed that nobody has approved.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SPEC } from '../../../test/support/dual-spec.ts';
import type { Effect } from '../model/effect.ts';
import { plainDeletion } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import type { JsonObject } from '../model/json.ts';
import type { ObjectChange } from '../model/object-change.ts';
import type { ReviewedRequest } from '../model/reviewed-request.ts';
import { isPermitted, type PermitMeans, type UnderWay } from './permitted.ts';

const INTENDED = '2026-11-26T13:00:00.000Z';
const MEANS: PermitMeans = {
  hash: (value) => `hash of ${JSON.stringify(value)}`,
  revealed: new Map(),
  nameFor: (prefix, _, nth) => `${prefix}${nth ?? ''}0123456789`,
};
const DEPLOYMENT = { group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' } as const;
const KEY = 'deployments.apps shop/web';

const effectOf = (change: Effect['change'], more: Partial<Effect> = {}): Effect => ({
  ...plainDeletion('delete-object', DEPLOYMENT),
  verb: 'patch',
  kind: 'patch',
  change,
  ...more,
});
const patching = effectOf({ to: 'other' }, { mutation: { is: 'patch' } as unknown as NonNullable<Effect['mutation']> });
const factOf = (more: Partial<TargetFact> = {}): TargetFact => ({
  ...DEPLOYMENT,
  kind: 'Deployment',
  uid: 'u-1',
  preImage: {},
  revision: null,
  revisions: [],
  replicas: 3,
  controller: null,
  protected: false,
  ...more,
});

interface Given {
  readonly effects?: readonly Effect[];
  readonly steps?: readonly Effect[];
  readonly changes?: readonly ObjectChange[];
  readonly facts?: readonly TargetFact[];
}
const permit = ({ effects = [], steps = [], changes = [], facts = [factOf()] }: Given): UnderWay => ({
  direction: steps.length > 0 ? 'back' : 'forward',
  intendedAt: INTENDED,
  spec: { ...SPEC, effects, changes, facts, rollbackPlan: { ...SPEC.rollbackPlan, steps } },
});

const web = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '7', ...more },
  spec,
});
const updating = (before: JsonObject, after: JsonObject, more: Partial<ReviewedRequest> = {}): ReviewedRequest => ({
  ...DEPLOYMENT,
  operation: 'UPDATE',
  subresource: null,
  object: after,
  oldObject: before,
  options: {},
  dryRun: false,
  ...more,
});
const allows = (given: Given, request: ReviewedRequest, means = MEANS): boolean =>
  isPermitted(permit(given), request, means);

/** One that is admitted, and others that are it but for one thing. */
const suite = (
  name: string,
  given: Given,
  good: ReviewedRequest,
  others: Readonly<Record<string, Partial<ReviewedRequest>>>,
  means = MEANS,
): void => {
  void describe(name, () => {
    test('as it was approved', () => assert.ok(allows(given, good, means)));
    for (const [what, change] of Object.entries(others))
      test(`not ${what}`, () => assert.ok(!allows(given, { ...good, ...change }, means)));
    test('not once nothing is under way', () =>
      assert.ok(!allows({ effects: [], changes: given.changes ?? [] }, good, means)));
  });
};

const change = (fields: ObjectChange['fields'], more: Partial<ObjectChange> = {}): ObjectChange => ({
  object: KEY,
  uid: 'u-1',
  op: 'update',
  fields,
  ...more,
});
const before = web({ paused: false, replicas: 3, note: 'x' });
const after = web({ paused: true, replicas: 3, note: 'x' });

suite(
  'a patch',
  { effects: [patching], changes: [change([{ path: '/spec/paused', before: false, after: true }])] },
  updating(before, {
    ...after,
    status: { replicas: 9 },
    metadata: { name: 'web', namespace: 'shop', uid: 'u-1', resourceVersion: '8', managedFields: [] },
  }),
  {
    'of another field': { object: web({ paused: true, replicas: 0, note: 'x' }) },
    'of another value': { object: web({ paused: 'yes', replicas: 3, note: 'x' }) },
    'without the change': { object: before },
    'that takes something away': { object: web({ paused: true, replicas: 3 }) },
    'that adds something': { object: web({ paused: true, replicas: 3, note: 'x', more: 1 }) },
    'of a label besides': { object: web({ paused: true, replicas: 3, note: 'x' }, { labels: { a: 'b' } }) },
    'of an object of another uid': { oldObject: web({ paused: false, replicas: 3, note: 'x' }, { uid: 'u-2' }) },
    'of an object of another name': { name: 'api' },
    'in another namespace': { namespace: 'production' },
    'of another kind': { resource: 'statefulsets' },
    'of a subresource': { subresource: 'status' },
    'as a creation': { operation: 'CREATE' },
    'as a deletion': { operation: 'DELETE' },
  },
);

suite(
  'a value that is not shown',
  {
    effects: [patching],
    changes: [change([{ path: '/spec/note', hidden: { before: 'hash of "x"', after: 'hash of "y"' } }])],
  },
  updating(before, web({ paused: false, replicas: 3, note: 'y' })),
  {
    'of another value': { object: web({ paused: false, replicas: 3, note: 'z' }) },
  },
);

suite(
  'an element of a list, wherever it stands',
  {
    effects: [patching],
    changes: [
      change([{ path: '/spec/template/spec/containers/0/image', keys: ['name=web'], before: 'web:1', after: 'web:2' }]),
    ],
  },
  updating(
    web({
      template: {
        spec: {
          containers: [
            { name: 'side', image: 's' },
            { name: 'web', image: 'web:1' },
          ],
        },
      },
    }),
    web({
      template: {
        spec: {
          containers: [
            { name: 'side', image: 's' },
            { name: 'web', image: 'web:2' },
          ],
        },
      },
    }),
  ),
  {
    'of another container': {
      object: web({
        template: {
          spec: {
            containers: [
              { name: 'side', image: 'evil' },
              { name: 'web', image: 'web:2' },
            ],
          },
        },
      }),
    },
    'with one container more': {
      object: web({
        template: {
          spec: {
            containers: [
              { name: 'side', image: 's' },
              { name: 'web', image: 'web:2' },
              { name: 'evil', image: 'e' },
            ],
          },
        },
      }),
    },
    'with a command': {
      object: web({
        template: {
          spec: {
            containers: [
              { name: 'side', image: 's' },
              { name: 'web', image: 'web:2', command: ['sh'] },
            ],
          },
        },
      }),
    },
  },
);

const scaling = effectOf({ to: 'replicas', replicas: 5 }, { kind: 'scale', subresource: 'scale' });
suite(
  'a scale',
  { effects: [scaling], changes: [change([{ path: '/spec/replicas', before: 3, after: 5 }])] },
  updating(web({ replicas: 3 }), web({ replicas: 5 }), { subresource: 'scale' }),
  {
    'to another number': { object: web({ replicas: 0 }) },
    'of the whole object': { subresource: null },
  },
);
suite(
  'a scale back',
  { steps: [{ ...scaling, change: { to: 'replicas', replicas: 3 } }] },
  updating(web({ replicas: 5 }), web({ replicas: 3 }), { subresource: 'scale' }),
  {
    'to another number': { object: web({ replicas: 5 }) },
  },
);

const stamped = (at: string) =>
  web({ template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': at } } } });
suite(
  'a restart',
  {
    effects: [effectOf({ to: 'restart' }, { kind: 'rollout-restart' })],
    changes: [
      change([
        { path: '/spec/template/metadata/annotations', after: {} },
        { path: '/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt', generated: true },
      ]),
    ],
  },
  updating(web({ template: { metadata: {} } }), stamped(INTENDED)),
  {
    'of another moment': { object: stamped('2026-11-26T13:00:01.000Z') },
  },
);

const made = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'web', namespace: 'shop', uid: 'new', creationTimestamp: 'now' },
  data: { a: '1' },
};
const CONFIG = { group: '', resource: 'configmaps' } as const;
const making: Given = {
  effects: [{ ...patching, ...CONFIG, verb: 'create' }],
  facts: [],
  changes: [
    {
      object: 'configmaps shop/web',
      uid: null,
      op: 'create',
      fields: [
        { path: '/apiVersion', after: 'v1' },
        { path: '/kind', after: 'ConfigMap' },
        { path: '/metadata/name', after: 'web' },
        { path: '/metadata/namespace', after: 'shop' },
        { path: '/metadata/uid', generated: true },
        { path: '/metadata/creationTimestamp', generated: true },
        { path: '/data/a', after: '1' },
      ],
    },
  ],
};
suite(
  'a creation',
  making,
  { ...updating(made, made), ...CONFIG, operation: 'CREATE', oldObject: null },
  {
    'with another value': { object: { ...made, data: { a: '2' } } },
    'with one key more': { object: { ...made, data: { a: '1', b: '2' } } },
    'with a label': { object: { ...made, metadata: { ...made.metadata, labels: { a: 'b' } } } },
    'under another name': { name: 'api' },
    'over one that is there': { operation: 'UPDATE', oldObject: made },
  },
);
const podOf = (account: string, conf: JsonObject, sources: JsonObject = { serviceAccountToken: {} }): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    volumes: [
      { name: 'conf', ...conf },
      { name: `kube-api-access-${account}`, projected: { sources: [sources] } },
    ],
  },
});
const MAP = { configMap: { name: 'c', defaultMode: 420 } };
const PODS = { group: '', resource: 'pods' } as const;
const asBody = {
  ...podOf('', {}),
  spec: { volumes: [{ name: 'conf', configMap: { name: 'c' } }] },
};
suite(
  'the creation of a pod, whose volumes are drawn by lot',
  {
    effects: [{ ...patching, ...PODS, verb: 'create', mutation: { is: 'create', object: asBody } }],
    facts: [],
    changes: [
      {
        object: 'pods shop/web',
        uid: null,
        op: 'create',
        fields: [
          { path: '/apiVersion', after: 'v1' },
          { path: '/kind', after: 'Pod' },
          { path: '/metadata/name', after: 'web' },
          { path: '/metadata/namespace', after: 'shop' },
          { path: '/spec/volumes', generated: true },
        ],
      },
    ],
  },
  { ...updating({}, podOf('abcde', MAP)), ...PODS, operation: 'CREATE', oldObject: null },
  {
    'with another map': { object: podOf('abcde', { configMap: { name: 'd', defaultMode: 420 } }) },
    'with a folder of the host in its place': { object: podOf('abcde', { hostPath: { path: '/' } }) },
    'with a Secret beside the token': { object: podOf('abcde', MAP, { secret: { name: 'db' } }) },
  },
);
const managedBy = (manager: string, operation: string) => ({
  ...made,
  metadata: { ...made.metadata, managedFields: [{ manager, operation }] },
});
suite(
  'taking a creation back',
  { ...making, effects: [], steps: [{ ...patching, ...CONFIG, verb: 'delete', change: { to: 'before' } }] },
  {
    ...updating(made, made),
    ...CONFIG,
    operation: 'DELETE',
    object: null,
    oldObject: { ...made, metadata: { ...made.metadata, managedFields: [{ manager: 'blastgate' }] } },
    options: { propagationPolicy: 'Background' },
  },
  {
    'of one that somebody else has made': { oldObject: made },
    'of one that somebody else has applied': { oldObject: managedBy('argocd', 'Apply') },
    'that leaves its dependants': { options: { propagationPolicy: 'Orphan' } },
  },
);
const asAsked: NonNullable<Effect['mutation']> = {
  is: 'request',
  method: 'POST',
  contentType: 'application/json',
  query: { fieldManager: 'kubectl-create' },
  body: {},
};
suite(
  'taking back what kubectl has made through the proxy',
  {
    ...making,
    effects: [{ ...patching, ...CONFIG, verb: 'create', mutation: asAsked }],
    steps: [{ ...patching, ...CONFIG, verb: 'delete', change: { to: 'before' } }],
  },
  {
    ...updating(made, made),
    ...CONFIG,
    operation: 'DELETE',
    object: null,
    oldObject: managedBy('kubectl-create', 'Update'),
    options: { propagationPolicy: 'Background' },
  },
  { 'of one that somebody else has made': { oldObject: managedBy('helm', 'Update') } },
);
const asApplied: NonNullable<Effect['mutation']> = {
  is: 'apply',
  object: {},
  overwrite: true,
  serverSide: { fieldManager: 'team', force: false },
};
suite(
  'taking back what a server-side apply has made',
  {
    ...making,
    effects: [{ ...patching, ...CONFIG, mutation: asApplied }],
    steps: [{ ...patching, ...CONFIG, verb: 'delete', change: { to: 'before' } }],
  },
  {
    ...updating(made, made),
    ...CONFIG,
    operation: 'DELETE',
    object: null,
    oldObject: managedBy('team', 'Apply'),
    options: { propagationPolicy: 'Background' },
  },
  { 'of one that another manager has applied': { oldObject: managedBy('argocd', 'Apply') } },
);
const anew = { ...made, metadata: { ...made.metadata, uid: 'c-2' } };
const remaking: Given = {
  effects: [plainDeletion('delete-object', { ...CONFIG, namespace: 'shop', name: 'web' }), ...(making.effects ?? [])],
  facts: [factOf({ ...CONFIG, kind: 'ConfigMap', uid: 'c-1' })],
  changes: [
    {
      object: 'configmaps shop/web',
      uid: 'c-1',
      op: 'delete',
      write: 0,
      fields: [{ path: '', hidden: { before: 'mark', after: null } }],
    },
    ...(making.changes ?? []).map((one) => ({ ...one, write: 1 })),
  ],
};
suite(
  'the deletion of what is made anew',
  remaking,
  {
    ...updating(made, made),
    ...CONFIG,
    operation: 'DELETE',
    object: null,
    oldObject: { ...made, metadata: { ...made.metadata, uid: 'c-1' } },
    options: { propagationPolicy: 'Background' },
  },
  { 'of another uid': { oldObject: { ...made, metadata: { ...made.metadata, uid: 'c-9' } } } },
);
suite(
  'the creation in the place of what was deleted',
  remaking,
  { ...updating(made, anew), ...CONFIG, operation: 'CREATE', oldObject: null },
  {
    'with another value': { object: { ...anew, data: { a: '2' } } },
    'with one key more': { object: { ...anew, data: { a: '1', b: '2' } } },
  },
);
const unnamed = (value: string, name: string) => ({
  ...made,
  metadata: { ...made.metadata, generateName: 'web-', name },
  data: { a: value },
});
const ofUnnamed = (value: string, write: number): ObjectChange => ({
  object: 'configmaps shop/?',
  uid: null,
  op: 'create',
  write,
  fields: [
    { path: '/apiVersion', after: 'v1' },
    { path: '/kind', after: 'ConfigMap' },
    { path: '/metadata/generateName', after: 'web-' },
    { path: '/metadata/name', generated: true },
    { path: '/metadata/namespace', after: 'shop' },
    { path: '/metadata/uid', generated: true },
    { path: '/metadata/creationTimestamp', generated: true },
    { path: '/data/a', after: value },
  ],
});
const namedByServer: Effect = { ...patching, ...CONFIG, name: null, verb: 'create' };
suite(
  'the second of two creations that the server would name',
  { effects: [namedByServer, namedByServer], facts: [], changes: [ofUnnamed('1', 0), ofUnnamed('2', 1)] },
  {
    ...updating(made, unnamed('2', 'web-10123456789')),
    ...CONFIG,
    name: 'web-10123456789',
    operation: 'CREATE',
    oldObject: null,
  },
  { 'with the name of the first': { name: 'web-00123456789', object: unnamed('2', 'web-00123456789') } },
);
suite(
  'taking a patch back',
  { steps: [effectOf({ to: 'before' })], changes: [change([{ path: '/spec/paused', before: false, after: true }])] },
  updating(after, before),
  {
    'to another value': { object: web({ replicas: 3, note: 'x' }) },
    'with something else': { object: web({ paused: false, replicas: 1, note: 'x' }) },
  },
);

const deleting = plainDeletion('delete-object', DEPLOYMENT);
suite(
  'a deletion',
  { effects: [deleting], changes: [change([{ path: '', hidden: { before: 'mark', after: null } }], { op: 'delete' })] },
  updating(before, before, { operation: 'DELETE', object: null, options: { propagationPolicy: 'Background' } }),
  {
    'of another uid': { oldObject: web({}, { uid: 'u-2' }) },
    'that leaves its dependants': { options: { propagationPolicy: 'Orphan' } },
    'that waits for its dependants': { options: { propagationPolicy: 'Foreground' } },
    'that names orphans by the old word': { options: { propagationPolicy: 'Background', orphanDependents: true } },
    'past what cannot be read': {
      options: { propagationPolicy: 'Background', ignoreStoreReadErrorWithClusterBreakingPotential: true },
    },
    'of a collection': { name: null, oldObject: before },
  },
);
const gone = { ...before, metadata: { ...(before['metadata'] as JsonObject) } };
suite(
  'making a deleted object again',
  {
    steps: [effectOf({ to: 'before' }, { verb: 'create' })],
    changes: [change([{ path: '', hidden: { before: 'mark', after: null } }], { op: 'delete' })],
  },
  updating(before, web({ paused: false, replicas: 3, note: 'x' }, { uid: 'u-9', creationTimestamp: 'now' }), {
    operation: 'CREATE',
    oldObject: null,
  }),
  {
    'with other fields': { object: web({ paused: false, replicas: 9, note: 'x' }, { uid: 'u-9' }) },
    'with more fields': { object: web({ paused: false, replicas: 3, note: 'x', more: 1 }, { uid: 'u-9' }) },
  },
  { ...MEANS, revealed: new Map([['mark', gone]]) },
);

const POD = { group: '', resource: 'pods', namespace: 'shop', name: 'web-1' } as const;
const podFact = factOf({ ...POD, kind: 'Pod', uid: 'p-1' });
const pod = {
  kind: 'Pod',
  metadata: { name: 'web-1', uid: 'p-1' },
  spec: { nodeName: 'n1', terminationGracePeriodSeconds: 30 },
  status: { phase: 'Running' },
};
suite(
  'the deletion of a pod',
  { effects: [plainDeletion('delete-pod', POD)], facts: [podFact] },
  { ...updating(pod, pod), ...POD, operation: 'DELETE', object: null, options: { gracePeriodSeconds: 30 } },
  {
    'of another uid': { oldObject: { ...pod, metadata: { uid: 'p-2' } } },
    'by force': { options: { gracePeriodSeconds: 0 } },
    'as an eviction': { operation: 'CREATE', subresource: 'eviction' },
  },
);
const evicting = {
  ...plainDeletion('delete-pod', { ...POD, name: '*' }),
  verb: 'create',
  subresource: 'eviction',
  kind: 'drain',
  change: { to: 'eviction', gracePeriodSeconds: null },
} as unknown as Effect;
const eviction = (uid: string, more: JsonObject = {}): JsonObject => ({
  kind: 'Eviction',
  metadata: { name: 'web-1' },
  deleteOptions: { preconditions: { uid }, ...more },
});
suite(
  'an eviction',
  { effects: [evicting], facts: [podFact] },
  { ...updating(pod, eviction('p-1')), ...POD, operation: 'CREATE', subresource: 'eviction', oldObject: null },
  {
    'of another uid': { object: eviction('p-2') },
    'without a uid': { object: { kind: 'Eviction', metadata: { name: 'web-1' } } },
    'by force': { object: eviction('p-1', { gracePeriodSeconds: 0 }) },
    'of a pod that was not sealed': { name: 'web-2' },
    'as a deletion': { operation: 'DELETE', subresource: null, oldObject: pod },
  },
);

const running = {
  ...plainDeletion('delete-pod', POD),
  verb: 'connect',
  subresource: 'exec',
  kind: 'exec',
  change: { to: 'run', argv: ['ls', '-l'], container: null, of: null },
} as Effect;
const options = { kind: 'PodExecOptions', command: ['ls', '-l'], container: 'web', stdout: true, stderr: true };
suite(
  'a program',
  {
    effects: [running],
    facts: [podFact],
    changes: [
      {
        object: 'pods shop/web-1',
        uid: 'p-1',
        op: 'run',
        fields: [],
        run: { container: 'web', containerID: 'c', argv: ['ls', '-l'] },
      },
    ],
  },
  { ...updating(pod, options), ...POD, operation: 'CONNECT', subresource: 'exec', oldObject: null },
  {
    'of other words': { object: { ...options, command: ['ls', '-l', '/'] } },
    'in another container': { object: { ...options, container: 'side' } },
    'with input': { object: { ...options, stdin: true } },
    'with a terminal': { object: { ...options, tty: true } },
    'by attaching': { subresource: 'attach' },
    'in another pod': { name: 'web-2' },
  },
);

const SET = { group: 'apps', resource: 'statefulsets', namespace: 'shop', name: 'db' } as const;
const replacing = {
  ...effectOf({ to: 'replacement', statefulSet: 'db' }),
  group: '',
  resource: 'pods',
  name: '*',
  verb: 'delete',
} as Effect;
const stuck = {
  kind: 'Pod',
  metadata: { name: 'db-0', uid: 'p-7', ownerReferences: [{ controller: true, uid: 's-1' }] },
  spec: { nodeName: 'n1', terminationGracePeriodSeconds: 30 },
  status: { conditions: [{ type: 'Ready', status: 'False' }] },
};
const setOf = (image: string): JsonObject => ({
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'shop', uid: 's-1' },
  spec: { replicas: 2, template: { spec: { image } } },
});
suite(
  'an undo of a StatefulSet, whose stuck pods go afterwards',
  {
    steps: [effectOf({ to: 'revision', revision: 1 }, SET), { ...replacing, ...SET, namespace: 'shop' }],
    facts: [factOf({ ...SET, kind: 'StatefulSet', uid: 's-1' })],
    changes: [
      change([{ path: '/spec/template/spec/image', before: 'db:1', after: 'db:2' }], {
        object: 'statefulsets.apps shop/db',
        uid: 's-1',
      }),
    ],
  },
  { ...updating(setOf('db:2'), setOf('db:1')), ...SET },
  {
    'to another image': { object: setOf('db:0') },
    'of another uid': { oldObject: { ...setOf('db:2'), metadata: { uid: 's-2' } } },
  },
);
suite(
  'a pod that its StatefulSet waits for in vain',
  { steps: [replacing], facts: [factOf({ ...SET, kind: 'StatefulSet', uid: 's-1' })] },
  { ...updating(stuck, stuck), ...POD, name: 'db-0', operation: 'DELETE', object: null },
  {
    'that is ready': { oldObject: { ...stuck, status: { conditions: [{ type: 'Ready', status: 'True' }] } } },
    'of another owner': {
      oldObject: { ...stuck, metadata: { ...stuck.metadata, ownerReferences: [{ controller: true, uid: 's-2' }] } },
    },
    'in another namespace': { namespace: 'production' },
  },
);
