// What the proxy says by itself → a Kubernetes Status, as kubectl and the clients read it.
import type { Refusal } from '../../core/model/refusal.ts';
import { describeRefusal } from '../../core/text/describe.ts';
import { maskText } from '../../core/text/mask.ts';
import type { Lang } from '../../core/text/words/lang.ts';

/** An answer of the proxy's own. */
export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The reasons of Kubernetes (apimachinery, metav1.StatusReason) that the proxy's answers have, and one of its own. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  405: 'MethodNotAllowed',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

export interface StatusWords {
  readonly status: number;
  readonly message: string;
  /** Our code, where there is one: programs read it as the reason of a cause. */
  readonly code?: string;
  readonly reason?: string;
  /** Names the proposal for programs. */
  readonly proposal?: string;
  readonly retryAfterSeconds?: number;
}

/** A Failure. kubectl prints `message`; it resends only what has Retry-After. */
export function statusAnswer(words: StatusWords): ProxyAnswer {
  const { status, message, code, reason = REASONS[status] ?? 'Unknown', proposal, retryAfterSeconds } = words;
  const body = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: maskText(message),
    reason,
    details: {
      ...(proposal === undefined ? {} : { group: 'blastgate', kind: 'proposals', name: proposal }),
      ...(code === undefined ? {} : { causes: [{ reason: code, message: maskText(message) }] }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    },
    code: status,
  };
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
    body: `${JSON.stringify(body)}\n`,
  };
}

export const STORE_FAILED = statusAnswer({
  status: 503,
  message: 'blastgate: its store has failed',
  retryAfterSeconds: 5,
});

/** A refusal with its code, its words and what to do instead. */
export function refusalAnswer(
  refusal: Refusal,
  lang: Lang,
  more: Omit<StatusWords, 'message' | 'code'> = { status: 403 },
): ProxyAnswer {
  return statusAnswer({ ...more, code: refusal.code, message: refusalLine(refusal, lang) });
}

/**
 * The same as a text, for discovery (/api, /apis): kubectl prints nothing of a Status there, and the whole of a text (client-go,
 * rest/request.go: the body of an answer that it does not expect).
 */
export function refusalAsText(refusal: Refusal, lang: Lang, status: number): ProxyAnswer {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { status, headers, body: `${maskText(refusalLine(refusal, lang))}\n` };
}

const refusalLine = (refusal: Refusal, lang: Lang): string => {
  const { code, message, remedy } = describeRefusal(refusal, lang);
  return `blastgate: ${message}${remedy === null ? '' : ` ${remedy}`} (${code})`;
};
