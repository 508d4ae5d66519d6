// The only wiring: settings become a running gate.
import type { ClusterSource } from '../adapters/cluster/kubeconfig.ts';
import { openJudging } from '../adapters/judging/open-judging.ts';
import { hashOfLine } from '../adapters/store/chain.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { keyedHash, newHashKey } from '../adapters/system/keyed-hash.ts';
import { newId } from '../adapters/system/new-id.ts';
import { openStoreClock, type StoreClock } from '../adapters/system/store-clock.ts';
import type { PolicyDocument } from '../core/blast-radius/policy.ts';
import { DEFAULT_SPEC_SETTINGS, type SpecSettings } from '../core/evaluation/evaluate.ts';
import { type Instant, instant } from '../core/model/instant.ts';
import type { Json } from '../core/model/json.ts';
import { DEFAULT_VERDICT_RULE, type VerdictRule } from '../core/remediation/verdict.ts';
import { keepRetention, newestTime, type Retention } from '../flow/archive-trail.ts';
import { within } from '../flow/deadline.ts';
import type { ClusterGates, Gate } from '../flow/gate.ts';
import { pollRole, whileLeading } from '../flow/leading.ts';
import { chatsOf } from '../flow/notify/chats.ts';
import { checkHeads } from '../flow/notify/check-heads.ts';
import { listenToChat } from '../flow/notify/listen-to-chat.ts';
import { listenToComments } from '../flow/notify/listen-to-comments.ts';
import { followPauses } from '../flow/notify/show-pauses.ts';
import { watchShadow } from '../flow/notify/tell-of-shadow.ts';
import { createRateLimit } from '../flow/rate-limit.ts';
import { createShownTimes } from '../flow/requests/shown.ts';
import { createTrials, type Trials, withTrials } from '../flow/requests/trials.ts';
import { createWakeSignal, type WakeSignal } from '../flow/wake-signal.ts';
import { run } from '../flow/worker/run.ts';
import { watchHead } from '../flow/worker/watch-head.ts';
import type { Chat } from '../ports/chat.ts';
import type { Log } from '../ports/log.ts';
import type { ReviewForge } from '../ports/review-forge.ts';
import type { Secret } from '../ports/secret.ts';
import type { Store } from '../ports/store.ts';
import { keepsWhatItSays } from '../ports/store-facts.ts';
import type { WebhookSource } from '../ports/webhook.ts';
import { certificateLives } from './certificate-life.ts';
import { logTwins, twinsOf } from './cluster-twins.ts';
import { loadClusters, type NamedCluster } from './clusters-file.ts';
import { exposures, isLoopback } from './exposure.ts';
import { followAgents } from './follow-agents.ts';
import { followGuards } from './follow-guards.ts';
import { followTrail } from './follow-trail.ts';
import { openHeadProof } from './head-proof.ts';
import { type ChainCheck, createChainCheck } from './http/chain-check.ts';
import type { StreamLimits } from './http/event-stream.ts';
import type { ListeningServer } from './http/listen.ts';
import { SYSTEM_WAIT_CLOCK } from './mcp/wait-clock.ts';
import { createMeasures, type Measures } from './measures/measures.ts';
import { createPollMeasures } from './measures/polls.ts';
import { type Notebook, noteFiles } from './note-files.ts';
import type { OpenedChat } from './open-chat.ts';
import { DEFAULT_MAX_AGE_SECONDS } from './open-cluster.ts';
import type { OpenedProxy, ProxyPeers } from './open-proxy.ts';
import type { ClusterShare, OpenedShare, ShareSettings } from './open-share.ts';
import { loadPeople, watchPeople } from './people-file.ts';
import { loadPolicy, watchPolicy } from './policy-file.ts';
import { forgeIdentityWarnings } from './review-checks.ts';
import type { ChatSettings, ForgeSettings, OidcSettings, ProxySettings, Settings, StorePlace } from './settings.ts';
import { policyProblems, ruleWarnings, startProblems, startWarnings, tokenWarnings } from './start-checks.ts';
import type { TraceSettings } from './trace-settings.ts';
import { versionOfPackage } from './version.ts';
import { fileMeasures, fileNotes } from './watched-file.ts';

/**
 * Every peer and how it is opened, for the gate and for each command that asks one. A peer's code loads when it is opened:
 * a command pays for what it uses.
 */
