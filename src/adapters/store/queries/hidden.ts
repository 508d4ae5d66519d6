// Values that specs show only as hashes, encrypted: whoever reads the database without the key learns nothing of them.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import type { Json } from '../../../core/model/json.ts';
import type { HiddenValues } from '../../../ports/store.ts';
import { chunksOf } from './chunks.ts';
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

/** A mark for each incident that a value is kept for: the names of one value stand together, as every database orders them. */
const keptFor = (hash: string, incident: string): string => `hidden:${hash} ${incident}`;
const FIRST_OF = (hash: string): string => `hidden:${hash} `;
const BEHIND_ALL_OF = (hash: string): string => `hidden:${hash}!`;
/** Of a value that an older version kept it is not known for whom: it stays. */
const SOMEBODY = '*';

const isKeptForAny = async (trx: Transaction<Tables>, hash: string): Promise<boolean> => {
  const names = trx.selectFrom('marks').select('name').where('name', '>=', FIRST_OF(hash));
  return (await names.where('name', '<', BEHIND_ALL_OF(hash)).limit(1).executeTakeFirst()) !== undefined;
};

const markKept = async (trx: Transaction<Tables>, hashes: readonly string[], incident: string): Promise<void> => {
  const values = hashes.map((hash) => ({ name: keptFor(hash, incident), value: '' }));
  await trx
    .insertInto('marks')
    .values(values)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute();
};

const HASH = /(?:hmac-)?sha256:[0-9a-f]{64}/g;

/**
 * What was kept for these incidents alone goes, whatever their remediations name. One of an incident that is proposed for again in this very
 * moment is missed by its write, which then is not sent.
 */
export async function forgetHidden(
  trx: Transaction<Tables>,
  rows: readonly { readonly incident: string; readonly body: string }[],
): Promise<void> {
  const names = rows.flatMap(({ incident, body }) =>
    [...new Set(body.match(HASH))].map((hash) => keptFor(hash, incident)),
  );
  for (const some of chunksOf([...new Set(names)])) {
    const gone = await trx.deleteFrom('marks').where('name', 'in', some).returning('name').execute();
    for (const hash of new Set(gone.map(({ name }) => name.slice('hidden:'.length, name.lastIndexOf(' ')))))
      if (!(await isKeptForAny(trx, hash))) await trx.deleteFrom('hidden').where('hash', '=', hash).execute();
  }
}

export function sqlHidden(db: Kysely<Tables>, write: Write, key: Buffer): HiddenValues {
  return {
    keep: async (values, incident, signal) => {
      signal.throwIfAborted();
      if (values.size === 0) return;
      const rows = [...values].map(([hash, value]) => ({ hash, sealed: sealValue(key, hash, value) }));
      await write(async (trx) => {
        const made = await trx
          .insertInto('hidden')
          .values(rows)
          .onConflict((conflict) => conflict.column('hash').doNothing())
          .returning('hash')
          .execute();
        if (incident === null) return;
        const isNew = new Set(made.map(({ hash }) => hash));
        for (const { hash } of rows)
          if (!isNew.has(hash) && !(await isKeptForAny(trx, hash))) await markKept(trx, [hash], SOMEBODY);
        await markKept(
          trx,
          rows.map(({ hash }) => hash),
          incident,
        );
      }, signal);
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
