// What a tool found → the result that a client is sent: structured content, one line of text, at most 16 KiB.
import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Json, JsonObject } from '../../core/model/json.ts';
import { describeProblem } from '../../core/text/describe.ts';
import { cut, plainLine } from '../../core/text/escape.ts';
import type { ProblemCode } from '../../core/text/words/dictionary.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { fieldList, fieldText } from '../json-field.ts';
import type { GateAnswer } from '../terminal/gate-client.ts';
import { fit, jsonBytes } from './fit.ts';
import { fenced, inertObject, inertText } from './inert.ts';

/** Bytes of a result's JSON: content and structured content together. */
export const MOST_RESULT_BYTES = 16 * 1024;
const MOST_LINE_POINTS = 1500;

/** What a tool answers: its JSON and one line of text about it. */
export type ToolAnswer =
  | { readonly ok: true; readonly body: JsonObject; readonly line: string }
  | { readonly ok: false; readonly refusal: ToolRefusal; readonly about: JsonObject };

/** Why there is no answer, with a code that `explain_code` knows. */
export interface ToolRefusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** `about`: what exactly is wrong; null where the code says all. */
export function problemRefusal(code: ProblemCode, about: string | null, lang: Lang): ToolAnswer {
  const { message, remedy } = describeProblem(code, lang);
  return { ok: false, refusal: { code, message: about ?? message, remedy }, about: {} };
}

/** A problem document of the gate. A proposal that it is about stands beside it by id and state. */
export function gateRefusal({ status, body }: GateAnswer): ToolAnswer {
  const { id, state } = body;
  const about = { ...(id === undefined ? {} : { id }), ...(state === undefined ? {} : { state }) };
  const message = fieldText(body['detail']) || fieldText(body['title']) || `the gate answered ${status}`;
  const remedy = typeof body['remedy'] === 'string' ? body['remedy'] : null;
  return { ok: false, refusal: { code: fieldText(body['code']) || 'broken', message, remedy }, about };
}

/** A proposal that was stored and will never run: refused, blocked. The refusal names why, and the proposal stands with it. */
export function proposalRefusal(proposal: JsonObject): ToolAnswer {
  const [first] = fieldList(proposal['refusals']);
  const code = fieldText(proposal['code']) || fieldText(proposal['state']);
  // Why says which rule it was; the refusal of a blocked one says that there is a rule.
  const message = [proposal['why'], first?.['message'], proposal['next']].map(fieldText).find((text) => text !== '');
  const remedy = typeof first?.['remedy'] === 'string' ? first['remedy'] : null;
  return { ok: false, refusal: { code, message: message ?? code, remedy }, about: proposal };
}

/** In which every word of others is inert. */
export function toolResult(answer: ToolAnswer): CallToolResult {
  if (answer.ok) return bounded(answer.body, lineOf(answer.line), {});
  const { refusal, about } = answer;
  const sentences = [refusal.message, refusal.remedy].filter((text) => text !== null).map(endSentence);
  const line = `${fenced(refusal.code)}: ${sentences.join(' ')}`;
  return bounded({ ...refusal, ...withoutRefusal(about) }, lineOf(line), { isError: true });
}

const endSentence = (text: string): string => (/[\p{L}\p{N})\]"'`]$/u.test(text) ? `${text}.` : text);

/** The three fields of a refusal mean the refusal, whatever the proposal beside it has under these names. */
const withoutRefusal = (about: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(about).filter(([name]) => !['code', 'message', 'remedy'].includes(name)));

const lineOf = (text: string): string => cut(plainLine(inertText(text)), MOST_LINE_POINTS);

const bounded = (body: JsonObject, line: string, more: { readonly isError?: true }): CallToolResult => {
  const around = { content: [{ type: 'text' as const, text: line }], ...more };
  const rest = MOST_RESULT_BYTES - jsonBytes({ ...around, structuredContent: {} });
  const structuredContent: Record<string, Json> = { ...fit(inertObject(body), rest) };
  return { ...around, structuredContent };
};