export const OPEN = {
  cluster: async (source: ClusterSource, hash?: (value: Json) => string) =>
    (await import('./open-cluster.ts')).connectCluster(source, hash),
  namedCluster: async ({ access }: NamedCluster) => {
    const { connectCluster, sourceOf } = await import('./open-cluster.ts');
    return connectCluster(sourceOf(access));
  },
  share: async (cluster: NamedCluster, settings: ShareSettings, log: Log) =>
    (await import('./open-share.ts')).openShare(cluster, settings, log),
  agentProof: async (agent: ClusterSource, observer: ClusterSource | null, signal: AbortSignal) =>
    (await import('./open-cluster.ts')).proveAgentOf(agent, observer, signal),
  store: async ({ dataDir, storeUrl }: StorePlace) => (await import('./open-store.ts')).openStore(dataDir, storeUrl),
  trail: async ({ dataDir, storeUrl }: StorePlace) => (await import('./open-store.ts')).openTrail(dataDir, storeUrl),
  storeCopy: async (from: StorePlace, to: StorePlace, signal: AbortSignal) =>
    (await import('./open-store.ts')).copyStore(from, to, signal),
  archive: async (folder: string) => (await import('../adapters/trail-archive/folder.ts')).archiveFolder(folder),
  storeFacts: async (url: Secret) => (await import('./open-store.ts')).readStoreFacts(url),
  forge: async (settings: ForgeSettings) => (await import('./open-forge.ts')).openForge(settings),
  forgeHook: async (channel: ForgeSettings['channel'], secret: Secret, wake: () => void) =>
    (await import('./open-forge.ts')).openForgeHook(channel, secret, wake),
  chat: async (settings: ChatSettings, warn?: (what: string) => void) =>
    (await import('./open-chat.ts')).openChat(settings, warn),
  proxy: async (gate: Gate, settings: ProxySettings, peers: ProxyPeers) =>
    (await import('./open-proxy.ts')).openProxy(gate, settings, peers),
  traces: async (settings: TraceSettings, log: Log) => (await import('./open-traces.ts')).openTraces(settings, log),
  loginLinks: async (dataDir: string) => (await import('../adapters/login-links/folder.ts')).loginLinkFolder(dataDir),
  identity: async (settings: OidcSettings) => (await import('./open-login.ts')).openIdentityProvider(settings),
  authority: async (dataDir: string) => (await import('../adapters/certificates/authority.ts')).openAuthority(dataDir),
} as const;

/** What may differ between a production gate, the demo and a test. */
export interface Tuning {
  readonly clusterName: string | null;
  /** `serve --shadow`: requests through the proxy are only observed. */
  readonly observesEverything: boolean;
  readonly specSettings: SpecSettings;
  readonly verdictRule: Omit<VerdictRule, 'windowSeconds'>;
  /** How often one person or agent may ask. */
  readonly proposalsPerMinute: number;
  readonly scoresPerMinute: number;
  readonly evaluationsPerMinute: number;
  readonly streams: StreamLimits;
  /** Everything is a stage: the console says so. */
  readonly demo: boolean;
  /** What is known of the cluster counts as missing beyond this age, and a person decides. */
  readonly evidenceMaxAgeSeconds: number;
}

export const DEFAULT_TUNING: Tuning = {
  clusterName: null,
  observesEverything: false,
  specSettings: DEFAULT_SPEC_SETTINGS,
  verdictRule: DEFAULT_VERDICT_RULE,
  proposalsPerMinute: 60,
  scoresPerMinute: 6000,
  evaluationsPerMinute: 1200,
  streams: { perToken: 50, inAll: 1000 },
  demo: false,
  evidenceMaxAgeSeconds: DEFAULT_MAX_AGE_SECONDS,
};

export interface RunningGate {
  readonly url: string;
  /** Where agents reach the Kubernetes API; null: there is no proxy. */
  readonly proxyUrl: string | null;
  readonly gate: Gate;
  /** Finishes the steps under way within 30 s while /readyz says no, ends the doors, closes the store. */
  stop(): Promise<void>;
}

/** The gate cannot start; each problem says what to do. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** As long as what is under way may take (flow/deadline.ts), and what Kubernetes gives a pod. */
const DRAIN_MS = 30_000;
/** For what is being answered when the door closes. */
const LAST_ANSWERS_MS = 5_000;

