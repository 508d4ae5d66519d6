// A random secret in any place of a command, a manifest or the words of people and peers stands nowhere afterwards: no answer, stream,
// log line, chat message, issue, trail or file of the database has it.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskedLog } from '../../src/adapters/system/log.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { secretSpans } from '../../src/core/command/secrets/secret-spans.ts';
import { cutSpans } from '../../src/core/model/span.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import { openStore } from '../../src/doors/open-store.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { createRateLimit } from '../../src/flow/rate-limit.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { judgingHere } from '../fakes/judging.ts';
import { CAST, setStage } from '../support/memory-gate.ts';
import { ranCli } from '../support/run-cli.ts';
import { planted, spoken } from './planted.ts';

const AROUND = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };

test('a line that holds a secret is shown without it', () => {
  fc.assert(
    fc.property(planted, ({ line, secret }) => {
      const shown = cutSpans(line, secretSpans({ kind: 'line', line }, line, AROUND, true));
      assert.ok(!shown.includes(secret), shown);
      assert.ok(shown.includes('***'), shown);
    }),
    { numRuns: 1000 },
  );
});

const hash = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

const PEOPLE = {
  people: CAST.people.map((one) => ({ ...one, tokens: [hash(one.id)] })),
  agents: CAST.agents.map((one) => ({ ...one, rights: ['read', 'propose'] as const, tokens: [hash(one.id)] })),
};

/** Everything that a gate said, and its folder. */
const openGate = async (folder: string) => {
  const store = await openStore(folder);
  const stage = setStage(store);
  const gate: Gate = {
    ...stage.gate,
    log: maskedLog(stage.log),
    judging: judgingHere(),
    people: () => PEOPLE,
    rates: { ...stage.gate.rates, proposals: createRateLimit(100_000) },
  };
  const ending = new AbortController();
  const app = httpApp(gate, {
    version: '1',
    ready: async () => ({ ok: true }),
    metrics: async () => '',
    streams: { perToken: 50, inAll: 1000 },
    ending: ending.signal,
  });
  const said: string[] = [];
  const ask = async (who: string, method: string, path: string, body?: object | string): Promise<string> => {
    const response = await app.request(path, {
      method,
      headers: { authorization: `Bearer ${who}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    said.push(text);
    return text;
  };
  return { ...stage, gate, app, ask, said, store, ending };
};

type OpenGate = Awaited<ReturnType<typeof openGate>>;

const atTerminal = async (gate: OpenGate, words: readonly string[], lines: readonly string[]): Promise<void> => {
  const { said } = await ranCli(words, { lines });
  gate.said.push(said);
};

/** The stream from the first event on, until it has told of the last. */
const streamed = async ({ app, store, never }: OpenGate): Promise<string> => {
  const head = (await store.trail.head(never))?.seq ?? 0;
  const headers = { authorization: 'Bearer ana', 'last-event-id': '0' };
  const response = await app.request('/v1/events', { headers });
  const reader = response.body?.getReader();
  let text = '';
  while (reader !== undefined && !text.includes(`id: ${head}\n`)) {
    const { done, value } = await reader.read();
    if (done) break;
    text += new TextDecoder().decode(value);
  }
  await reader?.cancel();
  assert.ok(text.includes(`id: ${head}\n`));
  return text;
};

const proposalIn = (text: string): string => /"id":"(p-\d+)"/.exec(text)?.[1] ?? '';

test("no door, no peer and no file has a secret of a command or of anybody's words", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-planted-'));
  const open = await openGate(folder);
  try {
    const { ask, said, chat, forge, cluster, log, tell, settle } = open;
    const seed = Math.floor(Math.random() * 2 ** 31);
    const lines = fc.sample(planted, { numRuns: 20, seed });
    const words = fc.sample(spoken, { numRuns: 10, seed });
    for (const [at, { line }] of lines.entries()) {
      await ask('ana', 'POST', '/v1/score', { command: line });
      if (at % 5 === 0) await ask('ana', 'POST', '/v1/evaluate', { command: line, incident: 'INC-2' });
      await ask('healer', 'POST', '/v1/proposals', {
        command: line,
        incident: `INC-${at}`,
        diagnosis: words[at % words.length]?.line ?? '',
      });
    }
    const typed = lines.map(({ line }) => JSON.stringify(['bash', '-c', line]));
    await atTerminal(open, ['score', '--stdin'], typed);
    await atTerminal(open, ['evaluate', '--stdin'], typed.slice(0, 3));
    for (const { line } of lines.slice(0, 10)) await atTerminal(open, ['score', '--command', line], []);

    // people and peers speak: a rejection, a refusal of the API server, a forge and a chat that fail
    for (const [at, { line }] of words.entries()) {
      const text = await ask('healer', 'POST', '/v1/proposals', {
        // every other one needs two people and an issue
        command: `kubectl scale deployment web -n production --replicas=${at % 2 === 0 ? 0 : at + 5}`,
        diagnosis: line,
        incident: `SAY-${at}`,
      });
      const digest = /"digest":"(sha256:[0-9a-f]+)"/.exec(text)?.[1] ?? '';
      if (at % 4 === 0) forge.fail(new AdapterError('refused', line, { status: 422 }));
      if (at % 3 === 0) chat.fail(new AdapterError('refused', line, { status: 500 }));
      await tell();
      const decision = at % 5 === 0 ? 'reject' : 'approve';
      for (const who of ['ben', 'cho'])
        await ask(who, 'POST', `/v1/proposals/${proposalIn(text)}/votes`, { decision, digest, reason: line });
      const write = cluster.write.bind(cluster);
      cluster.write = async () => ({ outcome: 'refused', why: line, written: 0 });
      await settle();
      cluster.write = write;
      await ask('ana', 'GET', `/v1/proposals/${proposalIn(text)}`);
    }
    open.clock.pass(600);
    await tell();
    await ask('ana', 'GET', '/v1/proposals?limit=200');
    await ask('ana', 'GET', '/v1/outcomes');
    said.push(await streamed(open));
    // a body that is no JSON is not quoted
    await ask('ana', 'POST', '/v1/score', `{"command": ${words[0]?.secret}`);
    await open.store.close();

    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    const heard = {
      answers: said.join('\n'),
      logs: JSON.stringify(log.lines),
      chat: JSON.stringify(chat.said()),
      forge: JSON.stringify(forge.issues()),
      database: files.join('\n'),
    };
    assert.ok(
      heard.chat.length > 2000 && heard.database.length > 100_000 && heard.forge.length > 100,
      'too little was said',
    );
    for (const { line, secret } of [...lines, ...words])
      for (const [where, text] of Object.entries(heard))
        assert.ok(!text.includes(secret), `seed ${seed}: ${where} has ${secret} of ${line}`);
  } finally {
    open.ending.abort();
    rmSync(folder, { recursive: true, force: true });
  }
});
