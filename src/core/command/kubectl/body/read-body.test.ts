// The same change by every road, and what bodies of all kinds hold.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summary, understood } from '../../../../../test/support/understood.ts';

const what = (line: string, files: Readonly<Record<string, string>> = {}): readonly string[] =>
  understood(line, files).effects.map((effect) => summary(effect).replace(/^\w+ \S+ /, ''));

/** Roads to one change: kind and traits are equal, the traits in any order. */
const ROADS: Readonly<Record<string, readonly string[]>> = {
  'web to 0 replicas': [
    'scale deploy/web --replicas=0',
    `patch deploy web -p '{"spec":{"replicas":0}}'`,
    `patch deploy web -p 'spec: {replicas: 0x0}'`,
    `patch deploy web --type=merge -p '{"spec":{"replicas":0}}'`,
    `patch deploy web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":0}]'`,
    `patch deploy web --subresource=scale --type=merge -p '{"spec":{"replicas":0}}'`,
  ],
  'web to 21 replicas': ['scale deploy web --replicas=21', `patch deploy web -p '{"spec":{"replicas":21}}'`],
  'the default, one replica': [
    'scale deploy web --replicas=1',
    `patch deploy web -p '{"spec":{"replicas":null}}'`,
    `patch deploy web --type=json -p '[{"op":"remove","path":"/spec/replicas"}]'`,
  ],
  'a restart': [
    'rollout restart deploy web',
    `patch deploy web -p '{"spec":{"template":{"metadata":{"annotations":{"kubectl.kubernetes.io/restartedAt":"now"}}}}}'`,
    `patch deploy web --type=json -p '[{"op":"add","path":"/spec/template/metadata/annotations/kubectl.kubernetes.io~1restartedAt","value":"now"}]'`,
  ],
  'a pause': ['rollout pause deploy web', `patch deploy web -p '{"spec":{"paused":true}}'`],
  'an image': [
    'set image deploy web app=web:2',
    `patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"app","image":"web:2"}]}}}}'`,
    `patch deploy web --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"web:2"}]'`,
  ],
  'a label that changes': [
    'label deploy web a=b --overwrite',
    `patch deploy web -p '{"metadata":{"labels":{"a":"b"}}}'`,
    `patch deploy web --type=json -p '[{"op":"add","path":"/metadata/labels/a","value":"b"}]'`,
  ],
  'a label that goes': [
    'label deploy web a-',
    `patch deploy web -p '{"metadata":{"labels":{"a":null}}}'`,
    `patch deploy web --type=json -p '[{"op":"remove","path":"/metadata/labels/a"}]'`,
  ],
  'an annotation': ['annotate deploy web x.y/z=1', `patch deploy web -p '{"metadata":{"annotations":{"x.y/z":"1"}}}'`],
  'a cordon': ['cordon n1', `patch node n1 -p '{"spec":{"unschedulable":true}}'`],
  'an uncordon': ['uncordon n1', `patch node n1 -p '{"spec":{"unschedulable":null}}'`],
  'a taint that evicts': [
    'taint node n1 a=b:NoExecute',
    `patch node n1 -p '{"spec":{"taints":[{"key":"a","value":"b","effect":"NoExecute"}]}}'`,
    `patch node n1 --type=json -p '[{"op":"add","path":"/spec/taints/-","value":{"key":"a","effect":"NoExecute"}}]'`,
  ],
  'no taint': [
    'taint node n1 a-',
    `patch node n1 -p '{"spec":{"taints":null}}'`,
    `patch node n1 --type=json -p '[{"op":"remove","path":"/spec/taints/0"}]'`,
  ],
  'a service account': [
    'set serviceaccount deploy web admin',
    `patch deploy web -p '{"spec":{"template":{"spec":{"serviceAccountName":"admin"}}}}'`,
  ],
  'an environment from a secret': [
    'set env deploy web --from=secret/db',
    `patch deploy web -p '{"spec":{"template":{"spec":{"containers":[{"name":"a","env":[{"name":"P","valueFrom":{"secretKeyRef":{"name":"db","key":"p"}}}]}]}}}}'`,
  ],
  'a selector of a service': [
    'set selector svc web a=b',
    `patch svc web -p '{"spec":{"selector":{"a":"b"}}}'`,
    `patch svc web --type=json -p '[{"op":"replace","path":"/spec/selector","value":{"a":"b"}}]'`,
  ],
  'an HPA maximum': [`patch hpa web -p '{"spec":{"maxReplicas":40}}'`, 'autoscale deploy web --max=40'],
  'a privileged pod': [
    'run web --image=web --privileged',
    `run web --image=web --overrides '{"spec":{"containers":[{"securityContext":{"privileged":true}}]}}'`,
  ],
};

