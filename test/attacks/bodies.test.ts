// Attacks by what a body changes: manifests, patches of three types, overrides, YAML's and JSON's own tricks. It must
// never hold one that the words alone decide.
import { suite } from 'node:test';
import { type Attack, attacks } from './attack.ts';

const apply = (expected: Attack[0], manifest: string, command = 'kubectl apply -f x.yaml -n shop'): Attack => [
  expected,
  command,
  { 'x.yaml': manifest },
];
const create = (expected: Attack[0], manifest: string): Attack =>
  apply(expected, manifest, 'kubectl create -f x.yaml -n shop');
const remove = (expected: Attack[0], manifest: string): Attack => apply(expected, manifest, 'kubectl delete -f x.yaml');
const patch = (expected: Attack[0], target: string, type: string, body: string): Attack => [
  expected,
  ['kubectl', 'patch', ...target.split(' '), '--type', type, '-p', body],
];

const pod = (spec: string, kind = 'Pod'): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: x}\nspec: ${spec}\n`;
const workload = (template: string, kind = 'Deployment', apiVersion = 'apps/v1'): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x}\nspec: {template: {spec: ${template}}}\n`;
const RM = '["rm","-rf","/data"]';

suite('commands that containers would run', () =>
  attacks([
    create('blocked', pod(`{containers: [{name: a, image: b, command: ${RM}}]}`)),
    create('blocked', pod('{containers: [{name: a, image: b, command: [sh, -c, "rm -rf /data"]}]}')),
    create('blocked', pod('{containers: [{name: a, image: b, args: ["-c", "rm -rf /data"]}]}')),
    create('blocked', pod(`{initContainers: [{name: a, image: b, command: ${RM}}]}`)),
    create('blocked', pod(`{ephemeralContainers: [{name: a, image: b, command: ${RM}}]}`)),
    create('blocked', pod(`{containers: [{name: a, image: b, lifecycle: {preStop: {exec: {command: ${RM}}}}}]}`)),
    create('blocked', pod(`{containers: [{name: a, image: b, lifecycle: {postStart: {exec: {command: ${RM}}}}}]}`)),
    create('blocked', pod(`{containers: [{name: a, image: b, livenessProbe: {exec: {command: ${RM}}}}]}`)),
    create('blocked', pod(`{containers: [{name: a, image: b, startupProbe: {exec: {command: ${RM}}}}]}`)),
    create('blocked', pod(`{containers: [{name: a, image: b, readinessProbe: {exec: {command: ${RM}}}}]}`)),
    create('blocked', workload(`{containers: [{name: a, command: ${RM}}]}`, 'Job', 'batch/v1')),
    create(
      'blocked',
      `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: x}\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, command: ${RM}}]}}}}}\n`,
    ),
    apply('blocked', workload(`{containers: [{name: a, command: ${RM}}]}`, 'DaemonSet')),
    apply('blocked', workload(`{containers: [{name: a, command: ${RM}}]}`, 'StatefulSet')),
    apply('blocked', workload(`{containers: [{name: a, command: ${RM}}]}`, 'ReplicationController', 'v1')),
    apply('blocked', workload(`{containers: [{name: a, command: ${RM}}]}`, 'ReplicaSet')),
    create('blocked', pod('{containers: [{name: a, image: b, command: [kubectl, delete, ns, a]}]}')),
    create('blocked', pod(`{containers: [{name: a, image: b, command: [psql, -c, "DROP TABLE x"]}]}`)),
    patch(
      'blocked',
      'deploy x',
      'strategic',
      `{"spec":{"template":{"spec":{"containers":[{"name":"a","command":${RM}}]}}}}`,
    ),
    patch(
      'blocked',
      'deploy x',
      'merge',
      `{"spec":{"template":{"spec":{"containers":[{"name":"a","command":${RM}}]}}}}`,
    ),
    patch(
      'blocked',
      'deploy x',
      'json',
      `[{"op":"add","path":"/spec/template/spec/containers/0/command","value":${RM}}]`,
    ),
    patch(
      'blocked',
      'deploy x',
      'json',
      `[{"op":"replace","path":"/spec/template/spec/containers/0/args","value":["-c","rm -rf /x"]}]`,
    ),
    patch(
      'blocked',
      'deploy x',
      'json',
      `[{"op":"add","path":"/spec/template/spec/containers/-","value":{"name":"b","command":${RM}}}]`,
    ),
    patch(
      'blocked',
      'cronjob x',
      'merge',
      `{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"containers":[{"command":${RM}}]}}}}}}`,
    ),
    [
      'blocked',
      [
        'kubectl',
        'run',
        'x',
        '--image=b',
        '--override-type=json',
        `--overrides=[{"op":"add","path":"/spec/containers/0/command","value":${RM}}]`,
      ],
    ],
    create(
      'blocked',
      `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: x}\n    spec: {containers: [{name: a, command: ${RM}}]}\n`,
    ),
    create(
      'blocked',
      `apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: x}\n  spec: {containers: [{name: a, command: ${RM}}]}\n`,
    ),
  ]));

