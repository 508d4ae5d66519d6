// One call to Slack's Web API: sent, limited, read; whatever comes back wrong becomes an AdapterError with its remedy.

import { z } from 'zod';
import { ownValue } from '../../../core/model/json.ts';
import { cut, plainLine } from '../../../core/text/escape.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Secret } from '../../../ports/secret.ts';
import { jsonOf, limitedText } from '../../answer-text.ts';

const ANSWER_LIMIT = 4 * 1024 * 1024;
const PAUSE_SECONDS = 30;

const answer = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

/** What to do about Slack's errors (api.slack.com, each method's "Errors"). */
const REMEDIES: { readonly [error: string]: string } = {
  invalid_auth: 'The token is refused: check SLACK_BOT_TOKEN and SLACK_APP_TOKEN.',
  not_authed: 'The token is refused: check SLACK_BOT_TOKEN and SLACK_APP_TOKEN.',
  account_inactive: 'The app was removed from the workspace: install it again and set SLACK_BOT_TOKEN.',
  token_revoked: 'The token was revoked: install the app again and set SLACK_BOT_TOKEN.',
  missing_scope: 'The app lacks a scope: install it again from deploy/slack-manifest.yaml.',
  not_in_channel: 'Invite the app into the channel of SLACK_CHANNEL (/invite @blastgate).',
  channel_not_found: 'There is no such channel, or the app is not in it: check SLACK_CHANNEL and invite the app.',
  is_archived: 'The channel is archived: unarchive it, or set SLACK_CHANNEL to another.',
  not_allowed_token_type: 'SLACK_APP_TOKEN must begin with xapp-, SLACK_BOT_TOKEN with xoxb-.',
};

/** Slack's errors that say that it does not take any more at the moment. */
const BUSY = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
/** Slack's errors that are its own trouble: nobody knows whether it was done. */
const TROUBLE = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** Slack's errors about the message itself: the next try would hear the same. All others end when somebody sets something right. */
const OF_THE_MESSAGE = new Set([
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
]);

export interface SlackServer {
  /** Without a slash at its end. */
  readonly apiUrl: string;
  readonly token: Secret;
}

/**
 * `shape` is what is read of an answer that is ok. `body` goes as a form where it is URLSearchParams: methods that only read do
 * not take JSON. Throws AdapterError; `reason` is Slack's own error.
 */
export async function askSlack<S extends z.ZodType>(
  { apiUrl, token }: SlackServer,
  method: string,
  body: object | URLSearchParams,
  shape: S,
  signal: AbortSignal,
): Promise<z.infer<S>> {
  const { status, text, retryAfter } = await exchange(apiUrl, token, method, body, signal);
  if (status === 429) throw busy(method, retryAfter ?? PAUSE_SECONDS);
  const said = answer.safeParse(jsonOf(text));
  if (status >= 500 || !said.success)
    throw new AdapterError(
      'invalid-answer',
      `Slack answered ${method} with something else than its API does (status ${status}). Check SLACK_API_URL.`,
      { status },
    );
  if (!said.data.ok) throw saidNo(method, said.data.error ?? 'no error named', token, retryAfter);
  const read = shape.safeParse(said.data);
  if (read.success) return read.data;
  throw new AdapterError('invalid-answer', `Slack's answer to ${method} lacks what its API says. Check SLACK_API_URL.`);
}

const busy = (method: string, seconds: number): AdapterError =>
  new AdapterError('refused', `Slack takes no more ${method} at the moment. The gate tries again later.`, {
    status: 429,
    retryAfterSeconds: seconds,
  });

const saidNo = (method: string, error: string, token: Secret, retryAfter: number | null): AdapterError => {
  if (BUSY.has(error)) return busy(method, retryAfter ?? PAUSE_SECONDS);
  const words = cut(plainLine(error.replaceAll(token.reveal(), '***')), 100);
  const kind = TROUBLE.has(error) ? 'invalid-answer' : 'refused';
  return new AdapterError(kind, `Slack refused ${method} ("${words}"). ${ownValue(REMEDIES, error) ?? ''}`.trim(), {
    status: kind !== 'refused' ? 500 : OF_THE_MESSAGE.has(error) ? 400 : 403,
    reason: words,
  });
};

const exchange = async (
  apiUrl: string,
  token: Secret,
  method: string,
  body: object | URLSearchParams,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string; readonly retryAfter: number | null }> => {
  try {
    const response = await fetch(`${apiUrl}/${method}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token.reveal()}`,
        ...(body instanceof URLSearchParams ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      body: body instanceof URLSearchParams ? body : JSON.stringify(body),
      redirect: 'error',
      signal,
    });
    const seconds = Number(response.headers.get('retry-after') ?? 'none');
    const retryAfter = Number.isInteger(seconds) && seconds >= 0 ? seconds : null;
    return { status: response.status, text: await limitedText(response, ANSWER_LIMIT, tooLarge), retryAfter };
  } catch (thrown) {
    if (thrown instanceof AdapterError) throw thrown;
    if (signal.aborted) {
      const inTime = signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
      throw new AdapterError(
        'no-answer',
        inTime ? `Slack gave no answer to ${method} in time.` : `${method} to Slack was stopped.`,
      );
    }
    const cause = thrown instanceof Error ? thrown.cause : null;
    const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'no code';
    throw new AdapterError(
      'no-answer',
      `Slack did not answer: the connection for ${method} failed (${code}). Check the network and SLACK_API_URL.`,
      { reason: code },
    );
  }
};

const tooLarge = (): AdapterError =>
  new AdapterError('invalid-answer', `Slack's answer is larger than ${ANSWER_LIMIT} bytes; it was not read.`);
