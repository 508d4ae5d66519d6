// One request to a forge's API: sent, limited, read; whatever comes back wrong becomes an AdapterError with its remedy.

import type { z } from 'zod';
import { cut, plainLine } from '../../core/text/escape.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { Secret } from '../../ports/secret.ts';
import { limitedText } from '../answer-text.ts';
import { TOO_LARGE } from './split-pages.ts';

/** A forge as it is asked. */
export interface ForgeServer {
  readonly brand: string;
  /** The setting that holds its address, for texts. */
  readonly urlSetting: string;
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly token: Secret;
  /** Sent with each request, the token among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** What to do about a status below 500. */
  readonly remedies: { readonly [status: number]: string };
  /** What the body of a refusal says. */
  readonly refusal: z.ZodType<string>;
  /** Seconds to wait where the refusal is that there were too many requests, whatever its status; null: it is another. */
  readonly pauseOf: (refused: {
    readonly status: number;
    readonly headers: Headers;
    readonly said: string;
  }) => number | null;
}

/** A limit on requests, whatever status the forge gives it. */
const TOO_MANY = 429;
const ANSWER_LIMIT = 16 * 1024 * 1024;

export interface ForgeAnswer<T> {
  readonly value: T;
  readonly headers: Headers;
}

/** `path` behind the API's address; `body` null where none is sent. */
export interface ForgeRequest<S extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly path: string;
  readonly body: object | null;
  readonly shape: S;
}

/** Throws AdapterError: `refused` with the status, `no-answer`, or `invalid-answer` where the answer is not of the shape. */
export async function askForge<S extends z.ZodType>(
  forge: ForgeServer,
  { method, path, body, shape }: ForgeRequest<S>,
  signal: AbortSignal,
): Promise<ForgeAnswer<z.infer<S>>> {
  const { response, text } = await exchange(forge, method, path, body, signal);
  if (response.status >= 300 || response.type === 'opaqueredirect') throw saidNo(forge, method, response, text);
  const parsed = shape.safeParse(readJson(text));
  if (!parsed.success) {
    const what = text.trimStart().startsWith('<') ? 'a web page' : 'something else';
    throw new AdapterError(
      'invalid-answer',
      `${forge.brand} answered ${method} ${path.split('?')[0]} with ${what} than its API does (status ${response.status}). Check ${forge.urlSetting}, and what stands between.`,
      { status: response.status },
    );
  }
  return { value: parsed.data, headers: response.headers };
}

/** null where the forge says that it is not there (any more); by 404 and 410, and by `also`. */
export async function nullIfNotThere<T>(ask: () => Promise<T>, also: readonly number[] = []): Promise<T | null> {
  try {
    return await ask();
  } catch (thrown) {
    if (isNotThere(thrown) || (thrown instanceof AdapterError && also.includes(thrown.status ?? 0))) return null;
    throw thrown;
  }
}

/** What the forge refuses for good, such as a name that it does not know; null: it did as it was asked. Throws all other trouble. */
export async function refusalOf(ask: () => Promise<unknown>): Promise<AdapterError | null> {
  try {
    await ask();
    return null;
  } catch (thrown) {
    if (thrown instanceof AdapterError && thrown.kind === 'refused' && thrown.status !== TOO_MANY) return thrown;
    throw thrown;
  }
}

/** True where the forge said that the thing asked for is not there. */
export function isNotThere(thrown: unknown): boolean {
  return (
    thrown instanceof AdapterError && thrown.kind === 'refused' && (thrown.status === 404 || thrown.status === 410)
  );
}

/** "a=1&b=x"; what is null is left out. */
export function queryOf(values: { readonly [name: string]: string | number | null }): string {
  return new URLSearchParams(
    Object.entries(values).flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, `${value}`]])),
  ).toString();
}

const exchange = async (
  { apiUrl, headers, brand, urlSetting }: ForgeServer,
  method: string,
  path: string,
  body: object | null,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly text: string }> => {
  try {
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { ...headers, ...(body === null ? {} : { 'content-type': 'application/json' }) },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal,
    });
    return { response, text: await limitedText(response, ANSWER_LIMIT, () => tooLarge(brand, response)) };
  } catch (thrown) {
    if (thrown instanceof AdapterError) throw thrown;
    throw unheard({ brand, urlSetting }, `${method} ${path.split('?')[0]}`, thrown, signal);
  }
};

const tooLarge = (brand: string, { status }: Response): AdapterError =>
  new AdapterError('invalid-answer', `${brand}'s answer is larger than ${ANSWER_LIMIT} bytes; it was not read.`, {
    status,
    reason: TOO_LARGE,
  });

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** No (complete) answer: the request may have been carried out or not. */
const unheard = (
  { brand, urlSetting }: Pick<ForgeServer, 'brand' | 'urlSetting'>,
  what: string,
  thrown: unknown,
  signal: AbortSignal,
): AdapterError => {
  if (signal.aborted) {
    const inTime = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
    return new AdapterError(
      'no-answer',
      inTime ? `${brand} gave no complete answer to ${what} in time.` : `${what} to ${brand} was stopped.`,
    );
  }
  const cause = thrown instanceof Error ? thrown.cause : null;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no code';
  return new AdapterError(
    'no-answer',
    `${brand} did not answer: the connection for ${what} failed (${code}). Check ${urlSetting} and that ${brand} runs.`,
    { reason: code },
  );
};

const saidNo = (forge: ForgeServer, method: string, response: Response, text: string): AdapterError => {
  const { brand, urlSetting, token } = forge;
  const { status, headers } = response;
  const heard = forge.refusal.safeParse(readJson(text));
  const words = heard.success ? cut(plainLine(heard.data.replaceAll(token.reveal(), '***')), 200) : '';
  const said = words === '' ? '' : ` ("${words}")`;
  if (status < 400) {
    const to = headers.get('location');
    const origin = to !== null && URL.canParse(to) ? ` to ${new URL(to).origin}` : '';
    const message = `${brand} redirects${origin}, where the token is not sent: set ${urlSetting} to the final address.`;
    return new AdapterError('refused', message, { status });
  }
  // A server error says nothing about whether the request was carried out.
  if (status >= 500) {
    const message = `${brand} failed with status ${status}${said}: see its log; the gate tries again later.`;
    return new AdapterError('invalid-answer', message, { status });
  }
  const pause = forge.pauseOf({ status, headers, said: words });
  const means = pause === null ? status : TOO_MANY;
  return new AdapterError(
    'refused',
    `${brand} refused ${method} with ${status}${said}. ${forge.remedies[means] ?? ''}`.trim(),
    { status: means, ...(pause === null ? {} : { retryAfterSeconds: pause }) },
  );
};

/** Retry-After in whole seconds; null: it is not there, or a date. */
export function retryAfter(headers: Headers): number | null {
  const pause = Number(headers.get('retry-after') ?? 'none');
  return Number.isInteger(pause) && pause >= 0 ? pause : null;
}