suite('what a pod may do to its node', () =>
  attacks([
    create('dual!', pod('{volumes: [{name: h, hostPath: {path: /}}], containers: [{name: a, image: b}]}')),
    create('dual!', pod('{containers: [{name: a, image: b, securityContext: {privileged: true}}]}')),
    create('dual!', pod('{initContainers: [{name: a, image: b, securityContext: {privileged: true}}]}')),
    create('dual!', pod('{containers: [{name: a, image: b, securityContext: {capabilities: {add: [SYS_ADMIN]}}}]}')),
    create('blocked', pod('{hostPID: true, containers: [{name: a, image: b}]}')),
    create('blocked', pod('{hostNetwork: true, containers: [{name: a, image: b}]}')),
    create('blocked', pod('{hostIPC: true, containers: [{name: a, image: b}]}')),
    apply('blocked', workload('{hostPID: true}', 'DaemonSet')),
    patch('blocked', 'ds x', 'json', '[{"op":"add","path":"/spec/template/spec/hostPID","value":true}]'),
    patch('dual!', 'deploy x', 'strategic', '{"spec":{"template":{"spec":{"serviceAccountName":"admin"}}}}'),
    patch('dual!', 'deploy x', 'json', '[{"op":"add","path":"/spec/template/spec/serviceAccount","value":"admin"}]'),
  ]));

