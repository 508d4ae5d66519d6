// Tables that a store derives from remediations and their events → what of them does not follow from the trail.
import { isObject, type Json } from '../model/json.ts';
import { type AuditLine, type LineKeys, lineKeys, lineSubject } from './audit-line.ts';
import { type Carried, withCarried } from './carried.ts';
import { latestCheckpoint } from './checkpoint.ts';
import { marksOfRecord } from './marks.ts';
import { next } from './next.ts';
import {
  keysOfOutcome,
  type Outcome,
  type OutcomeKeys,
  type OutcomeSummary,
  outcomeOf,
  runOfOutcome,
  summarize,
} from './outcome.ts';
import { holdsOf, type Message, proposalPlace, queueOf, type Remediation } from './remediation.ts';
import { isFinal } from './state.ts';
import { todoOf } from './todo.ts';

/** What a store keeps beside states and trail, of one moment with them. */
export interface DerivedTables {
  readonly isPaused: boolean;
  /** Those that are paused by themselves, sorted. */
  readonly pausedClusters: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    readonly digest: string;
    /** proposalPlace; null where an older version left the store without. */
    readonly place: string | null;
    readonly isOpen: boolean;
    readonly isDue: boolean;
  }[];
  readonly holds: readonly { readonly object: string; readonly proposal: string }[];
  readonly outcomes: readonly {
    readonly incident: string;
    readonly digest: string;
    readonly body: Json;
    /** null where an older version left the store without. */
    readonly keys: OutcomeKeys | null;
  }[];
  /** By what judging finds what failed before; null as above. */
  readonly failedObjects: readonly FailedObject[] | null;
  /** In the order in which they were written. */
  readonly messages: readonly {
    readonly proposal: string;
    readonly queue: string;
    readonly message: Json;
    readonly isSettled: boolean;
    readonly isFirst: boolean;
  }[];
  /** What lines are found by; null where an older version left the store without. */
  readonly lines: readonly (LineKeys & { readonly seq: number })[] | null;
  readonly counts: readonly Carried[];
  /** What remediations that were archived count for. */
  readonly carried: readonly Carried[];
  /** How each action fared on each target; null where an older version left the store without. */
  readonly summaries: readonly OutcomeSummary[] | null;
}

/** An object of an outcome that failed. */
export interface FailedObject {
  readonly action: string;
  readonly object: string;
  readonly ended: string;
  readonly incident: string;
  readonly digest: string;
}

interface Told {
  readonly proposal: string;
  readonly queue: string;
  readonly message: Message;
}

