// The tail of the trail → whoever waits for a proposal hears that something was recorded of it. One reader for all of them.
import { proposalOf } from '../../core/remediation/audit-line.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';

/** Waits for one proposal. */
export interface ProposalListener {
  /** Resolves when a line about it was recorded since the last call (or since it was made), after `ms`, or when aborted. */
  changed(ms: number, signal: AbortSignal): Promise<void>;
  end(): void;
}

export interface ProposalChanges {
  /** What is recorded after it has answered is heard. Throws AdapterError when the store fails. */
  listen(proposal: string): Promise<ProposalListener>;
}

/** Lines that are read at once, and milliseconds between two looks where nothing is told. */
const [PAGE, LOOK_MS] = [200, 1_000];

interface Waiting {
  count: number;
  wake: AbortController;
}

/** `ending` aborts: nobody is told anything more. */
export function createProposalChanges(
  gate: Pick<Gate, 'store' | 'clock' | 'wakeSignal' | 'log'>,
  ending: AbortSignal,
): ProposalChanges {
  const listeners = new Map<string, Set<Waiting>>();
  let running: Promise<void> | null = null;
  let position = 0;

  const tell = (waiting: Waiting): void => {
    waiting.count += 1;
    waiting.wake.abort();
    waiting.wake = new AbortController();
  };
  const follow = async (): Promise<void> => {
    while (listeners.size > 0 && !ending.aborted) {
      const seen = gate.wakeSignal.count('record');
      try {
        const lines = await gate.store.trail.lines(position, PAGE, within('store', ending));
        position = lines.at(-1)?.seq ?? position;
        const about = new Set(lines.map(({ deed }) => proposalOf(deed)));
        for (const id of about) for (const one of listeners.get(id ?? '') ?? []) tell(one);
        if (lines.length === 0) await gate.wakeSignal.wait(seen, LOOK_MS, ending, 'record');
      } catch (error) {
        if (ending.aborted) return;
        gate.log.warn('proposal_changes_failed', { error: error instanceof Error ? error.message : 'unknown' });
        // They read by themselves, and hear from the store what is wrong.
        for (const waiting of listeners.values()) for (const one of waiting) tell(one);
        await gate.clock.sleep(LOOK_MS, ending);
      }
    }
  };
  const begin = async (): Promise<void> => {
    position = (await gate.store.trail.head(within('store', ending)))?.seq ?? 0;
    void follow().finally(() => {
      running = null;
    });
  };
  return {
    listen: async (proposal) => {
      const waiting: Waiting = { count: 0, wake: new AbortController() };
      const all = listeners.get(proposal) ?? new Set();
      listeners.set(proposal, all.add(waiting));
      const end = (): void => {
        all.delete(waiting);
        if (all.size === 0 && listeners.get(proposal) === all) listeners.delete(proposal);
      };
      try {
        running ??= begin();
        await running;
      } catch (error) {
        running = null;
        end();
        throw error;
      }
      let heard = 0;
      return {
        changed: async (ms, signal) => {
          if (waiting.count === heard)
            await gate.clock.sleep(ms, AbortSignal.any([waiting.wake.signal, signal, ending]));
          heard = waiting.count;
        },
        end,
      };
    },
  };
}
