// A link to the console from the gate's own machine, or by one's own token; for people alone.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loginLinkFolder } from '../../../adapters/login-links/folder.ts';
import { loginId } from '../../login-token.ts';
import { CommandFailed, UsageError } from '../../terminal/command.ts';
import { loginCommand } from './login.ts';

const data = mkdtempSync(join(tmpdir(), 'blastgate-login-'));
after(() => rmSync(data, { recursive: true, force: true }));
const peopleFile = join(data, 'people.yaml');
writeFileSync(
  peopleFile,
  [
    'people:',
    '  - { id: ben, name: Ben Koch, rights: [read, approve] }',
    'agents:',
    `  - { id: healer, owner: ben, rights: [read], tokens: ["sha256:${'0'.repeat(64)}"] }`,
  ].join('\n'),
);

const run = async (words: readonly string[], env: Record<string, string> = {}, values: Record<string, string> = {}) => {
  let said = '';
  const whole = { BLASTGATE_DATA: data, BLASTGATE_PEOPLE: peopleFile, ...env };
  const terminal = {
    env: whole,
    out: (text: string) => {
      said += text;
    },
  };
  // as: what the command uses of its input and terminal.
  await loginCommand.run({ words, values } as never, terminal as never);
  return said;
};

test('who may write the data folder makes a link; the folder holds its hash alone, and it is taken once', async () => {
  const text = await run(['ben']);
  const token = /http:\/\/127\.0\.0\.1:8448\/#login=([\w-]{43})$/m.exec(text)?.[1] ?? '';
  const [name = ''] = readdirSync(join(data, 'login-links'));
  const kept = readFileSync(join(data, 'login-links', name), 'utf8');
  assert.ok(!kept.includes(token) && !name.includes(token));
  const link = await loginLinkFolder(data).take(loginId(token));
  assert.equal(link?.person, 'ben');
  const left = (Date.parse(link?.ends ?? '') - Date.now()) / 1000;
  assert.ok(left > 200 && left <= 300, `${left} s`);
});

const ADDRESSES: readonly (readonly [env: Record<string, string>, url: string])[] = [
  [{ BLASTGATE_LISTEN: '0.0.0.0:9000' }, 'http://127.0.0.1:9000/#login='],
  [{ BLASTGATE_LISTEN: '[::1]:9000' }, 'http://[::1]:9000/#login='],
  [{ BLASTGATE_URL: 'https://gate.example.org/' }, 'https://gate.example.org/#login='],
];
for (const [env, url] of ADDRESSES)
  test(`with ${JSON.stringify(env)} it begins ${url}`, async () => {
    const made = JSON.parse(await run(['ben'], env, { output: 'json' })) as { url: string; person: string };
    assert.ok(made.url.startsWith(url), made.url);
    assert.equal(made.person, 'ben');
  });

const REFUSED: readonly (readonly [words: readonly string[], env: Record<string, string>, why: RegExp])[] = [
  [['healer'], {}, /is an agent: only people log in/],
  [['nobody'], {}, /nobody is not in/],
  [['ben'], { BLASTGATE_PEOPLE: '' }, /neither BLASTGATE_TOKEN nor BLASTGATE_PEOPLE/],
  [['ben'], { BLASTGATE_PEOPLE: '/nonexistent' }, /cannot be read/],
  [['ben'], { BLASTGATE_LISTEN: 'x' }, /BLASTGATE_LISTEN is "x"/],
];
for (const [words, env, why] of REFUSED)
  test(`no link: ${String(why)}`, () =>
    assert.rejects(run(words, env), (error) => error instanceof CommandFailed && why.test(error.message)));

test('without a person, or with two, the command is used wrong', async () => {
  for (const words of [[], ['ben', 'cho']]) await assert.rejects(run(words), UsageError);
});

test('with a token the gate makes it, for the person of the token alone', async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ person: 'ben', token: 't'.repeat(43), ends: '2026-01-01T00:05:00.000Z' }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  after(() => server.close());
  const env = {
    BLASTGATE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    BLASTGATE_TOKEN: 'bgt_ben',
  };
  assert.match(await run(['ben'], env), new RegExp(`${env.BLASTGATE_URL}/#login=t{43}\n`));
  assert.deepEqual(asked, ['POST /v1/login-links Bearer bgt_ben']);
  await assert.rejects(run(['cho'], env), /BLASTGATE_TOKEN is of ben/);
});
