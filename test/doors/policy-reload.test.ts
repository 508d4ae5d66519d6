// A whole gate whose policy file is changed under it: what is judged next is judged by the new one, on its threads too.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type ComposedGate, openComposedGate } from '../support/composed-gate.ts';

const SHIPPED = readFileSync(new URL('../../policy/default.yaml', import.meta.url), 'utf8');
const COMMAND = 'kubectl scale deployment web --replicas=1 -n shop';
/** So long that it is judged on a thread. */
const LONG = `kubectl delete pod ${Array.from({ length: 900 }, (_, at) => `pod-with-a-long-name-${at}`).join(' ')} -n shop`;

suite('a policy that changes while the gate runs', () => {
  let gate: ComposedGate;
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-policy-'));
  const path = join(folder, 'policy.yaml');
  const write = (text: string): void => writeFileSync(path, text);
  const scoreOf = async (command: string): Promise<unknown> =>
    (await gate.call('ana', 'POST', '/score', { command })).body['score'];
  const digest = async (): Promise<unknown> => (await gate.call('ana', 'GET', '/policy')).body['digest'];
  const plain = async (page: string): Promise<string> => (await fetch(`${gate.url}${page}`)).text();

  before(async () => {
    write(SHIPPED);
    gate = await openComposedGate({ BLASTGATE_POLICY: path }, {});
  });
  after(async () => {
    await gate.close();
    rmSync(folder, { recursive: true });
  });

  test('the next answer is by the new policy, on the event loop and on a judging thread', async () => {
    for (const command of [COMMAND, LONG]) {
      write(SHIPPED);
      const [first, shown] = [await scoreOf(command), await digest()];
      write(SHIPPED.replace(/^( {2}other:\n +multiplier: )[\d.]+/m, '$11.9'));
      assert.notEqual(await digest(), shown);
      assert.notEqual(await scoreOf(command), first);
      write(SHIPPED);
      assert.equal(await scoreOf(command), first);
    }
  });

  test('one that is broken, or that the gate could not hold, changes nothing and is said by log, metrics and /readyz', async () => {
    const good = [await scoreOf(COMMAND), await digest()];
    for (const text of ['version: 1\nnonsense: true\n', SHIPPED.replace('review: off', 'review: required')]) {
      write(text);
      assert.deepEqual([await scoreOf(COMMAND), await digest()], good);
      assert.match(await plain('/readyz'), /^ok\nthe policy file cannot be used: the one of before holds/);
      write(SHIPPED);
      assert.deepEqual([await scoreOf(COMMAND), await digest()], good);
      assert.equal(await plain('/readyz'), 'ok\n');
    }
    const said = gate.log.lines.filter(({ event }) => event === 'policy_unusable');
    assert.equal(said.length, 2);
    assert.match(JSON.stringify(said[0]), /policy\.yaml:2:1: unknown key nonsense/);
    assert.match(JSON.stringify(said[1]), /review: required, and no forge is set/);
    write('');
    await scoreOf(COMMAND);
    assert.match(await plain('/metrics'), /^blastgate_file_unusable\{file="policy"\} 1$/m);
    write(SHIPPED);
  });

  test('the trail has the digest of each that was taken', async () => {
    write(`${SHIPPED}# another\n`);
    await digest();
    write(SHIPPED);
    await digest();
    const { body } = await gate.call('ana', 'GET', '/audit?event=policy-read&limit=100');
    const read = (body['lines'] as readonly { readonly deed: { readonly about: string } }[]).map(
      ({ deed }) => deed.about,
    );
    assert.ok(read.length >= 3, `${read.length}`);
    assert.ok(read.every((one) => /^sha256:[0-9a-f]{64}$/.test(one)));
    assert.equal(new Set(read.slice(-2)).size, 2);
  });
});