/** Opens every peer, starts the loops and the HTTP door. Throws CannotStart, or the error of the store. */
export async function composeGate(settings: Settings, tuning: Tuning, givenLog: Log): Promise<RunningGate> {
  const measures = createMeasures(() => systemClock.elapsed());
  const log = measures.counting(givenLog);
  const found = loadPeople(settings.peopleFile);
  const problems = found.problems.length > 0 ? found.problems : startProblems(settings, found.people);
  if (problems.length > 0 || settings.peopleFile === null) throw new CannotStart(problems);
  const unholdable = ({ review, shadow = [] }: PolicyDocument): readonly string[] =>
    policyProblems(settings, { review, shadow: { everything: tuning.observesEverything, rules: shadow } }, nowHere());
  const unusable = unholdable((await loadPolicy(settings.policyFile, {}, null)).document);
  if (unusable.length > 0) throw new CannotStart(unusable);
  const named = loadClusters(settings, tuning.clusterName);
  if (named.problems.length > 0) throw new CannotStart(named.problems);
  // Its key lies in the store, which is opened later.
  let hashKey = newHashKey();
  const notebook = Promise.withResolvers<Notebook>();
  const people = watchPeople(settings.peopleFile, log, noteFiles(notebook.promise, log, 'people'));
  people.now();
  const notePolicy = noteFiles(notebook.promise, log, 'policy');
  const policy = await watchPolicy(settings.policyFile, log, unholdable, (document, digest) => {
    notePolicy(digest);
    for (const warning of ruleWarnings(settings, people.now(), document)) log.warn('policy_warning', { warning });
  });
  const files = { people, policy };
  const hash = (value: Json): string => keyedHash(hashKey)(value);
  const shares = await openShares(named.clusters, settings, tuning, policy.now, hash, log);
  for (const warning of [...startWarnings(settings, found.people), ...tokenWarnings(found.people, nowHere())])
    log.warn('people_warning', { warning });
  for (const { message, remedy } of exposures(settings)) log.warn('exposure_warning', { warning: message, remedy });
  const chats = await Promise.all(
    settings.chats.map((one) => OPEN.chat(one, (what) => log.warn('chat_lacks_rights', { what }))),
  );
  const forge = settings.forge === null ? null : await OPEN.forge(settings.forge);
  await requireSync(settings);
  const store = await OPEN.store(settings);
  hashKey = await hashKeyOf(store);
  const clock = await clockOf(store);
  // Before this start writes a line.
  const known = settings.retention === null ? null : await newestTime(store, new AbortController().signal);
  notebook.resolve({ store, clock });
  const traces = settings.traces === null ? null : await OPEN.traces(settings.traces, log);
  const judging = openJudging(log);
  const trials = createTrials();
  const reviews = settings.flags.gitopsPr === 'on' ? forge : null;
  const polled = [
    // Who is sent updates polls nobody.
    ...chats.filter(({ hook }) => hook === undefined).map((chat) => pollRole('chat', chat)),
    ...(reviews === null ? [] : [pollRole('forge', reviews)]),
  ];
  const polls = createPollMeasures(polled, clock);
  const headProof = await openHeadProof(store.controls);
  // Its port may be chosen only when the gate listens.
  let consoleUrl: string | null = null;
  const shared: SharedParts = {
    store,
    shown: createShownTimes(),
    onSaved: (changes) => {
      measures.saved(changes);
      traces?.saved(changes);
    },
    polls,
    ...(traces === null ? {} : { newTrace: () => traces.newTrace() }),
    chat: chatsOf(chats),
    changed: new Set(),
    rechecked: new Map(),
    forge,
    clock,
    log,
    wakeSignal: createWakeSignal(clock),
    people: people.now,
    observesEverything: tuning.observesEverything,
    consoleUrl: () => consoleUrl,
    flags: settings.flags,
    lang: settings.lang,
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
    headProof,
  };
  const guarded = guardedOf(shares, settings);
  const gates = gatesOver(shared, shares, (share) =>
    measures.timed(
      share === guarded && settings.admission !== null
        ? withTrials(share.cluster.writer, trials)
        : share.cluster.writer,
    ),
  );
  const [gate] = gates;
  const front = gates[shares.indexOf(guarded)] ?? gate;
  const hints = createWakeSignal(clock);
  const hooks = await hooksOf(settings, chats, () => hints.notify());
  const ending = new AbortController();
  store.replicas?.onChange(() => gate.wakeSignal.notify());
  const holder = newId();
  const opened: { close(graceMs: number): Promise<void> }[] = [];
  const closeAll = async (error: unknown): Promise<never> => {
    ending.abort();
    for (const one of opened) await one.close(0);
    await Promise.all([judging.close(), store.close()]);
    throw error;
  };
  const agents = followAgents(gate.people, (...asked) => guarded.cluster.countPowers(...asked), systemClock, log);
  const guards = followGuards((signal) => guarded.cluster.readGuards(signal), systemClock, log);
  const checkChain = createChainCheck(store);
  const trail = followTrail({ trail: store.trail, check: checkChain, clock, log });
  const admission = await admissionOf(front, trials, settings).catch(closeAll);
  if (admission !== null) opened.push(admission);
  const proxy = await openProxy(front, settings, {
    writing: guarded.source,
    trials,
    timed: (kind, seconds) => measures.proxied(kind, seconds),
    ending: ending.signal,
  }).catch(closeAll);
  if (proxy !== null) opened.push(proxy);
  const { server, url } = await openHttp(
    gate,
    settings,
    tuning,
    {
      shares,
      measures,
      hooks,
      checkChain,
      notes: () => fileNotes(files),
      more: () =>
        [
          fileMeasures(files),
          proxy?.counts() ?? '',
          agents.text(),
          guards.text(),
          trail.text(),
          polls.text(),
          traces?.counts() ?? '',
          certificateLives({ proxy: proxy?.life() ?? null, admission: admission?.life() ?? null }),
        ].join(''),
    },
    ending.signal,
  ).catch(closeAll);
  // Both at start and where history was lost while it ran: then what the issues prove is told with it, once.
  const checkOutside = async (): Promise<void> => {
    if (reviews !== null) await checkHeads(gate, { forge: reviews, proof: headProof }, ending.signal);
  };
  consoleUrl = consoleUrlOf(settings, url);
  const work = Promise.all([
    checkOutside(),
    run(gate, ending.signal),
    admission?.keep(ending.signal),
    proxy?.keep(ending.signal),
    watchShadow(gate, ending.signal),
    followPauses(gate, ending.signal),
    ...shares.map((share) => share.keep(ending.signal)),
    logTwins(
      shares.map(({ share, cluster }) => ({ name: share.clusterName, uid: (until) => cluster.uid(until) })),
      log,
      ending.signal,
    ),
    agents.refresh(ending.signal),
    clock.keep(ending.signal),
    watchHead(gate, ending.signal, () => void checkOutside()),
    settings.retention === null ? null : retain(gate, { ...settings.retention, known }, holder, ending.signal),
    trail.keep(ending.signal),
    guards.refresh(ending.signal),
    ...chats.map((chat) =>
      chat.hook === undefined ? leadChat(gate, chat, holder, ending.signal) : listenToChat(gate, chat, ending.signal),
    ),
    reviews === null ? null : review(gate, reviews, { hints, holder }, ending.signal),
  ]);
  log.info('gate_started', {
    url,
    cluster: shares.map(({ cluster }) => cluster.server).join(', '),
    data: settings.dataDir,
    ...(admission === null ? {} : { admission: admission.url }),
    ...(proxy === null ? {} : { proxy: proxy.url }),
  });
  return {
    url,
    proxyUrl: proxy?.url ?? null,
    gate,
    stop: async () => {
      // From here /readyz says no and nothing new is begun. The door stays open while what is under way is finished: a vote is kept.
      ending.abort();
      await atMost(DRAIN_MS, Promise.allSettled([work, proxy?.close(DRAIN_MS)]));
      const closed = new Promise((done) => server.close(done));
      server.closeIdleConnections();
      await atMost(LAST_ANSWERS_MS, closed);
      server.closeAllConnections();
      // Not before the last write: the API server asks here.
      await admission?.close();
      await Promise.all([judging.close(), store.close(), traces?.close(LAST_ANSWERS_MS)]);
      log.info('gate_stopped', {});
    },
  };
}

