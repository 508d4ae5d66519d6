// One GET of an address that the policy names → its status and the beginning of its answer.

import { AdapterError } from '../../ports/adapter-error.ts';
import { limitedText } from '../answer-text.ts';

/** No answer that a check needs is longer. */
const ANSWER_LIMIT = 1024 * 1024;

export interface Got {
  readonly status: number;
  readonly text: string;
}

/**
 * `body: 'ignored'` reads the status alone; `token`: who asks. A redirect is an answer: nobody is led elsewhere, a token neither.
 * Throws AdapterError.
 */
export async function limitedGet(
  url: string,
  body: 'read' | 'ignored',
  signal: AbortSignal,
  token: string | null = null,
): Promise<Got> {
  try {
    const headers = { 'user-agent': 'blastgate', ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
    const response = await fetch(url, { redirect: 'manual', signal, headers });
    if (body === 'read') return { status: response.status, text: await limitedText(response, ANSWER_LIMIT, tooLarge) };
    await response.body?.cancel();
    return { status: response.status, text: '' };
  } catch (thrown) {
    if (thrown instanceof AdapterError) throw thrown;
    throw new AdapterError('no-answer', whyOf(thrown, signal));
  }
}

const tooLarge = (): AdapterError =>
  new AdapterError('invalid-answer', `the answer is larger than ${ANSWER_LIMIT} bytes`);

const whyOf = (thrown: unknown, signal: AbortSignal): string => {
  if (signal.aborted) return 'no complete answer in time';
  const cause = thrown instanceof Error ? thrown.cause : null;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? `no answer (${cause.code})`
    : 'no answer';
};
