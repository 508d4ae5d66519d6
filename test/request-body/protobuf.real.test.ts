// The reader of Kubernetes' protobuf against client-go: its table, objects of every kind, and bytes that something has damaged.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { decodeBody } from '../../src/adapters/request-body/decode-body.ts';
import { MESSAGES } from '../../src/adapters/request-body/protobuf/messages.ts';
import { isObject } from '../../src/core/model/json.ts';
import { Random } from '../generators/random.ts';
import { ensureBuilt } from '../servers/build.ts';
import { damaged, objectsOf } from './objects.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** What client-go prints; it reads `input`. */
const goClient = async (words: readonly string[], input = ''): Promise<string> => {
  const { 'go-client': built } = await ensureBuilt(['go-client']);
  const child = spawn(built.executable, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `go-client ${words.join(' ')}`);
  return output;
};

/** What client-go reads from bodies: the object as it prints it, or null where it cannot. */
const readByClientGo = async (bodies: readonly Buffer[]): Promise<readonly (string | null)[]> => {
  const output = await goClient(['read'], bodies.map((body) => `${body.toString('base64')}\n`).join(''));
  const answers = output.split('\n').filter((line) => line !== '');
  assert.equal(answers.length, bodies.length);
  // as: the program writes it so.
  return answers
    .map((line) => JSON.parse(line) as { readonly json?: unknown })
    .map(({ json }) => (json === undefined ? null : JSON.stringify(json)));
};

test('the messages are those of client-go', async () => {
  assert.equal(`\n${await goClient(['table'])}`, MESSAGES, 'node scripts/generate-protobuf.ts writes them anew');
});

test('objects of every kind are read as client-go reads them', async () => {
  const objects = objectsOf(await goClient(['objects', '11', '20', '9']));
  assert.ok(objects.length > 2_900, String(objects.length));
  for (const { bytes, json } of objects) {
    const read = decodeBody(PROTOBUF, bytes);
    assert.ok(read.kind === 'value', JSON.stringify(read));
    assert.equal(JSON.stringify(read.value), JSON.stringify(json));
  }
});

test('of damaged bytes nothing is read that client-go does not read, and nothing else', async () => {
  const random = new Random(12);
  const chance = (): number => random.below(1_000_000) / 1_000_000;
  const bodies = objectsOf(await goClient(['objects', '12', '12', '6'])).flatMap(({ bytes }) =>
    Array.from({ length: 12 }, () => damaged(bytes, chance)),
  );
  const read = bodies.flatMap((bytes) => {
    const found = decodeBody(PROTOBUF, bytes);
    if (found.kind !== 'value' || !isObject(found.value)) return [];
    // in whatever group version: the API server knows those of custom kinds
    if (found.value['kind'] === 'DeleteOptions' && found.value['apiVersion'] !== 'v1') return [];
    return [{ bytes, sent: Buffer.from(JSON.stringify(found.value)) }];
  });
  assert.ok(read.length > bodies.length / 10, `${read.length} of ${bodies.length} were read`);
  const theirs = await readByClientGo(read.map(({ bytes }) => bytes));
  for (const [at, { bytes }] of read.entries())
    assert.notEqual(theirs[at], null, `client-go does not read ${bytes.toString('base64')}`);
  // Both as JSON, so that a quantity in another spelling and a null are what they mean.
  const [expected, ours] = await Promise.all([
    readByClientGo(theirs.map((text) => Buffer.from(text ?? ''))),
    readByClientGo(read.map(({ sent }) => sent)),
  ]);
  for (const [at, { bytes, sent }] of read.entries())
    assert.equal(ours[at], expected[at], `${bytes.toString('base64')} is not ${sent.toString()}`);
});
