// The audit trail, looked at each minute → metrics of it, and its head in the log, which is kept outside of the gate.
import { within } from '../flow/deadline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Trail } from '../ports/store.ts';
import type { ChainCheck } from './http/chain-check.ts';

const EVERY_MS = 60_000;
/** The log has the head again after so long, where lines were written. */
const TOLD_EVERY_MS = 600_000;

const CHAIN_VALUES = { whole: 1, broken: 0, unknown: -1 } as const;

export interface FollowedTrail {
  /** As Prometheus text. */
  text(): string;
  /** Looks each minute until the signal; never rejects. */
  keep(signal: AbortSignal): Promise<void>;
}

interface TrailWatch {
  readonly trail: Pick<Trail, 'head'>;
  readonly check: ChainCheck;
  readonly clock: Clock;
  readonly log: Log;
}

/** The head of a chain that is broken is not told: it would vouch for it. */
export function followTrail({ trail, check, clock, log }: TrailWatch): FollowedTrail {
  let line = -1;
  let chain: keyof typeof CHAIN_VALUES = 'unknown';
  let told: { readonly seq: number; readonly at: number } | null = null;
  /** When a line was first seen, or the look first failed, that no head in the log covers; null: all are covered. */
  let uncoveredSince: number | null = null;
  const look = async (signal: AbortSignal): Promise<void> => {
    const state = await check(signal);
    const before = chain;
    if (state !== null) chain = state.ok ? 'whole' : 'broken';
    if (chain === 'broken' && before !== 'broken') log.error('chain_broken', { lines: state?.lines ?? 0 });
    const head = await trail.head(within('store', signal));
    line = head?.seq ?? 0;
    const now = clock.now();
    if (head === null || head.seq === told?.seq) {
      uncoveredSince = null;
      return;
    }
    uncoveredSince ??= now;
    if (chain === 'broken' || (told !== null && now - told.at < TOLD_EVERY_MS)) return;
    log.info('audit_head', { seq: head.seq, hash: head.hash });
    told = { seq: head.seq, at: now };
    uncoveredSince = null;
  };
  const text = (): string =>
    [
      '# HELP blastgate_audit_last_line Number of the newest line of the audit trail; -1 where it was not read yet.',
      '# TYPE blastgate_audit_last_line gauge',
      `blastgate_audit_last_line ${line}`,
      '# HELP blastgate_audit_chain 1 where every line hangs on the one before it, 0 where the chain is broken, -1 while not all were looked at.',
      '# TYPE blastgate_audit_chain gauge',
      `blastgate_audit_chain ${CHAIN_VALUES[chain]}`,
      '# HELP blastgate_audit_head_untold_seconds How long there have been lines that no head in the log covers.',
      '# TYPE blastgate_audit_head_untold_seconds gauge',
      `blastgate_audit_head_untold_seconds ${uncoveredSince === null ? 0 : Math.max(0, Math.round((clock.now() - uncoveredSince) / 1000))}`,
      '',
    ].join('\n');
  return {
    text,
    keep: async (signal) => {
      while (!signal.aborted) {
        await look(signal).catch((error: unknown) => {
          if (signal.aborted) return;
          uncoveredSince ??= clock.now();
          log.warn('trail_not_looked_at', { error: error instanceof Error ? error.message : 'unknown' });
        });
        await clock.sleep(EVERY_MS, signal);
      }
    },
  };
}
