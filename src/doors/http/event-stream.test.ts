// Event streams: one reader of the trail for all, limits, readers that fall behind, and tokens that are taken away.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDoor } from '../../../test/support/door.ts';

type Door = ReturnType<typeof openDoor>;

/** A stream as a client reads it: the ids of the events so far, and what the server said last. */
const listen = async ({ ask }: Door, who: string, lastEventId: number | null = null) => {
  const headers = lastEventId === null ? {} : { 'last-event-id': String(lastEventId) };
  const response = await ask(who, 'GET', '/v1/events', { headers });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let [text, over] = ['', false];
  const read = async (): Promise<void> => {
    const next = await reader?.read();
    over = next?.done !== false;
    text += next?.value ?? '';
  };
  const ids = (): readonly number[] =>
    [...text.matchAll(/^event: note\ndata: .*\nid: (\d+)$/gm)].map(([, id]) => Number(id));
  return {
    status: response.status,
    ids,
    /** Reads until the event of that id, or the end. */
    until: async (id: number): Promise<readonly number[]> => {
      while (!over && !ids().includes(id)) await read();
      return ids();
    },
    untilEnd: async (): Promise<readonly number[]> => {
      while (!over) await read();
      return ids();
    },
    close: () => reader?.cancel(),
  };
};

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

test('however many listen, the trail is read for all at once', async () => {
  const door = openDoor();
  const { trail } = door.stage.store;
  const lines = trail.lines.bind(trail);
  let reads = 0;
  Object.assign(trail, {
    lines: (...asked: Parameters<typeof lines>) => {
      reads += 1;
      return lines(...asked);
    },
  });
  const streams = await Promise.all(range(1, 40).map(() => listen(door, 'eve')));
  await door.note('first');
  for (const stream of streams) assert.deepEqual(await stream.until(1), [1]);
  const before = reads;
  for (const n of range(2, 6)) await door.note(String(n));
  for (const stream of streams) assert.deepEqual(await stream.until(6), range(1, 6));
  assert.ok(reads - before < 20, `${reads - before} reads for 5 lines and 40 streams`);
  for (const stream of streams) await stream.close();
});

test('a token may have so many streams, and all tokens so many; one that ends makes room', async () => {
  const door = openDoor({ perToken: 2, inAll: 3 });
  const problem = async (who: string): Promise<unknown> => {
    const response = await door.ask(who, 'GET', '/v1/events');
    assert.equal(response.status, 429);
    return ((await response.json()) as { readonly code: unknown }).code;
  };
  for (const _ of range(1, 5)) assert.equal((await door.ask('eve', 'HEAD', '/v1/events')).status, 200);
  const [one, two] = [await listen(door, 'eve'), await listen(door, 'eve')];
  assert.equal(await problem('eve'), 'too-many-streams');
  const other = await listen(door, 'ben');
  assert.equal(other.status, 200);
  assert.equal(await problem('cho'), 'too-many-streams');
  await one.close();
  const third = await listen(door, 'cho');
  assert.equal(third.status, 200);
  assert.equal(await problem('ben'), 'too-many-streams');
  for (const stream of [two, other, third]) await stream.close();
});

test('a reader that falls behind is cut off, keeps nobody waiting, and resumes without a gap', async () => {
  const door = openDoor();
  const [slow, quick] = [await listen(door, 'eve'), await listen(door, 'ben')];
  // Both are live before the flood begins.
  await door.note('first');
  assert.deepEqual(await quick.until(1), [1]);
  for (const n of range(2, 60)) {
    await door.note('x'.repeat(20_000));
    await quick.until(n);
  }
  assert.deepEqual(quick.ids(), range(1, 60));
  const had = await slow.untilEnd();
  assert.ok(had.length < 60, 'it was kept all of it');
  assert.deepEqual(had, range(1, had.length));
  const again = await listen(door, 'eve', had.length);
  assert.deepEqual(await again.until(60), range(had.length + 1, 60));
  await again.close();
  await quick.close();
});

test('whoever resumes far back reads at their own pace, whole and in order, and nobody else waits for it', async () => {
  const door = openDoor();
  for (const n of range(1, 1000)) await door.note(`${n} ${'y'.repeat(2_000)}`);
  const live = await listen(door, 'ben');
  const far = await listen(door, 'eve', 0);
  await door.note('now');
  assert.deepEqual(await live.until(1001), [1001]);
  assert.deepEqual(await far.until(1001), range(1, 1001));
  await door.note('after');
  assert.deepEqual((await far.until(1002)).at(-1), 1002);
  await far.close();
  await live.close();
});

test('a stream ends with its token, whether or not anything happens', async () => {
  for (const happens of ['something', 'nothing'] as const) {
    const door = openDoor();
    const [revoked, other] = [await listen(door, 'eve'), await listen(door, 'ben')];
    await door.note('first');
    await revoked.until(1);
    await other.until(1);
    door.revoke('eve');
    if (happens === 'something') await door.note('secret');
    assert.deepEqual(await revoked.untilEnd(), [1]);
    if (happens === 'nothing') await door.note('second');
    assert.deepEqual(await other.until(2), [1, 2]);
    assert.equal((await door.ask('eve', 'GET', '/v1/events')).status, 401);
    await other.close();
  }
});

test('a store that fails for a while loses no event', async () => {
  const door = openDoor();
  const { trail } = door.stage.store;
  const lines = trail.lines.bind(trail);
  const stream = await listen(door, 'eve');
  await door.note('first');
  await stream.until(1);
  let failures = 0;
  Object.assign(trail, {
    lines: async (...asked: Parameters<typeof lines>) => {
      failures += 1;
      if (failures < 2) throw new Error('the disk is away');
      return lines(...asked);
    },
  });
  await door.note('second');
  assert.deepEqual(await stream.until(2), [1, 2]);
  await stream.close();
});