suite('protected objects by every road', () =>
  attacks([
    remove('blocked', 'apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: x}\n'),
    remove('blocked', 'apiVersion: v1\nkind: PersistentVolumeClaimList\nitems: [{metadata: {name: x}}]\n'),
    remove('blocked', 'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: x}\n'),
    remove('blocked', 'apiVersion: rbac.authorization.k8s.io/v1beta1\nkind: ClusterRole\nmetadata: {name: x}\n'),
    remove('blocked', 'apiVersion: project.openshift.io/v1\nkind: Project\nmetadata: {name: x}\n'),
    remove('blocked', 'a: &n Namespace\napiVersion: v1\nkind: *n\nmetadata: {name: x}\n'),
    remove('blocked', 'x: &x {kind: Namespace}\n<<: *x\napiVersion: v1\nmetadata: {name: x}\n'),
    remove('blocked', '"apiVersion": "v1"\n"kind": "\\x4eamespace"\n"metadata": {"name": "x"}\n'),
    remove('blocked', '{"apiVersion":"v1","kind":"\\u004eamespace","metadata":{"name":"x"}}'),
    remove(
      'blocked',
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"b"}}',
    ),
    remove('blocked', '{"apiVersion":"v1","kind":"ConfigMap","kind":"Namespace","metadata":{"name":"b"}}'),
    remove('blocked', '---\n---\n# nothing\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n'),
    remove('blocked', '\ufeffapiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n'),
    remove('blocked', 'apiVersion: v1\r\nkind: Namespace\r\nmetadata:\r\n  name: x\r\n'),
    // kubectl cuts at "---" and refuses the directive alone; behind another line break it does not cut
    remove('dual', '%YAML 1.1\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n'),
    remove('blocked', '%YAML 1.1\r---\rapiVersion: v1\rkind: Namespace\rmetadata: {name: x}\n'),
    remove('blocked', 'apiVersion: v1\nkind: !!str Namespace\nmetadata: {name: x}\n'),
    apply('blocked', 'apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n', 'kubectl replace --force -f x.yaml'),
    apply(
      'blocked',
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: x, ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: gone, uid: u}]}\n',
    ),
    patch(
      'blocked',
      'ns x',
      'merge',
      '{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"gone","uid":"u"}]}}',
    ),
    patch(
      'blocked',
      'pvc x',
      'json',
      '[{"op":"add","path":"/metadata/ownerReferences","value":[{"kind":"Pod","name":"a","uid":"u"}]}]',
    ),
    patch('blocked', 'clusterrole x', 'json', '[{"op":"remove","path":"/metadata/finalizers"}]'),
    patch('blocked', 'pv x', 'json', '[{"op":"replace","path":"/metadata","value":{"name":"x"}}]'),
    patch('blocked', 'pvc x', 'merge', '{"metadata":null}'),
    patch('blocked', 'pvc x', 'strategic', '{"metadata":{"$patch":"replace","name":"x"}}'),
    patch('blocked', 'pvc x', 'strategic', '{"metadata":{"finalizers":[{"$patch":"replace"}]}}'),
    patch('blocked', 'pvc x', 'strategic', '{"$patch":"replace","metadata":{"name":"x"}}'),
    patch('blocked', 'pvc x', 'strategic', '{"$patch":"delete"}'),
    patch(
      'blocked',
      'pvc x',
      'json',
      '[{"op":"test","path":"/kind","value":"x"},{"op":"remove","path":"/metadata/finalizers"}]',
    ),
    patch('blocked', 'pvc x', 'json', '[{"op":"move","from":"/metadata/finalizers","path":"/metadata/annotations"}]'),
    patch(
      'blocked',
      'pvc x',
      'json',
      '[{"op":"remove","path":"/metadata/finalizers~10"},{"op":"remove","path":"/metadata/finalizers/-"}]',
    ),
    patch('blocked', 'ns x', 'merge', '{"spec":{"finalizers":[]}}'),
    patch(
      'blocked',
      'statefulset x',
      'merge',
      '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenScaled":"Delete"}}}',
    ),
    patch('blocked', 'clusterrole x', 'merge', '{"rules":[]}'),
    patch('blocked', 'clusterrole x', 'merge', '{"rules":null}'),
    patch('blocked', 'clusterrole x', 'json', '[{"op":"remove","path":"/rules"}]'),
    patch(
      'blocked',
      'pv x',
      'json',
      '[{"op":"replace","path":"/spec/persistentVolumeReclaimPolicy","value":"Recycle"}]',
    ),
    patch('dual', 'pvc x', 'json', '[{"op":"copy","from":"/metadata/annotations","path":"/metadata/labels"}]'),
    patch('dual', 'pvc x', 'merge', '{not json'),
    ['dual', 'kubectl patch pvc x --patch-file=p.yaml'],
    ['blocked', 'kubectl patch pvc x --patch-file=p.yaml', { 'p.yaml': 'metadata:\n  finalizers: ~\n' }],
    [
      'blocked',
      'kubectl patch -f x.yaml --type=merge -p \'{"metadata":{"finalizers":null}}\'',
      { 'x.yaml': 'apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: x}\n' },
    ],
    [
      'blocked',
      'kubectl apply -f x.yaml --prune --all',
      { 'x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n' },
    ],
  ]));

suite('what pruning reaches', () =>
  attacks([
    [
      'dual!',
      'kubectl apply -f x.yaml --prune -l a=b --prune-allowlist=apps/v1/Deployment',
      {
        'x.yaml':
          '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"dev"}}\n---\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b","namespace":"production"}}',
      },
    ],
    [
      'blocked',
      'kubectl apply -n dev -f x.yaml --prune -l a=b',
      { 'x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' },
    ],
    [
      'blocked',
      'kubectl apply -f x.yaml --prune --all',
      { 'x.yaml': 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: a}\n' },
    ],
  ]));

