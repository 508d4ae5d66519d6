// A line of the trail → the flat record that collectors of security events (SIEM) are told of in their own formats.
import { type AuditLine, eventNameOf, proposalOf, timeOf } from '../remediation/audit-line.ts';
import type { Event, EventRecord } from '../remediation/event.ts';
import type { State } from '../remediation/state.ts';

/** From what happens every minute to what somebody should be woken for. */
export type Weight = 'routine' | 'low' | 'medium' | 'high' | 'critical';

/** null: the line does not say. */
export interface TrailRecord {
  readonly seq: number;
  readonly hash: string;
  /** The name of the event, or what the note tells. */
  readonly event: string;
  /** Milliseconds since the epoch; null for a line whose time is damaged. */
  readonly timeMs: number | null;
  readonly weight: Weight;
  readonly result: 'success' | 'failure' | null;
  /** The person or agent whose word it is; null: the gate by itself. */
  readonly who: string | null;
  readonly proposal: string | null;
  readonly incident: string | null;
  /** Where the step led to. */
  readonly state: State | null;
  /** Secrets in it are masked already: the trail holds no other. */
  readonly command: string | null;
  readonly digest: string | null;
  readonly tier: string | null;
  readonly cluster: string | null;
  /** Reason of a vote, refusal or note, as it stands in the trail. */
  readonly about: string | null;
}

/** Where a step into this state is worth more than a routine line. */
const WEIGHT_OF_STATE: Partial<Record<State, Weight>> = {
  'awaiting-approval': 'low',
  blocked: 'high',
  refused: 'medium',
  rejected: 'medium',
  stale: 'medium',
  failed: 'high',
  uncertain: 'high',
  'rolling-back': 'high',
  'handed-over': 'high',
  'rolled-back': 'high',
  'rollback-failed': 'critical',
};

/** What weighs by its name, whatever state it leads to. */
const WEIGHT_OF_EVENT: ReadonlyMap<string, Weight> = new Map([
  ['glass-broken', 'high'],
  ['break-glass-refused', 'high'],
  ['breaker-tripped', 'critical'],
  ['way-back-lost', 'high'],
  ['answer-missed', 'medium'],
  ['vote-not-counted', 'medium'],
  ['paused', 'medium'],
  ['running', 'medium'],
  ['pruned', 'medium'],
  ['people-read', 'low'],
  ['policy-read', 'low'],
  ['pruned', 'medium'],
  ['link-made', 'low'],
  ['logged-in', 'low'],
]);

/** Of notes: a login that fails leaves none. */
const RESULT_OF_NOTE: ReadonlyMap<string, 'success' | 'failure'> = new Map([
  ['vote-not-counted', 'failure'],
  ['break-glass-refused', 'failure'],
  ['logged-in', 'success'],
  ['logged-out', 'success'],
]);

const RISING: readonly Weight[] = ['routine', 'low', 'medium', 'high', 'critical'];
const heavier = (one: Weight, other: Weight): Weight => (RISING.indexOf(one) >= RISING.indexOf(other) ? one : other);

const FAILURES: ReadonlySet<State> = new Set(['failed', 'rollback-failed', 'rolled-back', 'handed-over']);

/** Lines in their order, each with what an earlier one told of its proposal (incident, command, digest, tier). */
export function trailRecords(): (line: AuditLine) => TrailRecord {
  const known = new Map<string, Told>();
  return (line) => {
    const { deed } = line;
    const proposal = proposalOf(deed);
    if (deed.kind === 'step') known.set(deed.proposal, toldBy(deed.record.event, known.get(deed.proposal) ?? NOTHING));
    const told = (proposal === null ? undefined : known.get(proposal)) ?? NOTHING;
    const time = Date.parse(timeOf(deed));
    const event = eventNameOf(deed);
    const { seq, hash } = line;
    const common = { seq, hash, event, timeMs: Number.isNaN(time) ? null : time, proposal, ...told };
    const weight = WEIGHT_OF_EVENT.get(event) ?? 'routine';
    if (deed.kind === 'note')
      return {
        ...common,
        weight,
        result: RESULT_OF_NOTE.get(event) ?? null,
        who: deed.who,
        state: null,
        cluster: deed.cluster ?? told.cluster,
        about: deed.about,
      };
    const { record } = deed;
    return {
      ...common,
      // A line that leaves its remediation in a grave state (a look, an answer of the forge) is no second alarm.
      weight: record.from === record.to ? weight : heavier(weight, WEIGHT_OF_STATE[record.to] ?? 'routine'),
      result: resultOf(record),
      state: record.to,
      ...wordOf(record.event),
    };
  };
}

type Told = Pick<TrailRecord, 'incident' | 'command' | 'digest' | 'tier' | 'cluster'>;
const NOTHING: Told = { incident: null, command: null, digest: null, tier: null, cluster: null };

const toldBy = (event: Event, before: Told): Told => {
  if (event.event === 'decided') return { ...before, tier: event.decision.tier };
  if (event.event !== 'proposed') return before;
  const { incident, spec } = event;
  const { command, digest, tier, cluster } = spec;
  return { incident, command, digest, tier, cluster: cluster.name ?? cluster.uid };
};

const resultOf = ({ event, from, to }: EventRecord): TrailRecord['result'] => {
  if (event.event === 'write-answered') {
    if (event.answer.outcome === 'unheard') return null;
    return event.answer.outcome === 'written' ? 'success' : 'failure';
  }
  if (event.event === 'review-answered') return event.review.success ? 'success' : 'failure';
  if (from === to) return null;
  if (to === 'succeeded') return 'success';
  return FAILURES.has(to) ? 'failure' : null;
};

const wordOf = (event: Event): Pick<TrailRecord, 'who' | 'about'> => {
  // Of the others nobody's word is kept.
  switch (event.event) {
    case 'proposed':
      return { who: event.proposer.id, about: null };
    case 'voted':
      return { who: event.vote.person, about: withReason(event.vote.decision, event.vote.reason) };
    case 'glass-broken':
      return { who: event.breakGlass.by, about: event.breakGlass.reason };
    case 'vote-withdrawn':
      return { who: event.person, about: null };
    case 'cancelled':
      return { who: event.by, about: null };
    case 'superseded':
      return { who: null, about: event.by };
    case 'went-stale':
    case 'way-back-lost':
      return { who: null, about: event.refusal.code };
    case 'write-answered':
      return { who: null, about: 'why' in event.answer ? event.answer.why : null };
    case 'sampled':
      return { who: null, about: event.verdict.code };
    case 'answer-missed':
    case 'breaker-tripped':
    case 'decided':
    case 'expired':
    case 'looked':
    case 'progressed':
    case 'reminded':
    case 'review-answered':
    case 'write-intended':
      return { who: null, about: null };
    default:
      return event satisfies never;
  }
};

const withReason = (decision: string, reason: string | null): string =>
  reason === null ? decision : `${decision}: ${reason}`;
