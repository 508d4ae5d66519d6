// A write that runs: how far it has come is put down, its claim is held on, and it is told to stop when the gate ends.
import { plusSeconds } from '../../core/model/instant.ts';
import { isWorthTelling, type Told } from '../../core/remediation/progress-rule.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { cut } from '../../core/text/escape.ts';
import type { WriteControl, WriteProgress } from '../../ports/cluster-writer.ts';
import { LIMITS, within } from '../deadline.ts';
import { applyEvents, nowOf, RACES, retryOnConflict, save, toStoreChange } from '../transition.ts';
import type { Tick } from './tick.ts';

/** Of the peer's words about what is waited for. */
const MOST_LETTERS = 300;

export interface SupervisedWrite {
  readonly control: WriteControl;
  /** Once the write has answered: the remediation as it is then. */
  readonly end: () => Promise<Remediation>;
}

/** `onto`: the remediation with its intent, as it was saved under the claim of the tick. `lasts`: longer than the claim does. */
export function superviseWrite(tick: Tick, onto: Remediation, lasts: 'a moment' | 'long'): SupervisedWrite {
  const { gate, signal } = tick;
  const [ended, lost] = [new AbortController(), new AbortController()];
  const held = lasts === 'long' ? holdClaim(tick, ended.signal, lost) : null;
  let remediation = onto;
  let told: Told | null = null;
  let saving: Promise<void> = Promise.resolve();

  const putDown = async ({ done, of, subject }: WriteProgress): Promise<void> => {
    const event = { event: 'progressed', done, of, subject: cut(subject, MOST_LETTERS) } as const;
    const last = new AbortController().signal;
    await retryOnConflict(RACES, async () => {
      const step = applyEvents(remediation, [event], nowOf(gate));
      if (!step.ok) return;
      const saved = await save(gate, [toStoreChange(step, tick.claim, 'keep-claim')], last);
      if (saved.ok) {
        remediation = step.remediation;
        return;
      }
      if (saved.why !== 'conflict') return;
      remediation = (await gate.store.remediations.read(remediation.id, within('store', last))) ?? remediation;
      return 'conflict';
    });
  };
  return {
    control: {
      stop: AbortSignal.any([signal, lost.signal]),
      progressed: (progress) => {
        const last = { done: progress.done, of: progress.of, waits: progress.waits, atMs: gate.clock.now() };
        if (!isWorthTelling(told, last)) return;
        told = { last, lines: (told?.lines ?? 0) + 1 };
        // What nobody can read later is no reason to stop the write.
        saving = saving
          .then(() => putDown(progress))
          .catch((error: unknown) =>
            gate.log.warn('progress_lost', {
              proposal: onto.id,
              error: error instanceof Error ? error.message : 'unknown',
            }),
          );
      },
    },
    end: async () => {
      ended.abort();
      await Promise.all([held, saving]);
      return remediation;
    },
  };
}

/** A claim that ran out would be somebody else's, who finds the intent and takes this process for dead. */
const holdClaim = async ({ gate, claim }: Tick, ended: AbortSignal, lost: AbortController): Promise<void> => {
  for (;;) {
    await gate.clock.sleep((LIMITS.claim * 1000) / 3, ended);
    if (ended.aborted) return;
    const until = plusSeconds(nowOf(gate), LIMITS.claim);
    try {
      if (await gate.store.remediations.prolong(claim, until, within('store', ended))) continue;
      gate.log.warn('step_lost', { proposal: claim.proposal, why: 'claim-lost' });
      lost.abort();
      return;
    } catch (error) {
      if (ended.aborted) return;
      // It still holds for a while: tried again before it runs out.
      gate.log.warn('claim_not_held', { error: error instanceof Error ? error.message : 'unknown' });
    }
  }
};
