// Old lines are archived and leave the trail: notes that still hold stay, and digests prove what is left.
import { isObject } from '../model/json.ts';
import { canonicalHash } from '../sealed-spec/seal.ts';
import type { AuditEntry, AuditLine, Checkpoint } from './audit-line.ts';

/** The newest checkpoint of a trail, and its line; null: nothing was ever taken out of it. */
export function latestCheckpoint(
  lines: readonly AuditLine[],
): { readonly seq: number; readonly checkpoint: Checkpoint } | null {
  for (const { seq, deed } of lines.toReversed()) {
    const checkpoint = checkpointOf(deed);
    if (checkpoint !== null && checkpoint.through.seq < seq) return { seq, checkpoint };
  }
  return null;
}

/** null: the line is none, or is damaged, which its hash tells. An older gate shows one as any other note. */
export function checkpointOf(deed: AuditEntry): Checkpoint | null {
  if (deed.kind !== 'note' || deed.what !== 'pruned') return null;
  return isCheckpoint(deed.checkpoint) ? deed.checkpoint : null;
}

const isCheckpoint = (value: unknown): value is Checkpoint => {
  if (!isObject(value) || !isObject(value['through'])) return false;
  const { seq, hash } = value['through'];
  const texts = [hash, value['latest'], value['stayed'], value['carried']];
  return Number.isSafeInteger(seq) && Number(seq) >= 1 && texts.every((text) => typeof text === 'string');
};

/** What the lines up to a checkpoint are proven by: which they are, and what each says. */
export function stayedDigest(lines: readonly Pick<AuditLine, 'seq' | 'hash'>[]): string {
  return canonicalHash(lines.map(({ seq, hash }) => [seq, hash]));
}

/** Notes by which something holds until the next of them. */
export const LASTING_NOTES: readonly string[] = ['paused', 'running', 'people-read', 'policy-read'];

/** Of these lines the notes that still hold: where each pause switch stands, which people and policy. Ascending in, ascending out. */
export function lastingLines(lines: readonly AuditLine[]): readonly AuditLine[] {
  const latest = new Map<string, AuditLine>();
  for (const line of lines) {
    const { deed } = line;
    if (deed.kind !== 'note' || !LASTING_NOTES.includes(deed.what)) continue;
    const isSwitch = deed.what === 'paused' || deed.what === 'running';
    latest.set(isSwitch ? `switch ${deed.cluster ?? ''}` : deed.what, line);
  }
  return [...latest.values()].toSorted((a, b) => a.seq - b.seq);
}
