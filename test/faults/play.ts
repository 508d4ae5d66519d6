// What people and machines do around the real gate before a sandbox cluster, however often it dies.
import type { Fault } from '../../src/sandbox/cluster/faults.ts';
import { clientOf } from './gate-client.ts';
import type { RealGate } from './real-gate.ts';

/** `next` starts the gate again after its death. */
export const playOn = (gate: RealGate, next: () => Promise<void>) => {
  let [incident, command] = ['INC-1', ''];
  const { insist, seen, post, until, vote, takeBack } = clientOf(gate, next);

  const cluster = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${gate.cluster.url}${path}${path.includes('?') ? '&' : '?'}fieldManager=by-hand`, {
      method,
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const deployment = (namespace: string, name = ''): string =>
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;

  return {
    until,
    seen,
    fault: (fault: Fault): void => gate.cluster.inject(fault),
    propose: async (text: string, about = 'INC-1'): Promise<void> => {
      [incident, command] = [about, text];
      await post({ command, incident }, 0);
    },
    proposeNewer: (text: string): Promise<void> => post({ command: text, incident }, 1),
    vote,
    takeBack,
    cancel: async (): Promise<void> => {
      const { id } = await seen();
      await insist(() => gate.ask('DELETE', `/proposals/${id}`, 'ana'));
    },
    pause: async (what: 'pause' | 'resume'): Promise<void> => {
      await insist(() => gate.ask('POST', `/${what}`, 'ana', {}));
    },
    goDown: async (): Promise<void> => {
      await gate.kill();
      await next();
    },
    scaleByHand: async (namespace: string, name: string, replicas: number): Promise<void> => {
      await cluster('PATCH', deployment(namespace, name), { spec: { replicas } });
    },
    /** Another object of the same name. */
    replaceByHand: async (namespace: string, name: string): Promise<void> => {
      const old = (await cluster('GET', deployment(namespace, name))) as {
        readonly spec: unknown;
        readonly metadata: { readonly labels: unknown };
      };
      await cluster('DELETE', `${deployment(namespace, name)}?propagationPolicy=Background`);
      const { labels } = old.metadata;
      const fresh = {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, namespace, labels },
        spec: old.spec,
      };
      await cluster('POST', deployment(namespace).replace(/\/$/, ''), fresh);
    },
    anyPod: async (namespace: string, app: string): Promise<string> => {
      const list = (await cluster('GET', `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`)) as {
        readonly items: readonly { readonly metadata: { readonly name: string } }[];
      };
      const name = list.items[0]?.metadata.name;
      if (name === undefined) throw new Error(`no pod of ${app} in ${command}`);
      return name;
    },
  };
};
export type Play = ReturnType<typeof playOn>;
