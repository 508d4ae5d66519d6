// Judged actions, one after another → the counts of a replay's report. The order in which they come does not matter.
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { ShadowVerdict } from '../decision/shadow-verdict.ts';
import type { Action } from '../model/effect.ts';
import type { Reason, ReasonCode } from '../model/reason.ts';
import { byText } from '../model/text-order.ts';
import { compareTiers, type Tier } from '../model/tier.ts';
import { maskRadius, maskText } from '../text/mask.ts';
import { actorClassOf } from './actor-class.ts';
import type { CannotTell, LoggedJudgement } from './judge-logged.ts';
import type { LoggedEvent } from './logged-event.ts';
import type { LoggedRequest } from './logged-request.ts';
import {
  type ActionCounts,
  type ActorCounts,
  type ReasonChange,
  type ReplayCounts,
  type ReplayReport,
  SKIPPED_RECORDS,
  type SkippedRecord,
  type TierChange,
} from './replay-report.ts';

/** So many actors, days and changes are listed; a log may have any number, memory may not. */
export const MOST_LISTED = 5_000;

type Counts = { -readonly [K in keyof ReplayCounts]: number };
type Change = { -readonly [K in keyof TierChange]: TierChange[K] };

const newCounts = (): Counts => ({ auto: 0, human: 0, dual: 0, blocked: 0, refused: 0, noBody: 0 });

const addCounts = (sum: Counts, one: ReplayCounts): void => {
  for (const key of ['auto', 'human', 'dual', 'blocked', 'refused', 'noBody'] as const) sum[key] += one[key];
};

const pointsOf = (reasons: readonly Reason[]): ReadonlyMap<ReasonCode, number> => {
  const sums = new Map<ReasonCode, number>();
  for (const { code, points } of reasons) sums.set(code, (sums.get(code) ?? 0) + points);
  return sums;
};

