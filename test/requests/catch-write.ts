// A kubectl on its way to a control plane → the one write that it sends, caught before it arrives.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { decodeBody } from '../../src/adapters/request-body/decode-body.ts';
import type { ApiRequest } from '../../src/core/model/api-request.ts';
import type { ControlPlane } from '../servers/kubernetes.ts';

const KUBECTL_MS = 40_000;

const bytesOf = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const REFUSED = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason: 'Forbidden',
  code: 403,
  message: 'caught',
};

/** Reads go on to the plane as its administrator, with nothing of them changed; the first write stays here. */
export class WriteCatcher {
  readonly #plane: ControlPlane;
  readonly #server: Server;
  #caught: ApiRequest | null = null;

  private constructor(plane: ControlPlane) {
    this.#plane = plane;
    this.#server = createServer((incoming, answer) => {
      this.#serve(incoming, answer).catch((error: unknown) => {
        answer.writeHead(502).end(String(error));
      });
    });
  }

  static async open(plane: ControlPlane): Promise<WriteCatcher> {
    const catcher = new WriteCatcher(plane);
    await new Promise<void>((done) => catcher.#server.listen(0, '127.0.0.1', done));
    return catcher;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** What kubectl would have written first; null: it has not come so far. */
  async caught(argv: readonly string[], folder: string): Promise<ApiRequest | null> {
    this.#caught = null;
    const { port } = this.#server.address() as AddressInfo;
    const env = { HOME: folder, KUBECONFIG: '/dev/null', KUBECTL_KUBERC: 'false', PATH: process.env['PATH'] };
    const words = [`--server=http://127.0.0.1:${port}`, ...argv];
    await new Promise<void>((done) => {
      execFile(this.#plane.kubectlPath, words, { cwd: folder, env, timeout: KUBECTL_MS }, () => done()).stdin?.end();
    });
    return this.#caught;
  }

  async #serve(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method = '', url = '' } = incoming;
    const bytes = await bytesOf(incoming);
    const isAsked = method === 'GET' || url.includes('/selfsubject');
    if (isAsked) return this.#passOn(incoming, bytes, answer);
    const [path = '', query = ''] = url.split('?');
    const contentType = incoming.headers['content-type'] ?? null;
    this.#caught ??= { method, path, query, contentType, body: decodeBody(contentType, bytes) };
    answer.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(REFUSED));
    return undefined;
  }

  #passOn({ method, url, headers }: IncomingMessage, bytes: Buffer, answer: ServerResponse): Promise<void> {
    const { host: _host, connection: _connection, ...rest } = headers;
    const options = {
      method,
      headers: { ...rest, authorization: `Bearer ${this.#plane.adminToken}` },
      ca: readFileSync(this.#plane.caPath),
    };
    return new Promise((done, fail) => {
      const outgoing = requestHttps(new URL(url ?? '/', this.#plane.url), options, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer).on('finish', done).on('error', fail);
      });
      outgoing.on('error', fail);
      outgoing.end(bytes);
    });
  }
}
