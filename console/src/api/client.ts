// Requests to the gate: its answer, or a trouble that a person can read. Nothing is kept, nothing is asked of another origin.
import { LANGS, type Lang } from '../words/words.ts';

/** Why there is no answer. `status` is null where none came at all. */
export class Trouble extends Error {
  readonly status: number | null;
  readonly code: string;
  readonly remedy: string | null;

  constructor(said: { status: number | null; code: string; message: string; remedy: string | null }) {
    super(said.message);
    this.status = said.status;
    this.code = said.code;
    this.remedy = said.remedy;
  }
}

/** A slow network is waited for so long, in milliseconds, before a request counts as unanswered. */
const PATIENCE_MS = 30_000;

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly csrf?: string | null;
  readonly lang: Lang;
  readonly signal?: AbortSignal;
}

const problemOf = async (response: Response, lang: Lang): Promise<Trouble> => {
  const said: unknown = await response.json().catch(() => null);
  const fields = typeof said === 'object' && said !== null ? (said as Readonly<Record<string, unknown>>) : {};
  const text = (name: string): string | null => (typeof fields[name] === 'string' ? fields[name] : null);
  return new Trouble({
    status: response.status,
    code: text('code') ?? 'broken',
    message: text('detail') ?? text('title') ?? LANGS[lang].trouble.server,
    remedy: text('remedy'),
  });
};

/** The JSON that the gate answers, null for 204. Throws a Trouble, or the AbortError of `signal`. */
export async function ask<T>(path: string, { method = 'GET', body, csrf, lang, signal }: Asked): Promise<T> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const until = signal === undefined ? patience : AbortSignal.any([signal, patience]);
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': lang };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (csrf !== undefined && csrf !== null) headers['x-blastgate-csrf'] = csrf;
  const sent = { method, headers, signal: until, credentials: 'same-origin' as const, cache: 'no-store' as const };
  let response: Response;
  try {
    response = await fetch(path, body === undefined ? sent : { ...sent, body: JSON.stringify(body) });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const { offline, offlineHint } = LANGS[lang].trouble;
    throw new Trouble({ status: null, code: 'no-answer', message: offline, remedy: offlineHint });
  }
  if (!response.ok) throw await problemOf(response, lang);
  if (response.status === 204) return null as T;
  try {
    return (await response.json()) as T;
  } catch {
    const message = LANGS[lang].trouble.unreadable;
    throw new Trouble({ status: response.status, code: 'broken', message, remedy: null });
  }
}
