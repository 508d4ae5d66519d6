// How behaviours of workloads create deployments, change them and wait until they have rolled out.
import { deployment, isRolledOut, ok, type Scene, STRATEGIC } from './behaviour.ts';
import type { Json } from './client.ts';

export const REVISION = 'deployment.kubernetes.io/revision';

export function image(value: string): Json {
  return { spec: { template: { spec: { containers: [{ name: 'main', image: value }] } } } };
}

export function condition(object: Json, type: string): Json {
  return object.status?.conditions?.find((one: Json) => one.type === type);
}

/** Creates a deployment and waits until it has rolled out. */
export async function rolledOut({ create, path, until }: Scene, name: string, options: Json = {}): Promise<Json> {
  await create('apps/v1', 'deployments', deployment(name, options));
  return until(path('apps/v1', 'deployments', `/${name}`), isRolledOut);
}

/** Patches a deployment and waits until it has rolled out again. */
export async function change({ call, path, until }: Scene, name: string, body: Json, type = STRATEGIC): Promise<Json> {
  const where = path('apps/v1', 'deployments', `/${name}`);
  ok(await call('PATCH', where, { body, type }));
  return until(where, isRolledOut);
}

export async function replicaSets({ call, path }: Scene, app: string): Promise<readonly Json[]> {
  const { items } = ok(await call('GET', `${path('apps/v1', 'replicasets')}?labelSelector=app%3D${app}`));
  return [...items].sort((a, b) => Number(a.metadata.annotations[REVISION]) - Number(b.metadata.annotations[REVISION]));
}
