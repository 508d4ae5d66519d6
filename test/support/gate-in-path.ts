// A whole gate with its proxy in front of a real control plane, and the kubectl of an agent behind it. For tests only.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuthority } from '../../src/adapters/certificates/authority.ts';
import { kubeconfigCommand } from '../../src/doors/cli/commands/kubeconfig.ts';
import { DEFAULT_TUNING, type Tuning } from '../../src/doors/compose/tuning.ts';
import { composeGate, type RunningGate } from '../../src/doors/compose.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { memoryLog } from '../fakes/log.ts';
import type { ControlPlane } from '../servers/kubernetes.ts';
import { type Manifest, readManifest } from '../servers/manifest.ts';

const hash = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

const RBAC: Readonly<Record<string, string>> = {
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

/** The account of the proxy in these tests: a user of the plane who has no right but what deploy/proxy.yaml gives. */
const PROXY_USER = 'ben';

/** deploy/proxy.yaml as an operator installs it, for the user that plays its account. */
export const installProxyRoles = async (
  plane: ControlPlane,
  change: (object: Manifest) => Manifest | null = (object) => object,
): Promise<void> => {
  const subject = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: PROXY_USER };
  for (const object of readManifest(join(import.meta.dirname, '../../deploy/proxy.yaml'))) {
    const path = RBAC[object.kind];
    const wanted = change(object);
    if (path === undefined || wanted === null) continue;
    const isOwn = object.metadata.name === 'blastgate-proxy' && object.kind === 'ClusterRoleBinding';
    const body = isOwn ? { ...wanted, subjects: [subject] } : wanted;
    const { status, body: said } = await plane.request('admin', 'POST', path, body);
    if (status !== 201) throw new Error(`${object.kind} refused: ${JSON.stringify(said)}`);
  }
};

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
}

export const openGateInPath = async (
  plane: ControlPlane,
  more: Readonly<Record<string, string>> = {},
  tuning: Partial<Tuning> = {},
  agents: readonly string[] = ['healer', 'other'],
) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-path-'));
  const people = join(folder, 'people.yaml');
  const person = (id: string, rights: string) =>
    `  - { id: ${id}, name: ${id}, rights: [${rights}], tokens: ["${hash(id)}"] }\n`;
  const agent = (id: string) => `  - { id: ${id}, owner: ana, rights: [read, propose], tokens: ["${hash(id)}"] }\n`;
  writeFileSync(
    people,
    `people:\n${person('ana', 'read, propose, approve, admin')}${['bob', 'cho', 'dee'].map((id) => person(id, 'read, approve')).join('')}` +
      `agents:\n${agents.map(agent).join('')}`,
  );
  const proxyPort = 20_000 + Math.floor(Math.random() * 20_000);
  const env: Record<string, string> = {
    HOME: folder,
    KUBECONFIG: plane.kubeconfigPath('gate'),
    BLASTGATE_DATA: join(folder, 'data'),
    BLASTGATE_PEOPLE: people,
    BLASTGATE_LISTEN: '127.0.0.1:0',
    BLASTGATE_PROXY_LISTEN: `127.0.0.1:${proxyPort}`,
    BLASTGATE_PROXY_KUBECONFIG: plane.kubeconfigPath(PROXY_USER),
    AIOPS_P5_GITOPS_PR: 'false',
    ...more,
  };
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const log = memoryLog();
  const start = (): Promise<RunningGate> =>
    composeGate(read.settings, { ...DEFAULT_TUNING, proposalsPerMinute: 6000, ...tuning }, log);
  let running = await start();

  /** The kubeconfig that `blastgate kubeconfig` prints; its path. */
  const kubeconfigOf = async (who: string, incident: string | null): Promise<string> => {
    let text = '';
    const terminal = {
      env: { ...env, BLASTGATE_TOKEN: who },
      out: (said: string): void => {
        text += said;
      },
      err: () => undefined,
    };
    const input = { words: [who], values: incident === null ? {} : { incident } };
    // as: what the command uses of its input and terminal.
    await kubeconfigCommand.run(input as never, terminal as never);
    const path = join(folder, `${who}-${incident ?? 'adhoc'}.kubeconfig`);
    writeFileSync(path, text);
    return path;
  };
  const kubectl = async (
    words: readonly string[],
    {
      who = 'healer',
      incident = null,
      input = '',
      executable = plane.kubectlPath,
    }: {
      readonly who?: string;
      readonly incident?: string | null;
      readonly input?: string;
      readonly executable?: string;
    } = {},
  ): Promise<Ran> => {
    const kubeconfig = await kubeconfigOf(who, incident);
    return new Promise((done) => {
      const child = execFile(
        executable,
        [...words],
        { env: { HOME: folder, KUBECONFIG: kubeconfig, PATH: '/nonexistent' }, timeout: 120_000, maxBuffer: 1 << 26 },
        (error, out, err) =>
          done({ code: error === null ? 0 : Number(error.code ?? -1), out, err, endedAt: Date.now() }),
      );
      child.stdin?.end(input);
    });
  };
  /** The HTTP door, as whoever has this token. */
  const ask = async (who: string, method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${running.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: a proposal as the door shows it, read by tests only
    return { status: answer.status, body: (await answer.json()) as any };
  };
  return {
    folder,
    env,
    log,
    kubectl,
    kubeconfigOf,
    ask,
    url: () => running.url,
    proxyUrl: () => running.proxyUrl ?? '',
    /** What a client must trust. */
    trust: async () => (await openAuthority(join(folder, 'data'))).caPem,
    /** Ends the gate and starts it again on the same data. */
    restart: async () => {
      await running.stop();
      running = await start();
    },
    close: async () => {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
export type GateInPath = Awaited<ReturnType<typeof openGateInPath>>;
