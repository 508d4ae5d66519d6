// Verifies the audit trail: the chain of lines, then every state as the fold of its events.
import type { AuditHead, AuditLine, Checkpoint } from './audit-line.ts';
import { carriedDigest } from './carried.ts';
import { latestCheckpoint, stayedDigest } from './checkpoint.ts';
import { type DerivedTables, derivedFaults, sortedText } from './derived.ts';
import type { EventRecord } from './event.ts';
import { next } from './next.ts';
import type { Remediation } from './remediation.ts';

export interface TrailEvidence {
  readonly lines: readonly AuditLine[];
  /** Where the chain must end, kept outside of it; null: nothing was ever written. */
  readonly head: AuditHead | null;
  /** Every remediation as it is kept, with the line of its latest change. */
  readonly kept: readonly { readonly remediation: Remediation; readonly head: AuditHead }[];
  /** Remediations whose rows cannot be read. */
  readonly unreadable?: readonly string[];
  /** The tables that follow from states and events, of the same moment; left out where a store keeps none. */
  readonly derived?: DerivedTables;
  /** Heads known from elsewhere: those printed in review issues, each with its hash or the first digits of it. */
  readonly known: readonly AuditHead[];
  readonly hashOf: (line: Omit<AuditLine, 'hash'>) => string;
}

/** One thing that is wrong: where (`seq`, null where no line stands for it) and what. */
export interface TrailFault {
  readonly seq: number | null;
  readonly what:
    | 'changed' // the line is not what was hashed
    | 'removed' // lines are missing before this one
    | 'reordered' // the line stands where another should
    | 'tail-cut' // the head kept outside is not in the chain
    | 'beyond-head' // lines after the head kept outside
    | 'archived' // a head known from elsewhere that only an archive can prove
    | 'illegal-step' // its event does not fit the state that the events before it give
    | 'state-differs' // what is kept is not the fold of its events
    | 'unreadable' // what is kept cannot be read
    | 'table-differs'; // what was derived from it does not follow from it
  readonly about: string;
}

/** All faults in the order of the lines; [] when the trail is whole. */
export function verifyTrail(evidence: TrailEvidence): readonly TrailFault[] {
  const broken = [...brokenLinks(evidence), ...missingHeads(evidence), ...brokenStates(evidence)];
  // What follows from broken evidence says nothing.
  return broken.length > 0 ? broken : differingTables(evidence);
}

/** Where a trail begins of which nothing was taken out. */
export const BEGINNING: AuditHead = { seq: 0, hash: '' };

/** What is wrong with a line that stands behind this one. */
export function linkFaults(before: AuditHead, line: AuditLine, hashOf: TrailEvidence['hashOf']): readonly TrailFault[] {
  const { seq, prev } = line;
  const faults = [...changed(line, hashOf)];
  if (seq > before.seq + 1)
    faults.push({ seq, what: 'removed', about: `lines ${before.seq + 1} to ${seq - 1} are missing before it` });
  else if (seq <= before.seq) faults.push({ seq, what: 'reordered', about: `it follows line ${before.seq}` });
  else if (prev !== before.hash)
    faults.push({ seq, what: 'reordered', about: `it was not written onto line ${before.seq}` });
  return faults;
}

const changed = (line: AuditLine, hashOf: TrailEvidence['hashOf']): readonly TrailFault[] =>
  hashOf(line) === line.hash ? [] : [{ seq: line.seq, what: 'changed', about: 'its content does not give its hash' }];

/** The lines that stayed from before the checkpoint (stayedFaults), then those that hang on it one by one. */
const brokenLinks = ({ lines, hashOf }: TrailEvidence): readonly TrailFault[] => {
  const checkpoint = latestCheckpoint(lines)?.checkpoint;
  let before = checkpoint?.through ?? BEGINNING;
  const { seq: through } = before;
  const faults = [
    ...(checkpoint === undefined
      ? []
      : stayedFaults(
          lines.filter(({ seq }) => seq <= through),
          checkpoint,
          hashOf,
        )),
  ];
  for (const line of lines) {
    if (line.seq <= through && checkpoint !== undefined) continue;
    faults.push(...linkFaults(before, line, hashOf));
    before = { seq: line.seq, hash: line.hash };
  }
  return faults;
};

/** What is wrong with the lines that stayed from before a checkpoint: they are those that it was sealed over, unchanged. */
export function stayedFaults(
  stayed: readonly AuditLine[],
  { through, stayed: digest }: Checkpoint,
  hashOf: TrailEvidence['hashOf'],
): readonly TrailFault[] {
  const faults = stayed.flatMap((line) => changed(line, hashOf));
  return faults.length > 0 || stayedDigest(stayed) === digest
    ? faults
    : [{ seq: through.seq, what: 'removed', about: 'the lines before it are not those that its checkpoint left' }];
}

