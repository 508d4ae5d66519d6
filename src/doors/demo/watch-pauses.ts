// Watches the trail for the gate pausing itself: the demo says so where it happens, with the way to let it go on.
import { setTimeout as pause } from 'node:timers/promises';
import { isObject, type JsonObject } from '../../core/model/json.ts';
import { fieldList, fieldText } from '../json-field.ts';
import { expectOk } from '../terminal/gate-client.ts';
import type { PeerClient } from './stage.ts';

const POLL_MS = 1_000;

interface Watch {
  /** Which failures made the gate pause itself. */
  readonly onPaused: (about: string) => void;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. */
  readonly everyMs?: number;
}

/** Until `signal`. A gate that does not answer for a moment is asked again; what was there before is not told. */
export async function watchPauses(
  client: Pick<PeerClient, 'call'>,
  { onPaused, signal, everyMs }: Watch,
): Promise<void> {
  let after: number | null = null;
  while (!signal.aborted) {
    try {
      const pauses = await pausesOf(client);
      for (const { seq, about } of pauses) if (after !== null && seq > after) onPaused(about);
      after = Math.max(after ?? 0, ...pauses.map(({ seq }) => seq));
    } catch {
      // The next look tells it.
    }
    await pause(everyMs ?? POLL_MS, null, { signal }).catch(() => null);
  }
}

/** The times that it paused itself, oldest first: such a note has nobody's name. */
const pausesOf = async (client: Pick<PeerClient, 'call'>) => {
  const { lines } = expectOk(await client.call('ana', 'GET', '/audit?event=paused&limit=200'));
  return fieldList(lines).flatMap(({ seq, deed }): readonly { readonly seq: number; readonly about: string }[] => {
    const note: JsonObject = isObject(deed) ? deed : {};
    return note['who'] === null && typeof seq === 'number' ? [{ seq, about: fieldText(note['about']) }] : [];
  });
};
