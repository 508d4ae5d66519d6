// Values that specs show only as hashes, encrypted: whoever reads the database without the key learns nothing of them.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Json } from '../../../core/model/json.ts';
import type { HiddenValues } from '../../../ports/store.ts';
import type { Write } from './group-commit.ts';
import type { Tables } from './tables.ts';

const CIPHER = 'aes-256-gcm';
/** How many bytes the key has. */
export const KEY_BYTES = 32;
const [NONCE_BYTES, TAG_BYTES] = [12, 16];

/** nonce, tag, text. */
const sealValue = (key: Buffer, hash: string, value: Json): Buffer => {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(hash));
  const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
};

/** undefined: it was sealed under another key, or changed since. */
const openValue = (key: Buffer, hash: string, sealed: Uint8Array): Json | undefined => {
  const bytes = Buffer.from(sealed);
  const [nonce, rest] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
  const decipher = createDecipheriv(CIPHER, key, nonce)
    .setAAD(Buffer.from(hash))
    .setAuthTag(rest.subarray(0, TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(rest.subarray(TAG_BYTES)), decipher.final()]).toString('utf8');
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

export function sqlHidden(db: Kysely<Tables>, write: Write, key: Buffer): HiddenValues {
  return {
    keep: async (values, signal) => {
      signal.throwIfAborted();
      if (values.size === 0) return;
      const rows = [...values].map(([hash, value]) => ({ hash, sealed: sealValue(key, hash, value) }));
      await write(
        (trx) =>
          trx
            .insertInto('hidden')
            .values(rows)
            .onConflict((conflict) => conflict.column('hash').doNothing())
            .execute(),
        signal,
      );
    },
    reveal: async (hashes, signal) => {
      signal.throwIfAborted();
      if (hashes.length === 0) return new Map();
      const rows = await db
        .selectFrom('hidden')
        .selectAll()
        .where('hash', 'in', [...hashes])
        .execute();
      const opened = rows.flatMap(({ hash, sealed }): readonly (readonly [string, Json])[] => {
        const value = openValue(key, hash, sealed);
        return value === undefined ? [] : [[hash, value]];
      });
      return new Map(opened);
    },
  };
}