/** Before there is a store, this machine's. */
const nowHere = (): Instant => instant(systemClock.now());

/** Ends with the work, or when so many milliseconds are over. */
const atMost = async (milliseconds: number, work: Promise<unknown>): Promise<void> => {
  await Promise.race([work, new Promise((done) => setTimeout(done, milliseconds).unref())]);
};

/** Every cluster of the gate, opened. Throws CannotStart. */
const openShares = (
  clusters: readonly NamedCluster[],
  { prometheusTokenFile }: Settings,
  { evidenceMaxAgeSeconds }: Tuning,
  document: () => PolicyDocument,
  hash: (value: Json) => string,
  log: Log,
): Promise<readonly OpenedShare[]> =>
  Promise.all(
    clusters.map((cluster) => OPEN.share(cluster, { document, prometheusTokenFile, evidenceMaxAgeSeconds, hash }, log)),
  )
    .catch((error: unknown) => {
      throw clusters.length > 1 && error instanceof Error ? new CannotStart([error.message]) : error;
    })
    .then((shares) => {
      const keyed = shares.map(({ share, cluster }) => ({ name: share.clusterName, key: cluster.server }));
      const twins = twinsOf(keyed).map(
        ({ names, key }) => `${names} of BLASTGATE_CLUSTERS are one cluster (${key}): keep one name`,
      );
      if (twins.length > 0) throw new CannotStart(twins);
      return shares;
    });

