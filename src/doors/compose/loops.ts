// What runs for as long as the gate does: the worker, what is followed, what is listened to, what is looked at once after the start.
import { hashOfLine } from '../../adapters/store/chain.ts';
import { type KnownTime, keepRetention } from '../../flow/archive-trail.ts';
import type { Gate } from '../../flow/gate.ts';
import { pollRole, whileLeading } from '../../flow/leading.ts';
import { checkHeads } from '../../flow/notify/check-heads.ts';
import type { HeadProof } from '../../flow/notify/compare-heads.ts';
import { listenToChat } from '../../flow/notify/listen-to-chat.ts';
import { listenToComments } from '../../flow/notify/listen-to-comments.ts';
import { followPauses } from '../../flow/notify/show-pauses.ts';
import { watchShadow } from '../../flow/notify/tell-of-shadow.ts';
import type { WakeSignal } from '../../flow/wake-signal.ts';
import { run } from '../../flow/worker/run.ts';
import { watchHead } from '../../flow/worker/watch-head.ts';
import type { Chat } from '../../ports/chat.ts';
import type { StoreClock } from '../../ports/clock.ts';
import type { ReviewForge } from '../../ports/review-forge.ts';
import { logTwins } from '../cluster-twins.ts';
import type { FollowedTrail } from '../follow-trail.ts';
import type { OpenedChat } from '../open-chat.ts';
import { OPEN } from '../open-peers.ts';
import type { OpenedShare } from '../open-share.ts';
import { forgeIdentityWarnings } from '../review-checks.ts';
import type { RetentionSettings } from '../settings/store.ts';
import type { Settings } from '../settings.ts';
import type { OpenedGuards } from './guards.ts';

/** What is kept running beside the gate itself. */
export interface LoopParts {
  readonly clock: StoreClock;
  readonly shares: readonly OpenedShare[];
  readonly guards: OpenedGuards;
  readonly trail: FollowedTrail;
  readonly chats: readonly OpenedChat[];
  /** Where reviews are made and read; null: there are none. */
  readonly reviews: ReviewForge | null;
  readonly headProof: HeadProof;
  /** Wakes whoever reads comments. */
  readonly hints: WakeSignal;
  readonly retention: Settings['retention'];
  /** The time of the trail's newest line before this start. */
  readonly newest: KnownTime['newest'];
  /** This process, among the gates on the store. */
  readonly holder: string;
}

/** Until the signal, and what is under way then. Never rejects. */
export async function runLoops(gate: Gate, parts: LoopParts, ending: AbortSignal): Promise<void> {
  const { shares, guards, trail, chats, reviews, holder } = parts;
  const begun = parts.clock.elapsed();
  const known: KnownTime = { newest: parts.newest, age: () => parts.clock.elapsed() - begun };
  // Both at start and where history was lost while it ran: then what the issues prove is told with it, once.
  const checkOutside = async (): Promise<void> => {
    if (reviews !== null) await checkHeads(gate, { forge: reviews, proof: parts.headProof }, ending);
  };
  await Promise.all([
    checkOutside(),
    run(gate, ending),
    guards.admission?.keep(ending),
    guards.proxy?.keep(ending),
    watchShadow(gate, ending),
    followPauses(gate, ending),
    ...shares.map((share) => share.keep(ending)),
    logTwins(
      shares.map(({ share, cluster }) => ({ name: share.clusterName, uid: (until) => cluster.uid(until) })),
      gate.log,
      ending,
    ),
    guards.agents.refresh(ending),
    parts.clock.keep(ending),
    watchHead(gate, ending, () => void checkOutside()),
    parts.retention === null ? null : retain(gate, { ...parts.retention, known }, holder, ending),
    trail.keep(ending),
    guards.objects.refresh(ending),
    ...chats.map((chat) =>
      chat.hook === undefined ? leadChat(gate, chat, holder, ending) : listenToChat(gate, chat, ending),
    ),
    reviews === null ? null : review(gate, reviews, { hints: parts.hints, holder }, ending),
  ]);
}

/** One gate listens at a time: a chat hands an update to whoever asks, and tells a second one that there is a first (409). */
const leadChat = (gate: Gate, chat: Chat, holder: string, signal: AbortSignal): Promise<void> =>
  whileLeading(
    gate,
    { role: pollRole('chat', chat), holder, work: (until, stepDown) => listenToChat(gate, chat, until, stepDown) },
    signal,
  );

/** One gate archives at a time. */
const retain = (
  gate: Gate,
  { days, folder, known }: RetentionSettings & { readonly known: KnownTime },
  holder: string,
  signal: AbortSignal,
): Promise<void> => {
  const retention = { days, open: () => OPEN.archive(folder), hashOf: hashOfLine, known };
  return whileLeading(
    gate,
    { role: 'retention', holder, work: (until) => keepRetention(gate, retention, until) },
    signal,
  );
};

/** Says at the start what reviews lack, and then reads votes from comments. A forge in trouble stops nothing else. */
const review = async (
  gate: Gate,
  forge: ReviewForge,
  { hints, holder }: { readonly hints: WakeSignal; readonly holder: string },
  signal: AbortSignal,
): Promise<void> => {
  await Promise.all([
    warnOfForge(gate, forge, signal),
    whileLeading(
      gate,
      { role: pollRole('forge', forge), holder, work: (until) => listenToComments(gate, forge, hints, until) },
      signal,
    ),
  ]);
};

const warnOfForge = async ({ log, people }: Gate, forge: ReviewForge, signal: AbortSignal): Promise<void> => {
  try {
    const { repository, login, problems } = await forge.checkAccess(signal);
    for (const { code, message, remedy } of problems)
      log.warn('review_forge_unusable', { repository, code, problem: message, remedy });
    for (const warning of forgeIdentityWarnings(people(), forge.channel, login))
      log.warn('people_warning', { warning });
  } catch (error) {
    if (signal.aborted) return;
    log.warn('review_forge_unusable', { problem: error instanceof Error ? error.message : 'unknown' });
  }
};
