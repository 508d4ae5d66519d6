// A request that began before its token was taken away does nothing after it, however slowly its body comes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDoor } from '../../../test/support/door.ts';

/** A body of which the last letter comes only when told. */
const slowBody = (text: string) => {
  let rest: ReadableStreamDefaultController<Uint8Array> | null = null;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      rest = controller;
      controller.enqueue(encoder.encode(text.slice(0, -1)));
    },
  });
  const finish = (): void => {
    rest?.enqueue(encoder.encode(text.slice(-1)));
    rest?.close();
  };
  return { body, finish };
};

/** A body that comes in pieces (Fetch: duplex); the type of a request does not know it yet. */
const HALF: object = { duplex: 'half' };

const proposal = JSON.stringify({ command: 'scale production/web 5', incident: 'INC-1' });

test('nothing is done for a token that was taken away while the body came', async () => {
  for (const [who, path, text] of [
    ['ana', '/v1/pause', '{}'],
    ['healer', '/v1/proposals', proposal],
    ['ben', '/v1/proposals/p-1/votes', JSON.stringify({ decision: 'approve', digest: '000000' })],
    ['eve', '/v1/score', JSON.stringify({ command: 'kubectl get pods' })],
  ] as const) {
    const door = openDoor();
    if (path.endsWith('votes')) {
      const made = await door.ask('healer', 'POST', '/v1/proposals', { body: proposal });
      assert.equal(made.status, 201);
    }
    const before = await door.stage.store.trail.head(door.stage.never);
    const { body, finish } = slowBody(text);
    const answer = door.ask(who, 'POST', path, { body, ...HALF });
    door.revoke(who);
    finish();
    assert.equal((await answer).status, 401, path);
    assert.equal(await door.stage.store.controls.paused(null, door.stage.never), false);
    assert.deepEqual(await door.stage.store.trail.head(door.stage.never), before, path);
  }
});

test('a token that still counts is served however slowly the body comes', async () => {
  const door = openDoor();
  const { body, finish } = slowBody(proposal);
  const answer = door.ask('healer', 'POST', '/v1/proposals', { body, ...HALF });
  finish();
  assert.equal((await answer).status, 201);
});
