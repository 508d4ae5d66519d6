// What the gate remembers, in eight small interfaces over one database.
import type { ShadowSummary, ShadowVerdict } from '../core/decision/shadow-verdict.ts';
import type { Instant } from '../core/model/instant.ts';
import type { Json } from '../core/model/json.ts';
import type { ObjectKey } from '../core/model/object-ref.ts';
import type { AuditEntry, AuditHead, AuditLine, Checkpoint } from '../core/remediation/audit-line.ts';
import type { FailedEnd } from '../core/remediation/breaker.ts';
import type { ClusterScope } from '../core/remediation/cluster-scope.ts';
import type { DerivedTables } from '../core/remediation/derived.ts';
import type { EventRecord } from '../core/remediation/event.ts';
import type { Outcome, OutcomeSummary } from '../core/remediation/outcome.ts';
import type { Message, Remediation } from '../core/remediation/remediation.ts';
import type { State } from '../core/remediation/state.ts';
import type { Digest } from '../core/sealed-spec/declarative-spec.ts';
import type { Sessions } from './sessions.ts';

/** Of something stored. `work`: a loop may have something to do about it now. `record`: it is there to be told of, no more. */
export type Notice = 'record' | 'work';

/** One remediation's change, as it is to be kept. */
export interface RemediationChange {
  readonly after: Remediation;
  /** Revision that it was made on; 0 for a new one. Another revision in the store: conflict, nothing is saved. */
  readonly before: number;
  readonly records: readonly EventRecord[];
  /** When its next todo is due; null: nothing to do until someone says something. */
  readonly due: Instant | null;
  /** The claim under which it was made; null outside of one (votes, cancel). */
  readonly claim: Claim | null;
  /** `keep` the claim for the next step of the same tick, or give it back. */
  readonly afterwards: 'keep-claim' | 'release-claim';
  /** Objects that it holds from now on; one that another remediation holds: `held`, nothing is saved. */
  readonly holds: readonly string[];
  readonly tell: readonly Message[];
  /** A channel that this gate does not have: its messages are stored as ended, and nobody takes them. */
  readonly without?: Message['channel'];
  readonly outcome: Outcome | null;
  /** What the other gates hear of it; nothing said: `work`. */
  readonly notice?: Notice;
  /** Pauses the gate, or the cluster that the entry names, with it; where it is paused already: `conflict`, nothing is saved. */
  readonly pauses?: AuditEntry;
}

export type Saved =
  | { readonly ok: true; readonly head: AuditHead }
  /** Somebody else was faster: read again, fold again. */
  | { readonly ok: false; readonly why: 'conflict' }
  /** The claim ran out and is somebody else's now: leave it to them. */
  | { readonly ok: false; readonly why: 'claim-lost' }
  | { readonly ok: false; readonly why: 'held'; readonly by: string }
  /** The same (incident, digest) is open already. */
  | { readonly ok: false; readonly why: 'open-already'; readonly proposal: string };

/** `asked`: people are asked, and it is looked at again and again. `begun`: all else that has a todo; it never waits behind the asked. */
export type Lane = 'asked' | 'begun';

/** The right to do one remediation's todo for a while. `token` grows with every claim, so that a late one is found out. */
export interface Claim {
  readonly proposal: string;
  readonly token: number;
  /** The revision that was claimed; votes may have been counted since. */
  readonly revision: number;
}

/** null in a filter: any. Newest first. */
export interface ProposalFilter {
  readonly state: State | null;
  readonly incident: string | null;
}

/** A proposal without what was sealed. */
export interface ProposalBrief {
  readonly id: string;
  readonly digest: Digest;
  readonly state: State;
}

/** Which content of a remediation is the newest: each change raises its revision. */
export interface RemediationRevision {
  readonly id: string;
  readonly revision: number;
  readonly state: State;
}

/** A page of a list: at most `limit`, older than the cursor of the page before (null: the newest). */
export interface PageRequest {
  readonly limit: number;
  readonly before: number | null;
}

/** `next` is the cursor of the page behind this one, null at the end; proposals made meanwhile move nothing. */
export interface ProposalPage {
  readonly remediations: readonly Remediation[];
  /** Ids of those on this page whose rows are damaged. */
  readonly unreadable: readonly string[];
  readonly next: number | null;
}

