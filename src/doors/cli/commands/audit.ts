// `blastgate audit`: reads the trail of a data folder, also while a gate runs on it.

import { hashOfLine } from '../../../adapters/store/chain.ts';
import { ownValue } from '../../../core/model/json.ts';
import {
  type AuditEntry,
  type AuditLine,
  eventNameOf,
  NOTE_NAMES,
  proposalOf,
  timeOf,
} from '../../../core/remediation/audit-line.ts';
import { EVENT_NAMES } from '../../../core/remediation/event.ts';
import { type TrailFault, verifyTrail } from '../../../core/remediation/replay.ts';
import { plainLine } from '../../../core/text/escape.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Trail } from '../../../ports/store.ts';
import { OPEN } from '../../compose.ts';
import { jsonLine } from '../../json-line.ts';
import { readStoreSettings } from '../../settings.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  type Terminal,
  UsageError,
} from '../../terminal/command.ts';
import { columns, painter } from '../../terminal/paint.ts';
import { outputFormat } from '../proposed-command.ts';
import { sinceOf } from '../times.ts';
import { allLines } from './all-lines.ts';
import { exportLines } from './audit-export.ts';

const DEADLINE_MS = 60_000;

export const auditCommand: CliCommand = {
  name: 'audit',
  usage:
    'blastgate audit list [--incident INC] [--event EVENT] [--since WHEN] [--limit N] [-o text|json]\nblastgate audit verify [--head SEQ:HASH] [-o text|json]\nblastgate audit export [--format json|cef|ocsf] [--since WHEN] [--until WHEN] [--out FILE]      (all of them read BLASTGATE_DATA)',
  example: 'blastgate audit list --incident INC-1003 --since 12h',
  exits: ['done', 'broken', 'usage'],
  options: {
    output: { type: 'string', short: 'o' },
    incident: { type: 'string' },
    event: { type: 'string' },
    since: { type: 'string' },
    limit: { type: 'string' },
    head: { type: 'string' },
    format: { type: 'string' },
    until: { type: 'string' },
    out: { type: 'string' },
  },
  run: async (input, terminal) => {
    const [what, ...more] = input.words;
    const perform = PERFORMERS.get(what ?? '');
    if (perform === undefined || more.length > 0) throw new UsageError('say what: list, verify or export');
    for (const name of ownValue(OPTIONS_OF_OTHERS, what ?? '') ?? [])
      if (input.values[name] !== undefined) throw new UsageError(`${what} takes no --${name}`);
    try {
      const place = readStoreSettings(terminal.env);
      if (place.problems.length > 0) throw new UsageError(place.problems.join('; '));
      const opened = await OPEN.trail(place);
      try {
        return await perform(opened.trail, input, terminal);
      } finally {
        await opened.close();
      }
    } catch (error) {
      if (error instanceof AdapterError) throw new CommandFailed(error.message);
      throw error;
    }
  },
};

const summaryOf = (entry: AuditEntry): readonly string[] =>
  entry.kind === 'note'
    ? [entry.at, entry.what, entry.who ?? '-', plainLine(entry.about)]
    : [
        entry.record.at,
        entry.record.event.event,
        entry.proposal,
        entry.record.from === null || entry.record.from === entry.record.to
          ? entry.record.to
          : `${entry.record.from} → ${entry.record.to}`,
      ];

/** Options of the other words: taken without a sound they would look as if they counted. */
const OPTIONS_OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  list: ['head', 'format', 'until', 'out'],
  verify: ['incident', 'event', 'since', 'limit', 'format', 'until', 'out'],
  export: ['incident', 'event', 'limit', 'head', 'output'],
};

const EVENTS: readonly string[] = [...EVENT_NAMES, ...NOTE_NAMES];

interface Wanted {
  readonly incident: string | null;
  readonly event: string | null;
  /** An instant; null: from the first line on. */
  readonly since: string | null;
  /** null: all of them. */
  readonly limit: number | null;
}

const wantedOf = ({ values }: CommandInput): Wanted => {
  const { incident, event, since, limit } = values;
  const from = typeof since === 'string' ? sinceOf(since, Date.now()) : null;
  if (typeof since === 'string' && from === null)
    throw new UsageError('--since is a time as 2026-11-26T13:00Z, or a span as 30m, 12h or 7d');
  if (typeof event === 'string' && !EVENTS.includes(event))
    throw new UsageError(`--event is one of ${EVENTS.join(', ')}`);
  if (typeof limit === 'string' && !/^[1-9]\d{0,8}$/.test(limit))
    throw new UsageError('--limit is a whole number from 1');
  return {
    incident: typeof incident === 'string' ? incident : null,
    event: typeof event === 'string' ? event : null,
    since: from,
    limit: typeof limit === 'string' ? Number(limit) : null,
  };
};

