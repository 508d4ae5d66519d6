// Commands and what they do to the cluster, a line each.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summary, understood } from '../../../../test/support/understood.ts';
import type { TextCommand as Proposed } from '../../model/command.ts';

/** argv without "kubectl" → "verb resource/subresource namespace/name kind traits", one string an effect. */
const DO: readonly (readonly [string, ...string[]])[] = [
  ['delete pod a b -n shop', 'delete pods shop/a delete-pod', 'delete pods shop/b delete-pod'],
  ['delete po/a svc/b', 'delete pods default/a delete-pod', 'delete services default/b delete-object'],
  ['delete ns shop --force', 'delete namespaces /shop delete-object force,grace-zero'],
  ['delete pod a --grace-period=0', 'delete pods default/a delete-pod grace-one'],
  ['delete pod a --now', 'delete pods default/a delete-pod grace-one'],
  ['delete deploy a --cascade=false', 'delete deployments.apps default/a delete-object orphan'],
  ['delete pods --all -n shop', 'delete pods shop/* delete-pod all'],
  ['delete pods -l app=web', 'delete pods default/* delete-pod selector'],
  ['delete pods -l app!=web', 'delete pods default/* delete-pod selector,all'],
  ['delete pods -l tier,!x', 'delete pods default/* delete-pod selector,all'],
  [
    'delete pods --field-selector=status.phase=Failed -A',
    'delete pods */* delete-pod selector,finished-only,all-namespaces',
  ],
  [
    'delete pv,pvc --all -n x',
    'delete persistentvolumes /* delete-object all',
    'delete persistentvolumeclaims x/* delete-object all',
  ],
  ['delete clusterrole admin', 'delete clusterroles.rbac.authorization.k8s.io /admin grant'],
  ['delete -f app.yaml', 'delete *.* default/* delete-object unseen-content,kind-unknown'],
  ['scale deploy/web --replicas=3', 'patch deployments.apps/scale default/web scale'],
  ['scale deploy/web --replicas=0x0', 'patch deployments.apps/scale default/web scale scale-to-zero'],
  ['scale --all deploy --replicas=21', 'patch deployments.apps/scale default/* scale scale-up,all'],
  ['rollout restart deploy/web', 'patch deployments.apps default/web rollout-restart'],
  [
    'rollout restart ds,sts',
    'patch daemonsets.apps default/* rollout-restart all',
    'patch statefulsets.apps default/* rollout-restart all',
  ],
  ['rollout undo deploy web --to-revision=3', 'patch deployments.apps default/web rollout-undo'],
  ['rollout pause deploy web', 'patch deployments.apps default/web rollout-pause pause'],
  ['set image deploy/web *=web:2', 'patch deployments.apps default/web set-image starts-image,mutable-image'],
  ['get pods', 'list pods default/* read'],
  ['get pods,secret x', 'get pods default/x read', 'get secrets default/x sensitive-read'],
  ['get pod x --watch-only', 'watch pods default/x read'],
  ['describe nodes', 'list nodes /* read'],
  ['logs deploy/web', 'get pods/log default/* read'],
  ['logs web-1 -n shop', 'get pods/log shop/web-1 read'],
  ['auth can-i delete pods', 'create selfsubjectaccessreviews.authorization.k8s.io /∅ read'],
  ['config view'],
  ['config view --raw', 'get kubeconfig /∅ sensitive-read'],
  ['delete pod x --help'],
  ['delete pod x --dry-run=server', 'delete pods default/x read (dry)'],
  ['delete pod x --dry-run=none', 'delete pods default/x delete-pod'],
  [
    'delete secret x --dry-run=client -o yaml',
    'delete secrets default/x read (dry)',
    'get secrets default/x sensitive-read',
  ],
  // nodes
  ['cordon n1 n2', 'patch nodes /n1 cordon', 'patch nodes /n2 cordon'],
  ['uncordon -l a=b', 'patch nodes /* uncordon selector'],
  ['taint nodes n1 a=b:NoSchedule c-', 'patch nodes /n1 taint'],
  ['taint nodes --all a=b:NoExecute', 'patch nodes /* taint no-execute,all'],
  [
    'drain n1 --force --delete-emptydir-data',
    'patch nodes /n1 drain force,emptydir',
    'create pods/eviction */* drain force,emptydir',
  ],
  [
    'drain n1 --disable-eviction --grace-period=0',
    'patch nodes /n1 drain grace-zero,disable-eviction',
    'delete pods */* drain grace-zero,disable-eviction',
  ],
  // metadata
  ['label pod a x=y', 'patch pods default/a label new-label'],
  ['label pods --all x-', 'patch pods default/* label membership,all'],
  ['label --list pods a', 'get pods default/a read'],
  ['label ns shop x=y', 'patch namespaces /shop label new-label,namespace-label'],
  ['label role r x=y', 'patch roles.rbac.authorization.k8s.io default/r grant new-label'],
  ['annotate sa s iam.gke.io/gcp-service-account=x', 'patch serviceaccounts default/s annotate effectful-annotation'],
  ['annotate pod a note=x', 'patch pods default/a annotate'],
  ['label pod a x=y --local -o yaml'],
  // set
  ['set env deploy/web A=b', 'patch deployments.apps default/web set-config'],
  ['set env deploy/web --from=secrets.v1./db', 'patch deployments.apps default/web set-config from-secret'],
  ['set env deploy/web --list', 'get deployments.apps default/web read'],
  ['set env deploy/web --list --resolve', 'get deployments.apps default/web sensitive-read'],
  ['set resources deploy web --limits=cpu=1', 'patch deployments.apps default/web set-config'],
  [
    'set subject clusterrolebinding b --group=system:masters',
    'patch clusterrolebindings.rbac.authorization.k8s.io /b grant grants-admin',
  ],
  // made from flags
  ['create configmap c', 'create configmaps default/c create'],
  ['create ns shop', 'create namespaces /shop create'],
  [
    'create deploy web --image=a -- run',
    'create deployments.apps default/web create explicit-command,starts-image,mutable-image',
  ],
  ['create job j --from=cronjob/c', 'create jobs.batch default/j create'],
  ['create svc loadbalancer s --tcp=80', 'create services default/s create exposes'],
  ['create svc clusterip s --tcp=80', 'create services default/s create'],
  [
    'create clusterrolebinding b --clusterrole=cluster-admin --user=u',
    'create clusterrolebindings.rbac.authorization.k8s.io /b grant grants-admin',
  ],
  ['create rolebinding b --clusterrole=view --user=u', 'create rolebindings.rbac.authorization.k8s.io default/b grant'],
  ['create secret generic s --type=kubernetes.io/service-account-token', 'create secrets default/s grant'],
  ['create token builder -n ci', 'create serviceaccounts/token ci/builder grant'],
  ['create secret generic s --from-literal=a=b --dry-run=client -o yaml', 'create secrets default/s read (dry)'],
  ['expose deploy web --type=NodePort --name=front', 'create services default/front create exposes'],
  ['autoscale deploy web --max=3', 'create horizontalpodautoscalers.autoscaling default/web autoscale'],
  ['run web --image=web:1', 'create pods default/web create starts-image,mutable-image'],
  [
    'run web --image=web:1 --expose --port=80',
    'create pods default/web create starts-image,mutable-image',
    'create services default/web create',
  ],
  [
    'run -i --rm t --image=t',
    'create pods default/t exec starts-image,mutable-image',
    'connect pods/attach default/t exec',
    'delete pods default/t delete-pod',
  ],
  [
    `run t --image=t --overrides='{"metadata":{"name":"u"}}'`,
    'create pods default/u create explicit-command,starts-image,mutable-image',
  ],
  // pods
  ['exec web-1 -- ls', 'connect pods/exec default/web-1 exec'],
  ['exec deploy/web -- ls', 'connect pods/exec default/* exec'],
  ['attach web-1', 'connect pods/attach default/web-1 exec'],
  ['cp a.txt shop/web-1:/tmp', 'connect pods/exec shop/web-1 exec'],
  ['port-forward svc/web 80', 'connect pods/portforward default/* tunnel'],
  ['proxy', 'connect *.* /* tunnel'],
  ['debug web-1 --image=b', 'patch pods/ephemeralcontainers default/web-1 exec starts-image,mutable-image'],
  [
    'debug web-1 --image=b --copy-to=c --replace',
    'create pods default/c exec starts-image,mutable-image',
    'delete pods default/web-1 delete-pod',
  ],
  ['debug node/n1 --image=b', 'create pods default/∅ exec starts-image,mutable-image,host-namespaces,privileged'],
  // what a real kubectl showed (docs/parity.md)
  ['taint nodes a b --all x=y:NoSchedule', 'patch nodes /* taint all'],
  ['scale deploy web --current-replicas=2 --replicas=1', 'update deployments.apps/scale default/web scale'],
  [
    'scale deploy web --replicas=1 --record',
    'patch deployments.apps/scale default/web scale',
    'patch deployments.apps default/web annotate',
  ],
  ['cluster-info -n x', 'list services x/* read'],
  // rights
  ['certificate approve c', 'update certificatesigningrequests.certificates.k8s.io/approval /c grant approves-csr'],
  ['certificate deny c', 'update certificatesigningrequests.certificates.k8s.io/approval /c grant'],
  [
    'auth reconcile -f rbac.yaml',
    'create *.* default/* grant unseen-content,kind-unknown',
    'update *.* default/* grant unseen-content,kind-unknown',
  ],
  // raw
  ['get --raw /api/v1/namespaces/x/secrets/s', 'get secrets x/s sensitive-read'],
  ['get --raw /api/v1/namespaces/x/%73ecrets', 'list secrets x/* sensitive-read'],
  ['get --raw /api/v1/nodes/n/proxy/run', 'connect nodes/proxy /n sensitive-read'],
  ['get --raw /api/v1/namespaces/x/pods?watch=1', 'watch pods x/* read'],
  ['get --raw /healthz', 'get /healthz /∅ read'],
  ['get --raw https://elsewhere/api/v1/namespaces/x', 'get namespaces /x read'],
  ['delete --raw /api/v1/namespaces/x', 'delete namespaces /x delete-object raw'],
  ['delete --raw /api/v1/namespaces/x/', 'delete namespaces /x delete-object raw'],
  [
    'delete --raw /apis/apps/v1/deployments',
    'deletecollection deployments.apps */* delete-object raw,all,all-namespaces',
  ],
  ['delete --raw /api/v1/namespaces/x/pods?labelSelector=a%3Db', 'deletecollection pods x/* delete-pod raw,selector'],
  ['create --raw /api/v1/namespaces/x/pods/p/eviction -f -', 'create pods/eviction x/p delete-pod raw,unseen-content'],
  ['replace --raw /api/v1/namespaces/x/finalize -f -', 'update namespaces/finalize /x apply raw,unseen-content'],
  ['delete --raw /api/v1/namespaces/a/../b'],
  ['delete --raw /api/v1/namespaces/a#b', 'delete namespaces /a delete-object raw'],
  ['label --list pods a x=y', 'get pods default/a read'],
  // what prints a Secret reads it
  ['label secret s a=b -o yaml', 'patch secrets default/s label new-label', 'get secrets default/s sensitive-read'],
  ['label secret s a=b -o name', 'patch secrets default/s label new-label'],
  // dry runs that kubectl refuses are none
  [
    'replace --force -f x.yaml --dry-run=server',
    'delete *.* default/* delete-object force,unseen-content,kind-unknown',
    'create *.* default/* create force,unseen-content,kind-unknown',
  ],
  ['delete pod x --dry-run=server --frobnicate', 'delete pods default/x delete-pod'],
];

