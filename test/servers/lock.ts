// One holder at a time over all processes of the machine. The lock is SQLite's lock on a file, so the operating system
// frees it when its holder dies; nothing is ever stored in that file.
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

/** Waits until the lock is ours and answers how to release it; `onWait` is called once if somebody else has it. */
export async function holdLock(file: string, onWait: () => void): Promise<() => void> {
  const database = new DatabaseSync(file, { timeout: 0 });
  for (let attempt = 0; ; attempt += 1) {
    try {
      database.exec('begin exclusive');
      return () => database.close();
    } catch (error) {
      if (!(error instanceof Error && error.message.includes('locked'))) throw error;
      if (attempt === 0) onWait();
      await delay(500);
    }
  }
}
