// Words of oc, and the kubectl command that does the same.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromOc } from './oc.ts';

describe('oc', () => {
  for (const [oc, kubectl] of [
    ['adm drain n1 --force', 'drain n1 --force'],
    ['-n a adm cordon n1', '-n a cordon n1'],
    ['adm certificate approve x', 'certificate approve x'],
    ['adm taint nodes n1 a=b:NoExecute', 'taint nodes n1 a=b:NoExecute'],
    ['policy add-role-to-user edit bob -n a', 'create rolebinding edit --clusterrole=edit --user=bob -n a'],
    [
      'adm policy add-cluster-role-to-group view a b',
      'create clusterrolebinding view --clusterrole=view --group=a --group=b',
    ],
    ['policy add-role-to-user edit -z x', 'create rolebinding edit --clusterrole=edit --serviceaccount=here:x'],
    ['policy add-role-to-user r bob --role-namespace=a', 'create rolebinding r --role=r --user=bob'],
    [
      'adm policy add-scc-to-user privileged -z x -n a',
      'create clusterrolebinding system:openshift:scc:privileged --clusterrole=system:openshift:scc:privileged --serviceaccount=a:x -n a',
    ],
    ['rsh -n a -c db p psql -c x', 'exec -n a --container=db p -- psql -c x'],
    ['rsh p', 'exec -it p -- sh'],
    ['extract secret/db --to=-', 'get secret/db -o=yaml'],
    ['rollout undo deploy/web', 'rollout undo deploy/web'],
    ['adm new-thing x', 'adm new-thing x'],
    ['policy remove-role-from-user a b', 'policy remove-role-from-user a b'],
    ['get pods', 'get pods'],
  ] as const)
    test(oc, () => assert.equal(fromOc(oc.split(' '), 'here').argv.join(' '), kubectl));

  test('extracting writes files unless it prints', () => {
    assert.equal(fromOc(['extract', 'cm/a'], 'x').writesFile, true);
    assert.equal(fromOc(['extract', 'cm/a', '--to=-'], 'x').writesFile, false);
  });
});
