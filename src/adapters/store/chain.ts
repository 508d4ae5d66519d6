// The hash chain of the audit trail.
import { createHash } from 'node:crypto';
import type { AuditEntry, AuditHead, AuditLine } from '../../core/remediation/audit-line.ts';
import { canonicalJson } from '../../core/sealed-spec/canonical-json.ts';

/** RFC 8785 canonical JSON of an entry: what of it is hashed, wherever in the chain it comes to stand. */
export function canonicalEntry(entry: AuditEntry): string {
  const text = canonicalJson(entry);
  if (text === undefined) throw new Error('an audit line is always JSON (this is a bug)');
  return text;
}

/** sha256 in hex over the RFC 8785 canonical JSON of a line without its hash; the line before is part of it (`prev`). */
export function hashOfLine({ seq, deed, prev }: Omit<AuditLine, 'hash'>): string {
  return hashOfCanonical(canonicalEntry(deed), { seq, prev });
}

/** The same where the entry is canonical already. */
const hashOfCanonical = (entry: string, { seq, prev }: Pick<AuditLine, 'seq' | 'prev'>): string =>
  createHash('sha256')
    .update(`{"deed":${entry},"prev":${JSON.stringify(prev)},"seq":${seq}}`)
    .digest('hex');

/** The next line onto a head; null: the first line of all. */
export function chain(head: AuditHead | null, entry: AuditEntry): AuditLine {
  return { ...linkOf(head, canonicalEntry(entry)), deed: entry };
}

/** Where the next line stands and how it hangs on a head, by its canonical entry. */
export function linkOf(head: AuditHead | null, entry: string): Omit<AuditLine, 'deed'> {
  const place = { seq: (head?.seq ?? 0) + 1, prev: head?.hash ?? '' };
  return { ...place, hash: hashOfCanonical(entry, place) };
}
