// The plainest possible client of a Kubernetes API for tests: one request as one user. Shares nothing with the product's.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';

/** An answer of the API server, its body parsed where it is JSON. */
export type ApiAnswer = { readonly status: number; readonly body: unknown };

/** One request as the bearer of `token`; `path` as in `/api/v1/nodes?limit=1`. Hears every status, throws on none. */
export function callApi(
  server: {
    readonly url: string;
    readonly caPath: string;
    readonly token: string;
    /** Beside those of every call. */
    readonly headers?: Readonly<Record<string, string>>;
  },
  method: string,
  path: string,
  body?: unknown,
  contentType = 'application/json',
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${server.token}`,
      accept: 'application/json',
      'content-type': contentType,
      // Without it Node sends the body of a DELETE unannounced, and the server never reads its preconditions.
      'content-length': Buffer.byteLength(text),
      ...server.headers,
    };
    const options = { method, headers, ca: readFileSync(server.caPath), agent: false, timeout: 10_000 };
    const outgoing = request(new URL(path, server.url), options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) }),
      );
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer within 10 s`)));
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
