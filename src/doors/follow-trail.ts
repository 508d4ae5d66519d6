// The audit trail, looked at each minute (a long one part by part after a start) → metrics of it, and its head in the log, which is kept outside of the gate.
import { within } from '../flow/deadline.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Trail } from '../ports/store.ts';
import type { ChainCheck } from './http/chain-check.ts';

const EVERY_MS = 60_000;
/** After a start a long trail is looked at part by part, beside the gate's work: a million lines take a quarter of an hour. */
const NEXT_PART_MS = 1000;
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
  /** Resolves with the milliseconds until the next look. */
  const look = async (signal: AbortSignal): Promise<number> => {
    const state = await check(signal);
    const before = chain;
    if (state !== null) chain = state.ok ? 'whole' : 'broken';
    if (chain === 'broken' && before !== 'broken') log.error('chain_broken', { lines: state?.lines ?? 0 });
    const head = await trail.head(within('store', signal));
    line = head?.seq ?? 0;
    const next = state === null ? NEXT_PART_MS : EVERY_MS;
    const now = clock.now();
    if (head === null || head.seq === told?.seq) {
      uncoveredSince = null;
      return next;
    }
    uncoveredSince ??= now;
    if (chain === 'broken' || (told !== null && now - told.at < TOLD_EVERY_MS)) return next;
    log.info('audit_head', { seq: head.seq, hash: head.hash });
    told = { seq: head.seq, at: now };
    uncoveredSince = null;
    return next;
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
        const next = await look(signal).catch((error: unknown) => {
          if (signal.aborted) return EVERY_MS;
          uncoveredSince ??= clock.now();
          log.warn('trail_not_looked_at', { error: error instanceof Error ? error.message : 'unknown' });
          return EVERY_MS;
        });
        await clock.sleep(next, signal);
      }
    },
  };
}