const sorted = (line: string): string =>
  what(line)
    .map((one) => {
      const [where, kind, traits = ''] = one.split(' ');
      // whoever overrides may choose a command too
      const known = traits.split(',').filter((trait) => trait !== '' && trait !== 'explicit-command');
      return [where, kind, known.toSorted().join(',')].join(' ');
    })
    .join(' + ');

describe('the same change by every road', () => {
  for (const [change, roads] of Object.entries(ROADS)) {
    test(change, () => {
      const [first = '', ...others] = roads.map(sorted);
      for (const other of others) assert.equal(other, first);
    });
  }
});

const POD = (spec: string): string => `{"spec":{"template":{"spec":${spec}}}}`;

/** patch, its kind and traits */
const PATCHES: readonly (readonly [line: string, kind: string, traits: string])[] = [
  [`patch deploy x -p '{"metadata":{"labels":{"a":"b"},"annotations":{"c":"d"}}}'`, 'patch', 'membership'],
  [`patch deploy x -p '{}'`, 'patch', ''],
  [`patch pvc x -p '{"metadata":{"finalizers":null}}'`, 'patch', 'finalizers'],
  [`patch pvc x -p '{"metadata":{"finalizers":[]}}'`, 'patch', 'finalizers'],
  [`patch pvc x -p '{"metadata":{"finalizers":["a"]}}'`, 'patch', ''],
  [`patch pvc x --type=merge -p '{"metadata":{"finalizers":["a"]}}'`, 'patch', 'finalizers'],
  [`patch pvc x -p '{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"]}}'`, 'patch', 'finalizers'],
  [`patch pvc x -p '{"metadata":{"$patch":"replace","name":"x"}}'`, 'patch', 'finalizers,membership'],
  [`patch pvc x --type=json -p '[{"op":"remove","path":"/metadata/finalizers/0"}]'`, 'patch', 'finalizers'],
  [
    `patch pvc x --type=json -p '[{"op":"replace","path":"/metadata","value":{"name":"x"}}]'`,
    'patch',
    'finalizers,membership',
  ],
  [
    `patch pvc x --type=json -p '[{"op":"move","from":"/metadata/finalizers","path":"/metadata/annotations/f"}]'`,
    'patch',
    'finalizers',
  ],
  [`patch pvc x -p '{"metadata":{"ownerReferences":[{"kind":"Pod","name":"a"}]}}'`, 'patch', 'owner-reference'],
  [`patch ns x --subresource=finalize --type=merge -p '{"spec":{"finalizers":[]}}'`, 'patch', 'finalize'],
  [`patch pv x -p '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}'`, 'patch', 'reclaim-delete'],
  [`patch pv x -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`, 'patch', ''],
  [
    `patch sts x -p '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Delete"}}}'`,
    'patch',
    'claim-retention-delete',
  ],
  [`patch cronjob x -p '{"spec":{"suspend":true}}'`, 'patch', 'suspend'],
  [`patch cronjob x -p '{"spec":{"suspend":false}}'`, 'patch', ''],
  [`patch svc x -p '{"spec":{"type":"NodePort"}}'`, 'patch', 'exposes'],
  [`patch svc x -p '{"spec":{"externalIPs":["1.2.3.4"]}}'`, 'patch', 'exposes'],
  [`patch netpol x -p '{"spec":{"podSelector":{"matchLabels":{"a":"b"}}}}'`, 'patch', 'membership'],
  [`patch pdb x -p '{"spec":{"selector":null}}'`, 'patch', 'membership'],
  [`patch clusterrole x --type=merge -p '{"rules":[]}'`, 'grant', 'rules-emptied'],
  [`patch clusterrole x --type=json -p '[{"op":"remove","path":"/rules"}]'`, 'grant', 'rules-emptied'],
  [`patch secret x -p '{"type":"kubernetes.io/service-account-token"}'`, 'grant', ''],
  [
    `patch sa x -p '{"metadata":{"annotations":{"eks.amazonaws.com/role-arn":"r"}}}'`,
    'annotate',
    'effectful-annotation',
  ],
  [`patch deploy x -p '{"metadata":{"labels":{"app.kubernetes.io/instance":"r"}}}'`, 'label', 'membership,tracked'],
  [`patch ns x -p '{"metadata":{"labels":{"istio-injection":"disabled"}}}'`, 'label', 'membership,namespace-label'],
  [`patch deploy x -p '${POD('{"hostPID":true}')}'`, 'patch', 'host-namespaces'],
  [`patch deploy x -p '${POD('{"hostNetwork":false}')}'`, 'patch', ''],
  [`patch deploy x -p '${POD('{"volumes":[{"name":"h","hostPath":{"path":"/"}}]}')}'`, 'patch', 'privileged'],
  [
    `patch deploy x -p '${POD('{"containers":[{"name":"a","securityContext":{"capabilities":{"add":["SYS_ADMIN"]}}}]}')}'`,
    'patch',
    'privileged',
  ],
  [
    `patch deploy x -p '${POD('{"containers":[{"name":"a","securityContext":{"capabilities":{"drop":["ALL"]}}}]}')}'`,
    'patch',
    '',
  ],
  [`patch deploy x -p '${POD('{"containers":[{"name":"a","resources":{"limits":{"cpu":"1"}}}]}')}'`, 'set-config', ''],
  [
    `patch deploy x -p '${POD('{"containers":[{"name":"a","env":[{"name":"A","value":"1"}]}],"dnsPolicy":"Default"}')}'`,
    'patch',
    '',
  ],
  [
    `patch cj x -p '{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"hostIPC":true}}}}}}'`,
    'patch',
    'host-namespaces',
  ],
  [
    `patch pod x --subresource=ephemeralcontainers -p '{"spec":{"ephemeralContainers":[{"name":"d","image":"d"}]}}'`,
    'exec',
    'mutable-image,starts-image',
  ],
  [
    `patch rollouts.argoproj.io x --type=merge -p '{"spec":{"template":{"spec":{"containers":[{"name":"a","securityContext":{"privileged":true}}]}}}}'`,
    'patch',
    'privileged',
  ],
  [`patch clusters.example.com x --type=merge -p '{"spec":{"replicas":0}}'`, 'patch', 'scale-to-zero'],
  [
    `patch clusters.example.com x --subresource=scale --type=merge -p '{"spec":{"replicas":0}}'`,
    'scale',
    'scale-to-zero',
  ],
  [`patch deploy x -p '{"spec":{"template":{"$patch":"delete"}}}'`, 'patch', ''],
  // with what holds it
  [`patch pv x --type=json -p '[{"op":"replace","path":"","value":{}}]'`, 'patch', 'claim-ref,finalizers,membership'],
  [`patch pv x -p '{"spec":{"$retainKeys":["claimRef"]}}'`, 'patch', ''],
  [`patch svc x --type=merge -p '{"spec":{}}'`, 'patch', ''],
  [
    `patch svc x --type=json -p '[{"op":"replace","path":"/spec","value":{"selector":{"a":"b"}}}]'`,
    'patch',
    'membership',
  ],
  [`patch clusterrole x -p '{"$retainKeys":["metadata","rules"],"metadata":{}}'`, 'grant', ''],
  [`patch deploy x --subresource=scale --type=merge -p '{"spec":null}'`, 'scale', 'scale-to-zero'],
  [
    `patch deploy x --subresource=status --type=merge -p '{"metadata":{"ownerReferences":[{"uid":"u"}]}}'`,
    'patch',
    'owner-reference',
  ],
  [`patch cm x -p '{"metadata":{"ownerReferences":[{"$patch":"delete","uid":"u"}]}}'`, 'patch', ''],
  // where pods may run
  [`patch ds x -p '${POD('{"nodeSelector":{"a":"b"}}')}'`, 'patch', 'placement'],
  [
    `patch deploy x --type=json -p '[{"op":"remove","path":"/spec/template/spec/tolerations/0"}]'`,
    'patch',
    'placement',
  ],
  [`patch pod x -p '{"spec":{"tolerations":[]}}'`, 'patch', ''],
];

