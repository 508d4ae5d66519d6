// From a command's words to what stands in the cluster after it: the mutation, the request, and the object after.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { understood } from '../../../test/support/understood.ts';
import { jsonPatch } from '../../sandbox/cluster/patch/json.ts';
import { mergePatch } from '../../sandbox/cluster/patch/merge.ts';
import { strategicMerge } from '../../sandbox/cluster/patch/strategic.ts';
import { messageFor } from '../../sandbox/cluster/schema.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { MutationRefusalCode } from '../model/mutation-refusal.ts';
import { stringOf } from './changed-object.ts';
import { NO_MERGE_SCHEMA } from './merge-schema.ts';
import { type MutationAnswer, type MutationRequest, mutationRequest } from './mutation-request.ts';

const POD_SPEC: JsonObject = {
  containers: [
    {
      name: 'web',
      image: 'web:1',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', valueFrom: { fieldRef: {} } },
      ],
    },
    { name: 'sidecar', image: 'sidecar:1', ports: [{ containerPort: 81 }, { containerPort: 82, protocol: 'UDP' }] },
  ],
  initContainers: [{ name: 'init', image: 'init:1' }],
};

const about = (name: string, more: JsonObject = {}): JsonObject => ({ name, uid: 'u1', resourceVersion: '7', ...more });

const DEPLOYMENT: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: about('web', { namespace: 'default', labels: { app: 'web', tier: 'front' }, annotations: { note: 'old' } }),
  spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: { metadata: {}, spec: POD_SPEC } },
};
const PAUSED: JsonObject = { ...DEPLOYMENT, spec: { ...(DEPLOYMENT['spec'] as JsonObject), paused: true } };
const CRON_JOB: JsonObject = {
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: about('backup', { namespace: 'default' }),
  spec: {
    schedule: '0 0 * * *',
    jobTemplate: {
      metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
      spec: { template: { spec: { containers: [{ name: 'backup', image: 'backup:1' }] } } },
    },
  },
};
const NODE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: about('n1'),
  spec: {
    taints: [
      { key: 'old', effect: 'NoSchedule' },
      { key: 'old', value: 'x', effect: 'NoExecute' },
    ],
  },
};
const CORDONED: JsonObject = { ...NODE, spec: { unschedulable: true } };
const SERVICE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: about('web', { namespace: 'default' }),
  spec: {
    selector: { app: 'web', tier: 'front' },
    ports: [
      { port: 80, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
    ],
  },
};
const CONFIG: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: about('c', { namespace: 'default' }),
  data: { a: '1', b: '2' },
};
const WIDGET: JsonObject = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: about('w'), spec: { size: 1 } };
const BINDING: JsonObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: about('b', { namespace: 'default' }),
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' }],
};
const SCALE: JsonObject = {
  apiVersion: 'autoscaling/v1',
  kind: 'Scale',
  metadata: about('web', { namespace: 'default' }),
  spec: { replicas: 2 },
  status: { replicas: 2, selector: 'app=web' },
};

/** What the first write of a command would send, given this object. */
const answerTo = (
  line: string,
  live: JsonObject | null,
  files: Readonly<Record<string, string>> = {},
): MutationAnswer => {
  const { effects } = understood(line, files);
  const { mutation } = effects.find((effect) => effect.mutation !== undefined) ?? {};
  assert.ok(mutation !== undefined, `${line} says nothing of what it sends`);
  return mutationRequest({ mutation, live, applySchema: NO_MERGE_SCHEMA });
};

const requestTo = (
  line: string,
  live: JsonObject | null,
  files: Readonly<Record<string, string>> = {},
): MutationRequest => {
  const answer = answerTo(line, live, files);
  assert.ok(answer.ok, `${line}: ${answer.ok ? '' : answer.why.code}`);
  assert.ok(answer.request !== null, `${line} sends nothing`);
  return answer.request;
};

/** The object after an API server has carried the request out. */
const after = (live: JsonObject, { method, contentType, body }: MutationRequest): Json => {
  if (method !== 'PATCH') return body;
  if (contentType === 'application/merge-patch+json') return mergePatch(live, body) as Json;
  if (contentType === 'application/strategic-merge-patch+json') {
    const message = messageFor(stringOf(live['apiVersion']), stringOf(live['kind']));
    return strategicMerge(live, body as JsonObject, message) as Json;
  }
  const patched = jsonPatch(live, body);
  assert.ok(patched.ok);
  return patched.value as Json;
};

