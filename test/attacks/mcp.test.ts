// Clients of /mcp that mean no good by how they use their connection, over real sockets: nobody else notices.
import assert from 'node:assert/strict';
import { type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '../../src/core/model/json.ts';
import { listen } from '../../src/doors/http/listen.ts';
import { callTool, openMcp } from '../support/mcp.ts';

const HUMAN = 'kubectl scale deployment web -n production --replicas=5';

const opened = async (waits = 3) => {
  const door = openMcp({}, { waits });
  const { server, url } = await listen(door.app, { host: '127.0.0.1', port: 0 });
  const { hostname, port } = new URL(url);
  const close = (): void => {
    door.ending.abort();
    server.closeAllConnections();
    server.close();
  };
  const client = await door.connect('healer', '2026-07-28');
  const { body } = await callTool(client, 'propose_action', { incident: 'INC-1', command: HUMAN });
  return { ...door, hostname, port: Number(port), close, client, id: body['id'] ?? null };
};

type Opened = Awaited<ReturnType<typeof opened>>;

/** A call of 2025, whose answer is a stream; nobody reads it. */
const ask = ({ hostname, port }: Opened, name: string, args: Json): ClientRequest => {
  const sent = request({
    ...{ hostname, port, path: '/mcp', method: 'POST', agent: false },
    headers: {
      authorization: 'Bearer healer',
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
    },
  });
  sent.on('error', () => undefined);
  const params = { name, arguments: args, _meta: { progressToken: 1 } };
  sent.end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
  return sent;
};

/** Asks until the answer is as wanted. */
const eventually = async (what: string, ask: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await ask()) return;
    await pause(50);
  }
  assert.fail(`never: ${what}`);
};

const isTurnedAway = async ({ client, id }: Opened): Promise<boolean> =>
  (await callTool(client, 'wait_for_proposal', { id, seconds: 0 })).body['code'] === 'too-many-streams';

test('who hangs up while a tool waits, waits no more', async () => {
  const door = await opened(1);
  try {
    const sent = ask(door, 'wait_for_proposal', { id: door.id, seconds: 45 });
    await eventually('the wait has begun', () => isTurnedAway(door));
    sent.destroy();
    await eventually('its place is free again', async () => !(await isTurnedAway(door)));
  } finally {
    door.close();
  }
});

test('who reads no answer keeps nobody else waiting', async () => {
  const door = await opened(50);
  try {
    const deaf = Array.from({ length: 30 }, () => ask(door, 'wait_for_proposal', { id: door.id, seconds: 45 }));
    const { body } = await callTool(door.client, 'get_proposal', { id: door.id });
    assert.equal(body['state'], 'awaiting-approval');
    for (const one of deaf) one.destroy();
  } finally {
    door.close();
  }
});

test('who sends half a request, or one letter at a time, keeps nobody else waiting', async () => {
  const door = await opened();
  const head =
    'POST /mcp HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer healer\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\ncontent-length: 1000\r\n\r\n';
  const slow = Array.from({ length: 20 }, () => connect(door.port, door.hostname));
  try {
    for (const [i, socket] of slow.entries()) {
      socket.on('error', () => undefined);
      socket.write(i % 2 === 0 ? head.slice(0, 40) : `${head}{"jsonrpc":`);
    }
    const { body } = await callTool(door.client, 'get_proposal', { id: door.id });
    assert.equal(body['state'], 'awaiting-approval');
  } finally {
    for (const socket of slow) socket.destroy();
    door.close();
  }
});

test('a body that grows beyond any command is cut off, whatever its length says', async () => {
  const door = await opened();
  try {
    for (const length of [null, 2 * 1024 * 1024]) {
      const status = await new Promise<number | null>((done) => {
        const sent = request(
          {
            ...{ hostname: door.hostname, port: door.port, path: '/mcp', method: 'POST', agent: false },
            headers: {
              authorization: 'Bearer healer',
              accept: 'application/json, text/event-stream',
              'content-type': 'application/json',
              ...(length === null ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length) }),
            },
          },
          (response) => {
            response.resume();
            done(response.statusCode ?? null);
          },
        );
        sent.on('error', () => done(null));
        for (let i = 0; i < 32; i += 1) sent.write('x'.repeat(64 * 1024));
        sent.end();
      });
      assert.equal(status, 413, `content-length ${length}`);
    }
  } finally {
    door.close();
  }
});

test('a gate that ends answers those who wait', async () => {
  const door = await opened();
  const answered = new Promise<string>((done) => {
    ask(door, 'wait_for_proposal', { id: door.id, seconds: 45 }).on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => done(text));
    });
  });
  try {
    await pause(200);
    door.ending.abort();
    assert.match(await answered, /"waited":"still-waiting"/);
  } finally {
    door.close();
  }
});
