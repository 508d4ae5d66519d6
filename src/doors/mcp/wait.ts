// A proposal → what has become of it, as soon as that is news and in good time before a client gives up.

import type { JsonObject } from '../../core/model/json.ts';
import { fieldText } from '../json-field.ts';
import { isSettled } from '../settled.ts';
import type { GateAnswer } from '../terminal/gate-client.ts';
import { MOST_WAITED_SECONDS } from './schemas.ts';
import type { ToolCall } from './tool.ts';

const LOOK_EVERY_MS = 1000;
/** A client that was given a token for progress hears at least this often (anchors: 10 s). */
const TELL_EVERY_MS = 5000;
/** What the last look and the way back to the client may take. */
const RESERVE_MS = 1500;
const ANSWER_MS = 200;
/** A gate that takes longer over one look counts as none. */
const LOOK_MS = 10_000;
const ASK_AGAIN_SECONDS = 10;

export type Waited =
  | {
      readonly ok: true;
      readonly proposal: JsonObject;
      readonly waited: 'changed' | 'still-waiting';
      readonly askAgainSeconds: number | null;
    }
  | { readonly ok: false; readonly answer: GateAnswer };

/**
 * Ends when people have decided about a proposal that waits for them, when one that runs has come to its end, or after
 * `seconds`. Throws what the gate throws.
 */
export async function waitFor(id: string, seconds: number, call: ToolCall): Promise<Waited> {
  const { gate, clock, ending } = call.backend;
  const began = clock.now();
  const total = Math.min(seconds, MOST_WAITED_SECONDS);
  const until = began + Math.min(total * 1000, MOST_WAITED_SECONDS * 1000 - RESERVE_MS);
  const signal = AbortSignal.any([call.signal, ending]);
  const look = (name: string): Promise<GateAnswer> => {
    const left = began + MOST_WAITED_SECONDS * 1000 - ANSWER_MS - clock.now();
    const deadline = clock.deadline(Math.max(0, Math.min(LOOK_MS, left)));
    return gate.call(
      'GET',
      `/proposals/${encodeURIComponent(name)}`,
      undefined,
      AbortSignal.any([call.signal, deadline]),
    );
  };
  let answer = await look(id);
  if (answer.status >= 400) return { ok: false, answer };
  const first = answer.body;
  let told = began;
  while (!isNews(first, answer.body) && clock.now() < until && !signal.aborted) {
    await clock.sleep(Math.min(LOOK_EVERY_MS, until - clock.now()), signal);
    if (signal.aborted) break;
    // By its own id: the name of an incident may mean another one by now.
    answer = await look(fieldText(first['id']));
    if (answer.status >= 400) return { ok: false, answer };
    if (clock.now() - told < TELL_EVERY_MS) continue;
    told = clock.now();
    await call.progress(Math.min(total, Math.floor((told - began) / 1000)), total, fieldText(answer.body['state']));
  }
  const settled = isSettled(answer.body);
  return {
    ok: true,
    proposal: answer.body,
    waited: isNews(first, answer.body) ? 'changed' : 'still-waiting',
    askAgainSeconds: settled ? null : ASK_AGAIN_SECONDS,
  };
}

const WAITS_FOR_PEOPLE = 'awaiting-approval';

const isNews = (first: JsonObject, now: JsonObject): boolean =>
  isSettled(now) || (first['state'] === WAITS_FOR_PEOPLE && now['state'] !== WAITS_FOR_PEOPLE);
