// What kubectl sent for a command, judged as requests, beside the command itself judged as text.

import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { ApiRequest, RequestBody } from '../../src/core/model/api-request.ts';
import { isObject, type Json } from '../../src/core/model/json.ts';
import { EMPTY_PART, NO_SECRETS, type Part, type Understanding } from '../../src/core/model/understanding.ts';
import { understandRequest } from '../../src/core/request/understand-request.ts';
import type { Run } from './compare.ts';
import { EXCEPTIONS, type Exception, exceptionOf } from './request-exceptions.ts';
import { requestOf, type Sent } from './requests.ts';

/** The recorder keeps what is no JSON as `text` alone. */
const bodyOf = (body: Json): RequestBody => {
  if (body === null) return { kind: 'none' };
  const [key, ...more] = isObject(body) ? Object.keys(body) : [];
  if (isObject(body) && key === 'text' && more.length === 0 && typeof body[key] === 'string')
    return { kind: 'text', text: body[key] };
  return { kind: 'value', value: body };
};

/** The request as it went over the wire. The recording server shows protobuf as JSON. */
export const apiRequestOfSent = ({ method, path, query, body, contentType }: Sent): ApiRequest => ({
  method,
  path,
  query: Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => [name, one] as const),
  ),
  contentType: contentType === '' ? null : contentType,
  body: bodyOf(body),
});

const REVIEWS = /^(?:self|local)?subject/;

/** What changes something, or opens a stream; a refused stream is asked for twice. */
export const writesOf = (sent: readonly Sent[]): readonly Sent[] => {
  const found = new Map<string, Sent>();
  for (const one of sent) {
    const request = requestOf(one);
    if (request === null || /^(?:get|list|watch)$/.test(request.verb) || REVIEWS.test(request.resource)) continue;
    const key = request.verb === 'connect' ? JSON.stringify([one.path, one.query]) : String(found.size);
    found.set(key, one);
  }
  return [...found.values()];
};

/** Several requests as the effects of one command (scoring section 6). */
const together = (understandings: readonly Understanding[]): Understanding => {
  const [first, ...nested] = understandings.flatMap(({ parts }) => parts.slice(0, 1));
  const inner = understandings.flatMap(({ parts }) => parts.slice(1));
  const all = first === undefined ? [] : [first, ...nested];
  const whole: Part = {
    ...EMPTY_PART,
    effects: all.flatMap(({ effects }) => effects),
    opaque: all.find(({ opaque }) => opaque !== null)?.opaque ?? null,
    destructions: all.flatMap(({ destructions }) => destructions),
    dryRun: all.every(({ dryRun }) => dryRun),
    undecided: all.some(({ undecided }) => undecided),
    innerArgv: all.find(({ innerArgv }) => innerArgv !== null)?.innerArgv ?? null,
  };
  return {
    command: 'requests',
    secretSpans: NO_SECRETS,
    parts: [whole, ...inner],
    refusals: understandings.flatMap(({ refusals }) => refusals),
  };
};

export interface ScoredRun {
  readonly command: BlastRadius;
  readonly requests: BlastRadius;
  readonly writes: readonly Sent[];
}

/** null: nothing that changes anything was sent. */
export const scoredRun = (run: Run): ScoredRun | null => {
  const writes = writesOf(run.sent);
  if (writes.length === 0) return null;
  const judged = (understanding: Understanding): BlastRadius => score(understanding, null, DEFAULT_POLICY);
  return {
    command: judged(understand({ kind: 'argv', argv: ['kubectl', ...run.argv] }, run.surroundings)),
    requests: judged(together(writes.map((one) => understandRequest(apiRequestOfSent(one), run.surroundings)))),
    writes,
  };
};

/** What must be the same: points, tier, action, hard rule. */
export const verdictOf = ({ score: points, tier, action, hardRule }: BlastRadius): string =>
  `${points} ${tier} ${action}${hardRule === null ? '' : ` ${hardRule.code}`}`;

/** How the commands of one class, or of none, compare. */
export interface ScoreRow {
  same: number;
  /** The requests score higher than the command, or lower. */
  higher: number;
  lower: number;
}

export interface ScoreTally {
  readonly rows: ReadonlyMap<Exception | 'comparable', ScoreRow>;
  /** Comparable, and not the same. */
  readonly differ: readonly string[];
}

/** Adds up every run that sent a write. */
export const scoreTally = (runs: Iterable<Run>): ScoreTally => {
  const rows = new Map<Exception | 'comparable', ScoreRow>();
  const differ: string[] = [];
  for (const run of runs) {
    const scored = scoredRun(run);
    if (scored === null) continue;
    const { command, requests, writes } = scored;
    const exception = exceptionOf(run.argv, command, writes);
    const row = rows.get(exception ?? 'comparable') ?? { same: 0, higher: 0, lower: 0 };
    rows.set(exception ?? 'comparable', row);
    const [one, other] = [verdictOf(command), verdictOf(requests)];
    if (one === other) row.same++;
    else if ((requests.score ?? 100) >= (command.score ?? 100)) row.higher++;
    else row.lower++;
    if (one !== other && exception === null) differ.push(`${run.argv.join(' ')}: ${one}; its requests ${other}`);
  }
  return { rows, differ };
};

/** The table of docs/parity.md. */
export const scoreTable = ({ rows }: ScoreTally): string => {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;
  const ofRow = (name: string, why: string, { same, higher, lower }: ScoreRow): string =>
    line([name, same + higher + lower, same, higher, lower, why]);
  const comparable = rows.get('comparable') ?? { same: 0, higher: 0, lower: 0 };
  const classes = [...rows].flatMap(([name, row]) => (name === 'comparable' ? [] : [[name, row] as const]));
  return [
    line(['commands', 'runs', 'same', 'requests higher', 'requests lower', 'why']),
    '|---|---|---|---|---|---|\n',
    ofRow('**comparable**', '', comparable),
    ...classes
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, row]) => ofRow(name, EXCEPTIONS[name], row)),
  ].join('');
};
