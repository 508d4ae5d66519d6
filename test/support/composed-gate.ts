// A whole gate by its settings on a sandbox cluster, and calls of its HTTP door as somebody of a small cast. For tests only.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_TUNING } from '../../src/doors/compose/tuning.ts';
import { composeGate, type RunningGate } from '../../src/doors/compose.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { memoryLog } from '../fakes/log.ts';

export type Speaker = 'ana' | 'ben' | 'mei' | 'healer';

export interface Answer {
  readonly status: number;
  readonly body: { readonly [key: string]: unknown };
}

export interface ComposedGate extends RunningGate {
  readonly cluster: SandboxCluster;
  readonly log: ReturnType<typeof memoryLog>;
  call(who: Speaker, method: string, path: string, body?: object): Promise<Answer>;
  /** Waits until a proposal is in one of these states, and answers it. */
  until(id: string, states: readonly string[]): Promise<Answer>;
  close(): Promise<void>;
}

const hashOf = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

/** Ana owns the agent healer; Ben and Mei may approve. `accounts` by person, as people.yaml has them. */
const peopleYaml = (accounts: { readonly [person: string]: string }): string =>
  [
    'people:',
    ...(['ana', 'ben', 'mei'] as const).map(
      (id) =>
        `  - { id: ${id}, name: ${id}, rights: [read, propose, approve, admin], accounts: { ${accounts[id] ?? ''} }, tokens: ["${hashOf(id)}"] }`,
    ),
    'agents:',
    `  - { id: healer, owner: ana, rights: [read, propose], tokens: ["${hashOf('healer')}"] }`,
  ].join('\n');

/** `settings` beside those of folder, people and cluster. */
export async function openComposedGate(
  settings: Readonly<Record<string, string>>,
  accounts: { readonly [person: string]: string },
): Promise<ComposedGate> {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-composed-'));
  const cluster = await startSandboxCluster({ speed: 20 });
  const [people, data, kubeconfig] = [join(folder, 'people.yaml'), join(folder, 'data'), join(folder, 'kubeconfig')];
  writeFileSync(people, peopleYaml(accounts));
  writeFileSync(kubeconfig, cluster.kubeconfig());
  mkdirSync(data, { mode: 0o700 });
  const read = readSettings({
    BLASTGATE_DATA: data,
    BLASTGATE_LISTEN: '127.0.0.1:0',
    BLASTGATE_PEOPLE: people,
    KUBECONFIG: kubeconfig,
    ...settings,
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const log = memoryLog();
  const tuning = { ...DEFAULT_TUNING, verdictRule: { settleSeconds: 1, certainAfterSeconds: 1 } };
  const gate = await composeGate(read.settings, tuning, log);
  const call: ComposedGate['call'] = async (who, method, path, body) => {
    const answer = await fetch(`${gate.url}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${who}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  return {
    ...gate,
    cluster,
    log,
    call,
    until: async (id, states) => {
      for (let tries = 0; tries < 600; tries += 1) {
        const answer = await call('ana', 'GET', `/proposals/${id}`);
        if (states.includes(String(answer.body['state']))) return answer;
        await pause(100);
      }
      throw new Error(`${id} was never ${states.join(' or ')}`);
    },
    close: async () => {
      await gate.stop();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Until it is so, for a minute. */
export async function eventually(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    if (isSo()) return;
    await pause(100);
  }
  throw new Error(`it never came to that: ${what}`);
}
