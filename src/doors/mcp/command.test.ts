import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { callTool, clientOptions, openMcp, REVISIONS, type Revision } from '../../../test/support/mcp.ts';
import { listen } from '../http/listen.ts';
import { fieldText } from '../json-field.ts';

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url));
const HUMAN = 'kubectl scale deployment web -n production --replicas=5';

const withClient = async (revision: Revision, env: Record<string, string>, work: (client: Client) => Promise<void>) => {
  const client = new Client({ name: 'test', version: '1' }, clientOptions(revision));
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'mcp'],
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stderr: 'ignore',
  });
  try {
    await client.connect(transport);
    await work(client);
  } finally {
    await client.close();
  }
};

for (const revision of REVISIONS) {
  test(`${revision}: without a gate it scores and explains, and says what to set for the rest`, () =>
    withClient(revision, {}, async (client) => {
      assert.equal((await client.listTools()).tools.length, 8);
      const command = 'kubectl delete deployment web -n production';
      const scored = await callTool(client, 'score_command', { command });
      assert.partialDeepStrictEqual(scored.body, { score: 68, tier: 'dual', evidence: 'none' });
      const request = { method: 'DELETE', path: '/apis/apps/v1/namespaces/production/deployments/web' };
      const { body: same } = await callTool(client, 'score_command', { request });
      assert.partialDeepStrictEqual(same, { score: 68, tier: 'dual', evidence: 'none' });
      assert.match(scored.text, /^dual 68 · delete-object · `kubectl delete .*BLASTGATE_TOKEN is not set/);
      const explained = await callTool(client, 'explain_code', { code: 'mutable-image' });
      assert.partialDeepStrictEqual(explained.body, { code: 'mutable-image', meanings: [{ kind: 'reason' }] });
      for (const [tool, args] of [
        ['propose_action', { incident: 'INC-1', command: HUMAN }],
        ['get_proposal', { id: 'p-1' }],
        ['wait_for_proposal', { id: 'p-1' }],
        ['cancel_proposal', { id: 'p-1' }],
        ['list_proposals', {}],
        ['list_outcomes', {}],
      ] as const) {
        const { isError, body } = await callTool(client, tool, args);
        assert.equal(isError, true, tool);
        assert.equal(body['code'], 'no-gate', tool);
        assert.match(fieldText(body['message']), /BLASTGATE_TOKEN/);
        assert.match(fieldText(body['remedy']), /BLASTGATE_URL .* BLASTGATE_TOKEN/);
      }
    }));

  test(`${revision}: with a gate the proposal is the token's, and stands before the tool answers`, async () => {
    const { app, stage } = openMcp();
    const { server, url } = await listen(app, { host: '127.0.0.1', port: 0 });
    try {
      await withClient(revision, { BLASTGATE_URL: url, BLASTGATE_TOKEN: 'healer' }, async (client) => {
        const { body } = await callTool(client, 'propose_action', { incident: 'INC-1', command: HUMAN });
        assert.partialDeepStrictEqual(body, { state: 'awaiting-approval', proposer: 'agent:healer' });
        const stored = await stage.gate.store.remediations.read(fieldText(body['id']), stage.never);
        assert.equal(stored?.state, 'awaiting-approval');
        const waited = await callTool(client, 'wait_for_proposal', { id: body['id'] ?? null, seconds: 0 });
        assert.partialDeepStrictEqual(waited.body, { waited: 'still-waiting' });
      });
      await withClient(revision, { BLASTGATE_URL: url, BLASTGATE_TOKEN: 'of-another-gate' }, async (client) => {
        const { isError, body } = await callTool(client, 'propose_action', { incident: 'INC-1', command: HUMAN });
        assert.equal(isError, true);
        assert.equal(body['code'], 'unauthorized');
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}

test('a gate that does not answer is said, and a command is scored here all the same', async () => {
  const env = { BLASTGATE_URL: 'http://127.0.0.1:1', BLASTGATE_TOKEN: 'healer' };
  await withClient('2026-07-28', env, async (client) => {
    const { body, text: line } = await callTool(client, 'score_command', { command: 'kubectl get pods' });
    assert.equal(body['tier'], 'auto');
    assert.match(line, /scored here.*no gate answers at http:\/\/127\.0\.0\.1:1/);
    assert.equal((await callTool(client, 'get_proposal', { id: 'p-1' })).body['code'], 'no-gate');
  });
});

const run = async (argv: readonly string[], lines: readonly string[]) => {
  const child = spawn(process.execPath, [MAIN, 'mcp', ...argv], { env: { PATH: process.env['PATH'] }, stdio: 'pipe' });
  child.stdin.on('error', () => undefined);
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const code = new Promise<number | null>((done) => child.once('close', done));
  for (const line of lines) child.stdin.write(`${line}\n`);
  const answered = Promise.race([
    new Promise((done) => child.stdout.once('data', done)),
    new Promise((done) => child.once('exit', done)),
  ]);
  if (lines.length > 0) await answered;
  child.stdin.end();
  return { out: await out, err: await err, code: await code };
};

test('it ends with its client, and says nothing on stdout that nobody asked', async () => {
  assert.deepEqual(await run([], []), { out: '', err: '', code: 0 });
});

test('a line that is no message is said on stderr, and the next is answered', async () => {
  const ping = { jsonrpc: '2.0', id: 7, method: 'ping' };
  const init = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
  };
  const { out, code } = await run([], ['{', 'hello', JSON.stringify(init), JSON.stringify(ping)]);
  assert.equal(code, 0);
  for (const line of out.trim().split('\n'))
    assert.equal((JSON.parse(line) as { jsonrpc: string }).jsonrpc, '2.0', line);
});

test('a message that is larger than any command ends it, with a message', async () => {
  const { err, code } = await run([], [`{"jsonrpc":"2.0","id":1,"method":"${'x'.repeat(9 * 1024 * 1024)}"}`]);
  assert.equal(code, 1);
  assert.match(err, /blastgate mcp: .*(size|large|exceed)/i);
});

test('it takes no arguments', async () => {
  const { code, err } = await run(['--port', '1'], []);
  assert.equal(code, 2);
  assert.match(err, /there is no option --port/);
});
