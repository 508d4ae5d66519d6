// Reads votes from the comments of review issues: what the forge has now is the truth, read again and again.
import { type CommentCommand, readCommentCommand } from '../../core/approval/comment-command.ts';
import { personByAccount } from '../../core/approval/people.ts';
import { isSameMessage, isTakenBack } from '../../core/approval/vote.ts';
import { type Instant, plusSeconds } from '../../core/model/instant.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { NotCounted } from '../../core/text/review-status.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ReviewComment, ReviewForge } from '../../ports/review-forge.ts';
import type { ProposalPage } from '../../ports/store.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { pollRole } from '../leading.ts';
import { type CastVote, countVote, noteRefusedVote } from '../requests/record-vote.ts';
import { nowOf } from '../transition.ts';
import type { WakeSignal } from '../wake-signal.ts';
import { addCommentNote } from './comment-notes.ts';
import { isUnderOwnText, TextUnread } from './issue-text.ts';
import { updateReviewStatus } from './review-status.ts';

const BEAT_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 60;
/** Pages of one poll; the next one goes on where it ended, so that a flood delays votes and hides none. */
const PAGES = 10;
/**
 * Read again before the cursor: a comment may become visible late, pages move when one is deleted, and an issue is known as a
 * proposal's only when its making was answered, which is asked again after 300 s at the latest.
 */
const OVERLAP_SECONDS = 600;
/** How far the forge's clock may be behind ours. */
const CLOCK_SLACK_SECONDS = 24 * 3600;
/** One comment that cannot be handled is given up after so many tries, while the store works. */
const TRIES = 5;
/** Comments that are known to be handled; a forgotten one is handled again, which changes nothing. */
const REMEMBERED = 5000;

/** Proposals that are read from the store at once. */
const REVIEWS_A_PAGE = 200;

const CURSOR = 'review-comments';

/** What a listener remembers between polls; lost with the process, which harms nothing. */
export interface CommentMemory {
  /** Where the next poll goes on: the page, and since when the pages are counted. */
  place: { readonly since: Instant; readonly page: number } | null;
  /** The newest change that was seen, by the forge's clock. */
  latest: Instant | null;
  readonly handled: Set<string>;
  /** Commands that cannot be handled yet, by when they were first seen: their issue may become known as a proposal's, or show its text. */
  readonly strays: Map<string, Instant>;
  tries: { readonly comment: string; readonly times: number };
  /** True until it was asked since when something waits. */
  isIdle: boolean;
}

export function createCommentMemory(): CommentMemory {
  const tries = { comment: '', times: 0 };
  return { place: null, latest: null, handled: new Set(), strays: new Map(), tries, isIdle: true };
}

/**
 * Polls until aborted; trouble with the forge or the store is logged and tried again, ever more slowly. `hints`: notified where the
 * forge says by itself that something was written, which cuts no pause after trouble short.
 */
export async function listenToComments(
  gate: Gate,
  forge: ReviewForge,
  hints: WakeSignal,
  signal: AbortSignal,
): Promise<void> {
  const memory = createCommentMemory();
  let troubles = 0;
  while (!signal.aborted) {
    const seen = hints.count();
    try {
      await pollComments(gate, forge, memory, signal);
      gate.polls?.answered(pollRole('forge', forge));
      troubles = 0;
      await hints.wait(seen, BEAT_SECONDS * 1000, signal);
    } catch (thrown) {
      if (signal.aborted) return;
      troubles += 1;
      const known = thrown instanceof AdapterError ? thrown : null;
      const error = thrown instanceof Error ? thrown.message : 'unknown';
      gate.log.warn('review_listening_failed', { error, status: known?.status ?? null, troubles });
      const pause = Math.min(
        known?.retryAfterSeconds ?? BEAT_SECONDS * 2 ** Math.min(troubles, 4),
        LONGEST_PAUSE_SECONDS,
      );
      await gate.clock.sleep(pause * 1000, signal);
    }
  }
}

/** A poll under way: proposals are only read once there is a command for one. */
interface Poll {
  readonly gate: Gate;
  readonly forge: ReviewForge;
  readonly memory: CommentMemory;
  readonly signal: AbortSignal;
  readonly open: () => Promise<ReadonlyMap<number, Remediation>>;
}

/**
 * One poll of at most ten pages; none where nothing waits for people. Each comment is handled before the cursor moves on: after
 * a crash in between it is handled again, and the vote that was stored is known by its comment.
 */