suite('grants', () =>
  attacks([
    apply(
      'blocked',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: x}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: User, name: eve}]\n',
    ),
    apply(
      'blocked',
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: Group, name: "system:masters"}]\n',
    ),
    patch(
      'blocked',
      'clusterrolebinding cluster-admin',
      'json',
      '[{"op":"add","path":"/subjects/-","value":{"kind":"User","name":"eve"}}]',
    ),
    patch(
      'blocked',
      'clusterrolebinding x',
      'json',
      '[{"op":"add","path":"/subjects/-","value":{"kind":"Group","name":"system:masters"}}]',
    ),
    patch(
      'dual!',
      'clusterrole x',
      'json',
      '[{"op":"add","path":"/rules/-","value":{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}}]',
    ),
    ['blocked', 'kubectl set subject clusterrolebinding x --group=system:masters'],
    ['dual!', 'kubectl label clusterrole x rbac.authorization.k8s.io/aggregate-to-admin=true'],
    ['dual!', 'kubectl annotate role x a=b'],
    ['dual!', 'kubectl delete rolebinding x -n shop'],
    apply(
      'dual!',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: x, annotations: {kubernetes.io/service-account.name: admin}}\ntype: kubernetes.io/service-account-token\n',
    ),
    ['dual!', 'kubectl create secret generic x --type=kubernetes.io/service-account-token'],
  ]));

suite('zeroes and booleans in other clothes', () =>
  attacks([
    ...['0', '0x0', '00', '0.0', '0e5', '-0', '"0"', 'null'].map(
      (replicas): Attack =>
        apply(
          replicas === 'null' ? 'human!' : 'dual!',
          `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\nspec: {replicas: ${replicas}}\n`,
        ),
    ),
    patch('human!', 'deploy x', 'merge', '{"spec":{"replicas":0}}'),
    patch('human!', 'deploy x', 'merge', '{"spec":{"replicas":0e1}}'),
    patch('human!', 'deploy x', 'merge', 'spec: {replicas: 0x0}'),
    patch('human!', 'deploy x', 'merge', 'spec: {replicas: 0o0}'),
    patch('human!', 'deploy x', 'json', '[{"op":"replace","path":"/spec/replicas","value":0}]'),
    patch('human!', 'cronjob x', 'merge', 'spec: {suspend: yes}'),
    patch('human!', 'deploy x', 'merge', 'spec: {paused: on}'),
    create('dual!', pod('{containers: [{name: a, image: b, securityContext: {privileged: yes}}]}')),
    create('blocked', pod('{hostPID: yes, containers: [{name: a, image: b}]}')),
    create('blocked', pod('{hostPID: on, containers: [{name: a, image: b}]}')),
    create('blocked', pod('{hostPID: y, containers: [{name: a, image: b}]}')),
    create('blocked', pod('{hostPID: True, containers: [{name: a, image: b}]}')),
  ]));

suite('doors to the outside', () =>
  attacks([
    apply('dual!', 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {type: LoadBalancer}\n'),
    apply('dual!', 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {externalIPs: [1.2.3.4]}\n'),
    patch('dual!', 'svc x', 'merge', '{"spec":{"type":"NodePort"}}'),
    ['dual!', 'kubectl expose deploy x --port=80 --type=LoadBalancer'],
    ['dual!', 'kubectl expose deploy x --port=80 --external-ip=1.2.3.4'],
    apply('dual!', 'apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: x}\n'),
    apply(
      'blocked',
      'apiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingWebhookConfiguration\nmetadata: {name: x}\nwebhooks: []\n',
    ),
    apply(
      'dual!',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x.example.com}\n',
    ),
    apply(
      'blocked',
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: gate, namespace: blastgate}\n',
      'kubectl apply -f x.yaml',
    ),
    apply('dual', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: kube-system}\n'),
    apply(
      'dual!',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: x, labels: {pod-security.kubernetes.io/enforce: privileged}}\n',
    ),
  ]));
