// Files that travel with the proposal, object by object, and those that do not.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summary, understood } from '../../../../../test/support/understood.ts';
import type { TextCommand as Proposed } from '../../../model/command.ts';

const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: a}}\n';
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {replicas: 0, template: {spec: {serviceAccountName: admin, containers: [{name: a, image: web:1, command: [sh, -c, "rm -rf /"]}]}}}
`;
const CONFIG = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"x":"rm -rf /"}}';
const LIST = `{"apiVersion":"v1","kind":"List","items":[${CONFIG},{"apiVersion":"v1","kind":"List","items":[${CONFIG}]}]}`;
const PVC = 'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n';
const WIDGET = 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\nspec: {replicas: 1}\n';
const BINDING = `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: s, namespace: infra}, {kind: User, name: u}]
`;
const FILES = {
  'ns.yaml': NAMESPACE,
  'all.yaml': `${NAMESPACE}---\n${DEPLOYMENT}---\n\n`,
  'list.json': LIST,
  'dir/a.yaml': CONFIG,
  'dir/sub/b.yml': PVC,
  'dir/notes.txt': NAMESPACE,
  '-': PVC,
  'widget.yaml': WIDGET,
  'binding.yaml': BINDING,
  'broken.yaml': 'a: [',
  'none.yaml': '',
  'kindless.yaml': `${CONFIG}\n---\nmetadata: {name: x}\n`,
  'words.yaml': 'a word\n',
  'item.json': `{"apiVersion":"v1","kind":"List","items":[${CONFIG},{"apiVersion":"a/b/c","kind":"Namespace"}]}`,
  'nameless.yaml': 'apiVersion: v1\nkind: ConfigMap\n',
  'generated.yaml': 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: j-}\n',
  'pods.json': '{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"p"}}]}',
  'job.yaml':
    'apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: {template: {spec: {containers: [{name: a, image: i, args: [x]}]}}}\n',
};

const CASES: readonly (readonly [string, ...string[]])[] = [
  ['delete -f ns.yaml', 'delete namespaces /shop delete-object'],
  ['delete -f all.yaml', 'delete namespaces /shop delete-object', 'delete deployments.apps shop/web delete-object'],
  ['delete -f list.json', 'delete configmaps default/c delete-object', 'delete configmaps default/c delete-object'],
  ['delete -f dir', 'delete configmaps default/c delete-object'],
  [
    'delete -R -f dir/',
    'delete configmaps default/c delete-object',
    'delete persistentvolumeclaims default/data delete-object',
  ],
  ['delete -f -', 'delete persistentvolumeclaims default/data delete-object'],
  [
    'delete -f ns.yaml,list.json',
    'delete namespaces /shop delete-object',
    'delete configmaps default/c delete-object',
    'delete configmaps default/c delete-object',
  ],
  [
    'delete -f ns.yaml -f gone.yaml',
    'delete namespaces /shop delete-object',
    'delete *.* default/* delete-object unseen-content,kind-unknown',
  ],
  ['create -f generated.yaml', 'create jobs.batch default/∅ create'],
  ['create -f job.yaml', 'create jobs.batch default/j create starts-image,mutable-image,explicit-command'],
  ['apply -f job.yaml', 'patch jobs.batch default/j apply starts-image,mutable-image'],
  [
    'apply -f all.yaml',
    'patch namespaces /shop apply namespace-label',
    'patch deployments.apps shop/web apply scale-to-zero,service-account,starts-image,mutable-image',
  ],
  [
    'create -f all.yaml',
    'create namespaces /shop create namespace-label',
    'create deployments.apps shop/web create starts-image,mutable-image,explicit-command',
  ],
  ['apply -f widget.yaml', 'patch widgets.example.com default/w apply'],
  ['apply -f binding.yaml', 'patch clusterrolebindings.rbac.authorization.k8s.io /b grant grants-admin'],
  ['replace -f -', 'update persistentvolumeclaims default/data apply finalizers'],
  ['apply -f -', 'patch persistentvolumeclaims default/data apply'],
  [
    'replace --force -f -',
    'delete persistentvolumeclaims default/data delete-object force',
    'create persistentvolumeclaims default/data create force',
  ],
  [
    'apply --force -f -',
    'patch persistentvolumeclaims default/data apply force',
    'delete persistentvolumeclaims default/data delete-object force',
    'create persistentvolumeclaims default/data create force',
  ],
  ['apply -f ns.yaml --dry-run=server', 'patch namespaces /shop read (dry)'],
  ['diff -f ns.yaml', 'patch namespaces /shop read (dry)'],
  ['get -f ns.yaml', 'get namespaces /shop read'],
  [
    'rollout restart -f all.yaml',
    'patch namespaces /shop rollout-restart',
    'patch deployments.apps shop/web rollout-restart',
  ],
  ['delete -f pods.json', 'delete pods default/p delete-pod'],
  ['create -k dir', 'create *.* default/* create unseen-content,kind-unknown'],
];

describe('manifests, object by object', () => {
  for (const [line, ...effects] of CASES) {
    test(line, () => assert.deepEqual(understood(line, FILES).effects.map(summary), effects));
  }
});

test('who a binding is for', () => {
  assert.deepEqual(understood('create -f binding.yaml', FILES).effects[0]?.subjects, [
    'ServiceAccount:infra/s',
    'User:u',
  ]);
});

test('commands of containers are read, data is not', () => {
  const nested: Proposed[] = [];
  understood('apply -f all.yaml -f list.json', FILES, nested);
  assert.deepEqual(nested, [{ kind: 'argv', argv: ['sh', '-c', 'rm -rf /'] }]);
});

test('what was not seen or cannot be read is refused and undecided, unless it is a dry run', () => {
  const codes = (line: string) => understood(line, FILES).refusals.map(({ code }) => code);
  assert.deepEqual(codes('apply -f gone.yaml'), ['unseen-content', 'hard-rule-undecided']);
  assert.deepEqual(codes('apply -f broken.yaml'), ['unseen-content', 'hard-rule-undecided']);
  assert.deepEqual(codes('apply -f gone.yaml --dry-run=client'), ['unseen-content']);
  assert.deepEqual(codes('get -f gone.yaml'), ['unseen-content']);
  for (const file of ['kindless.yaml', 'words.yaml', 'item.json'])
    assert.deepEqual(codes(`apply -f ${file}`), ['usage-error', 'unseen-content', 'hard-rule-undecided'], file);
  assert.deepEqual(codes('apply -f nameless.yaml'), ['usage-error']);
  assert.deepEqual(codes('apply -f none.yaml'), []);
  assert.deepEqual(codes('apply -n other -f all.yaml'), ['usage-error']);
  assert.equal(understood('get -f gone.yaml').opaque?.floor, 'human');
  assert.ok(understood('replace -f gone.yaml').undecided);
});

test('apply --prune deletes every kind of its list', () => {
  const kinds = (line: string) =>
    understood(line, FILES)
      .effects.filter(({ verb }) => verb === 'delete')
      .map(({ resource }) => resource);
  assert.ok(kinds('apply -f ns.yaml --prune -l a=b').includes('namespaces'));
  assert.ok(kinds('apply -n x -f dir --prune -l a=b').includes('persistentvolumeclaims'));
  // kubectl only warns that -n will one day spare what lives in no namespace
  assert.ok(kinds('apply -n x -f dir --prune -l a=b').includes('namespaces'));
  assert.deepEqual(kinds('apply -f dir --prune --all --prune-allowlist=core/v1/ConfigMap'), ['configmaps']);
});
