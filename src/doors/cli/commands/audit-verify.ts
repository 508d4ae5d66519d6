// `blastgate audit verify`: whether the trail is whole, with what was archived of it.
import { hashOfLine } from '../../../adapters/store/chain.ts';
import type { AuditHead, AuditLine } from '../../../core/remediation/audit-line.ts';
import { latestCheckpoint } from '../../../core/remediation/checkpoint.ts';
import { BEGINNING, linkFaults, type TrailFault, verifyTrail } from '../../../core/remediation/replay.ts';
import type { Trail } from '../../../ports/store.ts';
import { allLines } from '../../all-lines.ts';
import { jsonLine } from '../../json-line.ts';
import { OPEN } from '../../open-peers.ts';
import { type CommandInput, EXIT, type Terminal, UsageError } from '../../terminal/command.ts';
import { painter } from '../../terminal/paint.ts';
import { outputFormat } from '../proposed-command.ts';

const DEADLINE_MS = 60_000;

/** Exit 0 when the trail is whole, 1 when anything is wrong. */
export async function verifyLines(trail: Trail, input: CommandInput, terminal: Terminal): Promise<number> {
  const { archive: folder } = input.values;
  if (folder === '') throw new UsageError('--archive names a folder');
  const from = archiveFrom(input);
  const found = await verifiedTrail(trail, {
    known: knownHeads(input),
    archive: typeof folder === 'string' ? { folder, from } : null,
  });
  if (outputFormat(input) === 'json') terminal.out(`${jsonLine(found, 2)}\n`);
  else terminal.out(inWords(found, terminal));
  return found.faults.length === 0 ? EXIT.auto : EXIT.broken;
}

/** From which line on the archive must be whole: an operator who keeps the last months alone says it, and nobody else can. */
const archiveFrom = ({ values }: CommandInput): number => {
  const from = values['archive-from'];
  if (typeof from !== 'string') return 1;
  if (!/^[1-9]\d{0,14}$/.test(from))
    throw new UsageError('--archive-from is the number of the first line that is kept');
  if (values['archive'] === undefined) throw new UsageError('--archive-from goes with --archive');
  return Number(from);
};

export interface Verified {
  readonly lines: number;
  readonly head: string | null;
  readonly remediations: number;
  /** Where old lines were taken out: the last of them, and the line that says so; null: none were. */
  readonly checkpoint: { readonly through: number; readonly line: number } | null;
  /** What lies in the archive, as far as it is the trail's; null: it was not looked at. */
  readonly archive: { readonly from: number; readonly to: number } | null;
  readonly faults: readonly TrailFault[];
}

/** `from`: lines before this one may be missing. */
interface Archive {
  readonly folder: string;
  readonly from: number;
}

/** Whatever a gate writes meanwhile. `archive`: it is joined to the trail; null: it is left alone. */
export async function verifiedTrail(
  trail: Trail,
  { known, archive }: { readonly known: readonly AuditHead[]; readonly archive: Archive | null },
): Promise<Verified> {
  const { head, kept, unreadable, derived } = await trail.snapshot(AbortSignal.timeout(DEADLINE_MS));
  const all: AuditLine[] = [];
  for await (const line of allLines(trail)) all.push(line);
  // A gate that writes meanwhile adds lines and moves the head along; lines behind even that head are nobody's.
  const after = await trail.head(AbortSignal.timeout(DEADLINE_MS));
  const lines = all.filter(({ seq }) => seq <= (head?.seq ?? 0) || seq > (after?.seq ?? 0));
  const newest = latestCheckpoint(lines);
  const through = newest?.checkpoint.through ?? BEGINNING;
  const archived = archive === null ? null : await verifiedArchive(archive, { through, known });
  const faults = verifyTrail({
    lines,
    head,
    kept,
    unreadable,
    known: known.filter(({ seq }) => archived?.holds(seq) !== true),
    hashOf: hashOfLine,
    ...(derived === null ? {} : { derived }),
  });
  return {
    lines: lines.length,
    head: head === null ? null : `${head.seq}:${head.hash}`,
    remediations: kept.length,
    checkpoint: newest === null ? null : { through: through.seq, line: newest.seq },
    archive: archived?.range ?? null,
    faults: [...(archived?.faults ?? []), ...faults],
  };
}

const knownHeads = ({ values }: CommandInput): readonly AuditHead[] => {
  const head = values['head'];
  if (typeof head !== 'string') return [];
  const match = /^(\d+):([0-9a-f]{12,64})$/.exec(head);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new UsageError('--head is SEQ:HASH, as a review issue prints it');
  return [{ seq: Number(match[1]), hash: match[2] }];
};

/** Line by line: an archive may be larger than the memory. It may go on behind the checkpoint: put in, and not taken out yet. */
const verifiedArchive = async (
  { folder, from }: Archive,
  { through, known }: { readonly through: AuditHead; readonly known: readonly AuditHead[] },
) => {
  const faults: TrailFault[] = [];
  let [first, last]: [number, AuditHead] = [0, BEGINNING];
  for await (const line of (await OPEN.archive(folder)).lines()) {
    const { seq, hash, prev } = line;
    if (seq > through.seq) break;
    if (first === 0) {
      if (seq > from) faults.push(missingBefore(seq, from));
      // Of a first line from the beginning nothing is before it.
      [first, last] = [seq, seq === 1 ? BEGINNING : { seq: seq - 1, hash: prev }];
    }
    faults.push(...linkFaults(last, line, hashOfLine));
    for (const one of known)
      if (one.seq === seq && !hash.startsWith(one.hash))
        faults.push({ seq, what: 'tail-cut', about: `the head ${one.hash} is not in the chain` });
    last = { seq, hash };
  }
  if (last.seq !== through.seq || last.hash !== through.hash)
    faults.push({
      seq: through.seq,
      what: 'removed',
      about:
        first === 0
          ? `there are no lines in ${folder} up to the checkpoint`
          : `the archive ends at line ${last.seq}, which is not what the checkpoint goes on from`,
    });
  const range = first === 0 ? null : { from: first, to: last.seq };
  return { range, faults, holds: (seq: number): boolean => range !== null && seq >= range.from && seq <= range.to };
};

const missingBefore = (seq: number, from: number): TrailFault => ({
  seq,
  what: 'removed',
  about: `lines ${from} to ${seq - 1} are in no file of the archive: put them back, or name with --archive-from the first line that you keep`,
});

const inWords = ({ lines, head, remediations, checkpoint, archive, faults }: Verified, terminal: Terminal): string => {
  const paint = painter(terminal);
  const old = [
    ...(checkpoint === null
      ? []
      : [`lines up to ${checkpoint.through} were archived, as line ${checkpoint.line} says\n`]),
    ...(archive === null ? [] : [`lines ${archive.from} to ${archive.to} are in the archive\n`]),
  ].join('');
  if (faults.length === 0)
    return `${paint('intact', 'green')}: ${lines} lines, ${remediations} remediations replayed, head ${head ?? 'none'}\n${old}`;
  const rows = faults.map(({ seq, what, about }) => `  line ${seq ?? '-'}: ${what}: ${about}`);
  return `${paint('broken', 'red')}: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in ${lines} lines\n${rows.join('\n')}\n${old}`;
};
