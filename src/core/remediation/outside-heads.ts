// Audit heads that stand outside the store → whether the trail still has those lines.
import type { AuditHead, AuditLine } from './audit-line.ts';

/** A head as an issue, or a comment in it, shows it. `isProven`: this gate wrote it, whoever edited the issue since. */
export interface OutsideHead {
  readonly head: AuditHead;
  readonly issueNumber: number;
  readonly issueUrl: string;
  readonly isProven: boolean;
}

/** `earlier`: its line was taken out behind a checkpoint, so that only an archive can say. */
export type HeadPresence = 'there' | 'missing' | 'earlier';

/** Each list ascending by line. What is not proven says nothing while it agrees. */
export interface HeadComparison {
  /** Proven, and in the trail. */
  readonly there: readonly OutsideHead[];
  /** Proven, and not in the trail: it was cut, written anew, or an older copy was restored. */
  readonly missing: readonly OutsideHead[];
  /** Not in the trail, and not proven: of another gate, of an older version, or edited by somebody. */
  readonly doubtful: readonly OutsideHead[];
  readonly earlier: readonly OutsideHead[];
}

/** `line`: that of its number, null: there is none. `through`: the last line that a checkpoint stands for; null: nothing was taken out. */
export function presenceOf(
  head: AuditHead,
  line: AuditLine | null,
  through: AuditHead | null,
  hashOf: (line: Omit<AuditLine, 'hash'>) => string,
): HeadPresence {
  if (line !== null) return line.hash === head.hash && hashOf(line) === head.hash ? 'there' : 'missing';
  if (through === null || head.seq > through.seq) return 'missing';
  // The checkpoint still says what its hash was.
  if (head.seq === through.seq) return through.hash === head.hash ? 'there' : 'missing';
  return 'earlier';
}

export function headComparison(
  judged: readonly { readonly outside: OutsideHead; readonly presence: HeadPresence }[],
): HeadComparison {
  const sorted = judged.toSorted((a, b) => a.outside.head.seq - b.outside.head.seq);
  const those = (presence: HeadPresence, proven: 'proven' | 'not proven'): readonly OutsideHead[] =>
    sorted
      .filter((one) => one.presence === presence && one.outside.isProven === (proven === 'proven'))
      .map(({ outside }) => outside);
  return {
    there: those('there', 'proven'),
    missing: those('missing', 'proven'),
    doubtful: those('missing', 'not proven'),
    earlier: those('earlier', 'proven'),
  };
}

/** The newest line that the trail has as it is proven outside, before anything that it lacks; 0: none. */
export function agreesUpTo({ there, missing }: HeadComparison): number {
  const first = missing[0]?.head.seq ?? Number.POSITIVE_INFINITY;
  return there.findLast(({ head }) => head.seq < first)?.head.seq ?? 0;
}