export async function pollComments(
  gate: Gate,
  forge: ReviewForge,
  memory: CommentMemory,
  signal: AbortSignal,
): Promise<void> {
  // Nobody known: the file of people cannot be read now. Who speaks cannot be told, so nothing is read past.
  if (gate.people().people.length === 0) return;
  if (!(await isAnythingWaiting(gate, signal))) {
    memory.isIdle = true;
    return;
  }
  const poll: Poll = { gate, forge, memory, signal, open: once(() => reviewsThatWait(gate, signal)) };
  const told = new Set<string>();
  memory.place ??= { since: await sinceWhen(poll), page: 1 };
  for (let read = 0; read < PAGES && memory.place !== null; read += 1) {
    const { since, page }: NonNullable<CommentMemory['place']> = memory.place;
    const { comments, next } = await forge.readComments(since, page, within('forge', signal));
    for (const comment of comments) {
      const proposal = await handleOnce(poll, comment);
      if (proposal !== null) told.add(proposal);
    }
    memory.place = next === null ? null : { since, page: next };
    if (memory.place === null) await keepCursor(poll, memory.latest ?? plusSeconds(since, OVERLAP_SECONDS));
  }
  for (const proposal of told) await tellNotes(gate, proposal, signal);
}

const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask();
    return asked;
  };
};

/** From the counts, which cost the same however many there are. */
const isAnythingWaiting = async ({ store }: Gate, signal: AbortSignal): Promise<boolean> => {
  const tallies = await store.history.tallies(within('store', signal));
  return tallies.some(({ kind, label, count }) => kind === 'proposals' && label === 'awaiting-approval' && count > 0);
};

/** By the number of their issue; read page by page, and only what has an issue is kept. */
const reviewsThatWait = async (gate: Gate, signal: AbortSignal): Promise<ReadonlyMap<number, Remediation>> => {
  const filter = { state: 'awaiting-approval', incident: null } as const;
  const found = new Map<number, Remediation>();
  for (let before: number | null = null; ; ) {
    const page: ProposalPage = await gate.store.remediations.page(
      filter,
      { limit: REVIEWS_A_PAGE, before },
      within('store', signal),
    );
    for (const remediation of page.remediations) {
      const number = remediation.review?.success === true ? remediation.review.issueNumber : null;
      if (number !== null) found.set(number, remediation);
    }
    if (page.next === null) return found;
    before = page.next;
  }
};

/** From the cursor; after a time in which nothing waited, not from before the oldest proposal that waits. */
const sinceWhen = async ({ gate, memory, signal, open }: Poll): Promise<Instant> => {
  const cursor = await gate.store.controls.readCursor(CURSOR, within('store', signal));
  const resumed = cursor === null ? null : plusSeconds(cursor, -OVERLAP_SECONDS);
  if (resumed !== null && !memory.isIdle) return resumed;
  const [oldest = nowOf(gate)] = [...(await open()).values()].map(({ createdAt }) => createdAt).toSorted();
  memory.isIdle = false;
  const earliest = plusSeconds(oldest, -CLOCK_SLACK_SECONDS);
  return resumed !== null && resumed > earliest ? resumed : earliest;
};

/** A forge whose clock is ahead must not lead us past comments to come. */
const keepCursor = async ({ gate, signal }: Poll, latest: Instant): Promise<void> => {
  const now = nowOf(gate);
  await gate.store.controls.writeCursor(CURSOR, latest < now ? latest : now, within('store', signal));
};

/** The proposal that has something new to tell in its status comment; null: none. */
const handleOnce = async (poll: Poll, comment: ReviewComment): Promise<string | null> => {
  const { gate, memory } = poll;
  if (memory.latest === null || comment.updatedAt > memory.latest) memory.latest = comment.updatedAt;
  const key = `${comment.id} ${comment.updatedAt} ${comment.nature}`;
  if (memory.handled.has(key)) return null;
  const command = commandIn(comment);
  const remediation = command === null ? undefined : (await poll.open()).get(comment.issueNumber);
  if (command !== null && remediation === undefined && isStrayYet(gate, memory, key)) return null;
  memory.tries = { comment: key, times: memory.tries.comment === key ? memory.tries.times + 1 : 1 };
  const isNew =
    command !== null &&
    remediation !== undefined &&
    (memory.tries.times > TRIES
      ? giveUp(gate, comment)
      : await handle(poll, comment, command, remediation).catch((error: unknown) =>
          textUnread(poll, comment, key, error),
        ));
  if (isNew === 'later') return null;
  if (memory.handled.size >= REMEMBERED) memory.handled.clear();
  memory.handled.add(key);
  memory.strays.delete(key);
  return isNew ? (remediation?.id ?? null) : null;
};

type Command = Exclude<CommentCommand, { readonly kind: 'not-for-us' }>;

/** Two programs that answer each other would never end; the gate least of all answers itself. */
const commandIn = ({ nature, text }: ReviewComment): Command | null => {
  if (nature === 'own' || nature === 'bot') return null;
  const command = readCommentCommand(text);
  return command.kind === 'not-for-us' ? null : command;
};

