// The key of the hidden values, in its own file beside the database.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { KEY_BYTES } from '../queries/hidden.ts';

const FILE = 'hidden.key';

/** The key in its own file beside the database, readable by its owner alone; made on the first start. Throws AdapterError. */
export function hiddenKey(folder: string): Buffer {
  const path = join(folder, FILE);
  if (!existsSync(path))
    writeFileSync(path, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  chmodSync(path, 0o600);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'hex');
  if (key.length === KEY_BYTES) return key;
  throw new AdapterError(
    'invalid-answer',
    `${path} holds no key of ${KEY_BYTES} bytes: restore it from the backup that the database is from. Without it no value that a proposal hides can be given back.`,
    { reason: 'corrupt' },
  );
}