/** Lines of an incident: the steps of its proposals, and notes about them. */
const belongsTo = (incident: string): ((entry: AuditEntry) => boolean) => {
  const proposals = new Set<string>();
  return (entry) => {
    const proposal = proposalOf(entry);
    if (proposal === null) return false;
    const event = entry.kind === 'step' ? entry.record.event : null;
    if (event?.event === 'proposed' && event.incident === incident) proposals.add(proposal);
    return proposals.has(proposal);
  };
};

const list = async (trail: Trail, input: CommandInput, terminal: Terminal): Promise<number> => {
  const { incident, event, since, limit } = wantedOf(input);
  const isWanted = incident === null ? () => true : belongsTo(incident);
  const lines: AuditLine[] = [];
  let isSince = false;
  for await (const line of allLines(trail)) {
    // In this order: which proposals are of the incident is learnt from lines before `since` too.
    const isOfIncident = isWanted(line.deed);
    isSince ||= since === null || timeOf(line.deed) >= since;
    if (isOfIncident && isSince && (event === null || eventNameOf(line.deed) === event)) lines.push(line);
    if (limit !== null && lines.length > limit) lines.shift();
  }
  if (outputFormat(input) === 'json') terminal.out(`${jsonLine(lines)}\n`);
  else
    terminal.out(
      `${columns([['SEQ', 'AT', 'WHAT', 'WHO / PROPOSAL', 'STATE / ABOUT', 'HASH'], ...lines.map(({ seq, deed, hash }) => [String(seq), ...summaryOf(deed), hash.slice(0, 12)])]).join('\n')}\n`,
    );
  return EXIT.auto;
};

const knownHeads = ({ values }: CommandInput): readonly { readonly seq: number; readonly hash: string }[] => {
  const head = values['head'];
  if (typeof head !== 'string') return [];
  const match = /^(\d+):([0-9a-f]{12,64})$/.exec(head);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new UsageError('--head is SEQ:HASH, as a review issue prints it');
  return [{ seq: Number(match[1]), hash: match[2] }];
};

/** Exit 0 when the trail is whole, 1 when anything is wrong. */
const verify = async (trail: Trail, input: CommandInput, terminal: Terminal): Promise<number> => {
  const known = knownHeads(input);
  const { head, kept, unreadable, derived } = await trail.snapshot(AbortSignal.timeout(DEADLINE_MS));
  const all: AuditLine[] = [];
  for await (const line of allLines(trail)) all.push(line);
  // A gate that writes meanwhile adds lines and moves the head along; lines behind even that head are nobody's.
  const after = await trail.head(AbortSignal.timeout(DEADLINE_MS));
  const lines = all.filter(({ seq }) => seq <= (head?.seq ?? 0) || seq > (after?.seq ?? 0));
  const faults = verifyTrail({
    lines,
    head,
    kept,
    unreadable,
    known,
    hashOf: hashOfLine,
    ...(derived === null ? {} : { derived }),
  });
  const end = {
    lines: lines.length,
    head: head === null ? null : `${head.seq}:${head.hash}`,
    remediations: kept.length,
    faults,
  };
  if (outputFormat(input) === 'json') terminal.out(`${jsonLine(end, 2)}\n`);
  else terminal.out(inWords(end, terminal));
  return faults.length === 0 ? EXIT.auto : EXIT.broken;
};

const PERFORMERS: ReadonlyMap<string, (trail: Trail, input: CommandInput, terminal: Terminal) => Promise<number>> =
  new Map([
    ['list', list],
    ['verify', verify],
    ['export', exportLines],
  ]);

interface Verified {
  readonly lines: number;
  readonly head: string | null;
  readonly remediations: number;
  readonly faults: readonly TrailFault[];
}

const inWords = ({ lines, head, remediations, faults }: Verified, terminal: Terminal): string => {
  const paint = painter(terminal);
  if (faults.length === 0)
    return `${paint('intact', 'green')}: ${lines} lines, ${remediations} remediations replayed, head ${head ?? 'none'}\n`;
  const rows = faults.map(({ seq, what, about }) => `  line ${seq ?? '-'}: ${what}: ${about}`);
  return `${paint('broken', 'red')}: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in ${lines} lines\n${rows.join('\n')}\n`;
};
