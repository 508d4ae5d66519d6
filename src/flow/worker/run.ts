// The loops of a running gate: advance what is due, deliver what people must be told.
import { secondsBetween } from '../../core/model/instant.ts';
import { type Gate, gatesOf } from '../gate.ts';
import { lookAtCards, nextCard } from '../notify/chat-cards.ts';
import { nextDelivery } from '../notify/deliver.ts';
import { nowOf } from '../transition.ts';
import { FALLBACK_MS } from '../wake-signal.ts';
import { nextStep } from './advance.ts';
import type { NextStep } from './next-step.ts';

const AFTER_TROUBLE_MS = 2000;
/** One slow peer must not hold up the others' rollbacks; claims keep the workers apart. */
const WORKERS = 4;
/** A step that takes longer (a drain waits for minutes) is none of them any more, so that it holds nobody up. */
const SLOT_MS = 30_000;
/**
 * However many people are asked, looking at them again takes a fifth of one worker's time, and as little of the cluster's: after each
 * look so many times what it took goes by, at most so long.
 */
const REST = { times: 4, atMostMs: 1000 } as const;
/** A forge that hangs must not hold up the chat; within a queue the order holds all the same. */
const MESSENGERS = 2;

/** Runs until aborted; the steps that are under way then are finished and saved. Each cluster has workers of its own. */
export async function run(gate: Gate, signal: AbortSignal): Promise<void> {
  await lookAtCards(gate, signal);
  await Promise.all([
    ...gatesOf(gate).map((one) => work(one, signal)),
    loop(gate, { name: 'cards', atOnce: 1, next: (until) => nextCard(gate, until) }, signal),
    loop(gate, { name: 'deliver', atOnce: MESSENGERS, next: (until) => nextDelivery(gate, until) }, signal),
  ]);
}

const work = async (gate: Gate, signal: AbortSignal): Promise<void> => {
  await Promise.all([
    loop(gate, { name: 'advance', atOnce: WORKERS, next: (until) => nextStep(gate, 'begun', until) }, signal),
    loop(gate, { name: 'recheck', atOnce: 1, next: (until) => nextStep(gate, 'asked', until), rests: true }, signal),
  ]);
};

interface Work {
  readonly name: string;
  readonly atOnce: number;
  readonly next: (signal: AbortSignal) => Promise<NextStep>;
  /** After each step it waits (REST). */
  readonly rests?: boolean;
}

/** One looks for work and hands it on, so that the store is asked once and not by each. */
const loop = async (gate: Gate, { name, atOnce, next, rests = false }: Work, signal: AbortSignal): Promise<void> => {
  const underWay = new Set<Promise<void>>();
  const taken = new Set<Promise<void>>();
  const afterTrouble = async (error: unknown): Promise<void> => {
    if (signal.aborted) return;
    gate.log.error('loop_failed', { loop: name, error: error instanceof Error ? error.message : 'unknown' });
    await gate.clock.sleep(AFTER_TROUBLE_MS, signal);
  };
  while (!signal.aborted) {
    const seen = gate.wakeSignal.count();
    try {
      const found = await next(signal);
      if (found.kind === 'nothing') {
        await gate.wakeSignal.wait(seen, untilDue(gate, found.nextDue), signal);
        continue;
      }
      const begun = gate.clock.now();
      const step = found.take().catch(afterTrouble);
      const slot = inSlot(gate, step);
      taken.add(step);
      underWay.add(slot);
      void step.then(() => taken.delete(step));
      void slot.then(() => underWay.delete(slot));
      if (underWay.size >= atOnce) await Promise.race(underWay);
      if (rests) await gate.clock.sleep(restAfter(gate.clock.now() - begun), signal);
    } catch (error) {
      await afterTrouble(error);
    }
  }
  await Promise.all(taken);
};

/** Ends with the step, or when it has taken longer than others wait for. */
const inSlot = async ({ clock }: Gate, step: Promise<void>): Promise<void> => {
  const over = new AbortController();
  await Promise.race([step, clock.sleep(SLOT_MS, over.signal)]);
  over.abort();
};

const restAfter = (tookMs: number): number => Math.min(REST.atMostMs, Math.max(0, REST.times * tookMs));

const untilDue = (gate: Gate, due: string | null): number =>
  due === null ? FALLBACK_MS : Math.min(FALLBACK_MS, Math.max(1, secondsBetween(nowOf(gate), due) * 1000));
