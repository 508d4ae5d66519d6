// The audit head in a review issue, as programs read it: written with a proof that the gate wrote it, and found again.
import type { Json } from '../model/json.ts';
import type { AuditHead } from '../remediation/audit-line.ts';

/** `proof`: the gate's own, over headStatement; null: an issue of an older version, or one that was edited, shows the head alone. */
export interface ShownHead {
  readonly head: AuditHead;
  readonly proof: string | null;
}

/** More in one text are nobody's habit. */
const MOST = 5;

const PROVEN = /<!-- blastgate-head (\d{1,15}):([0-9a-f]{64}) (hmac-sha256:[0-9a-f]{64}) -->/g;
/** The end of the closing line, with marker and seal (body-mark.ts) behind it, in either language. */
const SHOWN =
  /`(\d{1,15}):([0-9a-f]{64})`\s*<!-- blastgate-review [^\r\n]{1,500} -->\s*(?:<!-- blastgate-body [^\r\n]{1,100} -->\s*)?$/;

/** What the proof is made over: it says what it is for, so that no other hash of the gate can stand for it. */
export function headStatement({ seq, hash }: AuditHead): Json {
  return { statement: 'audit-head', seq, hash };
}

/** An HTML comment, which people do not see. */
export function headMark({ seq, hash }: AuditHead, proof: string): string {
  return `<!-- blastgate-head ${seq}:${hash} ${proof} -->`;
}

/** The heads in the body of an issue; [] where it shows none. Who wrote them is for the proof to say, not for the text. */
export function headsIn(body: string): readonly ShownHead[] {
  const marked = [...body.matchAll(PROVEN)].slice(0, MOST).flatMap(([, seq, hash, proof]) => {
    if (seq === undefined || hash === undefined || proof === undefined) return [];
    return [{ head: { seq: Number(seq), hash }, proof }];
  });
  if (marked.length > 0) return marked;
  const [, seq, hash] = SHOWN.exec(body) ?? [];
  return seq === undefined || hash === undefined ? [] : [{ head: { seq: Number(seq), hash }, proof: null }];
}
