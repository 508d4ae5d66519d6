// Old lines of the trail go into the archive, and only then out of the store.
import { type Instant, plusSeconds } from '../core/model/instant.ts';
import { type AuditHead, type AuditLine, timeOf } from '../core/remediation/audit-line.ts';
import { HISTORY_DAYS } from '../core/remediation/outcome.ts';
import { BEGINNING, linkFaults } from '../core/remediation/replay.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { TrailArchive } from '../ports/trail-archive.ts';
import { within } from './deadline.ts';
import type { Gate } from './gate.ts';

/** So many lines at once, so that a gate beside it waits for none of its transactions long. */
const AT_ONCE = 200;

export interface Archiving {
  readonly store: Pick<Store, 'trail'>;
  readonly archive: Pick<TrailArchive, 'append'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly hashOf: (line: Omit<AuditLine, 'hash'>) => string;
  /** What the trail will name as the one who did it. */
  readonly who: string;
  /** The instant from which scores look back; absent: the clock's. */
  readonly today?: Instant;
}

export interface Archived {
  /** Lines that were put into the archive. */
  readonly archived: number;
  /** Lines and remediations that left the store: what is not over, or is still looked at, stays. */
  readonly lines: number;
  readonly remediations: number;
  /** Incidents that are over and stay, since they are not what their lines say. */
  readonly damaged: readonly string[];
  /** The last line that was archived; null: there was none. */
  readonly through: AuditHead | null;
}

/** How long a gate keeps lines by itself. */
export interface Retention {
  readonly days: number;
  /** For each time anew. */
  readonly open: () => Promise<Archiving['archive']>;
  readonly hashOf: Archiving['hashOf'];
  readonly known: KnownTime;
}

/** By what a clock is believed. */
export interface KnownTime {
  /** The time of the newest line from before this start (newestTime); null: there was none. */
  readonly newest: Instant | null;
  /** Milliseconds since that was read, as no clock that is set counts them: a gate may begin long after its start, when another ends. */
  readonly age: () => number;
}

/** The chain is broken at a line: nothing from there on was archived. */
export class BrokenChain extends Error {
  override readonly name = 'BrokenChain';
}

/**
 * Archives every line from before this instant, part by part; what was done stays done when it throws (BrokenChain, AdapterError).
 * Outcomes that scores and the breaker still look at stay, whatever the instant (scoring section 5: HISTORY_DAYS).
 */
export async function archiveTrail(archiving: Archiving, before: Instant, signal: AbortSignal): Promise<Archived> {
  const { trail } = archiving.store;
  const end = await lastBefore(archiving.store, before, signal);
  let done: Archived = { archived: 0, lines: 0, remediations: 0, damaged: [], through: null };
  let last = (await trail.checkpoint(within('store', signal)))?.through ?? BEGINNING;
  while (!signal.aborted) {
    const page = await trail.lines(last.seq, AT_ONCE, within('store', signal));
    const old = page.filter(({ seq }) => seq <= end);
    const final = old.at(-1);
    if (final === undefined) break;
    const fault = firstFault(last, old, archiving.hashOf);
    if (fault !== null) {
      // Lines that are missing may have been taken out by another since.
      if (((await trail.checkpoint(within('store', signal)))?.through.seq ?? 0) > last.seq) break;
      throw new BrokenChain(fault);
    }
    await archiving.archive.append(old);
    const through = { seq: final.seq, hash: final.hash };
    const at = instantOf(archiving);
    const remembered = plusSeconds(archiving.today ?? at, -HISTORY_DAYS * 24 * 3600);
    const pruned = await trail.prune({ through, remembered, at, who: archiving.who }, within('store', signal));
    // Another was at it.
    if (pruned === null) break;
    done = {
      archived: done.archived + old.length,
      lines: done.lines + pruned.lines,
      remediations: done.remediations + pruned.remediations,
      damaged: [...new Set([...done.damaged, ...(pruned.damaged ?? [])])],
      through,
    };
    last = through;
  }
  return done;
}

const instantOf = ({ clock }: Archiving): Instant => new Date(clock.now()).toISOString();

/** The time of the newest line; null: there is none. Throws AdapterError. */
export async function newestTime({ trail }: Archiving['store'], signal: AbortSignal): Promise<Instant | null> {
  const head = await trail.head(within('store', signal));
  const [line] = head === null ? [] : await trail.lines(head.seq - 1, 1, within('store', signal));
  return line === undefined ? null : timeOf(line.deed);
}

/** The number of the last line before this instant; 0: there is none. */
const lastBefore = async ({ trail }: Archiving['store'], before: Instant, signal: AbortSignal): Promise<number> => {
  const filter = { incident: null, event: null, since: before };
  const { lines } = await trail.page(filter, { limit: 1, after: 0 }, within('store', signal));
  const [first] = lines;
  return first === undefined ? ((await trail.head(within('store', signal)))?.seq ?? 0) : first.seq - 1;
};

/** In words; null: the lines hang on each other, and the first on what is before them. */
const firstFault = (before: AuditHead, lines: readonly AuditLine[], hashOf: Archiving['hashOf']): string | null => {
  for (const [i, line] of lines.entries()) {
    const [fault] = linkFaults(lines[i - 1] ?? before, line, hashOf);
    if (fault !== undefined) return `line ${line.seq}: ${fault.what}: ${fault.about}`;
  }
  return null;
};

const DAY_MS = 24 * 3600 * 1000;

/** A clock that is further ahead of the newest line than this is not believed: lines that leave too early are missed, too late never. */
const BELIEVED_DAYS = 7;

/** Archives at once and then each day, until aborted. What goes wrong is logged, and tried again the next day. */
export async function keepRetention(
  { store, clock, log }: Pick<Gate, 'store' | 'clock' | 'log'>,
  { days, open, hashOf, known }: Retention,
  signal: AbortSignal,
): Promise<void> {
  const start = clock.now();
  const newest = known.newest === null ? start : Date.parse(known.newest) + known.age();
  const isAhead = start - newest > BELIEVED_DAYS * DAY_MS;
  if (isAhead) log.warn('clock_far_ahead', { newest_line: known.newest, clock: new Date(start).toISOString() });
  // Days that have passed are counted by the pauses between, which no clock that is set moves.
  for (let today = isAhead ? newest : start; !signal.aborted; today += DAY_MS) {
    const believed = Math.min(clock.now(), today);
    const before = new Date(believed - days * DAY_MS).toISOString();
    try {
      const done = await archiveTrail(
        { store, clock, hashOf, archive: await open(), who: 'retention', today: new Date(believed).toISOString() },
        before,
        signal,
      );
      if (done.damaged.length > 0) log.error('archiving_left', { incidents: done.damaged.slice(0, 20).join(' ') });
      if (done.through !== null)
        log.info('trail_archived', {
          lines: done.archived,
          taken_out: done.lines,
          remediations: done.remediations,
          through: done.through.seq,
        });
    } catch (error) {
      if (!signal.aborted) log.error('archiving_failed', { error: error instanceof Error ? error.message : 'unknown' });
    }
    await clock.sleep(DAY_MS, signal);
  }
}