const at = (value: Json, pointer: string): Json | undefined =>
  pointer
    .split('/')
    .slice(1)
    .reduce<Json | undefined>(
      (inner, key) => (inner as { readonly [key: string]: Json } | undefined)?.[key.replaceAll('~1', '/')],
      value,
    );

const POD = '/spec/template/spec';

/** [command, the object as it stands, what is changed in it after, by pointer; undefined: gone]. */
const CHANGES: readonly (readonly [string, JsonObject, Readonly<Record<string, Json | undefined>>])[] = [
  ['label deploy web env=prod', DEPLOYMENT, { '/metadata/labels': { app: 'web', tier: 'front', env: 'prod' } }],
  ['label deploy web tier- nosuch-', DEPLOYMENT, { '/metadata/labels': { app: 'web' } }],
  ['label deploy web tier=back --overwrite', DEPLOYMENT, { '/metadata/labels/tier': 'back' }],
  ['label deploy web env=prod --resource-version=7', DEPLOYMENT, { '/metadata/labels/env': 'prod' }],
  ['label widgets.example.com w a=b', WIDGET, { '/metadata/labels': { a: 'b' }, '/spec': { size: 1 } }],
  ['annotate deploy web note- more=x=y', DEPLOYMENT, { '/metadata/annotations': { more: 'x=y' } }],
  [
    'label deploy web env=prod --record',
    DEPLOYMENT,
    {
      '/metadata/labels/env': 'prod',
      '/metadata/annotations/kubernetes.io~1change-cause': 'kubectl label deploy web env=prod --record=true',
    },
  ],
  [
    'annotate deploy web kubernetes.io/change-cause=y',
    DEPLOYMENT,
    { '/metadata/annotations/kubernetes.io~1change-cause': 'y' },
  ],
  ['cordon n1', NODE, { '/spec/unschedulable': true }],
  ['uncordon n1', CORDONED, { '/spec/unschedulable': undefined }],
  [
    'taint node n1 new=y:NoExecute old:NoSchedule-',
    NODE,
    {
      '/spec/taints': [
        { key: 'new', value: 'y', effect: 'NoExecute' },
        { key: 'old', value: 'x', effect: 'NoExecute' },
      ],
    },
  ],
  ['taint node n1 old-', NODE, { '/spec/taints': undefined }],
  [
    'taint node n1 old=z:NoExecute --overwrite',
    NODE,
    {
      '/spec/taints': [
        { key: 'old', value: 'z', effect: 'NoExecute' },
        { key: 'old', effect: 'NoSchedule' },
      ],
    },
  ],
  ['rollout pause deploy web', DEPLOYMENT, { '/spec/paused': true }],
  ['rollout resume deploy web', PAUSED, { '/spec/paused': undefined }],
  [
    'set env deploy web C=3 B=2 A-',
    DEPLOYMENT,
    {
      [`${POD}/containers/0/env`]: [
        { name: 'B', value: '2' },
        { name: 'C', value: '3' },
      ],
      [`${POD}/containers/1/env`]: [
        { name: 'C', value: '3' },
        { name: 'B', value: '2' },
      ],
      [`${POD}/initContainers/0/env`]: [
        { name: 'C', value: '3' },
        { name: 'B', value: '2' },
      ],
    },
  ],
  [
    'set env deploy web A= -c we*',
    DEPLOYMENT,
    { [`${POD}/containers/0/env/0`]: { name: 'A' }, [`${POD}/containers/1/env`]: undefined },
  ],
  ['set env deploy web A- B- -c web', DEPLOYMENT, { [`${POD}/containers/0/env`]: undefined }],
  [
    'set env cronjob backup A=1 --prefix=X_',
    CRON_JOB,
    { '/spec/jobTemplate/spec/template/spec/containers/0/env': [{ name: 'X_A', value: '1' }] },
  ],
  [
    'set resources deploy web -c sidecar --requests=cpu=1,memory=1Gi --limits=cpu=2',
    DEPLOYMENT,
    {
      [`${POD}/containers/1/resources`]: { requests: { cpu: '1', memory: '1Gi' }, limits: { cpu: '2' } },
      [`${POD}/containers/0/resources`]: undefined,
    },
  ],
  [
    'set image deploy web *=x:1 --record',
    DEPLOYMENT,
    {
      [`${POD}/containers/0/image`]: 'x:1',
      [`${POD}/containers/1/image`]: 'x:1',
      [`${POD}/initContainers/0/image`]: 'x:1',
      '/metadata/annotations/kubernetes.io~1change-cause': 'kubectl set image deploy web *=x:1 --record=true',
    },
  ],
  [
    'set image cronjob backup backup=x:1',
    CRON_JOB,
    { '/spec/jobTemplate/spec/template/spec/containers/0/image': 'x:1' },
  ],
  ['set serviceaccount deploy web robot', DEPLOYMENT, { [`${POD}/serviceAccountName`]: 'robot' }],
  [
    'set subject rolebinding b --user=u --serviceaccount=shop:robot',
    BINDING,
    {
      '/subjects': [
        { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'u' },
        { kind: 'ServiceAccount', name: 'robot', namespace: 'shop' },
      ],
    },
  ],
  ['set selector service web app=new', SERVICE, { '/spec/selector': { app: 'new' } }],
  [
    `patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","image":"x:1"}]}}}}'`,
    DEPLOYMENT,
    { [`${POD}/containers/0/image`]: 'x:1', [`${POD}/containers/1/name`]: 'sidecar' },
  ],
  [`patch cm c --type=merge -p 'data: {a: null, c: "3"}'`, CONFIG, { '/data': { b: '2', c: '3' } }],
  [`patch cm c --type=json -p '[{"op":"remove","path":"/data/a"}]'`, CONFIG, { '/data': { b: '2' } }],
];

