import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../core/model/json.ts';
import type { PeerClient } from './stage.ts';
import { watchPauses } from './watch-pauses.ts';

const note = (seq: number, who: string | null): JsonObject => ({
  seq,
  deed: { kind: 'note', at: '2026-01-01T00:00:00Z', what: 'paused', who, about: `the failures before ${seq}` },
});

/** What each look finds; null: the gate does not answer. Ends with the last of them. */
const told = async (looks: readonly (readonly JsonObject[] | null)[]): Promise<readonly string[]> => {
  const ending = new AbortController();
  const said: string[] = [];
  let asked = 0;
  const call: PeerClient['call'] = async () => {
    const lines = looks[asked++] ?? null;
    if (asked === looks.length) ending.abort();
    if (lines === null) throw new Error('no answer');
    return { status: 200, body: { lines, next: null } };
  };
  await watchPauses({ call }, { onPaused: (about) => said.push(about), signal: ending.signal, everyMs: 1 });
  return said;
};

test('the gate that pauses itself is told of once, whoever paused it before or by hand', async () => {
  const before = note(3, null);
  const byHand = note(5, 'ana');
  const itself = note(8, null);
  assert.deepEqual(await told([[before], [before, byHand], [before, byHand, itself], [before, byHand, itself]]), [
    'the failures before 8',
  ]);
});

test('a gate that does not answer is asked again', async () => {
  assert.deepEqual(await told([[], null, [note(8, null)], null, [note(8, null), note(9, null)]]), [
    'the failures before 8',
    'the failures before 9',
  ]);
});
