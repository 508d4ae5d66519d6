// Keeps one kind known: a list, then watches from it, and a list again whenever a watch cannot be trusted. A watch is
// a hint, the list is the truth.
import type { JsonObject } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { SteadyClock } from '../../../ports/clock.ts';
import { type ClusterClient, getJson } from '../client.ts';
import { whyMissing } from '../find-objects.ts';
import { numberAt, objectAt, textAt } from '../json-at.ts';
import { pagesOf } from '../list-pages.ts';
import { type Freshness, isBefore, type Moment, momentOf, secondsSince, UNREAD } from './freshness.ts';
import { formOf, type KindName, listPath } from './kinds.ts';
import type { KnownCluster } from './known-cluster.ts';
import type { ClusterWorld } from './world.ts';

/** Seconds. */
export interface Pace {
  /** Length of one watch: that much is the age of what is known at most while all goes well. */
  readonly watch: number;
  /** How much longer it may last: then the line is dead. */
  readonly patience: number;
  /** How often the truth is read again although watches have told everything: the more often the fewer objects there are. */
  readonly relist: { readonly least: number; readonly most: number; readonly objectsPerSecond: number };
  /** After a failure, doubled each time from `first` up to `most`; up to `refused` where only a change of rights would help. */
  readonly retry: { readonly first: number; readonly most: number; readonly refused: number };
}

export interface Followed {
  readonly client: ClusterClient;
  readonly clock: SteadyClock;
  readonly pace: Pace;
  readonly cluster: KnownCluster;
  readonly world: ClusterWorld;
  /** Told after every step. */
  readonly onFreshness: (freshness: Freshness) => void;
  readonly onTrouble: (error: AdapterError) => void;
}

