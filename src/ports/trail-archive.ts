// Where lines of the audit trail go that the store does without.
import type { AuditLine } from '../core/remediation/audit-line.ts';

/** Both throw AdapterError, naming the file. */
export interface TrailArchive {
  /** They are on the disk when this resolves; where it throws they may be there in part, and are to be put in again. */
  append(lines: readonly AuditLine[]): Promise<void>;
  /** Every line that was put in, ascending, each once, whoever put it in and however that ended. */
  lines(): AsyncGenerator<AuditLine>;
}
