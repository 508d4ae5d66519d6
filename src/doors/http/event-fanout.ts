// One reader of the audit trail's tail for all event streams: a line is read and written as text once, however many listen.
import type { People } from '../../core/approval/people.ts';
import type { AuditLine } from '../../core/remediation/audit-line.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { jsonLine } from '../json-line.ts';
import { eventView } from '../proposal-view.ts';

/** Lines that are read at once. */
export const EVENT_PAGE = 200;
/** Milliseconds between two looks for whose token still counts, and of quiet after which a stream says that it is alive. */
const [LOOK_MS, QUIET_MS] = [1_000, 15_000];
/**
 * Milliseconds that lines gather before they are told together, at least and for each stream: a stream then costs one write,
 * not one a line, and telling 500 of them takes a tenth of the thread.
 */
const [GATHER_MS, GATHER_MS_EACH] = [50, 0.5];
const AFTER_TROUBLE_MS = 2_000;

/** A stream that is listened to. */
export interface Listener {
  /** The last line that it has, or would not want. */
  after: number;
  /** Takes text, all of it or, where it falls behind, none from now on. */
  tell(text: Uint8Array): void;
  /** Whether its token still counts. */
  mayListen(people: People): boolean;
  end(): void;
}

export interface EventFanout {
  /**
   * Tells a listener every line behind its `after` until it is taken off. false: it is further behind than what is read
   * for all, so it reads on by itself first, and nobody else waits for it.
   */
  join(listener: Listener): boolean;
  leave(listener: Listener): void;
}

export function createEventFanout(gate: Gate, ending: AbortSignal): EventFanout {
  const listeners = new Set<Listener>();
  let [position, isRunning, quietSince] = [0, false, 0];
  let lookedAt: People | null = null;

  /** People are the same object until their file changes. */
  const endRevoked = (): void => {
    const people = gate.people();
    if (people === lookedAt) return;
    lookedAt = people;
    for (const listener of listeners) if (!listener.mayListen(people)) listener.end();
  };
  const tellAll = (lines: readonly AuditLine[]): void => {
    const events = lines.map((line) => ({ seq: line.seq, text: eventText(line) }));
    const whole = encoded(events.map(({ text }) => text));
    const first = events[0]?.seq ?? 0;
    for (const listener of listeners) {
      if (listener.after < first) listener.tell(whole);
      else {
        const rest = events.filter(({ seq }) => seq > listener.after).map(({ text }) => text);
        if (rest.length > 0) listener.tell(encoded(rest));
      }
      listener.after = Math.max(listener.after, position);
    }
  };
  const turn = async (): Promise<void> => {
    const seen = gate.wakeSignal.count('record');
    const lines = await gate.store.trail.lines(position, EVENT_PAGE, within('store', ending));
    endRevoked();
    const last = lines.at(-1);
    if (last !== undefined) {
      position = last.seq;
      tellAll(lines);
      quietSince = gate.clock.now();
      if (lines.length < EVENT_PAGE)
        await gate.clock.sleep(Math.max(GATHER_MS, listeners.size * GATHER_MS_EACH), ending);
      return;
    }
    if (gate.clock.now() - quietSince >= QUIET_MS) {
      quietSince = gate.clock.now();
      for (const listener of listeners) listener.tell(QUIET);
    }
    await gate.wakeSignal.wait(seen, LOOK_MS, ending, 'record');
  };
  const run = async (): Promise<void> => {
    isRunning = true;
    quietSince = gate.clock.now();
    while (listeners.size > 0 && !ending.aborted) {
      try {
        await turn();
      } catch (error) {
        if (ending.aborted) break;
        gate.log.error('events_failed', { error: error instanceof Error ? error.message : 'unknown' });
        endRevoked();
        await gate.clock.sleep(AFTER_TROUBLE_MS, ending);
      }
    }
    isRunning = false;
    if (ending.aborted) for (const listener of listeners) listener.end();
  };
  return {
    join: (listener) => {
      if (isRunning && listener.after < position) return false;
      if (!isRunning) position = listener.after;
      listeners.add(listener);
      lookedAt = null;
      if (!isRunning) void run();
      return true;
    },
    leave: (listener) => {
      listeners.delete(listener);
    },
  };
}

const QUIET = new TextEncoder().encode('event: quiet\ndata: {}\n\n');

const encoded = (texts: readonly string[]): Uint8Array => new TextEncoder().encode(texts.join(''));

/** A server-sent event (WHATWG HTML, 9.2); its id is the line's number. */
export function eventText({ seq, deed }: AuditLine): string {
  const data =
    deed.kind === 'step' ? { proposal: deed.proposal, ...eventView({ seq, ...deed.record }) } : { seq, ...deed };
  const event = deed.kind === 'step' ? deed.record.event.event : 'note';
  return `event: ${event}\ndata: ${jsonLine(data)}\nid: ${seq}\n\n`;
}