/** The cluster that proxy and admission stand before. Throws CannotStart where it is not said which. */
const guardedOf = (shares: readonly OpenedShare[], { guardedCluster, proxy, admission }: Settings): OpenedShare => {
  const found = guardedCluster === null ? shares[0] : shares.find(({ share }) => share.clusterName === guardedCluster);
  const names = shares.map(({ share }) => share.clusterName).join(', ');
  if (found === undefined)
    throw new CannotStart([`BLASTGATE_GUARDED_CLUSTER is "${guardedCluster}"; write one of ${names}`]);
  if (shares.length > 1 && guardedCluster === null && (proxy !== null || admission !== null))
    throw new CannotStart([
      `proxy and admission stand before one cluster: say with BLASTGATE_GUARDED_CLUSTER before which of ${names}`,
    ]);
  return found;
};

/** What the gates of all clusters have in common. */
type SharedParts = Omit<Gate, keyof ClusterShare | 'policy'>;

/** A gate for each cluster over what they share; the first is the one that the doors are opened with. */
const gatesOver = (
  shared: SharedParts,
  shares: readonly OpenedShare[],
  writerOf: (share: OpenedShare) => Gate['writer'],
): readonly [Gate, ...Gate[]] => {
  const clusters = (): ClusterGates => ({ all, names: shares.map(({ share }) => share.clusterName ?? '') });
  const [first, ...others] = shares.map(
    (one): Gate => ({
      ...shared,
      ...one.share,
      get policy() {
        return one.policy();
      },
      writer: writerOf(one),
      ...(shares.length > 1 ? { clusters } : {}),
    }),
  );
  if (first === undefined) throw new Error('a gate without a cluster (this is a bug)');
  const all: readonly [Gate, ...Gate[]] = [first, ...others];
  return all;
};

/** The listener where API servers ask, or null where none is set. Throws CannotStart. */
const admissionOf = async (gate: Gate, trials: Trials, { dataDir, admission }: Settings) => {
  if (admission === null) return null;
  const { openAdmission } = await import('./open-admission.ts');
  return openAdmission(gate, trials, dataDir, admission).catch((error: unknown) => {
    throw error instanceof Error ? new CannotStart([error.message]) : error;
  });
};

const HASH_KEY = 'hash-key';

/** The key under which values that may not be shown are told apart: made once, kept with what was hashed by it. */
const hashKeyOf = async ({ controls }: Store): Promise<string> => {
  const signal = within('store', new AbortController().signal);
  return (await controls.readCursor(HASH_KEY, signal)) ?? controls.keepCursor(HASH_KEY, newHashKey(), signal);
};

/** Where forge and chats send by themselves; [] where no secret is set. */
const hooksOf = async (
  { forge, hookSecret }: Settings,
  chats: readonly OpenedChat[],
  wake: () => void,
): Promise<readonly WebhookSource[]> => [
  ...(forge === null || hookSecret === null ? [] : [await OPEN.forgeHook(forge.channel, hookSecret, wake)]),
  ...chats.flatMap(({ hook }) => hook ?? []),
];

/** Throws CannotStart where the database may lose what it has acknowledged, and that was forbidden. */
const requireSync = async ({ storeUrl, storeRequiresSync }: Settings): Promise<void> => {
  if (storeUrl === null || !storeRequiresSync || keepsWhatItSays(await OPEN.storeFacts(storeUrl))) return;
  throw new CannotStart([
    'BLASTGATE_STORE_REQUIRE_SYNC is set, and the database acknowledges what only one machine has: set synchronous_standby_names and synchronous_commit=on there, or do without',
  ]);
};

