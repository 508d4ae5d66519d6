// What a damaged row is answered with: an error that says what to do.
import { AdapterError } from '../../../ports/adapter-error.ts';

/** A row that cannot be understood: somebody else wrote it, or a disk lost it. */
export function corrupted(what: string): AdapterError {
  return new AdapterError(
    'invalid-answer',
    `The database holds ${what} that cannot be read, so another hand or the disk changed it: stop the gate, keep a copy of the folder, restore a backup.`,
    {
      reason: 'corrupt',
    },
  );
}