describe('what a patch changes', () => {
  for (const [line, kind, traits] of PATCHES) {
    test(line, () => {
      const [effect] = understood(line).effects;
      assert.equal(effect?.kind, kind);
      assert.equal(effect?.traits.toSorted().join(','), traits);
    });
  }
});

test('a patch that cannot be read, or takes its content from the object, leaves hard rules undecided', () => {
  const deep = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  for (const text of ['{', '[]', '{"a":1}{"b":2}', 'a: [', '3', '', deep]) {
    assert.ok(understood(`patch deploy x -p '${text}'`).undecided, text.slice(0, 40));
  }
  for (const operation of [
    '{"op":"copy","from":"/metadata/annotations/a","path":"/spec/template"}',
    '{"op":"add","path":"/spec/template/spec/containers/0/args/-","value":"x"}',
    '{"op":"bend","path":"/a"}',
    '{"op":"add","path":"a","value":1}',
  ]) {
    assert.ok(understood(`patch deploy x --type=json -p '[${operation}]'`).undecided, operation);
  }
  assert.equal(understood(`patch deploy x --type=json -p '[{"op":"test","path":"/a","value":1}]'`).undecided, false);
});

test('a patch of images or replicas can be executed, others cannot', () => {
  const change = (line: string) => understood(line).effects[0]?.change;
  assert.deepEqual(change(`patch deploy x -p '{"spec":{"replicas":3}}'`), { to: 'replicas', replicas: 3 });
  assert.deepEqual(change(`patch deploy x -p '${POD('{"containers":[{"name":"a","image":"b"}]}')}'`), {
    to: 'images',
    images: [{ container: 'a', image: 'b' }],
  });
  assert.deepEqual(change(`patch svc x -p '{"spec":{"type":"NodePort"}}'`), { to: 'other' });
});