/** Follows the kind until the signal ends it; never rejects for what a cluster may answer. */
export async function followKind(kind: KindName, followed: Followed, signal: AbortSignal): Promise<void> {
  const follower = new Follower(kind, followed);
  let failures = 0;
  while (!signal.aborted) {
    try {
      await follower.step(signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const known = error instanceof AdapterError ? error : unreadable(error);
      follower.stumble(known);
      await followed.clock.sleep(pauseAfter(known, failures, followed.pace) * 1000, signal);
      failures += 1;
    }
  }
}

/** Statuses that mostly stay until somebody grants a right or the cluster serves the kind. */
const REFUSED: ReadonlySet<number | null> = new Set([403, 404, 405, 501]);

/** Whatever else went wrong while an object was taken in: the gate lives on, and a person decides meanwhile. */
const unreadable = (error: unknown): AdapterError =>
  new AdapterError(
    'invalid-answer',
    `an object could not be taken in: ${error instanceof Error ? error.message : 'unknown'}`,
  );

/** A server that has just started refuses what it will soon grant: the pause after a refusal grows too. */
const pauseAfter = ({ status, retryAfterSeconds }: AdapterError, failures: number, { retry }: Pace): number => {
  const grown = retry.first * 2 ** failures;
  return REFUSED.has(status)
    ? Math.min(retry.refused, grown)
    : Math.min(MOST_PATIENT, Math.max(retryAfterSeconds ?? 0, Math.min(retry.most, grown)));
};

/** Seconds. However long a server asks to be left alone. */
const MOST_PATIENT = 60;

/** Seconds. What ends sooner is no watch: asking again at once would only load a server in trouble. */
const SHORTEST_WATCH = 1;

class Follower {
  readonly #kind: KindName;
  readonly #with: Followed;
  readonly #path: string;
  #freshness: Freshness = UNREAD;
  #listed: Moment | null = null;

  constructor(kind: KindName, followed: Followed) {
    this.#kind = kind;
    this.#with = followed;
    this.#path = listPath(kind, null);
  }

  /** A list where one is due, else one watch. Throws AdapterError. */
  async step(signal: AbortSignal): Promise<void> {
    const world = await this.#with.world.look(signal);
    const { version, world: known } = this.#freshness;
    if (version === null || known !== world || this.#isDue()) await this.#list(world, signal);
    else await this.#watch(version, signal);
  }

  /** What could not be done; a version that the server no longer knows, or an answer that is no sense, needs a list. */
  stumble(error: AdapterError): void {
    const keeps = error.kind !== 'invalid-answer' && error.status !== 410 && error.status !== 404;
    this.#becomes({ trouble: whyMissing(error), ...(keeps ? {} : { version: null }) });
    this.#with.onTrouble(error);
  }

  #isDue(): boolean {
    const { pace, clock, cluster } = this.#with;
    const { least, most, objectsPerSecond } = pace.relist;
    const after = Math.min(most, Math.max(least, cluster.sizeOf(this.#kind) / objectsPerSecond));
    return this.#listed === null || secondsSince(this.#listed, clock) >= after;
  }

  #becomes(change: Partial<Freshness>): void {
    this.#freshness = { ...this.#freshness, ...change };
    this.#with.onFreshness(this.#freshness);
  }

  async #list(world: number, signal: AbortSignal): Promise<void> {
    const { client, clock, cluster } = this.#with;
    // What is answered was true when it was asked, or later.
    const asked = momentOf(clock);
    const list = cluster.takeIn(this.#kind);
    let version = '';
    for await (const page of pagesOf(client, this.#path, {}, signal, formOf(this.#kind))) {
      list.add(page.items);
      version = page.version;
    }
    if (version === '') throw new AdapterError('invalid-answer', `${this.#path}: a list without version`);
    list.finish();
    this.#listed = asked;
    this.#becomes({ asOf: asked, version, world, trouble: null });
  }

  async #watch(from: string, signal: AbortSignal): Promise<void> {
    const { clock, pace } = this.#with;
    const begun = clock.elapsed();
    const [over, tooLong] = [new AbortController(), new AbortController()];
    // The server ends it in time; if it does not, the line has died in silence.
    void clock
      .sleep((pace.watch + pace.patience) * 1000, AbortSignal.any([signal, over.signal]))
      .then(() => over.signal.aborted || tooLong.abort());
    try {
      const marked = await this.#listen(from, AbortSignal.any([signal, tooLong.signal]));
      this.#ended((clock.elapsed() - begun) / 1000, marked);
    } catch (error) {
      if (!tooLong.signal.aborted) throw error;
      this.#becomes({ version: null });
    } finally {
      over.abort();
    }
  }

  /** Takes in what the watch says; true when there was a bookmark among it. */
  async #listen(from: string, signal: AbortSignal): Promise<boolean> {
    const { client, pace } = this.#with;
    const query = { watch: '1', allowWatchBookmarks: 'true', timeoutSeconds: `${pace.watch}`, resourceVersion: from };
    let marked = false;
    for await (const event of client.watch(getJson(this.#path, query, formOf(this.#kind)), signal)) {
      if (this.#take(event) === 'BOOKMARK') marked = true;
    }
    return marked;
  }

  /**
   * A real API server says no bookmark where nothing happens: a watch that lasted as long as was asked for and ended in
   * order has told everything. One that somebody in between ended early has not, unless it was marked.
   */
  #ended(seconds: number, marked: boolean): void {
    if (seconds < SHORTEST_WATCH) throw new AdapterError('no-answer', `${this.#path}: the watch ended at once`);
    if (seconds >= this.#with.pace.watch - 1) this.#becomes({ asOf: momentOf(this.#with.clock), trouble: null });
    else if (!marked) this.#becomes({ version: null });
  }

  #take(event: JsonObject): string {
    const object = objectAt(event, 'object');
    const type = textAt(event, 'type');
    if (type === 'ERROR') {
      const status = numberAt(object, 'code') ?? 500;
      throw new AdapterError('refused', `${this.#path}: ${textAt(object, 'message') ?? 'the watch failed'}`, {
        status,
      });
    }
    const version = textAt(object, 'metadata', 'resourceVersion');
    if (version === null || version === '')
      throw new AdapterError('invalid-answer', `${this.#path}: an event without version`);
    // A server that goes back in time was restored from an older copy: what is known is of another world.
    if (isBefore(version, this.#freshness.version ?? '')) {
      throw new AdapterError('refused', `${this.#path}: the cluster went back to version ${version}`, { status: 410 });
    }
    if (type === 'ADDED' || type === 'MODIFIED') this.#with.cluster.put(this.#kind, object);
    else if (type === 'DELETED') this.#with.cluster.drop(this.#kind, object);
    else if (type !== 'BOOKMARK')
      throw new AdapterError('invalid-answer', `${this.#path}: an event of type ${type ?? 'none'}`);
    // Only a bookmark says that everything up to now was told: other events may be of a backlog.
    this.#becomes({ ...(type === 'BOOKMARK' ? { asOf: momentOf(this.#with.clock) } : {}), version, trouble: null });
    return type;
  }
}
