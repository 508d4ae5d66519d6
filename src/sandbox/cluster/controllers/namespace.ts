// Namespaces: each gets its default service account and root certificate; one that terminates is emptied and then gone.
import { configMaps, KINDS, namespaces, serviceAccounts } from '../kinds.ts';
import type { KubeObject, Namespace } from '../model.ts';
import { removeObject } from '../removal.ts';
import type { World } from '../world.ts';
import { createObject } from '../writes.ts';
import { type Controller, splitKey } from './manager.ts';

export const namespaceController: Controller = {
  name: 'namespace',
  keys: ({ kind, object, type }, world) => {
    if (kind === namespaces) return [`/${object.metadata.name}`];
    const { namespace } = object.metadata;
    const inside = type === 'DELETED' && namespace !== undefined;
    const terminating =
      inside && world.storage.get(namespaces, null, namespace)?.metadata.deletionTimestamp !== undefined;
    return terminating ? [`/${namespace}`] : [];
  },
  reconcile: (world, key) => {
    const namespace = world.storage.get(namespaces, null, splitKey(key).name);
    if (namespace === null) return;
    if (namespace.metadata.deletionTimestamp === undefined) furnish(world, namespace);
    else empty(world, namespace);
  },
};

function furnish(world: World, namespace: Namespace): void {
  const { name } = namespace.metadata;
  if (world.storage.get(serviceAccounts, name, 'default') === null)
    createObject<KubeObject>(world, serviceAccounts, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: name },
    });
  if (world.storage.get(configMaps, name, 'kube-root-ca.crt') === null)
    createObject<KubeObject>(world, configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kube-root-ca.crt', namespace: name },
      data: { 'ca.crt': 'the sandbox has no certificates\n' },
    });
}

function empty(world: World, namespace: Namespace): void {
  const inside = KINDS.filter((kind) => kind.namespaced).flatMap((kind) =>
    world.storage.list(kind, namespace.metadata.name).map((object) => ({ kind, object })),
  );
  for (const { kind, object } of inside) {
    if (object.metadata.deletionTimestamp === undefined)
      removeObject(world, kind, object, { propagation: 'Background' });
  }
  if (KINDS.some((kind) => kind.namespaced && world.storage.list(kind, namespace.metadata.name).length > 0)) return;
  const saved = world.storage.put(namespaces, { ...namespace, spec: { finalizers: [] } });
  if ((saved.metadata.finalizers ?? []).length === 0) world.storage.remove(namespaces, saved);
}