/** What the events say: who had to be told what, and how the latest of each incident and digest ended. */
interface Folded {
  readonly isPaused: boolean;
  readonly pausedClusters: ReadonlySet<string>;
  readonly told: readonly Told[];
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

const keyOf = ({ incident, digest }: { readonly incident: string; readonly digest: string }): string =>
  `${incident} ${digest}`;

const foldAll = (lines: readonly AuditLine[]): Folded => {
  const states = new Map<string, Remediation>();
  const told: Told[] = [];
  const outcomes = new Map<string, Outcome>();
  let isPaused = false;
  const pausedClusters = new Set<string>();
  for (const { deed } of lines) {
    if (deed.kind === 'note') {
      if (deed.what !== 'paused' && deed.what !== 'running') continue;
      if (deed.cluster === undefined) isPaused = deed.what === 'paused';
      else if (deed.what === 'paused') pausedClusters.add(deed.cluster);
      else pausedClusters.delete(deed.cluster);
      continue;
    }
    const { proposal, record } = deed;
    const before = states.get(proposal) ?? null;
    const step = next(before, record.event, record.at);
    // Found by the fold of the states already, which comes first.
    if (!step.ok) continue;
    const { remediation: after } = step;
    states.set(proposal, after);
    for (const message of step.tell) told.push({ proposal, queue: queueOf(message, after), message });
    const outcome = before?.state !== after.state && isFinal(after.state) ? outcomeOf(after) : null;
    if (outcome !== null) outcomes.set(keyOf(outcome), outcome);
  }
  return { isPaused, pausedClusters, told, outcomes };
};

/** Each difference in words; [] where all follows. Kept remediations must be the fold of their events. */
export function derivedFaults(
  lines: readonly AuditLine[],
  kept: readonly Remediation[],
  tables: DerivedTables,
): readonly string[] {
  const folded = foldAll(lines);
  return [
    ...(folded.isPaused === tables.isPaused
      ? []
      : [`the gate is ${tables.isPaused ? '' : 'not '}paused, which no line says`]),
    ...difference('pauses', [...folded.pausedClusters], tables.pausedClusters),
    ...rowFaults(kept, tables),
    ...difference(
      'holds',
      kept.flatMap((one) => holdsOf(one).map((object) => `${object} by ${one.id}`)),
      tables.holds.map(({ object, proposal }) => `${object} by ${proposal}`),
    ),
    ...outcomeFaults(folded.outcomes, tables),
    ...failedObjectFaults(folded.outcomes, tables),
    ...difference(
      'messages',
      folded.told.map(({ proposal, queue, message }) => `${sortedText(message)} of ${proposal} in ${queue}`),
      tables.messages.map(({ proposal, queue, message }) => `${sortedText(message)} of ${proposal} in ${queue}`),
    ),
    ...queueFaults(tables),
    ...countFaults(kept, folded.outcomes, tables),
    ...summaryFaults([...folded.outcomes.values()], tables),
    ...lineFaults(lines, kept, tables),
  ];
}

/** A line with other keys would be found by nobody who looks for it, or by somebody who does not. */
const lineFaults = (
  lines: readonly AuditLine[],
  kept: readonly Remediation[],
  { lines: stored }: DerivedTables,
): readonly string[] => {
  if (stored === null) return [];
  const incidents = new Map(kept.map(({ id, incident }) => [id, incident]));
  const known = new Map(stored.map((keys) => [keys.seq, keys]));
  const checkpoint = latestCheckpoint(lines)?.checkpoint;
  const isOld = (seq: number): boolean => seq <= (checkpoint?.through.seq ?? 0);
  let latest = checkpoint?.latest ?? '';
  return lines.flatMap(({ seq, deed }) => {
    const found = known.get(seq);
    // The latest time before one that stayed went with the lines between.
    const before = isOld(seq) ? (found?.latest ?? '') : latest;
    const subject = lineSubject(deed);
    const expected = lineKeys(subject, before, subject.about === null ? null : (incidents.get(subject.about) ?? null));
    if (!isOld(seq)) latest = expected.latest;
    // One that was written since these were read.
    if (found === undefined) return [];
    const differing = (['incident', 'event', 'latest'] as const).filter((key) => expected[key] !== found[key]);
    return differing.map(
      (key) => `line ${seq} is kept under ${key} "${found[key] ?? ''}", not "${expected[key] ?? ''}"`,
    );
  });
};

const rowFaults = (kept: readonly Remediation[], { rows }: DerivedTables): readonly string[] => {
  const known = new Map(kept.map((one) => [one.id, one]));
  return rows.flatMap(({ id, digest, place, isOpen, isDue }) => {
    const one = known.get(id);
    if (one === undefined) return [];
    return [
      ...(digest === one.spec.digest ? [] : [`the digest column of ${id} is not its digest`]),
      ...(place === null || place === proposalPlace(one) ? [] : [`the place column of ${id} is not its target`]),
      ...(isOpen === !isFinal(one.state) ? [] : [`${id} is ${isOpen ? '' : 'not '}open, though it is ${one.state}`]),
      ...(isDue === (todoOf(one).due !== null)
        ? []
        : [`${id} is ${isDue ? '' : 'not '}due, though it is ${one.state}`]),
    ];
  });
};

/** An outcome of an older version lacks what came later: what it has must be so. */
const outcomeFaults = (expected: ReadonlyMap<string, Outcome>, { outcomes }: DerivedTables): readonly string[] => {
  const stored = new Map(outcomes.map((one) => [keyOf(one), one]));
  const missing = [...expected.keys()]
    .filter((key) => !stored.has(key))
    .map((key) => `the outcome of ${key} is missing`);
  return [
    ...missing,
    ...[...stored].flatMap(([key, { body, keys }]) => {
      const outcome = expected.get(key);
      if (outcome === undefined) return [`the outcome of ${key} follows from no event`];
      if (!agrees(outcome, body)) return [`the outcome of ${key} is not how it ended`];
      return keys === null || sortedText(keys) === sortedText(keysOfOutcome(outcome))
        ? []
        : [`the outcome of ${key} is kept under other columns than its own`];
    }),
  ];
};

/** A row too few hides a failure from the score, one too many invents one. */
const failedObjectFaults = (
  expected: ReadonlyMap<string, Outcome>,
  { outcomes, failedObjects }: DerivedTables,
): readonly string[] => {
  if (failedObjects === null) return [];
  const said = ({ action, object, ended, incident, digest }: FailedObject): string =>
    `${action} of ${object} at ${ended} for ${incident} ${digest}`;
  // Those of an older version were told from its words.
  const old = new Set(outcomes.flatMap((one) => (isObject(one.body) && 'objects' in one.body ? [] : [keyOf(one)])));
  return difference(
    'objects of what failed',
    [...expected].flatMap(([key, outcome]) => {
      const { incident, digest, objects } = outcome;
      const { action, ended, isFailure } = keysOfOutcome(outcome);
      return old.has(key) || !isFailure
        ? []
        : objects.map((object) => said({ action, object, ended, incident, digest }));
    }),
    failedObjects.filter((one) => !old.has(keyOf(one))).map(said),
  );
};

const agrees = (outcome: Outcome, body: Json): boolean => {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const found = new Map(Object.entries(body));
  if (!['incident', 'digest', 'state', 'tier'].every((key) => found.has(key))) return false;
  return Object.entries(outcome).every(
    ([key, value]) => !found.has(key) || sortedText(value) === sortedText(found.get(key)),
  );
};

/** Of each queue the oldest message that is not settled may be taken, and no other. */
const queueFaults = ({ messages }: DerivedTables): readonly string[] =>
  [...Map.groupBy(messages, ({ queue }) => queue)].flatMap(([queue, own]) => {
    const oldest = own.find(({ isSettled }) => !isSettled);
    return own.every((one) => one.isSettled || one.isFirst === (one === oldest))
      ? []
      : [`the messages in ${queue} are not taken in their order`];
  });

const countFaults = (
  kept: readonly Remediation[],
  outcomes: ReadonlyMap<string, Outcome>,
  { counts, carried }: DerivedTables,
): readonly string[] => {
  const expected = new Map<string, number>();
  const add = (kind: string, label: string, count = 1): void => {
    expected.set(`${kind} ${label}`, (expected.get(`${kind} ${label}`) ?? 0) + count);
  };
  for (const { state } of kept) add('proposals', state);
  for (const mark of kept.flatMap(marksOfRecord)) add('marks', mark);
  for (const { state, tier } of outcomes.values()) add('outcomes', `${state} ${tier}`);
  for (const { kind, label, count } of carried) if (kind !== 'runs') add(kind, label, count);
  return difference(
    'counts',
    [...expected].map(([what, count]) => `${count} ${what}`),
    counts.filter(({ count }) => count !== 0).map(({ kind, label, count }) => `${count} ${kind} ${label}`),
  );
};

/** One that a gate of an older version left behind is made anew before it is read (counts say so): it shows nothing false. */
const summaryFaults = (
  outcomes: readonly Outcome[],
  { summaries, counts, carried }: DerivedTables,
): readonly string[] => {
  const all = counts.reduce((sum, { kind, count }) => sum + (kind === 'outcomes' ? count : 0), 0);
  if (summaries === null || summaries.reduce((sum, { runs }) => sum + runs, 0) !== all) return [];
  return difference(
    'summaries',
    withCarried(summarize(outcomes.map(runOfOutcome)), carried).map(counted),
    summaries.map(counted),
  );
};

/** Of what was archived no times are known any more. */
const counted = ({ action, target, runs, succeeded, rolledBack }: OutcomeSummary): string =>
  `${runs} of ${action} on ${target}, ${succeeded} succeeded, ${rolledBack} rolled back`;

/** What is missing and what is too much, as often as it is. */
const difference = (what: string, expected: readonly string[], stored: readonly string[]): readonly string[] => {
  const left = new Map<string, number>();
  for (const one of expected) left.set(one, (left.get(one) ?? 0) + 1);
  for (const one of stored) left.set(one, (left.get(one) ?? 0) - 1);
  return [...left]
    .filter(([, times]) => times !== 0)
    .map(([one, times]) => `${what}: ${one} ${times > 0 ? 'is missing' : 'follows from no event'}`);
};

/** Equal whatever the order of keys. */
export function sortedText(value: unknown): string {
  return JSON.stringify(sorted(value));
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
};