/** True for as long as the issue may still become known as that of an open proposal, or show its text. */
const isStrayYet = (gate: Gate, { strays }: CommentMemory, key: string): boolean => {
  const now = nowOf(gate);
  const seen = strays.get(key) ?? now;
  if (strays.size >= REMEMBERED) strays.clear();
  strays.set(key, seen);
  return now < plusSeconds(seen, OVERLAP_SECONDS);
};

/** The forge may show the text later: the comment is read again until then, and holds up no other; at last it is given up. */
const textUnread = ({ gate, memory }: Poll, comment: ReviewComment, key: string, error: unknown): 'later' | false => {
  if (!(error instanceof TextUnread)) throw error;
  memory.tries = { comment: '', times: 0 };
  if (!memory.strays.has(key))
    gate.log.warn('review_text_unread', { comment: comment.id, issue: comment.issueNumber, error: error.message });
  return isStrayYet(gate, memory, key) ? 'later' : giveUp(gate, comment);
};

const giveUp = (gate: Gate, { id, issueNumber, account }: ReviewComment): false => {
  gate.log.error('review_comment_given_up', { comment: id, issue: issueNumber, account });
  return false;
};

const handle = async (
  { gate, forge, signal }: Poll,
  comment: ReviewComment,
  command: Command,
  remediation: Remediation,
): Promise<boolean> => {
  const { nature, account, accountId = null, id } = comment;
  const proof = {
    kind: 'account',
    account: account ?? '',
    ...(accountId === null ? {} : { accountId }),
    message: id,
  } as const;
  const said = { channel: forge.channel, proof };
  if (remediation.votes.some((vote) => isSameMessage(vote, said)) || isTakenBack(remediation.withdrawn, said))
    return false;
  const note = (why: NotCounted['why']): Promise<boolean> =>
    addCommentNote(gate, remediation.id, { account, why }, signal);
  if (nature === 'edited') return note({ kind: 'nature', code: 'edited' });
  if (command.kind === 'misread') return note({ kind: 'misread', code: command.problem });
  const { spec } = remediation;
  const person = account === null ? null : personByAccount(gate.people(), forge.channel, account, accountId);
  const cast: CastVote = {
    proposal: remediation.id,
    person: person?.id ?? null,
    account: `${forge.channel} ${account ?? ''}`.trim(),
    channel: forge.channel,
    decision: command.kind,
    digest: spec.digest,
    reason: command.reason,
    proof,
  };
  const isFor = isMeant(comment, command.digest, remediation);
  // A rejection runs nothing; and a stranger makes the gate ask nothing.
  if (isFor && cast.decision === 'approve' && person !== null)
    if (!(await isUnderOwnText(gate, remediation, comment, signal)))
      return await refuseChanged(gate, cast, note, signal);
  const refusal = isFor
    ? await refusalOf(gate, cast, signal)
    : ({ code: 'wrong-digest', about: `${command.digest} given` } as const);
  if (refusal === null) return false;
  const isNew = await note({ kind: 'refusal', code: refusal.code });
  if (isNew) await noteRefusedVote(gate, cast, refusal, signal);
  return isNew;
};

/** Told once, and always a reason to write the text again. */
const refuseChanged = async (
  gate: Gate,
  cast: CastVote,
  note: (why: NotCounted['why']) => Promise<boolean>,
  signal: AbortSignal,
): Promise<true> => {
  gate.log.warn('review_issue_changed', { proposal: cast.proposal, account: cast.account });
  if (await note({ kind: 'nature', code: 'text-changed' }))
    await noteRefusedVote(gate, cast, { code: 'card-changed', about: null }, signal);
  return true;
};

/** The digits begin the digest that is open; and the comment is not of long before, about another issue of that number. */
const isMeant = ({ createdAt }: ReviewComment, digits: string, remediation: Remediation): boolean =>
  plusSeconds(createdAt, CLOCK_SLACK_SECONDS) >= remediation.createdAt &&
  remediation.spec.digest.startsWith(`sha256:${digits}`);

/** null: the vote counts. */
const refusalOf = async (gate: Gate, cast: CastVote, signal: AbortSignal): Promise<Refusal | null> => {
  const counted = await countVote(gate, cast, signal);
  return counted.ok ? null : counted.refusal;
};

/** Told by the next move of the remediation too, so that trouble here costs nothing but time. */
const tellNotes = async (gate: Gate, proposal: string, signal: AbortSignal): Promise<void> => {
  try {
    await updateReviewStatus(gate, proposal, signal);
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : 'unknown';
    gate.log.warn('review_status_failed', { proposal, error });
  }
};
