// Several real control planes and one gate that looks after all of them; each plane can be killed, frozen, brought back or rebuilt.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isFinal, isState } from '../../src/core/remediation/state.ts';
import { DEFAULT_TUNING } from '../../src/doors/compose/tuning.ts';
import { composeGate, type RunningGate } from '../../src/doors/compose.ts';
import { newCast } from '../../src/doors/demo/cast.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { memoryLog } from '../fakes/log.ts';
import { writesOf } from '../servers/audit-log.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';

/** A remediation is certain after a few seconds, so that one can be met while it is watched. */
const TUNING = {
  ...DEFAULT_TUNING,
  verdictRule: { settleSeconds: 2, certainAfterSeconds: 2 },
  proposalsPerMinute: 100_000,
};
export const NAMESPACE = 'shop';

export interface Proposal {
  readonly id: string;
  readonly state: string;
  readonly digest: string;
  readonly clusterUid: string;
  /** Milliseconds until the proposal was answered. */
  readonly tookMs: number;
}

export interface Refused {
  readonly code: string;
  readonly tookMs: number;
}

export interface Fleet {
  readonly log: ReturnType<typeof memoryLog>;
  gate(): RunningGate;
  /** Ends the gate, lets something be done, and starts one on the same store. */
  restartGate(between: () => void): Promise<void>;
  propose(cluster: string, incident: string, command: string): Promise<Proposal | Refused>;
  /** Everybody who may votes until it is enough. */
  approve(proposal: Proposal): Promise<void>;
  stateOf(id: string): Promise<string>;
  /** Waits until the proposal is in one of the states; throws where it ended in another. */
  until(id: string, states: readonly string[]): Promise<string>;
  /** What the gate wrote to a deployment of the cluster, dry runs left out. */
  writesTo(cluster: string, deployment: string): number;
  deploy(cluster: string, names: readonly string[]): Promise<void>;
  /** SIGKILL to every program of the plane; its data stay. */
  kill(cluster: string): Promise<void>;
  /** SIGSTOP and SIGCONT to every program: it takes connections and answers nothing. */
  freeze(cluster: string): void;
  thaw(cluster: string): void;
  /** The killed plane again, with all it had. */
  revive(cluster: string): Promise<void>;
  /** Another cluster in the place of the killed one: same name, address, authority and tokens. */
  rebuild(cluster: string): Promise<void>;
  /** The gate's way to a cluster becomes that to another one, under the old name. */
  swap(cluster: string, other: string): void;
  stop(): Promise<void>;
}

const deployment = (name: string): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: NAMESPACE },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: 'registry.example/web:1' }] },
    },
  },
});

/** Asks until it is so; throws after two minutes. */
const eventually = async (
  what: string,
  isSo: () => Promise<boolean> | boolean,
  instead: () => Promise<string> | string = () => '',
): Promise<void> => {
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await pause(50)) {
    if (await isSo()) return;
  }
  throw new Error(`${what}: not within two minutes ${await instead()}`);
};