/** The time that all gates on the store agree on; the machine's where this one is alone. */
const clockOf = async ({ replicas }: Store): Promise<StoreClock> => {
  if (replicas === undefined) return { ...systemClock, keep: async () => {} };
  const signal = within('store', new AbortController().signal);
  return openStoreClock((until) => replicas.time(until), systemClock, signal);
};

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
  { days, folder, known }: NonNullable<Settings['retention']> & Pick<Retention, 'known'>,
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

/** The HTTP door with what it is asked beside the API: readiness and metrics. Throws CannotStart. */
const openHttp = async (
  gate: Gate,
  settings: Settings,
  tuning: Tuning,
  asked: {
    readonly shares: readonly OpenedShare[];
    readonly measures: Measures;
    readonly hooks: readonly WebhookSource[];
    readonly checkChain: ChainCheck;
    /** What whoever looks at a ready gate should know. */
    readonly notes: () => readonly string[];
    /** What else there is to say, as Prometheus text. */
    readonly more: () => string;
  },
  ending: AbortSignal,
): Promise<ListeningServer> => {
  const [
    { httpApp },
    { onceABeat },
    { CannotListen, listen },
    { readiness },
    { knowledgeText, metricsText },
    { serveMcp },
  ] = await Promise.all([
    import('./http/app.ts'),
    import('./http/beat.ts'),
    import('./http/listen.ts'),
    import('./http/readiness.ts'),
    import('./http/metrics.ts'),
    import('./mcp/http.ts'),
  ]);
  const version = versionOfPackage();
  const ready = readiness(gate, ending, asked.notes);
  const app = httpApp(gate, {
    version,
    ready,
    ending,
    streams: tuning.streams,
    login: await loginOf(settings, tuning),
    metrics: onceABeat(gate.clock, async () =>
      [
        await metricsText(gate, version, ending, (await ready()).ok ? 'ready' : 'not ready'),
        knowledgeText(asked.shares.map(({ share, health }) => ({ cluster: share.clusterName, kinds: health() }))),
        asked.measures.text(),
        asked.more(),
      ].join(''),
    ),
    answered: (request) => asked.measures.answered(request),
    hooks: asked.hooks,
    checkChain: asked.checkChain,
  });
  serveMcp(app, gate, {
    version,
    hosts: settings.hosts,
    waits: tuning.streams.perToken,
    clock: SYSTEM_WAIT_CLOCK,
    ending,
  });
  return listen(app, settings.listen).catch((error: unknown) => {
    throw error instanceof CannotListen ? new CannotStart([error.message]) : error;
  });
};

/** Where people reach the console; on loopback, unless it is said, where the gate listens. */
const consoleUrlOf = ({ login, url, listen: { host } }: Settings, listens: string): string | null =>
  login.oidc === null ? (url ?? (isLoopback(host) ? listens : null)) : new URL(login.oidc.redirectUrl).origin;

/** How people log in to the console of this gate. */
const loginOf = async ({ hosts, login, listen: { host }, dataDir }: Settings, { demo }: Tuning) => {
  const { CONSOLE_FOLDER } = await import('./http/console-page.ts');
  const { oidc } = login;
  // Beside an issuer a link would be a way past it.
  const takesLinks = oidc === null && (login.links === 'links' || isLoopback(host));
  return {
    hosts: oidc === null ? hosts : [...hosts, new URL(oidc.redirectUrl).hostname],
    links: takesLinks ? await OPEN.loginLinks(dataDir) : null,
    oidc: oidc === null ? null : { provider: await OPEN.identity(oidc), redirectUrl: oidc.redirectUrl },
    demo,
    folder: CONSOLE_FOLDER,
  };
};

/** The proxy in front of the Kubernetes API, where one is set up. Throws CannotStart. */
const openProxy = async (
  gate: Gate,
  settings: Settings,
  given: Pick<ProxyPeers, 'writing' | 'trials' | 'timed' | 'ending'>,
): Promise<OpenedProxy | null> => {
  if (settings.proxy === null) return null;
  const peers = { ...given, authority: () => OPEN.authority(settings.dataDir) };
  return OPEN.proxy(gate, settings.proxy, peers).catch((error: unknown) => {
    throw new CannotStart([error instanceof Error ? error.message : 'the proxy cannot be opened']);
  });
};