export interface OutcomePage {
  readonly outcomes: readonly Outcome[];
  readonly next: number | null;
}

export interface Remediations {
  /** By proposal id; null: there is none. */
  read(id: string, signal: AbortSignal): Promise<Remediation | null>;
  /** All that are in one of these states, which few are in at a time. */
  inStates(states: readonly State[], signal: AbortSignal): Promise<readonly Remediation[]>;
  /** The same without what they hold, for who knows them already as long as their revision stays. */
  revisionsIn(states: readonly State[], signal: AbortSignal): Promise<readonly RemediationRevision[]>;
  /** Whose write is intended and not answered, and held by a claim that has not run out: what may reach the cluster at this moment. */
  beingWritten(now: Instant, signal: AbortSignal): Promise<readonly Remediation[]>;
  /** The newest of an incident, at most `limit`, without what was sealed: costs the same however large that is. */
  briefs(
    incident: string,
    which: 'any' | 'open' | 'awaiting-approval',
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly ProposalBrief[]>;
  /** The newest of an incident whose digest begins so ("sha256:37631635"), at most `limit`. */
  withDigest(incident: string, prefix: string, limit: number, signal: AbortSignal): Promise<readonly ProposalBrief[]>;
  /** Those of an incident that wait for people, on the same place (proposalPlace); each newer one has ended those before. */
  waitingAt(incident: string, place: string, signal: AbortSignal): Promise<readonly Remediation[]>;
  /** Fewer than were asked for where they are large (core/model/limits.ts, PAGE_LIMIT_BYTES). */
  page(filter: ProposalFilter, page: PageRequest, signal: AbortSignal): Promise<ProposalPage>;
  /** All changes with their audit lines, messages and outcomes in one transaction, or nothing. */
  save(changes: readonly RemediationChange[], signal: AbortSignal): Promise<Saved>;
  /**
   * Takes the one of the lane and the scope that has been due longest and that nobody holds, until `until`; else says when the next is due. Of those
   * that are approved none is taken, and each keeps its turn, while `writesAtOnce` are being written: taken, or sent and not answered.
   */
  claim(
    turn: {
      readonly lane: Lane;
      readonly scope: ClusterScope;
      readonly now: Instant;
      readonly until: Instant;
      readonly writesAtOnce: number;
    },
    signal: AbortSignal,
  ): Promise<
    | { readonly ok: true; readonly claim: Claim; readonly remediation: Remediation }
    | { readonly ok: false; readonly nextDue: Instant | null }
  >;
  /** Holds a claim on until a later instant; false: it ran out and is somebody else's now. */
  prolong(claim: Claim, until: Instant, signal: AbortSignal): Promise<boolean>;
  /** Gives a claim back with nothing done: look again at `due`, or at once where something was recorded meanwhile. */
  postpone(claim: Claim, due: Instant, signal: AbortSignal): Promise<void>;
}

/** A message on its way. `key` is unique and stays: it is the marker by which a second copy is known. */
export interface OutboxMessage {
  readonly key: string;
  readonly proposal: string;
  readonly incident: string;
  readonly message: Message;
  /** The audit head when it was written. */
  readonly head: AuditHead;
  readonly createdAt: Instant;
  /** How often it was taken before. */
  readonly tries: number;
}

export interface Outbox {
  /** The next due message, oldest first, of a queue (queueOf) with none before it; held until `until`. */
  take(
    now: Instant,
    until: Instant,
    signal: AbortSignal,
  ): Promise<
    { readonly ok: true; readonly message: OutboxMessage } | { readonly ok: false; readonly nextDue: Instant | null }
  >;
  /** `delivered` and `given-up` end it; an instant means: try again then. */
  complete(
    key: string,
    end:
      | { readonly kind: 'delivered' }
      | { readonly kind: 'given-up' }
      | { readonly kind: 'again'; readonly due: Instant },
    signal: AbortSignal,
  ): Promise<void>;
}

/** How many proposals are in a state ("approved"), or outcomes ended in a state with a tier ("succeeded auto"). */
export interface Tally {
  readonly kind: 'proposals' | 'outcomes' | 'marks';
  readonly label: string;
  readonly count: number;
}

export interface History {
  /** Counts of everything ever stored; costs the same whatever that is. */
  tallies(signal: AbortSignal): Promise<readonly Tally[]>;
  /** Newest first. */
  outcomes(page: PageRequest, signal: AbortSignal): Promise<OutcomePage>;
  /** How each action fared on each target, over all outcomes; sorted by action and target. */
  summary(signal: AbortSignal): Promise<readonly OutcomeSummary[]>;
  /** Outcomes of any of these actions on any of these objects that failed at or after `since`, newest first; "*" is every object. */
  failures(
    actions: readonly string[],
    objects: readonly ObjectKey[],
    since: Instant,
    signal: AbortSignal,
  ): Promise<readonly Outcome[]>;
  /** Proposals whose outcome is of `since` or later, newest first. */
  endedSince(since: Instant, signal: AbortSignal): Promise<readonly string[]>;
  /** Remediations of the scope's own cluster (isOfOwnCluster) that came to a failure (isFailure) after this instant, newest first. */
  failedAfter(after: Instant, scope: ClusterScope, signal: AbortSignal): Promise<readonly FailedEnd[]>;
  /** Proposals that hold any of these objects now. */
  holders(objects: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** Every digest that an incident has ever had sealed. */
  digestsOf(incident: string, signal: AbortSignal): Promise<readonly Digest[]>;
}

export interface GateControls {
  /** Whether the whole gate is paused, or the cluster of the name; null: the gate alone is asked about. */
  paused(cluster: string | null, signal: AbortSignal): Promise<boolean>;
  /** Names of the clusters that are paused by themselves, whatever the whole gate is; sorted. */
  pausedClusters(signal: AbortSignal): Promise<readonly string[]>;
  /** All of the gate, or the cluster that the entry names. False: its switch stands so already, and nothing is written. */
  setPaused(
    to: 'paused' | 'running',
    entry: AuditEntry & { readonly kind: 'note' },
    signal: AbortSignal,
  ): Promise<boolean>;
  /** The instant of the latest note that let it, or the cluster of the name, run again; null: there was none. */
  resumedAt(cluster: string | null, signal: AbortSignal): Promise<Instant | null>;
  /** A small value that survives a restart (a poller's offset); null: never set. */
  readCursor(name: string, signal: AbortSignal): Promise<string | null>;
  writeCursor(name: string, value: string, signal: AbortSignal): Promise<void>;
  /** Keeps it where none was set; answers which one is kept, the same to all who come at once. */
  keepCursor(name: string, value: string, signal: AbortSignal): Promise<string>;
}

/** What verifying the trail needs to know of a remediation's row. */
export interface KeptState {
  readonly remediation: Remediation;
  /** The audit line of its latest change. */
  readonly head: AuditHead;
}

/** null: any. */
export interface TrailFilter {
  /** Steps of the incident's proposals, and notes about them. */
  readonly incident: string | null;
  /** The name of an event, or what a note tells. */
  readonly event: string | null;
  /** From the first line of then or later. */
  readonly since: Instant | null;
}

/** `next` is the number of the last line of the page where more follow, else null. */
export interface TrailPage {
  readonly lines: readonly AuditLine[];
  readonly next: number | null;
}

/** Values that specs and the trail show only as hashes, by hash: kept encrypted, for the way back, and what programs printed. */
export interface HiddenValues {
  /**
   * Those that are kept already stay as they are. `incident`: they go when the last incident that they are kept for leaves the store; null:
   * that is known already (a copy).
   */
  keep(values: ReadonlyMap<string, Json>, incident: string | null, signal: AbortSignal): Promise<void>;
  /** Those of the hashes that are kept and can be opened. */
  reveal(hashes: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Json>>;
}

/** What was observed in shadow mode. */
export interface ShadowLog {
  append(verdict: ShadowVerdict, signal: AbortSignal): Promise<void>;
  /** Newest first; fewer than were asked for where they are large (PAGE_LIMIT_BYTES). */
  page(
    page: PageRequest,
    signal: AbortSignal,
  ): Promise<{ readonly verdicts: readonly ShadowVerdict[]; readonly next: number | null }>;
  /** Over everything ever observed; costs the same whatever that is. Sorted by proposer and action. */
  summary(signal: AbortSignal): Promise<readonly ShadowSummary[]>;
}

/** What was taken out, and the line that says so. */
export interface Pruned {
  readonly lines: number;
  readonly remediations: number;
  /** Incidents that are over and stay, since what is kept of them is not what their lines say; absent: there are none. */
  readonly damaged?: readonly string[];
  readonly head: AuditHead;
}

export interface Trail {
  /** Lines with seq > `after`, ascending, at most `limit`; fewer where they are large (PAGE_LIMIT_BYTES), none at the end. */
  lines(after: number, limit: number, signal: AbortSignal): Promise<readonly AuditLine[]>;
  /** Lines that fit with seq > `after`, ascending, at most `limit`; fewer where they are large. */
  page(
    filter: TrailFilter,
    page: { readonly limit: number; readonly after: number },
    signal: AbortSignal,
  ): Promise<TrailPage>;
  /** The newest lines with seq < `before` (null: of all), descending, at most `limit`; fewer where they are large. */
  newest(page: PageRequest, signal: AbortSignal): Promise<TrailPage>;
  /** All events of one proposal, ascending. */
  eventsOf(proposal: string, signal: AbortSignal): Promise<readonly (EventRecord & { readonly seq: number })[]>;
  append(entry: AuditEntry, signal: AbortSignal): Promise<AuditHead>;
  /** The head as the state row keeps it, outside the chain; null: nothing was ever written. */
  head(signal: AbortSignal): Promise<AuditHead | null>;
  /** The newest place where old lines were taken out; null: none ever was. */
  checkpoint(signal: AbortSignal): Promise<Checkpoint | null>;
  /**
   * Takes out what is over: of the lines up to `through` those of incidents of which nothing is open, has a line behind it, waits to
   * be told or ended at `remembered` or later, and notes by which nothing holds any more; with them goes what is kept of these
   * incidents, but for what they count for. Seals a checkpoint onto the chain, in the same transaction. null: the chain has no
   * such line, or is behind it already; nothing was done. Throws AdapterError (`corrupt`) where the trail is not what the last
   * checkpoint left: it would be proven by this one.
   */
  prune(
    order: {
      readonly through: AuditHead;
      readonly remembered: Instant;
      readonly at: Instant;
      readonly who: string | null;
    },
    signal: AbortSignal,
  ): Promise<Pruned | null>;
  /** Head and all states of one moment: what verifying needs while a gate writes. */
  snapshot(signal: AbortSignal): Promise<{
    readonly head: AuditHead | null;
    readonly kept: readonly KeptState[];
    /** Ids of remediations whose rows are damaged. */
    readonly unreadable: readonly string[];
    /** null: this store derives none. */
    readonly derived: DerivedTables | null;
  }>;
}

/** The trail as it is read beside a gate that runs. */
export interface OpenedTrail {
  readonly trail: Trail;
  readonly controls: Pick<GateControls, 'paused' | 'readCursor'>;
  close(): Promise<void>;
}

/** What gates beside each other on one store have in common. */
export interface Replicas {
  /** Milliseconds since the epoch by the store's clock: the one that all believe. */
  time(signal: AbortSignal): Promise<number>;
  /**
   * Takes a role that nobody has, or keeps one's own, for so many seconds from now by the store's clock. `term` grows with
   * every change of hands.
   */
  lead(
    role: string,
    holder: string,
    seconds: number,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly term: number } | { readonly ok: false; readonly holder: string }>;
  /** Gives a role up, where it is one's own. */
  resign(role: string, holder: string, signal: AbortSignal): Promise<void>;
  /** Calls after any gate has stored a step. A hint: it may come late, twice or never. Returns how to stop it. */
  onChange(listener: (notice: Notice) => void): () => void;
}

export interface Store {
  readonly remediations: Remediations;
  readonly outbox: Outbox;
  readonly history: History;
  readonly controls: GateControls;
  readonly trail: Trail;
  readonly hidden: HiddenValues;
  readonly shadow: ShadowLog;
  /** Absent: no other gate can write here. */
  readonly replicas?: Replicas;
  readonly sessions: Sessions;
  close(): Promise<void>;
}