/** Starts a plane for each name and one gate over them, and answers when the gate knows all of them. */
export async function startFleet(names: readonly string[]): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-fleet-'));
  const planes = new Map<string, ControlPlane>();
  for (const name of names) planes.set(name, await startControlPlane({ dir: join(folder, name) }));
  const planeOf = (name: string): ControlPlane => {
    const plane = planes.get(name);
    if (plane === undefined) throw new Error(`no plane ${name}`);
    return plane;
  };
  const kubeconfigOf = (name: string): string => join(folder, `gate-of-${name}.kubeconfig`);
  const swap = (name: string, other: string): void =>
    writeFileSync(kubeconfigOf(name), readFileSync(planeOf(other).kubeconfigPath('gate')), { mode: 0o600 });
  for (const name of names) swap(name, name);

  const { peopleYaml, tokens } = newCast();
  const log = memoryLog();
  const settings = settingsIn(folder, names, kubeconfigOf, peopleYaml);
  let gate = await composeGate(settings, TUNING, log);

  const call = async (who: keyof typeof tokens, method: string, path: string, body?: object) => {
    const answer = await fetch(`${gate.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[who]}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // as: a proposal or a refusal of the HTTP door.
    return { status: answer.status, body: (await answer.json()) as { readonly [key: string]: unknown } };
  };
  const stateOf = async (id: string): Promise<string> =>
    String((await call('ana', 'GET', `/proposals/${id}`)).body['state']);
  const kill = async (name: string): Promise<void> => {
    for (const pid of planeOf(name).pids) process.kill(pid, 'SIGKILL');
    await planeOf(name).stop();
  };
  const revive = async (name: string): Promise<void> => {
    planes.set(name, await startControlPlane({ dir: join(folder, name) }));
  };
  const signal = (name: string, what: NodeJS.Signals): void => {
    for (const pid of planeOf(name).pids) process.kill(pid, what);
  };
  return {
    log,
    gate: () => gate,
    restartGate: async (between) => {
      await gate.stop();
      between();
      gate = await composeGate(settings, TUNING, log);
    },
    propose: async (cluster, incident, command) => {
      const began = performance.now();
      const { status, body } = await call('healer', 'POST', '/proposals', { cluster, incident, command });
      const tookMs = performance.now() - began;
      if (status !== 201) return { code: String(body['code']), tookMs };
      const { digest, cluster: sealed } = body['spec'] as { digest: string; cluster: { uid: string } };
      return { id: String(body['id']), state: String(body['state']), digest, clusterUid: sealed.uid, tookMs };
    },
    approve: async ({ id, digest }) => {
      for (const who of ['ben', 'mei'] as const) {
        const { status, body } = await call(who, 'POST', `/proposals/${id}/votes`, { decision: 'approve', digest });
        if (status >= 400 && status !== 409) throw new Error(JSON.stringify(body));
        if (body['state'] !== 'awaiting-approval') return;
      }
    },
    stateOf,
    until: async (id, states) => {
      let state = '';
      const isThere = async (): Promise<boolean> => {
        state = await stateOf(id);
        if (states.includes(state)) return true;
        if (isState(state) && isFinal(state)) throw new Error(`${id} ended ${state}, not ${states.join(' or ')}`);
        return false;
      };
      const story = async (): Promise<string> => {
        const events = await gate.gate.store.trail.eventsOf(id, new AbortController().signal);
        const said = events
          .slice(-6)
          .map(({ at, event, to }) => `${at} ${JSON.stringify(event).slice(0, 1500)} -> ${to}`);
        return `but ${state}; the last of it:\n${said.join('\n')}`;
      };
      await eventually(`${id} in ${states.join(' or ')}`, isThere, story);
      return state;
    },
    writesTo: (cluster, name) =>
      writesOf(planeOf(cluster).auditLogPath, 'gate').filter(
        ({ objectRef, requestURI, responseStatus }) =>
          objectRef?.name === name && !requestURI.includes('dryRun=') && responseStatus.code < 300,
      ).length,
    deploy: async (cluster, wanted) => {
      const { request } = planeOf(cluster);
      await request('admin', 'POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
      const at = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`;
      for (const name of wanted) await request('admin', 'POST', at, deployment(name));
      for (const name of wanted)
        await eventually(`${cluster}: ${name} is ready`, async () => {
          const { body } = await request('admin', 'GET', `${at}/${name}`);
          return (body as { readonly status?: { readonly readyReplicas?: number } }).status?.readyReplicas === 2;
        });
    },
    kill,
    freeze: (name) => signal(name, 'SIGSTOP'),
    thaw: (name) => signal(name, 'SIGCONT'),
    revive,
    rebuild: async (name) => {
      rmSync(join(folder, name, 'etcd'), { recursive: true });
      await revive(name);
    },
    swap,
    stop: async () => {
      await gate.stop();
      for (const plane of planes.values()) await plane.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const settingsIn = (
  folder: string,
  names: readonly string[],
  kubeconfigOf: (name: string) => string,
  peopleYaml: string,
) => {
  const at = (name: string): string => join(folder, name);
  const lines = names.map(
    (name) =>
      `  - { name: ${name}, kubeconfig: "${kubeconfigOf(name)}", namespaceClass: production, budgets: { workload: 100000, namespace: 100000, cluster: 100000 } }`,
  );
  writeFileSync(at('clusters.yaml'), `clusters:\n${lines.join('\n')}\n`);
  writeFileSync(at('people.yaml'), peopleYaml);
  mkdirSync(at('data'), { mode: 0o700 });
  const read = readSettings({
    BLASTGATE_DATA: at('data'),
    BLASTGATE_LISTEN: '127.0.0.1:0',
    BLASTGATE_PEOPLE: at('people.yaml'),
    BLASTGATE_CLUSTERS: at('clusters.yaml'),
  });
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
};
