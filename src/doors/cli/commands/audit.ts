// `blastgate audit`: reads the trail of a data folder, also while a gate runs on it.

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
import { plainLine } from '../../../core/text/escape.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { Trail } from '../../../ports/store.ts';
import { allLines } from '../../all-lines.ts';
import { jsonLine } from '../../json-line.ts';
import { OPEN } from '../../open-peers.ts';
import { readStoreSettings } from '../../settings/store.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  type Terminal,
  UsageError,
} from '../../terminal/command.ts';
import { columns } from '../../terminal/paint.ts';
import { outputFormat } from '../proposed-command.ts';
import { sinceOf } from '../times.ts';
import { exportLines } from './audit-export.ts';
import { pruneTrail } from './audit-prune.ts';
import { verifyLines } from './audit-verify.ts';

export const auditCommand: CliCommand = {
  name: 'audit',
  usage:
    'blastgate audit list [--incident INC] [--event EVENT] [--since WHEN] [--limit N] [-o text|json]\nblastgate audit verify [--head SEQ:HASH] [--archive DIR [--archive-from LINE]] [-o text|json]\nblastgate audit export [--format json|cef|ocsf] [--since WHEN] [--until WHEN] [--out FILE]\nblastgate audit prune --before WHEN [--archive DIR] [-o text|json]      (all of them work on BLASTGATE_DATA or BLASTGATE_STORE)',
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
    before: { type: 'string' },
    archive: { type: 'string' },
    'archive-from': { type: 'string' },
  },
  run: async (input, terminal) => {
    const [what, ...more] = input.words;
    const perform = PERFORMERS.get(what ?? '');
    if ((perform === undefined && what !== 'prune') || more.length > 0)
      throw new UsageError('say what: list, verify, export or prune');
    for (const name of Object.keys(input.values))
      if (ownValue(OPTIONS, what ?? '')?.includes(name) !== true && input.values[name] !== undefined)
        throw new UsageError(`${what} takes no --${name}`);
    try {
      const place = readStoreSettings(terminal.env);
      if (place.problems.length > 0) throw new UsageError(place.problems.join('; '));
      if (perform === undefined) return await pruneTrail(place, input, terminal);
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

/** Another would look as if it counted. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  list: ['incident', 'event', 'since', 'limit', 'output'],
  verify: ['head', 'archive', 'archive-from', 'output'],
  export: ['format', 'since', 'until', 'out'],
  prune: ['before', 'archive', 'output'],
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

const PERFORMERS: ReadonlyMap<string, (trail: Trail, input: CommandInput, terminal: Terminal) => Promise<number>> =
  new Map([
    ['list', list],
    ['verify', verifyLines],
    ['export', exportLines],
  ]);
