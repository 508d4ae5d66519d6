// Seals a spec: canonical JSON (RFC 8785), sha256, frozen to the last leaf.
import { scrypt } from '@noble/hashes/scrypt.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { wellFormed } from '../model/well-formed.ts';
import { canonicalJson } from './canonical-json.ts';
import type { DeclarativeSpec, Digest } from './declarative-spec.ts';

/** Everything of a spec but its digest. */
export type Unsealed = Omit<DeclarativeSpec, 'digest'>;

/** `sha256:` and 64 hex digits over the RFC 8785 canonical JSON (contract section 1). */
export function digestOf(unsealed: Unsealed): Digest {
  const { digest: _, ...content } = unsealed as DeclarativeSpec;
  return canonicalHash(content) as Digest;
}

/** `sha256:` and 64 hex digits over the RFC 8785 canonical JSON of any JSON value. */
export function canonicalHash(value: unknown): string {
  const canonical = canonicalJson(wellFormed(value));
  if (canonical === undefined) throw new Error('only JSON has a hash (this is a bug)');
  return `sha256:${bytesToHex(sha256(utf8ToBytes(canonical)))}`;
}

/** A copy of a JSON value, frozen to the last leaf. */
const frozenCopy = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as T;
  // Each key is the copy's own before it is set, so that none (such as "__proto__") is taken for anything but a key.
  const copy = { ...value } as { [key: string]: unknown };
  for (const key of Object.keys(copy)) copy[key] = frozenCopy(copy[key]);
  return Object.freeze(copy) as T;
};

/** A spec that nobody else holds (it came as a copy from another thread), frozen to the last leaf. */
export function frozen(spec: DeclarativeSpec): DeclarativeSpec {
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const inner of Object.values(value)) freeze(inner);
    Object.freeze(value);
  };
  freeze(spec);
  return spec;
}

/** The spec with its digest, deeply frozen; a copy, so that nobody who holds a part of the input can change it. */
export function seal(unsealed: Unsealed): DeclarativeSpec {
  const text = wellFormed(unsealed);
  return frozenCopy({ ...text, digest: digestOf(text) });
}

/** A stored spec is taken back only when its digest is the one over its content. */
export type Unsealing =
  | { readonly ok: true; readonly spec: DeclarativeSpec }
  | { readonly ok: false; readonly why: 'not-a-spec' | 'digest-differs' };

/** Opens a spec that was stored as JSON: verified against its own digest, frozen. */
export function unseal(stored: unknown): Unsealing {
  if (typeof stored !== 'object' || stored === null) return { ok: false, why: 'not-a-spec' };
  const spec = stored as DeclarativeSpec;
  if (spec.schemaVersion !== 'blastgate/v1' || typeof spec.digest !== 'string') return { ok: false, why: 'not-a-spec' };
  if (digestOf(spec) !== spec.digest) return { ok: false, why: 'digest-differs' };
  return { ok: true, spec: frozenCopy(spec) };
}

/**
 * A hash over a command and files that hold what the spec does not show. Slow (scrypt, 16 MiB) and still the same for the
 * same input, so that a reader of the spec cannot try a dictionary of passwords against it cheaply.
 */
export function hashContent(command: string, files: ReadonlyMap<string, string>): string {
  const content = canonicalJson(wellFormed({ command, files: Object.fromEntries(files) })) ?? '';
  return `scrypt:${bytesToHex(scrypt(content, 'blastgate/v1', { N: 2 ** 14, r: 8, p: 1, dkLen: 32 }))}`;
}

/** The first 12 hex digits: what people read and type. */
export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}
