// While requests are only observed, people hear of it: a warning in the log at the start and each hour, a digest in the chat once a day.
import { secondsBetween } from '../../core/model/instant.ts';
import { isObject } from '../../core/model/json.ts';
import { type ShadowTotals, shadowDigest, shadowNotice, shadowTotals } from '../../core/text/shadow-notice.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { shadowSettings } from '../requests/observe.ts';
import { nowOf } from '../transition.ts';

const [HOUR, DAY] = [3600, 24 * 3600];
/** Milliseconds between two looks: a rule of the policy ends within a minute of its time. */
const LOOK_EVERY_MS = 60_000;
/** When people were told last, and what had been observed by then: it survives a restart. */
const TOLD = 'shadow-told';

interface Told extends ShadowTotals {
  readonly at: string;
}

const NOTHING: ShadowTotals = { auto: 0, human: 0, dual: 0, blocked: 0, refused: 0 };
const COUNTED = ['auto', 'human', 'dual', 'blocked', 'refused'] as const;

/** null: nobody was told yet, or what was kept of it cannot be read. */
const readTold = (text: string | null): Told | null => {
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    const isTold =
      isObject(value) && typeof value['at'] === 'string' && COUNTED.every((key) => typeof value[key] === 'number');
    // as: each field was looked at.
    return isTold ? (value as unknown as Told) : null;
  } catch {
    return null;
  }
};

const since = (now: ShadowTotals, before: ShadowTotals): ShadowTotals => ({
  auto: now.auto - before.auto,
  human: now.human - before.human,
  dual: now.dual - before.dual,
  blocked: now.blocked - before.blocked,
  refused: now.refused - before.refused,
});

const tellChat = async (gate: Gate, notice: string, signal: AbortSignal): Promise<void> => {
  if (gate.chat === null) return;
  const { controls, shadow } = gate.store;
  const told = readTold(await controls.readCursor(TOLD, within('store', signal)));
  const now = nowOf(gate);
  const passed = told === null ? DAY : secondsBetween(told.at, now);
  // A clock that went back must not silence it.
  if (passed >= 0 && passed < DAY) return;
  const totals = shadowTotals(await shadow.summary(within('store', signal)));
  const hours = told === null || passed < 0 ? 24 : Math.round(passed / HOUR);
  await gate.chat.send(shadowDigest(notice, since(totals, told ?? NOTHING), hours, gate.lang), within('send', signal));
  await controls.writeCursor(TOLD, JSON.stringify({ at: now, ...totals }), within('store', signal));
};

/**
 * One look. `last`: when the log was told, in milliseconds; null: not yet. Answers the same after this look. A chat or store in
 * trouble is asked again at the next one.
 */
export async function tellOfShadow(gate: Gate, last: number | null, signal: AbortSignal): Promise<number | null> {
  const notice = shadowNotice(shadowSettings(gate), nowOf(gate), 'en');
  if (notice === null) {
    if (last !== null) gate.log.info('shadow_ended', {});
    return null;
  }
  const now = gate.clock.now();
  const isDue = last === null || now - last >= HOUR * 1000;
  if (isDue) gate.log.warn('shadow_mode', { notice });
  try {
    await tellChat(gate, shadowNotice(shadowSettings(gate), nowOf(gate), gate.lang) ?? notice, signal);
  } catch (error) {
    gate.log.warn('shadow_not_told', { error: error instanceof Error ? error.message : 'unknown' });
  }
  return isDue ? now : last;
}

/** Looks again and again until the signal aborts. */
export async function watchShadow(gate: Gate, signal: AbortSignal): Promise<void> {
  let last: number | null = null;
  while (!signal.aborted) {
    last = await tellOfShadow(gate, last, signal);
    await gate.clock.sleep(LOOK_EVERY_MS, signal);
  }
}
