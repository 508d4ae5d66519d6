// A client of the real gate that outlives its death: asks again until it was heard, brings a dead gate back.
import type { Fault } from '../../src/sandbox/cluster/faults.ts';
import { GateDied, type RealGate, type Seen } from './real-gate.ts';

const PATIENCE_MS = 180_000;

/** `next` starts the gate again after its death. */
export const playOn = (gate: RealGate, next: () => Promise<void>) => {
  let [incident, command] = ['INC-1', ''];

  const insist = async <T>(act: () => Promise<T>): Promise<T> => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof GateDied)) throw error;
        await gate.gone();
        await next();
      }
    }
    throw new Error(`no answer in time; the gate last said:\n${gate.noise().slice(-4000)}`);
  };

  const proposals = async (): Promise<readonly Seen[]> => {
    const { json } = await gate.ask('GET', '/proposals', 'ana');
    return (json as { readonly proposals: readonly Seen[] }).proposals;
  };

  /** The proposal that the case is about: the first of its incident. */
  const seen = (): Promise<Seen> =>
    insist(async () => {
      const oldest = (await proposals()).at(-1);
      if (oldest === undefined) throw new Error('the proposal is lost');
      const { json } = await gate.ask('GET', `/proposals/${oldest.id}`, 'ana');
      return json as Seen;
    });

  /** As a careful client does: before it asks again, it looks whether it was heard. */
  const post = (text: string, known: number): Promise<void> =>
    insist(async () => {
      if ((await proposals()).length > known) return;
      const { status, json } = await gate.ask('POST', '/proposals', 'healer', { command: text, incident });
      if (status !== 201 && status !== 200) throw new Error(`${text}: ${status} ${JSON.stringify(json)}`);
    });

  const until = async (fits: (state: string) => boolean): Promise<Seen> => {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      const one = await seen();
      if (fits(one.state)) return one;
      await gate.rest(25);
    }
    const { state } = await seen();
    throw new Error(`it stays ${state}; the gate last said:\n${gate.noise().slice(-4000)}`);
  };

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
      await post(text, 0);
    },
    proposeNewer: (text: string): Promise<void> => post(text, 1),
    vote: async (who: string, decision: 'approve' | 'reject'): Promise<void> => {
      const { id, digest } = await seen();
      await insist(async () => {
        const { status, json } = await gate.ask('POST', `/proposals/${id}/votes`, who, { decision, digest });
        const code = (json as { readonly code?: string }).code;
        if (status >= 300 && code !== 'already-voted' && code !== 'not-open')
          throw new Error(`vote of ${who}: ${status} ${JSON.stringify(json)}`);
      });
    },
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
