// A real gate with its page, on a sandbox cluster, a loopback forge and chat: for people in real browsers; it can be started anew.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole } from '../../scripts/build-console.ts';
import { openGate } from '../../src/doors/demo/open-gate.ts';
import { peerClient, type Stage } from '../../src/doors/demo/stage.ts';
import type { PersonName } from '../../src/doors/demo/story.ts';
import { expectOk } from '../../src/doors/terminal/gate-client.ts';
import { startSandboxChat } from '../../src/sandbox/chat/start.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { startSandboxForge } from '../../src/sandbox/forge/start.ts';

export interface ConsoleStage {
  /** Of the gate, the same when it is started anew. */
  readonly url: string;
  /** Proposes as the agent; the id. */
  propose(incident: string, argv: readonly string[], diagnosis?: string): Promise<string>;
  /** The fragment of a one-time link for a person. */
  link(person: PersonName): Promise<string>;
  state(id: string): Promise<string>;
  /** Ends the gate, and starts another on the same data; `meanwhile` happens in between. */
  restart(meanwhile: (dataDir: string) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

/** The world enters: an id or a token, as the gate's API documents it. */
const asText = (value: unknown): string => {
  if (typeof value !== 'string') throw new Error('the gate answered no text');
  return value;
};

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

export async function openConsoleStage(): Promise<ConsoleStage> {
  await buildConsole({ ifStale: true });
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-console-'));
  const [cluster, forge, chat] = [await startSandboxCluster(), await startSandboxForge(), await startSandboxChat()];
  const kubeconfigPath = join(folder, 'kubeconfig');
  writeFileSync(kubeconfigPath, cluster.kubeconfig(), { mode: 0o600 });
  const env = { BLASTGATE_LISTEN: `127.0.0.1:${await freePort()}` };
  const start = () => openGate({ folder, kubeconfigPath, forge, chat, env });
  let gate = await start();
  const client = () => {
    const readCluster = (): Promise<unknown> => Promise.reject(new Error('nobody asks'));
    const stage: Stage = { gateUrl: gate.url, tokens: gate.tokens, forge, chatRoot: chat.apiRoot, readCluster };
    return peerClient(stage);
  };
  return {
    url: gate.url,
    propose: async (incident, argv, diagnosis = 'It is needed.') => {
      const { id } = expectOk(
        await client().call('healer', 'POST', '/proposals', { incident, argv: [...argv], diagnosis }),
      );
      return asText(id);
    },
    link: async (person) => {
      const { token } = expectOk(await client().call(person, 'POST', '/login-links', {}));
      return `#login=${asText(token)}`;
    },
    state: async (id) => (await client().readProposal(id)).state,
    restart: async (meanwhile) => {
      await gate.stop();
      try {
        await meanwhile(gate.dataDir);
      } finally {
        gate = await start();
      }
    },
    stop: async () => {
      await gate.stop();
      await chat.close();
      await forge.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
