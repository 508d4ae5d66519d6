// The story of an agent on a real control plane, by every kind of client: propose, wait, a person approves over HTTP, it runs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import type { JsonObject } from '../../src/core/model/json.ts';
import { fieldObject, fieldText } from '../../src/doors/json-field.ts';
import { type GateUnderTest, openGate } from '../evidence/doors.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { type Called, callTool, clientOptions, REVISIONS, type Revision } from '../support/mcp.ts';
import { pythonWith } from '../support/python.ts';

const run = promisify(execFile);
const MAIN = fileURLToPath(new URL('../../src/doors/cli/main.ts', import.meta.url));
const STORY = fileURLToPath(new URL('./python/story.py', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('./python/requirements.txt', import.meta.url));
const NAMESPACE = 'mcp-clients-prod';

const deploymentPath = (name: string): string => `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${name}`;

/** A person reads before they agree; the agent has asked for the second time by then. */
const READING_MS = 3000;

/** What a client saw, whichever it is. */
interface Seen {
  readonly tools: readonly string[];
  readonly refused: Called;
  readonly scored: Called;
  readonly again: Called;
  /** The proposal, then the answers of each wait. */
  readonly seen: readonly Called[];
  readonly found: Called;
}

interface Act {
  readonly incident: string;
  readonly command: string;
  readonly gate: GateUnderTest;
}

const environment = ({ gate }: Act) => ({
  PATH: process.env['PATH'] ?? '',
  BLASTGATE_URL: gate.url,
  BLASTGATE_TOKEN: gate.tokens.healer,
});

/** The story by the official TypeScript client. */
const byTypeScript = async (transport: 'http' | 'stdio', revision: Revision, act: Act): Promise<Seen> => {
  const { incident, command, gate } = act;
  const client = new Client({ name: 'story', version: '1' }, clientOptions(revision));
  const headers = { authorization: `Bearer ${gate.tokens.healer}` };
  await client.connect(
    transport === 'http'
      ? new StreamableHTTPClientTransport(new URL(`${gate.url}/mcp`), { requestInit: { headers } })
      : new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp'], env: environment(act) }),
  );
  try {
    const tools = (await client.listTools()).tools.map(({ name }) => name);
    const refused = await callTool(client, 'propose_action', { incident, command, proposer: 'ana' });
    const scored = await callTool(client, 'score_command', { command });
    const proposed = await callTool(client, 'propose_action', { incident, command });
    const again = await callTool(client, 'propose_action', { incident, command });
    const id = proposed.body['id'] ?? null;
    const seen = [proposed];
    for (let i = 0; i < 12 && seen.at(-1)?.body['settled'] === false; i++)
      seen.push(await callTool(client, 'wait_for_proposal', { id, seconds: 45 }));
    return { tools, refused, scored, again, seen, found: await callTool(client, 'get_proposal', { id }) };
  } finally {
    await client.close();
  }
};

/** The story by the official Python client; `mode` as it names the revisions. */
const byPython = async (python: string, transport: 'http' | 'stdio', mode: string, act: Act): Promise<Seen> => {
  const { incident, command, gate } = act;
  const job = {
    ...{ transport, mode, incident, command },
    ...{ url: `${gate.url}/mcp`, token: gate.tokens.healer },
    ...{ program: process.execPath, args: [MAIN, 'mcp'], env: environment(act) },
  };
  const { stdout } = await run(python, [STORY, JSON.stringify(job)], { maxBuffer: 2 ** 24, timeout: 180_000 });
  // as: the script answers a Seen.
  return JSON.parse(stdout) as Seen;
};

describe('an agent asks by MCP, on a real control plane', { concurrency: 4 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-mcp-'));
  let cluster: ControlPlane;
  let gate: GateUnderTest;
  let python: string;
  before(async () => {
    [cluster, python] = await Promise.all([sharedControlPlane(), pythonWith(REQUIREMENTS)]);
    gate = await openGate(folder, cluster.kubeconfigPath('gate'));
  });
  after(async () => {
    await gate.stop();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const deploy = async (name: string): Promise<void> => {
    const ns = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
    const made = await cluster.request('admin', 'POST', '/api/v1/namespaces', ns);
    assert.ok([201, 409].includes(made.status), `namespace: ${made.status}`);
    const labels = { app: name };
    const { status } = await cluster.request('admin', 'POST', `/apis/apps/v1/namespaces/${NAMESPACE}/deployments`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name, image: 'shop/web:1' }] } },
      },
    });
    assert.equal(status, 201);
    // What is judged twice must be the same twice: a rollout that is under way changes what is seen.
    await until(`${name} is ready`, async () => {
      const { body } = await cluster.request('admin', 'GET', deploymentPath(name));
      return fieldObject((body as JsonObject)['status'])['readyReplicas'] === 2;
    });
  };

  const replicasOf = async (name: string): Promise<unknown> => {
    const { body } = await cluster.request('admin', 'GET', deploymentPath(name));
    return fieldObject((body as JsonObject)['spec'])['replicas'];
  };

  /** A person who agrees as soon as somebody is asked. */
  const approve = async (incident: string, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      const { body } = await gate.call('ben', 'GET', `/proposals?incident=${incident}&state=awaiting-approval`);
      const [asked] = body.proposals as readonly { id: string; digest: string }[];
      if (asked !== undefined) {
        await pause(READING_MS);
        const vote = { decision: 'approve', digest: asked.digest };
        assert.equal((await gate.call('ben', 'POST', `/proposals/${asked.id}/votes`, vote)).status, 200);
        return;
      }
      await pause(200);
    }
  };

  const story = (name: string, play: (act: Act) => Promise<Seen>): void => {
    test(name, async ({ signal }) => {
      const deployment = `mcp-${name.replaceAll(/\W+/g, '-')}`;
      const incident = `INC-${deployment}`;
      await deploy(deployment);
      const command = `kubectl scale deployment ${deployment} -n ${NAMESPACE} --replicas=3`;
      const [saw] = await Promise.all([play({ incident, command, gate }), approve(incident, signal)]);
      assert.equal(saw.tools.length, 8);
      assert.equal(saw.refused.isError, true);
      assert.equal(saw.refused.body['code'], 'bad-arguments');
      assert.partialDeepStrictEqual(saw.scored.body, { tier: 'human', executable: true });
      const [proposed] = saw.seen;
      assert.ok(proposed !== undefined && !proposed.isError, proposed?.text);
      assert.equal(proposed.body['proposer'], 'agent:healer');
      assert.equal(saw.again.body['id'], proposed.body['id'], 'the same call finds the same proposal');
      assert.partialDeepStrictEqual(saw.found.body, { id: proposed.body['id'], state: 'succeeded', settled: true });
      assert.equal(await replicasOf(deployment), 3);
      const events = saw.found.body['events'] as readonly JsonObject[];
      assert.ok(events.some(({ event }) => fieldText(event) === 'voted'));
    });
  };

  for (const transport of ['http', 'stdio'] as const) {
    for (const revision of REVISIONS)
      story(`typescript ${transport} ${revision}`, (act) => byTypeScript(transport, revision, act));
    for (const mode of ['legacy', 'auto', '2026-07-28'])
      story(`python ${transport} ${mode}`, (act) => byPython(python, transport, mode, act));
  }
});
