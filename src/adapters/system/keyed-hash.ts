// A hidden value → a hash by which it is told from another, under a key that stays in the store.
import { createHmac, randomBytes } from 'node:crypto';
import type { Json } from '../../core/model/json.ts';
import { canonicalJson } from '../../core/sealed-spec/canonical-json.ts';

/** 32 bytes as hex. */
export function newHashKey(): string {
  return randomBytes(32).toString('hex');
}

/** "hmac-sha256:…" over the canonical JSON of a value; the same key, the same hash. */
export function keyedHash(key: string): (value: Json) => string {
  return (value) =>
    `hmac-sha256:${createHmac('sha256', Buffer.from(key, 'hex'))
      .update(canonicalJson(value) ?? '')
      .digest('hex')}`;
}
