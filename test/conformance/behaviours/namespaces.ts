// Behaviours of a cluster: the life of a namespace.
import assert from 'node:assert/strict';
import { type Behaviour, configMap, MERGE, ok, refused } from '../behaviour.ts';

export const NAMESPACES: readonly Behaviour[] = [
  {
    area: 'namespaces',
    name: 'a namespace is made with its label, account and certificate, and takes everything with it',
    check: async ({ call, until, namespace }) => {
      const name = `${namespace}-short`;
      const made = ok(
        await call('POST', '/api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } }),
        201,
      );
      assert.deepEqual(
        [made.metadata.labels, made.spec.finalizers, made.status.phase],
        [{ 'kubernetes.io/metadata.name': name }, ['kubernetes'], 'Active'],
      );
      const inside = `/api/v1/namespaces/${name}`;
      await until(`${inside}/serviceaccounts/default`, (one) => one.kind === 'ServiceAccount');
      await until(`${inside}/configmaps/kube-root-ca.crt`, (one) => one.kind === 'ConfigMap');
      ok(
        await call('POST', `${inside}/configmaps`, {
          body: { apiVersion: 'v1', ...configMap('held', {}, { finalizers: ['example.com/hold'] }) },
        }),
        201,
      );
      const marked = ok(await call('DELETE', inside));
      assert.deepEqual([marked.kind, marked.status.phase], ['Namespace', 'Terminating']);
      const late = await call('POST', `${inside}/configmaps`, { body: { apiVersion: 'v1', ...configMap('late') } });
      refused(
        late,
        403,
        'Forbidden',
        `configmaps "late" is forbidden: unable to create new content in namespace ${name} because it is being terminated`,
      );
      ok(await call('PATCH', `${inside}/configmaps/held`, { body: { metadata: { finalizers: null } }, type: MERGE }));
      await until(inside, (one) => one.code === 404);
    },
  },
];