const missingHeads = ({ lines, head, kept, known }: TrailEvidence): readonly TrailFault[] => {
  const hashes = new Map(lines.map(({ seq, hash }) => [seq, hash]));
  const last = lines.at(-1)?.seq ?? 0;
  const inChain = (one: AuditHead): boolean => hashes.get(one.seq) === one.hash;
  const faults: TrailFault[] = [];
  if (head !== null && !inChain(head))
    faults.push({ seq: head.seq, what: 'tail-cut', about: 'the head in the state row is not in the chain' });
  if (last > (head?.seq ?? 0))
    faults.push({ seq: last, what: 'beyond-head', about: `the head in the state row is line ${head?.seq ?? 0}` });
  for (const { remediation, head: own } of kept)
    if (!inChain(own))
      faults.push({
        seq: own.seq,
        what: 'tail-cut',
        about: `the latest step of ${remediation.id} is not in the chain`,
      });
  const through = latestCheckpoint(lines)?.checkpoint.through;
  if (through !== undefined) hashes.set(through.seq, through.hash);
  for (const { seq, hash } of known) {
    const found = hashes.get(seq);
    if (found === undefined && seq < (through?.seq ?? 0))
      faults.push({
        seq,
        what: 'archived',
        about: `whether ${hash} was in the chain only the archive can say: name its folder with --archive`,
      });
    else if (found?.startsWith(hash) !== true)
      faults.push({ seq, what: 'tail-cut', about: `the head ${hash} is not in the chain` });
  }
  return faults;
};

const brokenStates = ({ lines, kept, unreadable = [] }: TrailEvidence): readonly TrailFault[] => {
  const faults: TrailFault[] = unreadable.map((id) => ({
    seq: null,
    what: 'unreadable',
    about: `the row of ${id} is damaged: restore a backup, or tell its state from its events (\`audit export\`)`,
  }));
  const folded = new Map<string, Remediation | null>();
  for (const { seq, deed } of lines) {
    if (deed.kind !== 'step') continue;
    const { proposal, record } = deed;
    const before = folded.get(proposal);
    // One fault for each remediation: after it nothing can be said about the rest.
    if (before === null) continue;
    const after = fold(before ?? null, record);
    if (after === null || after.state !== record.to || after.revision !== deed.revision) {
      faults.push({
        seq,
        what: 'illegal-step',
        about: `${record.event.event} does not lead ${proposal} to ${record.to}`,
      });
      folded.set(proposal, null);
    } else folded.set(proposal, after);
  }
  for (const { remediation, head } of kept) {
    const after = folded.get(remediation.id);
    if (after === null || (after !== undefined && sameAsKept(after, remediation))) continue;
    faults.push({ seq: head.seq, what: 'state-differs', about: `${remediation.id} is not the fold of its events` });
  }
  const ids = new Set([...kept.map(({ remediation }) => remediation.id), ...unreadable]);
  for (const id of folded.keys())
    if (!ids.has(id)) faults.push({ seq: null, what: 'state-differs', about: `${id} has events and is not kept` });
  return faults;
};

const differingTables = ({ lines, kept, derived }: TrailEvidence): readonly TrailFault[] => {
  if (derived === undefined) return [];
  const checkpoint = latestCheckpoint(lines)?.checkpoint;
  const isCarried =
    checkpoint === undefined ? derived.carried.length === 0 : carriedDigest(derived.carried) === checkpoint.carried;
  // The counts follow from these.
  if (!isCarried)
    return [{ seq: null, what: 'table-differs', about: 'what was archived counts for other than its checkpoint says' }];
  return derivedFaults(
    lines,
    kept.map(({ remediation }) => remediation),
    derived,
  ).map((about) => ({ seq: null, what: 'table-differs', about }));
};

/**
 * Whether these lines, of one remediation from its first on, are whole and give what is kept of it; null: none is kept. What is false
 * verifyTrail names.
 */
export function areFoldOf(
  lines: readonly AuditLine[],
  kept: Remediation | null,
  hashOf: TrailEvidence['hashOf'],
): boolean {
  let folded: Remediation | null = null;
  for (const line of lines) {
    if (line.deed.kind !== 'step' || hashOf(line) !== line.hash) return false;
    folded = fold(folded, line.deed.record);
    if (folded === null) return false;
  }
  return folded !== null && kept !== null && sameAsKept(folded, kept);
}

/** null: the event does not fit. */
const fold = (before: Remediation | null, { event, at }: EventRecord): Remediation | null => {
  try {
    const step = next(before, event, at);
    return step.ok ? step.remediation : null;
  } catch {
    return null;
  }
};

/** Equal whatever the order of keys. */
const sameAsKept = (folded: Remediation, kept: Remediation): boolean => sortedText(folded) === sortedText(kept);
