import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hono } from 'hono';
import { limitBody } from './body-limit.ts';

const MIB = 1024 * 1024;

const app = new Hono();
app.use(limitBody((c) => c.text('too large', 413)));
app.all('/', async (c) => c.text(c.req.method === 'GET' ? 'read' : String((await c.req.text()).length)));

const inChunks = (bytes: number): RequestInit => {
  const chunk = new Uint8Array(64 * 1024).fill(97);
  let left = bytes;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (left === 0) return controller.close();
      controller.enqueue(chunk.subarray(0, Math.min(left, chunk.length)));
      left -= Math.min(left, chunk.length);
    },
  });
  return { method: 'POST', body, duplex: 'half' } as RequestInit;
};

const told = (length: string, init: RequestInit): RequestInit => ({ ...init, headers: { 'content-length': length } });

const ROWS: readonly (readonly [string, RequestInit, number, string])[] = [
  ['of 1 MiB', told(String(MIB), inChunks(MIB)), 200, String(MIB)],
  ['a byte longer, by what it says', told(String(MIB + 1), inChunks(MIB + 1)), 413, 'too large'],
  ['whose length is no number', told('x', inChunks(1)), 413, 'too large'],
  ['of 1 MiB in chunks', inChunks(MIB), 200, String(MIB)],
  ['a byte longer, in chunks', inChunks(MIB + 1), 413, 'too large'],
  [
    'in chunks that says a length as well',
    { ...inChunks(MIB + 1), headers: { 'content-length': '1', 'transfer-encoding': 'chunked' } },
    413,
    'too large',
  ],
  ['of nothing', { method: 'DELETE' }, 200, '0'],
  ['of a GET, which nobody reads', { method: 'GET' }, 200, 'read'],
];

for (const [name, init, status, text] of ROWS)
  test(`a body ${name}: ${status}`, async () => {
    const answer = await app.request('/', init);
    assert.deepEqual([answer.status, await answer.text()], [status, text]);
  });

test('a body that says that it is too long is refused before any of it is read', async () => {
  let pulled = 0;
  const body = new ReadableStream(
    {
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(1));
      },
    },
    { highWaterMark: 0 },
  );
  const init = told(String(MIB + 1), { method: 'POST', body, duplex: 'half' } as RequestInit);
  assert.equal((await app.request('/', init)).status, 413);
  assert.equal(pulled, 0);
});
