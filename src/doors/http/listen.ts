// An app and an address become a listening server and its URL.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { authorityOf } from '../../core/model/host.ts';
import type { Settings } from '../settings.ts';

export interface ListeningServer {
  readonly server: Server;
  readonly url: string;
}

/** The address cannot be listened on; the message says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/** Resolves once it listens. Throws CannotListen. */
export async function listen(
  app: { readonly fetch: Parameters<typeof serve>[0]['fetch'] },
  { host, port }: Settings['listen'],
): Promise<ListeningServer> {
  return new Promise((done, fail) => {
    const server = serve({ fetch: app.fetch, hostname: host, port }, (info: AddressInfo) => {
      done({ server: server as Server, url: `http://${authorityOf({ host, port: info.port })}` });
    });
    server.on('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? 'another program listens there; set BLASTGATE_LISTEN to a free one'
          : error.message;
      fail(new CannotListen(`cannot listen on ${host}:${port}: ${why}`));
    });
  });
}
