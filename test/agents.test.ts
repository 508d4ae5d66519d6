// docs/agents.md, held to what really happens: each configuration is one that its client could start, and the tools say these lines.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../src/core/model/json.ts';
import { readClientSettings } from '../src/doors/settings/client.ts';
import { readSettings } from '../src/doors/settings.ts';
import { startSandboxCluster } from '../src/sandbox/cluster/cluster.ts';
import { openGate } from './evidence/doors.ts';
import { blocksOf } from './readme-blocks.ts';
import { callTool, clientOptions } from './support/mcp.ts';

const DOC = 'docs/agents.md';
const MAIN = fileURLToPath(new URL('../src/doors/cli/main.ts', import.meta.url));

/** Every object in a configuration, however deep. */
const objectsIn = (value: Json): readonly JsonObject[] => {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isObject(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
};

/** The two ids that differ from run to run. */
const plain = (text: string): string =>
  text
    .replaceAll(/\bp-[0-9a-z]{12}\b/g, 'p-ID')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/(http:\/\/127\.0\.0\.1):\d+/g, '$1:PORT');

const STDIO = blocksOf(DOC, 'json stdio').map((text) => JSON.parse(text) as Json);
const CODEX = blocksOf(DOC, 'toml');
const HTTP = [
  ...blocksOf(DOC, 'json http').map((text) => JSON.parse(text) as Json),
  ...blocksOf(DOC, 'yaml http').map((text) => parse(text) as Json),
];

test('each program that a configuration starts is ours, and its settings are ones that we read', () => {
  assert.equal(STDIO.length, 2);
  for (const config of STDIO) {
    const [server] = objectsIn(config).filter((one) => 'command' in one);
    assert.ok(server !== undefined);
    assert.equal(server['command'], 'blastgate');
    assert.deepEqual(server['args'], ['mcp']);
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-agents-'));
    try {
      const env = server['env'] as Readonly<Record<string, string>>;
      assert.deepEqual(Object.keys(env), ['BLASTGATE_URL', 'BLASTGATE_TOKEN_FILE'], 'no secret stands in it');
      writeFileSync(join(folder, 'secret'), 'healer\n');
      const { token, problems } = readClientSettings({ ...env, BLASTGATE_TOKEN_FILE: join(folder, 'secret') });
      assert.deepEqual([token?.reveal(), problems], ['healer', []]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const [codex = ''] = CODEX;
  for (const line of ['command = "blastgate"', 'args = ["mcp"]', 'BLASTGATE_URL = ', 'BLASTGATE_TOKEN_FILE = '])
    assert.ok(codex.includes(line), line);
});

test('each address ends in /mcp and has a bearer token from elsewhere; its name is one that can be allowed', () => {
  assert.equal(HTTP.length, 3);
  for (const config of HTTP) {
    const [server] = objectsIn(config).filter((one) => typeof one['url'] === 'string');
    const url = new URL(String(server?.['url'] as string));
    assert.equal(url.pathname, '/mcp');
    const read = readSettings({ BLASTGATE_HOSTS: url.hostname });
    assert.ok(read.ok && read.settings.hosts.includes(url.hostname), url.hostname);
    const text = JSON.stringify(config);
    assert.match(text, /"Authorization"/);
    assert.match(text, /Bearer (\$\{env:BLASTGATE_TOKEN\}|\{\{ env\.BLASTGATE_TOKEN \}\})|"type":"Secret"/);
  }
});

test('the tools say these lines', async () => {
  const [shown = ''] = blocksOf(DOC, 'text tools');
  const beats = shown.trim().split(/\n\n/);
  assert.ok(beats.length >= 8);
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-agents-'));
  const cluster = await startSandboxCluster({ speed: 20 });
  writeFileSync(join(folder, 'kubeconfig'), cluster.kubeconfig());
  const gate = await openGate(join(folder, 'data'), join(folder, 'kubeconfig'));
  const client = new Client({ name: 'agents', version: '1' }, clientOptions('2026-07-28'));
  try {
    const env = { PATH: process.env['PATH'] ?? '', BLASTGATE_URL: gate.url, BLASTGATE_TOKEN: gate.tokens.healer };
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp'], env }));
    let last: JsonObject = {};
    for (const beat of beats) {
      const [call = '', line = ''] = beat.split('\n');
      if (call === '(ben approves)') {
        const vote = { decision: 'approve', digest: last['digest'] };
        assert.equal(
          (await gate.call('ben', 'POST', `/proposals/${String(last['id'] as string)}/votes`, vote)).status,
          200,
        );
        continue;
      }
      const [, tool = '', args = ''] = /^(\w+) (\{.*\})$/.exec(call) ?? [];
      let said = await callTool(client, tool, JSON.parse(args) as JsonObject);
      // The document shows where a wait ends; there may be several on the way.
      for (
        let i = 0;
        i < 20 && tool === 'wait_for_proposal' && line.includes('succeeded') && said.body['settled'] === false;
        i++
      )
        said = await callTool(client, tool, { id: last['id'] ?? null, seconds: 45 });
      assert.equal(plain(said.text), plain(line), call);
      if (typeof said.body['id'] === 'string' && !said.isError) last = said.body;
    }
  } finally {
    await client.close();
    await gate.stop();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
