// The only wiring: settings become a running gate. What is opened, and in which order; each part has its file in compose/.
import type { Server } from 'node:http';
import { openJudging } from '../adapters/judging/open-judging.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { keyedHash, newHashKey } from '../adapters/system/keyed-hash.ts';
import { newId } from '../adapters/system/new-id.ts';
import type { Json } from '../core/model/json.ts';
import type { Gate } from '../flow/gate.ts';
import { pollRole } from '../flow/leading.ts';
import { chatsOf } from '../flow/notify/chats.ts';
import { createRateLimit } from '../flow/rate-limit.ts';
import { createShownTimes } from '../flow/requests/shown.ts';
import { withTrials } from '../flow/requests/trials.ts';
import { createWakeSignal } from '../flow/wake-signal.ts';
import type { Log } from '../ports/log.ts';
import type { WebhookSource } from '../ports/webhook.ts';
import { certificateLives } from './certificate-life.ts';
import { type OpenedGuards, openGuards } from './compose/guards.ts';
import { consoleUrlOf, openHttpDoor } from './compose/http-door.ts';
import { runLoops } from './compose/loops.ts';
import { openRuleFiles, warnOfStart } from './compose/rule-files.ts';
import { gatesOver, openShares, type SharedParts } from './compose/shares.ts';
import { openStorage } from './compose/storage.ts';
import type { Tuning } from './compose/tuning.ts';
import { followTrail } from './follow-trail.ts';
import { openHeadProof } from './head-proof.ts';
import { createChainCheck } from './http/chain-check.ts';
import { createMeasures, type Measures } from './measures/measures.ts';
import { createPollMeasures } from './measures/polls.ts';
import type { OpenedChat } from './open-chat.ts';
import { OPEN } from './open-peers.ts';
import { storeAddress, storeName } from './settings/store.ts';
import type { Settings } from './settings.ts';
import { fileMeasures, fileNotes } from './watched-file.ts';

export interface RunningGate {
  readonly url: string;
  /** Where agents reach the Kubernetes API; null: there is no proxy. */
  readonly proxyUrl: string | null;
  readonly gate: Gate;
  /** Finishes the steps under way within 30 s while /readyz says no, ends the doors, closes the store. */
  stop(): Promise<void>;
}

/** As long as what is under way may take (flow/deadline.ts), and what Kubernetes gives a pod. */
const DRAIN_MS = 30_000;
/** For what is being answered when the door closes. */
const LAST_ANSWERS_MS = 5_000;

/** Opens every peer, starts the loops and the doors. Throws CannotStart, or the error of the store. */
export async function composeGate(settings: Settings, tuning: Tuning, givenLog: Log): Promise<RunningGate> {
  const measures = createMeasures(() => systemClock.elapsed());
  const log = measures.counting(givenLog);
  const peers = await openPeers(settings, tuning, log);
  const { shares, chats, reviews, store, clock, judging } = peers;
  const polls = createPollMeasures(polledOf(peers), clock);
  const headProof = await openHeadProof(store.controls);
  // Its port may be chosen only when the gate listens.
  let consoleUrl: string | null = null;
  const shared = sharedOf(peers, settings, tuning, { log, measures, polls, headProof, consoleUrl: () => consoleUrl });
  const places = gatesOver(shared, shares, ({ cluster: { writer } }, trials) =>
    measures.timed(settings.admission === null ? writer : withTrials(writer, trials)),
  );
  const [{ gate }] = places;
  const hints = createWakeSignal(clock);
  const hooks = await hooksOf(settings, chats, () => hints.notify());
  const ending = new AbortController();
  store.replicas?.onChange((notice) => gate.wakeSignal.notify(notice));
  const checkChain = createChainCheck(store);
  const trail = followTrail({ trail: store.trail, check: checkChain, clock, log });
  const giveUp = async (error: unknown, opened?: OpenedGuards): Promise<never> => {
    ending.abort();
    await opened?.admission?.close();
    await opened?.proxy?.close(0);
    await Promise.all([judging.close(), store.close()]);
    throw error;
  };
  const guards = await openGuards(places, peers.files.guarded, settings, {
    clock: systemClock,
    timed: (kind, seconds) => measures.proxied(kind, seconds),
    ending: ending.signal,
  }).catch(giveUp);
  const http = await openHttpDoor(gate, settings, tuning, {
    shares,
    measures,
    hooks,
    checkChain,
    notes: () => fileNotes(peers.files.watched),
    more: () => moreMetrics(peers, guards, { storeUrl: settings.storeUrl, followed: [trail, polls] }),
    ending: ending.signal,
  }).catch((error: unknown) => giveUp(error, guards));
  consoleUrl = consoleUrlOf(settings, http.url);
  const holder = newId();
  const { retention } = settings;
  const work = runLoops(
    gate,
    { clock, shares, guards, trail, chats, reviews, headProof, hints, retention, newest: peers.newest, holder },
    ending.signal,
  );
  log.info('gate_started', {
    url: http.url,
    cluster: shares.map(({ cluster }) => cluster.server).join(', '),
    data: settings.dataDir,
    store: storeName(settings),
    ...(guards.admission === null ? {} : { admission: guards.admission.url }),
    ...(guards.proxy === null ? {} : { proxy: guards.proxy.url }),
  });
  return {
    url: http.url,
    proxyUrl: guards.proxy?.url ?? null,
    gate,
    stop: async () => {
      // From here /readyz says no and nothing new is begun. The door stays open while what is under way is finished: a vote is kept.
      ending.abort();
      await atMost(DRAIN_MS, Promise.allSettled([work, guards.proxy?.close(DRAIN_MS)]));
      await closeDoor(http.server);
      // Not before the last write: the API server asks here.
      await guards.admission?.close();
      await Promise.all([judging.close(), store.close(), peers.traces?.close(LAST_ANSWERS_MS)]);
      log.info('gate_stopped', {});
    },
  };
}

