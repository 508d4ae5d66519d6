// What is passed on to an API server that does not answer as it should: it ends, and whoever asked hears of it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openPassage } from './passage.ts';

const folder = mkdtempSync(join(tmpdir(), 'blastgate-passage-'));
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close().closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const passageTo = async (answer: RequestListener) => {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(folder, `kubeconfig-${port}`);
  writeFileSync(
    kubeconfig,
    `apiVersion: v1
kind: Config
current-context: here
contexts: [{ name: here, context: { cluster: c, user: u } }]
clusters: [{ name: c, cluster: { server: "http://127.0.0.1:${port}", insecure-skip-tls-verify: true } }]
users: [{ name: u, user: { token: one } }]
`,
  );
  return openPassage({ kubeconfig, serviceHost: null }, () => performance.now());
};

const READ = { method: 'GET', path: '/api/v1/pods', headers: {}, body: null } as const;

test('a server that goes over to another protocol, unasked, ends the request', async () => {
  const passage = await passageTo(({ socket }) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  });
  await assert.rejects(passage.send(READ, null, new AbortController().signal), /another protocol/);
});

test('a server that closes without an answer, or gives none until nobody waits, ends it too', async () => {
  const closing = await passageTo(({ socket }) => socket.destroy());
  await assert.rejects(closing.send(READ, null, new AbortController().signal), { code: 'ECONNRESET' });
  const caller = new AbortController();
  const silent = await passageTo(() => caller.abort());
  await assert.rejects(silent.send(READ, null, caller.signal), { name: 'AbortError' });
});