describe('what a command does', () => {
  for (const [line, ...effects] of DO) {
    test(line, () => assert.deepEqual(understood(line).effects.map(summary), effects));
  }
});

/** What is not only effects: opaque, undecided, refused. */
const CONCERNS: readonly (readonly [line: string, opaque: string | null, undecided: boolean, codes: string])[] = [
  ['get pods', null, false, ''],
  ['frobnicate', 'human', false, ''],
  ['create frobnicate', 'human', false, ''],
  ['delete', 'human', false, ''],
  ['config use-context x', 'human', false, ''],
  ['config view', null, false, ''],
  ['delete widget x', null, true, 'unknown-kind,hard-rule-undecided'],
  ['delete widgets.example.com x', null, false, ''],
  ['get widget x', null, false, ''],
  ['delete widget x --dry-run=client', null, false, ''],
  ['delete pod Web', null, false, 'invalid-name'],
  ['delete pod x -n kube‑system', null, false, 'invalid-name'],
  ['get clusterrole system:node', null, false, ''],
  ['edit deploy x', null, true, 'hard-rule-undecided'],
  ['apply edit-last-applied deploy x', null, true, 'hard-rule-undecided'],
  ['patch deploy x --patch-file p.yaml', null, true, 'hard-rule-undecided,unseen-content'],
  ['run x --image=i --overrides={', null, true, 'hard-rule-undecided'],
  ['apply -f x --prune --all --applyset=s', null, true, 'unseen-content,hard-rule-undecided'],
  ['get --raw /api/v1/namespaces/a/../b/secrets', 'dual', true, 'hard-rule-undecided'],
  ['get --raw /api/v1/namespaces/a%2fsecrets', 'dual', true, 'hard-rule-undecided'],
  ['get --raw /api/v1//namespaces', 'dual', true, 'hard-rule-undecided'],
  ['get --raw /logs/', 'human', false, ''],
  ['delete --raw /frobnicate', 'dual', true, ''],
  ['rollout status -f x.yaml', 'auto', false, 'unseen-content'],
  ['get -f x.yaml', 'human', false, 'unseen-content'],
  ['create -f x.yaml --edit', null, true, 'unseen-content,hard-rule-undecided'],
  ['delete \0 x', 'human', true, 'hard-rule-undecided'],
];