suite('a command changes exactly what kubectl would', () => {
  for (const [line, live, changed] of CHANGES)
    test(line, () => {
      const object = after(live, requestTo(line, live));
      for (const [pointer, value] of Object.entries(changed)) assert.deepEqual(at(object, pointer), value, pointer);
    });
});

/** [command, the object as it stands]: it is as the command wants it. */
const NOTHING: readonly (readonly [string, JsonObject])[] = [
  ['label deploy web app=web', DEPLOYMENT],
  ['label deploy web nosuch-', DEPLOYMENT],
  ['label deploy web app=web --record', DEPLOYMENT],
  ['annotate deploy web note=old', DEPLOYMENT],
  ['cordon n1', CORDONED],
  ['set subject rolebinding b --user=u', BINDING],
  ['uncordon n1', NODE],
  ['set env deploy web A=1 -c web', DEPLOYMENT],
  ['set image rs/web web=web:1', { ...DEPLOYMENT, kind: 'ReplicaSet' }],
  ['set selector service web app=web,tier=front', SERVICE],
];

suite('nothing is sent where it is so already', () => {
  for (const [line, live] of NOTHING)
    test(line, () => assert.deepEqual(answerTo(line, live), { ok: true, request: null }));
});

/** [command, the object as it stands, why nothing is sent, about what]. */
const REFUSED: readonly (readonly [string, JsonObject | null, MutationRefusalCode, string | null])[] = [
  ['label deploy web tier=back', DEPLOYMENT, 'value-exists', 'tier'],
  ['annotate deploy web note=new', DEPLOYMENT, 'value-exists', 'note'],
  ['label deploy web a=b', null, 'object-missing', null],
  ['label deploy web a=b --resource-version=6', DEPLOYMENT, 'version-moved', '6'],
  ['taint node n1 old=z:NoExecute', NODE, 'taint-exists', 'old:NoExecute'],
  ['taint node n1 nosuch-', NODE, 'taint-missing', 'nosuch'],
  ['taint node n1 old:PreferNoSchedule-', NODE, 'taint-missing', 'old:PreferNoSchedule'],
  ['rollout pause deploy web', PAUSED, 'already-paused', null],
  ['rollout resume deploy web', DEPLOYMENT, 'not-paused', null],
  ['rollout pause sts db', { ...DEPLOYMENT, kind: 'StatefulSet' }, 'pause-unsupported', null],
  ['set env deploy web A=2 --overwrite=false', DEPLOYMENT, 'value-exists', 'A'],
  ['set env deploy web B=2 --overwrite=false -c web', DEPLOYMENT, 'value-exists', 'B'],
  ['set env deploy web A=2 -c nosuch', DEPLOYMENT, 'container-missing', 'nosuch'],
  ['set env svc web A=2', SERVICE, 'no-pod-template', null],
  ['set resources deploy web -c x* --limits=cpu=1', DEPLOYMENT, 'container-missing', 'x*'],
  ['set image deploy web web=x:1 nosuch=y:1 --record', DEPLOYMENT, 'container-missing', 'nosuch'],
  ['set serviceaccount svc web robot', SERVICE, 'no-pod-template', null],
  [`patch deploy web -p '{"metadata":{"resourceVersion":"6"}}'`, DEPLOYMENT, 'version-moved', '6'],
  [
    `patch deploy web --type=merge -p '{"metadata":{"uid":"u2"},"spec":{"paused":true}}'`,
    DEPLOYMENT,
    'version-moved',
    'u2',
  ],
  ['set subject deploy web --user=u', DEPLOYMENT, 'subjects-unsupported', null],
  ['set selector deploy web app=x', DEPLOYMENT, 'selector-unsupported', null],
  ['scale deploy web --replicas=3 --current-replicas=1', SCALE, 'replicas-moved', '2'],
  ['scale deploy web --replicas=3 --resource-version=6', SCALE, 'version-moved', '6'],
  ['create job j --from=cronjob/backup', null, 'object-missing', null],
  ['create cm c', CONFIG, 'object-exists', null],
  ['expose node n1 --port=80', NODE, 'expose-unsupported', null],
  ['expose deploy web', { ...DEPLOYMENT, spec: { selector: { matchExpressions: [{}] } } }, 'selector-missing', null],
  ['expose deploy web', { ...DEPLOYMENT, spec: { selector: { matchLabels: { a: 'b' } } } }, 'port-missing', null],
];

