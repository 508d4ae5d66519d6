// The hash chain of the audit trail.
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AuditEntry, AuditHead, AuditLine } from '../../core/remediation/audit-line.ts';

/** sha256 in hex over the RFC 8785 canonical JSON of a line without its hash; the line before is part of it (`prev`). */
export function hashOfLine({ seq, deed, prev }: Omit<AuditLine, 'hash'>): string {
  const text = canonicalize({ seq, deed, prev });
  if (text === undefined) throw new Error('an audit line is always JSON (this is a bug)');
  return createHash('sha256').update(text).digest('hex');
}

/** The next line onto a head; null: the first line of all. */
export function chain(head: AuditHead | null, entry: AuditEntry): AuditLine {
  const line = { seq: (head?.seq ?? 0) + 1, deed: entry, prev: head?.hash ?? '' };
  return { ...line, hash: hashOfLine(line) };
}
