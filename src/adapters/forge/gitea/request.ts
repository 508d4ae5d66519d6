// One request to Gitea's API v1: sent, limited, read; whatever comes back wrong becomes an AdapterError with its remedy.
import type { z } from 'zod';
import { cut, plainLine } from '../../../core/text/escape.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Secret } from '../../../ports/secret.ts';
import { refusal } from './schema.ts';

export interface Repository {
  /** Ends in /api/v1. */
  readonly apiUrl: string;
  readonly token: Secret;
  readonly owner: string;
  readonly repo: string;
}

const ANSWER_LIMIT = 16 * 1024 * 1024;

export interface GiteaAnswer<T> {
  readonly value: T;
  readonly headers: Headers;
}

/** `path` behind the API's address; `body` null where none is sent. */
export interface GiteaRequest<S extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body: object | null;
  readonly shape: S;
}

/** Throws AdapterError: `refused` with the status, `no-answer`, or `invalid-answer` where the answer is not of the shape. */
export async function askGitea<S extends z.ZodType>(
  repository: Repository,
  { method, path, body, shape }: GiteaRequest<S>,
  signal: AbortSignal,
): Promise<GiteaAnswer<z.infer<S>>> {
  const { response, text } = await exchange(repository, method, path, body, signal);
  if (response.status >= 300 || response.type === 'opaqueredirect') throw saidNo(repository, method, response, text);
  const parsed = shape.safeParse(readJson(text));
  if (!parsed.success) {
    const what = text.trimStart().startsWith('<') ? 'a web page' : 'something else';
    throw new AdapterError(
      'invalid-answer',
      `Gitea answered ${method} ${path.split('?')[0]} with ${what} than its API does (status ${response.status}). Check GITEA_API_URL, and what stands between.`,
      { status: response.status },
    );
  }
  return { value: parsed.data, headers: response.headers };
}

/** "/repos/OWNER/NAME" and what is behind it. */
export function repositoryPath({ owner, repo }: Repository, rest: string): string {
  return `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}${rest}`;
}

const exchange = async (
  { apiUrl, token }: Repository,
  method: string,
  path: string,
  body: object | null,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly text: string }> => {
  try {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        accept: 'application/json',
        authorization: `token ${token.reveal()}`,
        ...(body === null ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal,
    });
    return { response, text: await readText(response) };
  } catch (thrown) {
    if (thrown instanceof AdapterError) throw thrown;
    throw unheard(method, path, thrown, signal);
  }
};

const readText = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > ANSWER_LIMIT)
      throw new AdapterError(
        'invalid-answer',
        `Gitea's answer is larger than ${ANSWER_LIMIT} bytes; it was not read.`,
        {
          status: response.status,
        },
      );
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** No (complete) answer: the request may have been carried out or not. */
const unheard = (method: string, path: string, thrown: unknown, signal: AbortSignal): AdapterError => {
  const what = `${method} ${path.split('?')[0]}`;
  if (signal.aborted) {
    const inTime = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
    return new AdapterError(
      'no-answer',
      inTime ? `Gitea gave no complete answer to ${what} in time.` : `${what} to Gitea was stopped.`,
    );
  }
  const cause = thrown instanceof Error ? thrown.cause : null;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no code';
  return new AdapterError(
    'no-answer',
    `Gitea did not answer: the connection for ${what} failed (${code}). Check GITEA_API_URL and that Gitea runs.`,
    { reason: code },
  );
};

const REMEDIES: { readonly [status: number]: string } = {
  401: 'The token is refused: make a new one with scope write:issue and set GITEA_API_TOKEN.',
  403: 'The token may not do this: give it scope write:issue, and its account the right to write issues in the repository.',
  404: 'There is no such repository, or the token may not see it: check GITEA_REPO_OWNER, GITEA_REPO_NAME and GITEA_API_URL.',
  410: 'Issues are switched off in this repository: switch them on in its settings.',
  422: 'It does not accept the issue as written: report this as a bug.',
  423: 'The repository is archived: unarchive it or name another.',
  429: 'Too many requests: the gate tries again later.',
};

const saidNo = ({ token }: Repository, method: string, response: Response, text: string): AdapterError => {
  const { status } = response;
  const heard = refusal.safeParse(readJson(text));
  const words = heard.success ? cut(plainLine(heard.data.message.replaceAll(token.reveal(), '***')), 200) : '';
  const said = words === '' ? '' : ` ("${words}")`;
  if (status < 400) {
    const to = response.headers.get('location');
    const origin = to !== null && URL.canParse(to) ? ` to ${new URL(to).origin}` : '';
    const message = `Gitea redirects${origin}, where the token is not sent: set GITEA_API_URL to the final address.`;
    return new AdapterError('refused', message, { status });
  }
  // A server error says nothing about whether the request was carried out.
  if (status >= 500) {
    const message = `Gitea failed with status ${status}${said}: see its log; the gate tries again later.`;
    return new AdapterError('invalid-answer', message, { status });
  }
  const pause = Number(response.headers.get('retry-after') ?? 'none');
  return new AdapterError(
    'refused',
    `Gitea refused ${method} with ${status}${said}. ${REMEDIES[status] ?? ''}`.trim(),
    {
      status,
      ...(Number.isInteger(pause) && pause >= 0 ? { retryAfterSeconds: pause } : {}),
    },
  );
};
