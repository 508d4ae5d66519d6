// Records of audit logs, one after another → what a gate would have said to each action in them, counted.
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Json } from '../model/json.ts';
import { clusterPartOf } from './actor-class.ts';
import { judgeLogged, type ReplayPolicies, type UnderstandLogged } from './judge-logged.ts';
import { type LoggedEvent, readLoggedEvent } from './logged-event.ts';
import { isDryRun, type LoggedRequest, loggedRequestOf } from './logged-request.ts';
import { isPlainRead } from './plain-read.ts';
import type { ReplayReport, SkippedRecord } from './replay-report.ts';
import { ReplayTally } from './replay-tally.ts';
import { SeenIds } from './seen-ids.ts';

/** A request of a client that switched to another protocol: it has begun, and ends when the client goes. */
const SWITCHED = 101;

/** Each request is counted once, when it was answered. */
const isAnswered = ({ stage, code }: LoggedEvent): boolean =>
  stage === 'ResponseComplete' || stage === 'Panic' || (stage === 'ResponseStarted' && code === SWITCHED);

/** What was refused (4xx) has changed nothing; what went wrong (5xx) may have, and is sent again if somebody still wants it. */
const failureOf = ({ stage, code }: LoggedEvent): SkippedRecord | null => {
  if (stage === 'Panic' || (code !== null && code >= 500)) return 'failed';
  return code !== null && code >= 400 ? 'refused' : null;
};

/** An impersonated part of the cluster is somebody who acts in its name: that counts. */
const partOf = ({ actor, through }: LoggedEvent): SkippedRecord | null =>
  through === null ? clusterPartOf(actor) : null;

/** What the event itself says. */
const whyNoAction = (event: LoggedEvent, request: LoggedRequest): SkippedRecord | null => {
  if (isPlainRead(event.verb, event.uri)) return 'read';
  if (!isAnswered(event)) return 'other-stage';
  return partOf(event) ?? (isDryRun(request) ? 'dry-run' : failureOf(event));
};

/** What is known once the request was understood. */
const whyNothingDone = ({ action, dryRun }: BlastRadius): SkippedRecord | null => {
  if (dryRun) return 'dry-run';
  return action === 'read' || action === 'none' ? 'read' : null;
};

/** Counts the actions of audit logs. Memory does not grow with the log, but for the ids that it has seen (bounded). */
export class LogReplay {
  readonly #understand: UnderstandLogged;
  readonly #policies: ReplayPolicies;
  readonly #tally: ReplayTally;
  readonly #seen = new SeenIds();

  constructor(understand: UnderstandLogged, policies: ReplayPolicies) {
    this.#understand = understand;
    this.#policies = policies;
    this.#tally = new ReplayTally(policies.against !== null);
  }

  /** A record that the reader has seen enough of to know that it is no action. */
  skip(why: SkippedRecord): void {
    this.#tally.notCounted(why);
  }

  /** A record that could not be read at all. */
  skipUnreadable(): void {
    this.#tally.unreadable();
  }

  /** A record, parsed. */
  add(record: Json): void {
    const event = readLoggedEvent(record);
    const request = event === null ? null : loggedRequestOf(event);
    if (event === null || request === null) this.#tally.unreadable();
    else this.#addRequest(event, request);
  }

  report(): ReplayReport {
    return this.#tally.report(this.#seen.isFull);
  }

  #addRequest(event: LoggedEvent, request: LoggedRequest): void {
    const why = whyNoAction(event, request);
    const judged = why === null ? judgeLogged(request, this.#understand, this.#policies) : null;
    const skipped = why ?? (judged === null ? null : whyNothingDone(judged.radius)) ?? this.#repetition(event);
    if (skipped !== null) this.#tally.notCounted(skipped);
    else if (judged === null) this.#tally.withoutBody(event);
    else this.#tally.action(event, request, judged);
  }

  #repetition({ id }: LoggedEvent): SkippedRecord | null {
    return id === '' || this.#seen.add(id) ? null : 'repeated';
  }
}
