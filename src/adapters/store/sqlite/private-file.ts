// Makes a file that its owner alone may open, before a database is opened in it.
import { closeSync, constants, fchmodSync, openSync } from 'node:fs';

/** Never through a symbolic link: what it points to is somebody else's (test: open.test.ts beside this file). */
const FLAGS = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;

/**
 * Leaves it 0600, whatever the umask and however it was: who may only read it could hold it locked. SQLite gives journals and
 * other files beside it the same mode (sqlite.org/src, findCreateFileMode). Throws the error of the file system.
 */
export function makePrivate(path: string): void {
  const file = openSync(path, FLAGS, 0o600);
  try {
    fchmodSync(file, 0o600);
  } finally {
    closeSync(file);
  }
}