/** The codes whose points differ, in the order of their names. */
const differenceOf = (before: readonly Reason[], after: readonly Reason[]): readonly ReasonChange[] => {
  const [old, now] = [pointsOf(before), pointsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((code) => old.get(code) !== now.get(code))
    .toSorted(byText)
    .map((code) => ({ code, before: old.get(code) ?? null, after: now.get(code) ?? null }));
};

/** The value of a key, made where there is room for one more; undefined where there is none. */
const listed = <T>(map: Map<string, T>, key: string, make: () => T): T | undefined => {
  const known = map.get(key);
  if (known !== undefined || map.size >= MOST_LISTED) return known;
  const made = make();
  map.set(key, made);
  return made;
};

const asksSomebody = (tier: Tier): tier is 'human' | 'dual' => tier === 'human' || tier === 'dual';

/** Collects; `report` may be asked at any time. */
export class ReplayTally {
  #records = 0;
  #unreadable = 0;
  #from = '';
  #to = '';
  readonly #notCounted = Object.fromEntries(SKIPPED_RECORDS.map((why) => [why, 0])) as { [W in SkippedRecord]: number };
  readonly #cannotTell: { [W in CannotTell]: number } = { 'patch-type': 0, 'label-before': 0 };
  readonly #total = newCounts();
  readonly #actors = new Map<string, Map<Action | null, Counts>>();
  readonly #days = new Map<string, { human: number; dual: number }>();
  readonly #reasons = new Map<ReasonCode, number>();
  readonly #changes = new Map<string, Change>();
  readonly #unlisted = { actors: 0, days: 0, changes: 0 };
  readonly #compares: boolean;

  constructor(compares: boolean) {
    this.#compares = compares;
  }

  notCounted(why: SkippedRecord): void {
    this.#records += 1;
    this.#notCounted[why] += 1;
  }

  unreadable(): void {
    this.#records += 1;
    this.#unreadable += 1;
  }

  /** An action that the log has no body of. */
  withoutBody(event: LoggedEvent): void {
    this.#records += 1;
    this.#widen(event);
    this.#add(event.actor, null, { ...newCounts(), noBody: 1 });
  }

  action(event: LoggedEvent, request: LoggedRequest, judged: LoggedJudgement): void {
    this.#records += 1;
    this.#widen(event);
    const { radius, before, cannotTell } = judged;
    if (cannotTell !== null) this.#cannotTell[cannotTell] += 1;
    this.#judged(event, radius, radius.executable ? 'executable' : 'refused');
    if (before !== null && before.tier !== radius.tier) this.#change(event, request, judged, before);
  }

  /** What was observed in shadow mode: judged when it came, with the cluster. */
  observed(verdict: ShadowVerdict): void {
    this.#records += 1;
    this.#widen(verdict);
    const { at, proposer: actor, leadsTo } = verdict;
    this.#judged({ at, actor }, verdict, leadsTo === 'refused' ? 'refused' : 'executable');
  }

  report(idsFull: boolean): ReplayReport {
    return {
      records: this.#records,
      unreadable: this.#unreadable,
      notCounted: { ...this.#notCounted },
      period: this.#from === '' ? null : { from: this.#from, to: this.#to },
      total: { ...this.#total },
      cannotTell: { ...this.#cannotTell },
      asked: [...this.#days].toSorted(([a], [b]) => byText(a, b)).map(([day, counts]) => ({ day, ...counts })),
      reasons: [...this.#reasons]
        .toSorted(([a, n], [b, m]) => m - n || byText(a, b))
        .map(([code, count]) => ({ code, count })),
      actors: this.#actorCounts(),
      changes: this.#compares ? this.#sortedChanges() : null,
      idsFull,
      unlisted: { ...this.#unlisted },
    };
  }

  #widen({ at }: Pick<LoggedEvent, 'at'>): void {
    if (at === '') return;
    if (this.#from === '' || at < this.#from) this.#from = at;
    if (at > this.#to) this.#to = at;
  }

  #add(actor: string, action: Action | null, counts: ReplayCounts): void {
    addCounts(this.#total, counts);
    const actions = listed(this.#actors, actor, () => new Map<Action | null, Counts>());
    if (actions === undefined) {
      this.#unlisted.actors += 1;
      return;
    }
    const sum = actions.get(action) ?? newCounts();
    addCounts(sum, counts);
    actions.set(action, sum);
  }

  #judged(
    { actor, at }: Pick<LoggedEvent, 'actor' | 'at'>,
    { action, tier, reasons }: Pick<ShadowVerdict, 'action' | 'tier' | 'reasons'>,
    is: 'executable' | 'refused',
  ): void {
    this.#add(actor, action, { ...newCounts(), [tier]: 1, refused: is === 'refused' ? 1 : 0 });
    if (asksSomebody(tier)) this.#ask(at.slice(0, 10), tier);
    if (tier === 'auto') return;
    for (const code of new Set(reasons.map((reason) => reason.code).filter((code) => code !== 'base')))
      this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + 1);
  }

  #ask(day: string, tier: 'human' | 'dual'): void {
    const asked = day === '' ? undefined : listed(this.#days, day, () => ({ human: 0, dual: 0 }));
    if (asked === undefined) this.#unlisted.days += 1;
    else if (tier === 'human') asked.human += 1;
    else asked.dual += 1;
  }

  #change(event: LoggedEvent, request: LoggedRequest, judged: LoggedJudgement, old: BlastRadius): void {
    const { radius, understanding } = judged;
    const because = differenceOf(old.reasons, radius.reasons);
    const key = JSON.stringify([event.actor, radius.action, old.tier, radius.tier, because]);
    const exampleOf = (): TierChange['example'] => {
      const [before, after] = [maskRadius(old, understanding), maskRadius(radius, understanding)];
      return {
        at: event.at,
        method: request.method,
        path: maskText(request.path),
        before: { score: before.score, reasons: before.reasons },
        after: { score: after.score, reasons: after.reasons },
      };
    };
    const { actor } = event;
    const change = listed(this.#changes, key, () => ({
      actor,
      action: radius.action,
      before: old.tier,
      after: radius.tier,
      count: 0,
      because,
      example: exampleOf(),
    }));
    if (change === undefined) {
      this.#unlisted.changes += 1;
      return;
    }
    change.count += 1;
    const { example } = change;
    if (byText(event.at, example.at) < 0 || (event.at === example.at && byText(request.path, example.path) < 0))
      change.example = exampleOf();
  }

  #actorCounts(): readonly ActorCounts[] {
    const rows = (actions: ReadonlyMap<Action | null, Counts>): readonly ActionCounts[] =>
      [...actions].toSorted(([a], [b]) => byText(a ?? '', b ?? '')).map(([action, counts]) => ({ action, ...counts }));
    return [...this.#actors]
      .toSorted(([a], [b]) => byText(a, b))
      .map(([actor, actions]) => ({ actor, class: actorClassOf(actor), actions: rows(actions) }));
  }

  /** The steepest first: what is asked of more people than before, then what is asked of fewer. */
  #sortedChanges(): readonly TierChange[] {
    const keyOf = ({ actor, action, because }: TierChange): string => JSON.stringify([actor, action, because]);
    return [...this.#changes.values()].toSorted(
      (a, b) =>
        Math.sign(compareTiers(b.after, b.before)) - Math.sign(compareTiers(a.after, a.before)) ||
        b.count - a.count ||
        byText(keyOf(a), keyOf(b)),
    );
  }
}