suite('nothing is sent where kubectl refuses', () => {
  for (const [line, live, code, subject] of REFUSED)
    test(`${line}: ${code}`, () => {
      assert.deepEqual(answerTo(line, live), { ok: false, why: { code, about: subject } });
    });
});

const MANIFEST = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '3' } });
const VERSIONED = JSON.stringify({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', namespace: 'default', resourceVersion: '7' },
  data: { a: '3' },
});
const LAST = 'kubectl.kubernetes.io/last-applied-configuration';

suite('files', () => {
  const files = { 'c.json': MANIFEST, 'v.json': VERSIONED, 'old.json': VERSIONED.replace('"7"', '"6"') };
  const sent = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data: { a: '3' } };

  test('create sends the object with its namespace, and no version', () => {
    for (const file of ['c.json', 'v.json']) {
      const { method, body } = requestTo(`create -f ${file}`, null, files);
      assert.deepEqual([method, body], ['POST', sent]);
    }
  });
  test('create --save-config and --record note what was done', () => {
    const { body } = requestTo('create -f c.json --save-config --record', null, files);
    const annotations = at(body, '/metadata/annotations') as JsonObject;
    assert.deepEqual(Object.keys(annotations).sort(), [LAST, 'kubernetes.io/change-cause']);
    assert.ok(!stringOf(annotations[LAST]).includes('change-cause'));
  });
  test('replace puts the object, bound to no version but one that it names', () => {
    assert.deepEqual(requestTo('replace -f c.json', CONFIG, files).body, sent);
    assert.deepEqual(requestTo('replace -f v.json', CONFIG, files), {
      method: 'PUT',
      contentType: 'application/json',
      query: {},
      body: sent,
    });
    assert.deepEqual(answerTo('replace -f old.json', CONFIG, files), {
      ok: false,
      why: { code: 'version-moved', about: '6' },
    });
    assert.deepEqual(answerTo('replace -f c.json', null, files), {
      ok: false,
      why: { code: 'object-missing', about: null },
    });
  });
  test('replace --force makes the object anew', () => {
    assert.deepEqual(requestTo('replace -f c.json --force', null, files).body, sent);
  });
  test('apply makes what is not there, and changes what is, by what was applied before', () => {
    const made = requestTo('apply -f c.json', null, files);
    assert.equal(made.method, 'POST');
    const live = { ...(made.body as JsonObject), data: { a: '1', others: 'x' } };
    const { method, contentType, body } = requestTo('apply -f c.json', live, files);
    assert.deepEqual(
      [method, contentType, body],
      ['PATCH', 'application/strategic-merge-patch+json', { data: { a: '3' } }],
    );
  });
  test('apply makes an object without the fields that are null, as an update would leave them', () => {
    const text =
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c","labels":null},"data":{"a":null,"b":"1"}}';
    const { body } = requestTo('apply -f n.json', null, { 'n.json': text });
    assert.deepEqual(at(body, '/data'), { b: '1' });
    assert.deepEqual(Object.keys(at(body, '/metadata') as JsonObject).sort(), ['annotations', 'name', 'namespace']);
  });
  test('apply of a kind whose merging nobody has asked for is refused', () => {
    const { effects } = understood('apply -f c.json', files);
    const mutation = effects[0]?.mutation;
    assert.ok(mutation !== undefined);
    assert.deepEqual(mutationRequest({ mutation, live: CONFIG }), {
      ok: false,
      why: { code: 'schema-unknown', about: null },
    });
    const custom = mutationRequest({ mutation, live: CONFIG, applySchema: null });
    assert.equal(custom.ok && custom.request?.contentType, 'application/merge-patch+json');
  });
  test('apply of a manifest that names another version is refused, by either side', () => {
    for (const way of ['', ' --server-side'])
      assert.deepEqual(answerTo(`apply -f old.json${way}`, CONFIG, files), {
        ok: false,
        why: { code: 'version-moved', about: '6' },
      });
    const { body } = requestTo('apply -f v.json', CONFIG, files);
    assert.deepEqual(at(body, '/metadata/resourceVersion'), undefined);
    assert.match(stringOf(at(body, `/metadata/annotations/${LAST.replace('/', '~1')}`)), /"resourceVersion":"7"/);
  });
  test('apply --server-side sends the object, by its manager, forced only where that is asked', () => {
    assert.deepEqual(requestTo('apply -f c.json --server-side', CONFIG, files), {
      method: 'PATCH',
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager: 'kubectl', force: 'false' },
      body: sent,
    });
    const { query } = requestTo('apply -f c.json --server-side --force-conflicts --field-manager=me', null, files);
    assert.deepEqual(query, { fieldManager: 'me', force: 'true' });
  });
});

