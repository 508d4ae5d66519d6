// A webhook on loopback that a real API server calls: it answers reviews of admission, and converts versions of a custom kind.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ControlPlane } from '../servers/kubernetes.ts';

// biome-ignore lint/suspicious/noExplicitAny: reviews as the API server sends them, read by tests only
type Any = any;

export interface Webhook {
  /** What the API server needs to call it. */
  readonly clientConfig: { readonly url: string; readonly caBundle: string };
  /** From now on it answers nothing, or answers again. */
  readonly down: () => Promise<void>;
  readonly up: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Operations of a JSON patch for the object of a request; [] lets it pass as it is. The request hangs until they are there. */
export type Mutate = (request: Any) => readonly object[] | Promise<readonly object[]>;

const admitted = async ({ request }: Any, mutate: Mutate): Promise<object> => {
  const patch = await mutate(request);
  const changed = { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
  return { uid: request.uid, allowed: true, ...(patch.length === 0 ? {} : changed) };
};

const converted = ({ request }: Any): object => ({
  uid: request.uid,
  result: { status: 'Success' },
  convertedObjects: request.objects.map((object: object) => ({ ...object, apiVersion: request.desiredAPIVersion })),
});

/** Presents the API server's own certificate, which is for 127.0.0.1 and brings its authority. */
export const startWebhook = async (plane: ControlPlane, mutate: Mutate = () => []): Promise<Webhook> => {
  const files = { cert: readFileSync(plane.caPath), key: readFileSync(join(plane.folder, 'apiserver.key')) };
  const server = createServer(files, (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    const answer = async (): Promise<void> => {
      const review = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Any;
      const said = review.kind === 'ConversionReview' ? converted(review) : await admitted(review, mutate);
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ apiVersion: review.apiVersion, kind: review.kind, response: said }));
    };
    // A client that is answered nothing fails its test.
    incoming.on('end', () => void answer().catch(() => response.destroy()));
  });
  const listen = (port: number): Promise<void> => new Promise((done) => server.listen(port, '127.0.0.1', done));
  const close = (): Promise<void> =>
    new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  await listen(0);
  // as: it listens on a port.
  const { port } = server.address() as AddressInfo;
  return {
    clientConfig: { url: `https://127.0.0.1:${port}/`, caBundle: files.cert.toString('base64') },
    down: close,
    up: () => listen(port),
    close: async () => {
      if (server.listening) await close();
    },
  };
};
