// Streams of people and agents → ended within a second or two once their token counts no more.
import type { People } from '../../core/approval/people.ts';
import type { Gate } from '../../flow/gate.ts';

interface OpenStream {
  readonly mayGoOn: () => boolean;
  readonly end: () => void;
}

export interface Revocation {
  /** Watches a stream until what is returned is called. */
  watch(stream: OpenStream): () => void;
}

const LOOK_MS = 1_000;

/** Looks only while something is open; people are the same object until their file changes. */
export function createRevocation({ people, clock }: Pick<Gate, 'people' | 'clock'>, ending: AbortSignal): Revocation {
  const streams = new Set<OpenStream>();
  let isRunning = false;
  let lookedAt: People | null = null;
  const run = async (): Promise<void> => {
    while (streams.size > 0 && !ending.aborted) {
      const now = people();
      if (now !== lookedAt) {
        lookedAt = now;
        for (const stream of streams) if (!stream.mayGoOn()) stream.end();
      }
      await clock.sleep(LOOK_MS, ending);
    }
    isRunning = false;
  };
  return {
    watch: (stream) => {
      streams.add(stream);
      if (!isRunning) {
        isRunning = true;
        lookedAt = people();
        void run();
      }
      return () => void streams.delete(stream);
    },
  };
}
