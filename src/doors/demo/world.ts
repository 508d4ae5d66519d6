// The demo's world: a sandbox cluster, a loopback forge and Telegram, and a real gate among them, all in this process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PolicyDocument } from '../../core/blast-radius/policy.ts';
import { startSandboxChat } from '../../sandbox/chat/start.ts';
import { type SandboxCluster, startSandboxCluster } from '../../sandbox/cluster/cluster.ts';
import { startSandboxForge } from '../../sandbox/forge/start.ts';
import { plantOldNode } from './old-node.ts';
import { type GateOnStage, openGate } from './open-gate.ts';
import { fetchJson, type Stage } from './stage.ts';

export interface World {
  readonly stage: Stage;
  /** Everything of this demo is in here and goes with it. */
  readonly folder: string;
  readonly dataDir: string;
  readonly kubeconfigPath: string;
  /** For people: the list of review issues. */
  readonly issuesUrl: string;
  readonly cluster: SandboxCluster;
  readonly stop: () => Promise<void>;
}

/** `policy`: another than the one of `env`. Starts everything on free ports; what was started is stopped again when one part fails. */
export async function startWorld(env: NodeJS.ProcessEnv, policy: PolicyDocument | null = null): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-demo-'));
  const endings: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) await end();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const cluster = await startSandboxCluster();
    endings.push(() => cluster.stop());
    await plantOldNode((method, path, body) =>
      fetchJson(`${cluster.url}${path}`, {
        method,
        headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const forge = await startSandboxForge();
    endings.push(() => forge.close());
    const chat = await startSandboxChat();
    endings.push(() => chat.close());
    const kubeconfigPath = join(folder, 'kubeconfig');
    writeFileSync(kubeconfigPath, cluster.kubeconfig(), { mode: 0o600 });
    const policyFile = join(folder, 'policy.yaml');
    // JSON is YAML.
    if (policy !== null) writeFileSync(policyFile, JSON.stringify(policy, null, 2), { mode: 0o600 });
    const given = policy === null ? env : { ...env, BLASTGATE_POLICY: policyFile };
    const gate: GateOnStage = await openGate({ folder, kubeconfigPath, forge, chat, env: given });
    endings.push(() => gate.stop());
    const stage: Stage = {
      gateUrl: gate.url,
      tokens: gate.tokens,
      forge,
      chatRoot: chat.apiRoot,
      readCluster: (path) => fetchJson(`${cluster.url}${path}`),
    };
    return { stage, folder, dataDir: gate.dataDir, kubeconfigPath, issuesUrl: forge.webUrl, cluster, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