test('a scale with a condition is a PUT of the Scale, from the Scale or the object', () => {
  for (const live of [SCALE, DEPLOYMENT])
    assert.deepEqual(requestTo('scale deploy web --replicas=3 --current-replicas=2', live), {
      method: 'PUT',
      contentType: 'application/json',
      query: {},
      body: {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web', namespace: 'default' },
        spec: { replicas: 3 },
      },
    });
});

test('a Job of a CronJob is what its schedule would make, owned by it', () => {
  assert.deepEqual(requestTo('create job now --from=cronjob/backup -n default', CRON_JOB).body, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: 'now',
      namespace: 'default',
      labels: { a: 'b' },
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', c: 'd' },
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'backup', uid: 'u1', controller: true }],
    },
    spec: { template: { spec: { containers: [{ name: 'backup', image: 'backup:1' }] } } },
  });
});

test('an exposed object gives its Service what the command does not say', () => {
  assert.deepEqual(requestTo('expose deploy web --type=NodePort', DEPLOYMENT).body, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', labels: { app: 'web', tier: 'front' } },
    spec: {
      selector: { app: 'web' },
      ports: [
        { name: 'port-1', port: 81, protocol: 'TCP', targetPort: 81 },
        { name: 'port-2', port: 82, protocol: 'UDP', targetPort: 82 },
      ],
      type: 'NodePort',
    },
  });
  assert.deepEqual(
    requestTo('expose svc web --name=other --port=53 --target-port=dns --selector=a=b -l c=d', SERVICE).body,
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'other', labels: { c: 'd' } },
      spec: { selector: { a: 'b' }, ports: [{ port: 53, protocol: 'UDP', targetPort: 'dns' }] },
    },
  );
});
