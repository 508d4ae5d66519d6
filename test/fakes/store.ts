// The store in memory: the same promises as SQLite, gone with the process.

import { chain } from '../../src/adapters/store/chain.ts';
import { type LoginLink, SESSION_SECONDS, type Session } from '../../src/core/approval/session.ts';
import { type ShadowVerdict, summarizeShadow } from '../../src/core/decision/shadow-verdict.ts';
import { type Instant, plusSeconds } from '../../src/core/model/instant.ts';
import type { Json } from '../../src/core/model/json.ts';
import { PAGE_LIMIT_BYTES } from '../../src/core/model/limits.ts';
import { objectOfKey, touches } from '../../src/core/model/object-ref.ts';
import {
  type AuditEntry,
  type AuditHead,
  type AuditLine,
  eventNameOf,
  proposalOf,
  timeOf,
} from '../../src/core/remediation/audit-line.ts';
import { isFailure } from '../../src/core/remediation/breaker.ts';
import { type Carried, carriedDigest, runLabel, withCarried } from '../../src/core/remediation/carried.ts';
import { lastingLines, latestCheckpoint, stayedDigest } from '../../src/core/remediation/checkpoint.ts';
import { isInScope, isOfOwnCluster } from '../../src/core/remediation/cluster-scope.ts';
import { cursorsOf } from '../../src/core/remediation/cursors.ts';
import { marksOfRecord } from '../../src/core/remediation/marks.ts';
import { failureOf, type Outcome, runOfOutcome, summarize } from '../../src/core/remediation/outcome.ts';
import { isBeingWritten, proposalPlace, queueOf, type Remediation } from '../../src/core/remediation/remediation.ts';
import { isFinal } from '../../src/core/remediation/state.ts';
import type { Digest } from '../../src/core/sealed-spec/declarative-spec.ts';

import type { OutboxMessage, ProposalBrief, RemediationChange, Saved, Store, Tally } from '../../src/ports/store.ts';

interface Row {
  remediation: Remediation;
  due: Instant | null;
  token: number;
  leaseUntil: Instant | null;
  holds: readonly string[];
  head: AuditHead;
}

interface OutboxRow {
  readonly message: OutboxMessage;
  readonly queue: string;
  due: Instant;
  leaseUntil: Instant | null;
  tries: number;
  settled: boolean;
}

/** One of the two speaks of the other. */
const mayBeSame = (one: string, other: string): boolean => {
  const [a, b] = [objectOfKey(one), objectOfKey(other)];
  return touches(a, b) || touches(b, a);
};

const copy = <T>(value: T): T => structuredClone(value);
const earliest = (instants: readonly (Instant | null)[]): Instant | null =>
  instants.filter((one) => one !== null).sort()[0] ?? null;

/** At most so many, and no more than a page may hold; one at least. */
const onePage = <T>(all: readonly T[], limit: number): readonly T[] => {
  let [many, bytes] = [0, 0];
  for (const one of all.slice(0, limit)) {
    bytes += JSON.stringify(one).length;
    if (many > 0 && bytes > PAGE_LIMIT_BYTES) break;
    many += 1;
  }
  return all.slice(0, many);
};

type Method = (...args: readonly never[]) => Promise<unknown>;

/** Every call refuses when its time is over, as a database would. */
const inTime = <T extends { readonly [K in keyof T]: Method }>(methods: T): T => {
  const guarded = Object.entries<Method>(methods).map(([name, method]) => [
    name,
    async (...args: readonly never[]) => {
      const signal: unknown = args.at(-1);
      if (signal instanceof AbortSignal) signal.throwIfAborted();
      return method(...args);
    },
  ]);
  return Object.fromEntries(guarded) as T;
};

/** The cluster that an entry is about alone. */
const clusterOf = (entry: AuditEntry): string | null => (entry.kind === 'note' ? (entry.cluster ?? null) : null);

