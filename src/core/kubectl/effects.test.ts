// Commands and what they do to the cluster, a line each. It must never score anything.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summary, understood } from './effects/understood.test.ts';

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
];

describe('what a command does', () => {
  for (const [line, ...effects] of DO) {
    test(line, () => assert.deepEqual(understood(line).effects.map(summary), effects));
  }
});