describe('what cannot be known or would be refused', () => {
  for (const [line, opaque, undecided, codes] of CONCERNS) {
    test(JSON.stringify(line), () => {
      const outcome = understood(line);
      assert.equal(outcome.opaque?.floor ?? null, opaque);
      assert.equal(outcome.undecided, undecided);
      assert.equal([...new Set(outcome.refusals.map(({ code }) => code))].join(','), codes);
    });
  }
});

test('commands inside containers are read, whatever starts them', () => {
  const argvs = (line: string): readonly unknown[] => {
    const nested: Proposed[] = [];
    understood(line, {}, nested);
    return nested.map((one) => (one.kind === 'argv' ? one.argv.join(' ') : one.line));
  };
  assert.deepEqual(argvs('exec p -- rm -rf /'), ['rm -rf /']);
  assert.deepEqual(argvs('exec p rm x'), ['rm x']);
  assert.deepEqual(argvs('run x --image=i -- rm x'), ['rm x']);
  assert.deepEqual(argvs('run x --image=bitnami/kubectl -- delete ns a'), ['delete ns a', 'kubectl delete ns a']);
  assert.deepEqual(argvs('create job j --image=i -- rm x'), ['rm x']);
  assert.deepEqual(argvs('create cronjob j --image=i --schedule=x -- rm x'), ['rm x']);
  assert.deepEqual(argvs('debug p --image=i -- rm x'), ['rm x']);
  assert.deepEqual(argvs('get --raw /api/v1/namespaces/x/pods/p/exec?command=rm&command=x'), ['rm x']);
  assert.deepEqual(argvs('run x --image=i --dry-run=client -- rm x'), []);
  assert.deepEqual(argvs(`run x --image=i --overrides='{"spec":{"containers":[{"command":["rm","x"]}]}}'`), ['rm x']);
  const hook =
    '{"op":"add","path":"/spec/template/spec/containers/0/lifecycle","value":{"preStop":{"exec":{"command":["rm","x"]}}}}';
  assert.deepEqual(argvs(`patch deploy d --type=json -p '[${hook}]'`), ['rm x']);
  const words = '{"op":"replace","path":"/spec/template/spec/containers/0/command","value":["rm","x"]}';
  assert.deepEqual(argvs(`patch deploy d --type=json -p '[${words}]'`), ['rm x']);
});

test('an identity of its own, or a file that is written, steers away', () => {
  assert.equal(understood('get pods --context=x').overridesTarget, true);
  assert.equal(understood('cluster-info dump --output-directory=x').overridesTarget, true);
  assert.equal(understood('get pods').overridesTarget, false);
});