export const memoryStore = (): Store => {
  const rows = new Map<string, Row>();
  const lines: AuditLine[] = [];
  const outbox: OutboxRow[] = [];
  const outcomes = new Map<string, Outcome>();
  const marks = new Map<string, string>();
  const hidden = new Map<string, Json>();
  const keptFor = new Map<string, Set<string>>();
  const observed: ShadowVerdict[] = [];
  const sessions = new Map<string, Session>();
  const links = new Map<string, LoginLink>();
  const failedAt = new Map<string, Instant>();
  const paused = new Set<string | null>();
  const resumed = new Map<string | null, Instant>();
  const carried = new Map<string, Carried>();

  /** Kept beside the lines, the last of which may be archived. */
  let latest: AuditHead | null = null;
  const headNow = (): AuditHead | null => latest;
  const append = (entry: AuditEntry): AuditHead => {
    const line = chain(latest, copy(entry));
    lines.push(line);
    latest = { seq: line.seq, hash: line.hash };
    return latest;
  };

  /** Why a change cannot be saved, given those before it in the same transaction; null: it can. */
  const obstacle = (change: RemediationChange, others: readonly RemediationChange[]): Saved | null => {
    const { after, before, claim, holds } = change;
    if (change.pauses !== undefined && paused.has(clusterOf(change.pauses))) return { ok: false, why: 'conflict' };
    const row = rows.get(after.id);
    if ((row?.remediation.revision ?? 0) !== before) return { ok: false, why: 'conflict' };
    if (claim !== null && row?.token !== claim.token) return { ok: false, why: 'claim-lost' };
    const leaving = new Set(others.filter((other) => isFinal(other.after.state)).map((other) => other.after.id));
    for (const [id, other] of rows) {
      if (id === after.id || leaving.has(id)) continue;
      const { remediation } = other;
      const same = remediation.incident === after.incident && remediation.spec.digest === after.spec.digest;
      if (before === 0 && same && !isFinal(remediation.state) && !isFinal(after.state))
        return { ok: false, why: 'open-already', proposal: id };
      if (other.holds.some((hold) => holds.includes(hold))) return { ok: false, why: 'held', by: id };
    }
    return null;
  };

  const put = ({
    after,
    records,
    due,
    claim,
    afterwards,
    holds,
    tell,
    outcome,
    pauses,
  }: RemediationChange): AuditHead => {
    const old = rows.get(after.id);
    let head = headNow();
    records.forEach((record, i) => {
      const revision = after.revision - records.length + i + 1;
      head = append({ kind: 'step', proposal: after.id, revision, record });
    });
    if (head === null) throw new Error('a change without a record (this is a bug)');
    if (isFailure(after.state) && old?.remediation.state !== after.state) failedAt.set(after.id, after.changedAt);
    const lease = claim === null || afterwards === 'keep-claim' ? (old?.leaseUntil ?? null) : null;
    rows.set(after.id, { remediation: copy(after), due, token: old?.token ?? 0, leaseUntil: lease, holds, head });
    for (const [i, message] of tell.entries()) {
      const key = `${after.id}/${after.revision}.${i}`;
      const at = after.changedAt;
      const outboxMessage = {
        key,
        proposal: after.id,
        incident: after.incident,
        message,
        head,
        createdAt: at,
        tries: 0,
      };
      outbox.push({
        message: copy(outboxMessage),
        queue: queueOf(message, after),
        due: at,
        leaseUntil: null,
        tries: 0,
        settled: false,
      });
    }
    if (outcome !== null) {
      outcomes.delete(`${outcome.incident} ${outcome.digest}`);
      outcomes.set(`${outcome.incident} ${outcome.digest}`, copy(outcome));
    }
    if (pauses === undefined) return head;
    paused.add(clusterOf(pauses));
    return append(pauses);
  };

  /** Newest first. */
  const briefsOf = (incident: string): readonly ProposalBrief[] =>
    [...rows.values()]
      .filter(({ remediation }) => remediation.incident === incident)
      .map(({ remediation: { id, spec, state } }) => ({ id, digest: spec.digest, state }))
      .reverse();

  const carry = (kind: string, label: string): void => {
    const key = `${kind} ${label}`;
    carried.set(key, { kind, label, count: (carried.get(key)?.count ?? 0) + 1 });
  };
  const incidentOf = ({ deed }: AuditLine): string | null =>
    rows.get(proposalOf(deed) ?? '')?.remediation.incident ?? null;

  /** Incidents that something or somebody needs. */
  const neededAt = (through: number, remembered: Instant, lasting: readonly AuditLine[]): ReadonlySet<string | null> =>
    new Set([
      ...lines.filter(({ seq }) => seq > through).map(incidentOf),
      ...lasting.map(incidentOf),
      ...[...rows.values()]
        .filter(
          ({ remediation: { id, state }, holds }) =>
            !isFinal(state) || holds.length > 0 || (failedAt.get(id) ?? '') >= remembered,
        )
        .map(({ remediation }) => remediation.incident),
      ...[...outcomes.values()].filter(({ times }) => times.ended >= remembered).map(({ incident }) => incident),
      ...outbox.filter(({ settled }) => !settled).map(({ message }) => message.incident),
    ]);

  const forget = (incident: string): number => {
    const gone = [...rows.values()].filter(({ remediation }) => remediation.incident === incident);
    for (const { remediation } of gone) {
      carry('proposals', remediation.state);
      for (const mark of marksOfRecord(remediation)) carry('marks', mark);
      rows.delete(remediation.id);
      for (const name of cursorsOf(remediation.id)) marks.delete(name);
      failedAt.delete(remediation.id);
    }
    for (const [key, outcome] of outcomes) {
      if (outcome.incident !== incident) continue;
      carry('outcomes', `${outcome.state} ${outcome.tier}`);
      carry('runs', runLabel(runOfOutcome(outcome)));
      outcomes.delete(key);
    }
    outbox.splice(0, outbox.length, ...outbox.filter(({ message }) => message.incident !== incident));
    for (const [hash, incidents] of keptFor)
      if (incidents.delete(incident) && incidents.size === 0) hidden.delete(hash);
    return gone.length;
  };

  const checkpointNow = () => latestCheckpoint(lines)?.checkpoint ?? null;

  const prune: Store['trail']['prune'] = async ({ through, remembered, at, who }) => {
    const last = lines.find(({ seq }) => seq === through.seq);
    if (last?.hash !== through.hash || through.seq <= (checkpointNow()?.through.seq ?? 0)) return null;
    const old = lines.filter(({ seq }) => seq <= through.seq);
    const lasting = lastingLines(old);
    const needed = neededAt(through.seq, remembered, lasting);
    const stays = new Set([
      ...lasting,
      ...old.filter((line) => incidentOf(line) !== null && needed.has(incidentOf(line))),
      ...lines.filter(({ seq }) => seq > through.seq),
    ]);
    const over = new Set(old.map(incidentOf).filter((one) => one !== null && !needed.has(one)));
    const time =
      old
        .map(({ deed }) => timeOf(deed))
        .toSorted()
        .at(-1) ?? '';
    const before = lines.length;
    let remediations = 0;
    lines.splice(0, lines.length, ...lines.filter((line) => stays.has(line)));
    for (const incident of over) remediations += forget(incident ?? '');
    const stayed = stayedDigest(lines.filter(({ seq }) => seq <= through.seq));
    const checkpoint = { through, latest: time, stayed, carried: carriedDigest([...carried.values()]) };
    const gone = before - lines.length;
    const head = append({ kind: 'note', at, what: 'pruned', who, about: `${gone} lines`, checkpoint });
    return { lines: gone, remediations, head };
  };

  const rowOf = (id: string): Row => {
    const row = rows.get(id);
    if (row === undefined) throw new Error(`there is no ${id} (this is a bug)`);
    return row;
  };

  return {
    remediations: inTime({
      read: async (id) => copy(rows.get(id)?.remediation ?? null),
      beingWritten: async (now) =>
        [...rows.values()]
          .filter(
            ({ leaseUntil, remediation }) => leaseUntil !== null && leaseUntil > now && isBeingWritten(remediation),
          )
          .map(({ remediation }) => copy(remediation)),
      inStates: async (states) =>
        [...rows.values()].flatMap(({ remediation }) =>
          states.includes(remediation.state) ? [copy(remediation)] : [],
        ),
      revisionsIn: async (states) =>
        [...rows.values()].flatMap(({ remediation: { id, revision, state } }) =>
          states.includes(state) ? [{ id, revision, state }] : [],
        ),
      briefs: async (incident, which, limit) =>
        briefsOf(incident)
          .filter(({ state }) => which === 'any' || (which === 'open' ? !isFinal(state) : state === which))
          .slice(0, limit),
      withDigest: async (incident, prefix, limit) =>
        briefsOf(incident)
          .filter(({ digest }) => digest.startsWith(prefix))
          .slice(0, limit),
      waitingAt: async (incident, place) =>
        [...rows.values()]
          .map(({ remediation }) => remediation)
          .filter(
            (one) => one.incident === incident && one.state === 'awaiting-approval' && proposalPlace(one) === place,
          )
          .map(copy),
      page: async ({ state, incident }, { limit, before }) => {
        const chosen = [...rows.values()]
          .map(({ remediation }, created) => ({ remediation, created }))
          .filter(({ remediation: one }) => state === null || one.state === state)
          .filter(({ remediation: one }) => incident === null || one.incident === incident)
          .filter(({ created }) => before === null || created < before)
          .reverse();
        const shown = onePage(chosen, limit);
        return {
          remediations: shown.map((one) => copy(one.remediation)),
          unreadable: [],
          next: chosen.length > shown.length ? (shown.at(-1)?.created ?? null) : null,
        };
      },
      save: async (changes) => {
        for (const [i, change] of changes.entries()) {
          const stop = obstacle(change, changes.slice(0, i));
          if (stop !== null) return stop;
        }
        let head: AuditHead | null = null;
        for (const change of changes) head = put(change);
        if (head === null) throw new Error('nothing to save (this is a bug)');
        return { ok: true, head };
      },
      claim: async ({ lane, scope, now, until, writesAtOnce }) => {
        const isHeld = ({ leaseUntil }: Row): boolean => leaseUntil !== null && leaseUntil > now;
        const own = [...rows.values()].filter(({ remediation }) => isInScope(scope, remediation.spec));
        const writing = own.filter((row) => {
          const { state } = row.remediation;
          return state === 'executing' || state === 'uncertain' || (state === 'approved' && isHeld(row));
        });
        const isFull = writing.length >= writesAtOnce;
        const free = own.filter(
          ({ due, remediation }) =>
            due !== null &&
            (remediation.state === 'awaiting-approval' ? 'asked' : 'begun') === lane &&
            !(isFull && remediation.state === 'approved'),
        );
        const ready = free
          .filter(({ due, leaseUntil }) => due !== null && due <= now && (leaseUntil === null || leaseUntil <= now))
          .sort((a, b) => ((a.due ?? '') < (b.due ?? '') ? -1 : 1));
        const [row] = ready;
        if (row === undefined) {
          const nextDue = earliest(
            [...free, ...[...rows.values()].filter(isHeld)].map((one) => (isHeld(one) ? one.leaseUntil : one.due)),
          );
          return { ok: false, nextDue };
        }
        row.token += 1;
        row.leaseUntil = until;
        const { id, revision } = row.remediation;
        return {
          ok: true,
          claim: { proposal: id, token: row.token, revision },
          remediation: copy(row.remediation),
        };
      },
      prolong: async ({ proposal, token }, until) => {
        const row = rowOf(proposal);
        if (row.token !== token || row.leaseUntil === null) return false;
        row.leaseUntil = until;
        return true;
      },
      postpone: async ({ proposal, token, revision }, due) => {
        const row = rowOf(proposal);
        if (row.token !== token) return;
        row.leaseUntil = null;
        if (row.remediation.revision === revision && row.due !== null) row.due = due;
      },
    }),

    outbox: inTime({
      take: async (now, until) => {
        const open = outbox.filter(({ settled }) => !settled);
        const first = open.filter((row, i) => !open.slice(0, i).some(({ queue }) => queue === row.queue));
        const ready = first.find(({ due, leaseUntil }) => due <= now && (leaseUntil === null || leaseUntil <= now));
        if (ready === undefined) {
          const nextDue = earliest(
            first.map(({ due, leaseUntil }) => (leaseUntil !== null && leaseUntil > due ? leaseUntil : due)),
          );
          return { ok: false, nextDue };
        }
        ready.leaseUntil = until;
        ready.tries += 1;
        return { ok: true, message: copy({ ...ready.message, tries: ready.tries - 1 }) };
      },
      complete: async (key, result) => {
        const row = outbox.find(({ message }) => message.key === key);
        if (row === undefined) throw new Error(`there is no message ${key} (this is a bug)`);
        row.leaseUntil = null;
        if (result.kind === 'again') row.due = result.due;
        else row.settled = true;
      },
    }),

    history: inTime({
      tallies: async () => {
        const labels: readonly (readonly [Tally['kind'], string])[] = [
          ...[...rows.values()].map(({ remediation }) => ['proposals', remediation.state] as const),
          ...[...rows.values()].flatMap(({ remediation }) =>
            marksOfRecord(remediation).map((mark) => ['marks', mark] as const),
          ),
          ...[...outcomes.values()].map(({ state, tier }) => ['outcomes', `${state} ${tier}`] as const),
        ];
        const gone = [...carried.values()].flatMap(({ kind, label, count }) =>
          kind === 'runs' ? [] : Array.from({ length: count }, () => [kind as Tally['kind'], label] as const),
        );
        const counted = Map.groupBy([...labels, ...gone], ([kind, label]) => `${kind} ${label}`);
        return [...counted.values()]
          .map((same): Tally => ({ kind: same[0]?.[0] ?? 'proposals', label: same[0]?.[1] ?? '', count: same.length }))
          .sort((a, b) => (`${a.kind} ${a.label}` < `${b.kind} ${b.label}` ? -1 : 1));
      },
      outcomes: async ({ limit, before }) => {
        const newest = [...outcomes.values()].map((outcome, at) => ({ outcome, at })).reverse();
        const behind = newest.filter(({ at }) => before === null || at < before);
        const last = behind.length > limit ? behind[limit - 1] : undefined;
        return { outcomes: behind.slice(0, limit).map(({ outcome }) => copy(outcome)), next: last?.at ?? null };
      },
      summary: async () => withCarried(summarize([...outcomes.values()].map(runOfOutcome)), [...carried.values()]),
      failures: async (actions, objects, since) =>
        [...outcomes.values()]
          .filter((one) => failureOf(one) !== null && actions.includes(one.action) && one.times.ended >= since)
          .filter((one) => one.objects.some((key) => objects.some((other) => mayBeSame(key, other))))
          .sort((a, b) => (a.times.ended < b.times.ended ? 1 : -1))
          .map(copy),
      endedSince: async (since) =>
        [...outcomes.values()]
          .filter(({ times }) => times.ended >= since)
          .sort((a, b) => (a.times.ended < b.times.ended ? 1 : -1))
          .map(({ proposal }) => proposal),
      failedAfter: async (after, scope) =>
        [...failedAt]
          .filter(([id]) => isOfOwnCluster(scope, rowOf(id).remediation.spec))
          .map(([proposal, at]) => ({ proposal, at }))
          .filter(({ at }) => at > after)
          .sort((a, b) => (a.at < b.at ? 1 : -1)),
      holders: async (objects) =>
        [...rows].filter(([, { holds }]) => holds.some((hold) => objects.includes(hold))).map(([id]) => id),
      digestsOf: async (incident) => {
        const all = [...rows.values()].filter(({ remediation }) => remediation.incident === incident);
        return [...new Set<Digest>(all.map(({ remediation }) => remediation.spec.digest))];
      },
    }),

    controls: inTime({
      paused: async (cluster) => paused.has(null) || paused.has(cluster),
      pausedClusters: async () => [...paused].filter((name) => name !== null).toSorted(),
      setPaused: async (to, entry) => {
        const cluster = clusterOf(entry);
        if (paused.has(cluster) === (to === 'paused')) return false;
        if (to === 'paused') paused.add(cluster);
        else paused.delete(cluster);
        if (to === 'running') resumed.set(cluster, entry.at);
        append(entry);
        return true;
      },
      resumedAt: async (cluster) =>
        [resumed.get(null), resumed.get(cluster)]
          .filter((one) => one !== undefined)
          .toSorted()
          .at(-1) ?? null,
      readCursor: async (name) => marks.get(name) ?? null,
      writeCursor: async (name, value) => {
        marks.set(name, value);
      },
      keepCursor: async (name, value) => {
        if (!marks.has(name)) marks.set(name, value);
        return marks.get(name) ?? value;
      },
    }),

    trail: inTime({
      lines: async (after, limit) =>
        onePage(
          lines.filter(({ seq }) => seq > after),
          limit,
        ).map(copy),
      page: async ({ incident, event, since }, { limit, after }) => {
        const from = since === null ? 0 : lines.findIndex(({ deed }) => timeOf(deed) >= since);
        const isOf = ({ deed }: AuditLine): boolean => {
          const proposal = proposalOf(deed);
          return incident === null || (proposal !== null && rows.get(proposal)?.remediation.incident === incident);
        };
        const found = (from < 0 ? [] : lines.slice(from)).filter(
          (line) => line.seq > after && isOf(line) && (event === null || eventNameOf(line.deed) === event),
        );
        const shown = onePage(found, limit);
        return { lines: shown.map(copy), next: found.length > shown.length ? (shown.at(-1)?.seq ?? null) : null };
      },
      newest: async ({ limit, before }) => {
        const older = lines.filter(({ seq }) => before === null || seq < before).toReversed();
        const shown = onePage(older, limit);
        return { lines: shown.map(copy), next: older.length > shown.length ? (shown.at(-1)?.seq ?? null) : null };
      },
      checkpoint: async () => checkpointNow(),
      prune,
      eventsOf: async (proposal) =>
        lines.flatMap(({ seq, deed }) =>
          deed.kind === 'step' && deed.proposal === proposal ? [copy({ ...deed.record, seq })] : [],
        ),
      append: async (entry) => append(entry),
      head: async () => headNow(),
      snapshot: async () => ({
        head: headNow(),
        kept: [...rows.values()].map(({ remediation, head }) => copy({ remediation, head })),
        unreadable: [],
        derived: null,
      }),
    }),

    hidden: inTime({
      keep: async (values: ReadonlyMap<string, Json>, incident: string | null) => {
        for (const [hash, value] of values) {
          if (!hidden.has(hash)) hidden.set(hash, copy(value));
          if (incident !== null) keptFor.set(hash, (keptFor.get(hash) ?? new Set()).add(incident));
        }
      },
      reveal: async (hashes: readonly string[]) =>
        new Map(hashes.flatMap((hash) => (hidden.has(hash) ? [[hash, copy(hidden.get(hash) ?? null)] as const] : []))),
    }),

    shadow: inTime({
      append: async (verdict: ShadowVerdict) => {
        observed.push(copy(verdict));
      },
      page: async ({ limit, before }) => {
        const older = observed
          .map((verdict, at) => ({ verdict, at }))
          .filter(({ at }) => before === null || at < before);
        const shown = onePage(older.reverse(), limit);
        return {
          verdicts: shown.map(({ verdict }) => copy(verdict)),
          next: older.length > shown.length ? (shown.at(-1)?.at ?? null) : null,
        };
      },
      summary: async () => summarizeShadow(observed.map((verdict) => ({ ...verdict, count: 1 }))),
    }),

    sessions: inTime({
      begin: async (session: Session) => {
        for (const [id, { began }] of sessions)
          if (plusSeconds(began, SESSION_SECONDS) < session.began) sessions.delete(id);
        sessions.set(session.id, copy(session));
      },
      read: async (id: string) => copy(sessions.get(id) ?? null),
      touch: async (id: string, at: Instant) => {
        const session = sessions.get(id);
        if (session !== undefined && session.seen < at) sessions.set(id, { ...session, seen: at });
      },
      end: async (id: string) => {
        sessions.delete(id);
      },
      keepLink: async (link: LoginLink, now: Instant) => {
        for (const [id, { ends }] of links) if (ends < now) links.delete(id);
        links.set(link.id, copy(link));
      },
      takeLink: async (id: string) => {
        const link = links.get(id) ?? null;
        links.delete(id);
        return copy(link);
      },
    }),

    close: async () => {},
  };
};