/** In the order in which what is wrong is said: files, clusters, chats and forge, store. */
const openPeers = async (settings: Settings, tuning: Tuning, log: Log) => {
  const files = await openRuleFiles(settings, tuning, { log, clock: systemClock });
  // Its key lies in the store, which is opened later.
  let hashKey = newHashKey();
  const hash = (value: Json): string => keyedHash(hashKey)(value);
  const { prometheusTokenFile, flags } = settings;
  const { evidenceMaxAgeSeconds } = tuning;
  const document = files.watched.policy.now;
  const shares = await openShares(files.clusters, { document, prometheusTokenFile, evidenceMaxAgeSeconds, hash }, log);
  warnOfStart(settings, files.watched.people.now(), { log, clock: systemClock });
  const chats = await Promise.all(
    settings.chats.map((one) => OPEN.chat(one, (what) => log.warn('chat_lacks_rights', { what }))),
  );
  const forge = settings.forge === null ? null : await OPEN.forge(settings.forge);
  const { store, clock, ...kept } = await openStorage(settings, systemClock);
  hashKey = kept.hashKey;
  files.noteIn({ store, clock });
  return {
    files,
    shares,
    chats,
    forge,
    /** The forge, where reviews are made there. */
    reviews: flags.gitopsPr === 'on' ? forge : null,
    store,
    clock,
    newest: kept.newest,
    traces: settings.traces === null ? null : await OPEN.traces(settings.traces, log),
    judging: openJudging(log),
  };
};

type Peers = Awaited<ReturnType<typeof openPeers>>;

/** What the gates of all clusters share. */
const sharedOf = (
  { files, chats, forge, store, clock, traces, judging }: Peers,
  { flags, lang, login }: Settings,
  tuning: Tuning,
  {
    measures,
    ...given
  }: Pick<SharedParts, 'log' | 'polls' | 'headProof' | 'consoleUrl'> & { readonly measures: Measures },
): SharedParts => ({
  ...given,
  store,
  shown: createShownTimes(),
  onSaved: (changes) => {
    measures.saved(changes);
    traces?.saved(changes);
  },
  ...(traces === null ? {} : { newTrace: () => traces.newTrace() }),
  chat: chatsOf(chats),
  changed: new Set(),
  rechecked: new Map(),
  forge,
  clock,
  wakeSignal: createWakeSignal(clock),
  people: files.watched.people.now,
  observesEverything: tuning.observesEverything,
  flags,
  lang,
  ...(login.oidc === null ? {} : { issuer: 'oidc' as const }),
  ...(tuning.demo ? { linkVotes: 'each' as const } : {}),
  specSettings: tuning.specSettings,
  verdictRule: tuning.verdictRule,
  judging,
  rates: {
    proposals: createRateLimit(tuning.proposalsPerMinute),
    scores: createRateLimit(tuning.scoresPerMinute),
    evaluations: createRateLimit(tuning.evaluationsPerMinute),
  },
  newId,
});

/** What one gate at a time polls. Who is sent updates polls nobody. */
const polledOf = ({ chats, reviews }: Peers): readonly string[] => [
  ...chats.filter(({ hook }) => hook === undefined).map((chat) => pollRole('chat', chat)),
  ...(reviews === null ? [] : [pollRole('forge', reviews)]),
];

/** Where forge and chats send by themselves; [] where no secret is set. */
const hooksOf = async (
  { forge, hookSecret }: Settings,
  chats: readonly OpenedChat[],
  wake: () => void,
): Promise<readonly WebhookSource[]> => [
  ...(forge === null || hookSecret === null ? [] : [await OPEN.forgeHook(forge.channel, hookSecret, wake)]),
  ...chats.flatMap(({ hook }) => hook ?? []),
];

/** Metrics of what is opened here, as Prometheus text. */
const moreMetrics = (
  { files, traces }: Peers,
  { proxy, admission, agents, objects }: OpenedGuards,
  { storeUrl, followed }: Pick<Settings, 'storeUrl'> & { readonly followed: readonly { text(): string }[] },
): string =>
  [
    fileMeasures(files.watched, {
      store: storeUrl === null ? null : storeAddress(storeUrl),
      clusters: files.clustersDigest,
    }),
    proxy?.counts() ?? '',
    ...[agents, objects, ...followed].map((one) => one.text()),
    traces?.counts() ?? '',
    certificateLives({ proxy: proxy?.life() ?? null, admission: admission?.life() ?? null }),
  ].join('');

/** Ends with the work, or when so many milliseconds are over. */
const atMost = async (milliseconds: number, work: Promise<unknown>): Promise<void> => {
  await Promise.race([work, new Promise((done) => setTimeout(done, milliseconds).unref())]);
};

const closeDoor = async (server: Server): Promise<void> => {
  const closed = new Promise((done) => server.close(done));
  server.closeIdleConnections();
  await atMost(LAST_ANSWERS_MS, closed);
  server.closeAllConnections();
};
