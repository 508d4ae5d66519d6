// Errors as RFC 9457 problem documents with our codes.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Refusal, RefusalCode } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { describeProblem } from '../../core/text/describe.ts';
import { describeRefusalOf } from '../../core/text/ended.ts';
import { maskText, maskTexts } from '../../core/text/mask.ts';
import type { ProblemCode } from '../../core/text/words/dictionary.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { readerLanguage } from './reader-language.ts';

export const ProblemSchema = z
  .object({
    type: z.string(),
    status: z.int(),
    title: z.string(),
    detail: z.string(),
    code: z.string(),
    remedy: z.string().nullable().optional(),
    /** The proposal that it is about: a refused one is kept, too. */
    id: z.string().optional(),
    state: z.string().optional(),
  })
  .openapi('Problem');

/** The HTTP status of each code that a door gives, beside the refusals. */
const PROBLEM_STATUS: { readonly [C in ProblemCode]: number } = {
  'bad-request': 400,
  unauthorized: 401,
  'token-expired': 401,
  'not-found-here': 404,
  'method-not-allowed': 405,
  'body-too-large': 413,
  'too-many-requests': 429,
  'too-many-streams': 429,
  'wrong-host': 403,
  'wrong-origin': 403,
  'no-csrf-token': 403,
  'https-needed': 403,
  'link-unusable': 403,
  'links-off': 403,
  'no-gate': 503,
  'bad-arguments': 400,
  'store-failed': 503,
  broken: 500,
};

/** The HTTP status of each refusal that a request can meet; anything else is 422: understood, and turned away. */
const STATUS: { readonly [C in RefusalCode]?: number } = {
  'rate-limited': 429,
  busy: 429,
  'no-right': 403,
  'own-proposal': 403,
  'wrong-channel': 403,
  'reason-required': 400,
  'unknown-person': 403,
  'no-such-proposal': 404,
  'already-voted': 409,
  'no-own-vote': 409,
  'card-changed': 409,
  'login-again': 403,
  'wrong-digest': 409,
  'digest-required': 409,
  'not-open': 409,
  'review-missing': 409,
  expired: 409,
  paused: 409,
  frozen: 409,
  'too-large': 413,
  'bad-incident': 422,
};

const languageOf = (c: Context): Lang => readerLanguage(c.req.header('accept-language'));

const send = (c: Context, status: number, body: Record<string, unknown>): Response => {
  if (status === 401) c.header('www-authenticate', 'Bearer');
  return c.body(
    JSON.stringify({ type: `https://blastgate.dev/problems/${String(body['code'])}`, status, ...body }),
    status as 400,
    {
      'content-type': 'application/problem+json',
      'content-language': languageOf(c),
      vary: 'accept-language',
    },
  );
};

/** The code in words, the same whenever the code is (RFC 9457): "No executor". What happened stands in the detail. */
const titleOf = (code: string): string => `${code.slice(0, 1).toUpperCase()}${code.slice(1).replaceAll('-', ' ')}`;

/** In the language that is asked for; title and code are for programs. `remediation`: the proposal that it is about, named by id and state; null where none is. */
export function refusalProblem(c: Context, refusal: Refusal, remediation: Remediation | null = null): Response {
  if (STATUS[refusal.code] === 429) c.header('retry-after', refusal.code === 'busy' ? '5' : '60');
  const { code, message, remedy } = describeRefusalOf(maskTexts(refusal), remediation, languageOf(c));
  const about = remediation === null ? {} : { id: remediation.id, state: remediation.state };
  return send(c, STATUS[code] ?? 422, { title: titleOf(code), detail: message, code, remedy, ...about });
}

/** `about`: what exactly is wrong, in English; null where the code says all. In other languages it stands behind what the code says. */
export function problem(c: Context, code: ProblemCode, about: string | null): Response {
  const lang = languageOf(c);
  const { message, remedy } = describeProblem(code, lang);
  const said = about === null ? null : maskText(about);
  const detail = said === null ? message : lang === 'en' ? said : `${message} (${said})`;
  return send(c, PROBLEM_STATUS[code], { title: titleOf(code), detail, code, remedy });
}

/** As `problem`, for what may be asked again so many seconds later. */
export function laterProblem(c: Context, code: ProblemCode, about: string, seconds: number): Response {
  c.header('retry-after', String(seconds));
  return problem(c, code, about);
}
