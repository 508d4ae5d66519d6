// A whole gate in memory: fake clock, fake cluster, fake chat and forge, and a cast.

import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { keyedHash } from '../../src/adapters/system/keyed-hash.ts';
import type { People, Person, Proposer } from '../../src/core/approval/people.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { type PolicyDocument, policyOf } from '../../src/core/blast-radius/policy.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../src/core/evaluation/evaluate.ts';
import { commandWords } from '../../src/core/model/command.ts';
import type { Effect } from '../../src/core/model/effect.ts';
import { EMPTY_PART, NO_SECRETS, type Understanding } from '../../src/core/model/understanding.ts';
import type { Remediation } from '../../src/core/remediation/remediation.ts';
import { DEFAULT_VERDICT_RULE } from '../../src/core/remediation/verdict.ts';
import { bodyStatement } from '../../src/core/text/body-mark.ts';
import { headStatement } from '../../src/core/text/head-mark.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { chatsOf } from '../../src/flow/notify/chats.ts';
import type { HeadProof } from '../../src/flow/notify/compare-heads.ts';
import { nextDelivery } from '../../src/flow/notify/deliver.ts';
import { createRateLimit } from '../../src/flow/rate-limit.ts';
import { type Proposed, propose } from '../../src/flow/requests/propose.ts';
import { createKnownRuns } from '../../src/flow/requests/recent-runs.ts';
import { recordVote, type VoteResult } from '../../src/flow/requests/record-vote.ts';
import { createWakeSignal } from '../../src/flow/wake-signal.ts';
import type { Store } from '../../src/ports/store.ts';
import { MemoryChat } from '../fakes/chat.ts';
import { memoryChecks } from '../fakes/checks.ts';
import { type FakeClock, fakeClock } from '../fakes/clock.ts';
import { type MemoryCluster, memoryCluster } from '../fakes/cluster.ts';
import { judgingHere } from '../fakes/judging.ts';
import { memoryLog } from '../fakes/log.ts';
import { MemoryForge } from '../fakes/review-forge.ts';
import { memoryStore } from '../fakes/store.ts';
import { nextOfAll } from './next-of-all.ts';

const person = (id: string, rights: Person['rights']): Person => ({
  id,
  name: id,
  rights,
  accounts: { telegram: null, gitea: null },
  tokens: [`sha256:${id}`],
});

/** Of the gates of a test, which all have one key. */
export const HEAD_PROOF: HeadProof = {
  prove: (head) => keyedHash('00'.repeat(32))(headStatement(head)),
  proveBody: (body) => keyedHash('00'.repeat(32))(bodyStatement(body)),
  hashOf: hashOfLine,
};

/** ana owns the agent healer; ben, cho and dee may approve; eve may only read. */
export const CAST: People = {
  people: [
    person('ana', ['read', 'propose', 'approve', 'admin']),
    person('ben', ['read', 'approve']),
    person('cho', ['read', 'approve']),
    person('dee', ['read', 'approve']),
    person('eve', ['read']),
  ],
  agents: [{ id: 'healer', owner: 'ana', rights: ['propose'], tokens: [] }],
};

export const HEALER: Proposer = { kind: 'agent', id: 'healer', owner: 'ana' };

/** "scale shop/web 5": the only command of the stage; anything else cannot be understood. */
export const scaling = (text: string): Understanding => {
  const secretSpans = NO_SECRETS;
  const [, namespace = '', name = '', replicas = ''] = /^scale (\S+)\/(\S+) (\d+)$/.exec(text) ?? [];
  const command = `kubectl scale deployment ${name} --replicas=${replicas} -n ${namespace}`;
  if (name === '') {
    const kind = text.startsWith('get ') ? 'read' : 'patch';
    const read: Effect = {
      ...scaleEffect('dev', 'web', 1),
      verb: kind === 'read' ? 'get' : 'patch',
      kind,
      change: { to: 'other' },
    };
    const refusals = text.startsWith('what') ? ([{ code: 'unknown-command', about: text }] as const) : [];
    if (text.startsWith('rm'))
      return { command: text, secretSpans, parts: [{ ...EMPTY_PART, destructions: ['recursive-delete'] }], refusals };
    return { command: text, secretSpans, parts: [{ ...EMPTY_PART, effects: [read] }], refusals };
  }
  const traits = Number(replicas) === 0 ? (['scale-to-zero'] as const) : [];
  const effect = { ...scaleEffect(namespace, name, Number(replicas)), traits };
  const part = { ...EMPTY_PART, effects: [effect] };
  return { command, secretSpans, parts: [part], refusals: [] };
};

const scaleEffect = (namespace: string, name: string, replicas: number): Effect => ({
  verb: 'patch',
  group: 'apps',
  resource: 'deployments',
  subresource: 'scale',
  namespace,
  name,
  selector: null,
  kind: 'scale',
  known: 'built-in',
  dryRun: false,
  traits: [],
  change: { to: 'replicas', replicas },
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
});

/** What outlives a gate: the next one may be set on the same clock and cluster. */
export interface World {
  readonly clock: FakeClock;
  readonly cluster: MemoryCluster;
}

const newWorld = (): World => ({
  clock: fakeClock(),
  cluster: memoryCluster({
    'dev/web': 3,
    'dev/api': 2,
    'production/web': 3,
    'production/api': 2,
    'default/web': 3,
  }),
});

export const setStage = (store: Store = memoryStore(), world: World = newWorld()) => {
  const { clock, cluster } = world;
  const chat = new MemoryChat();
  const forge = new MemoryForge(() => clock.now());
  const log = memoryLog();
  const checks = memoryChecks();
  let people = CAST;
  let ids = 0;
  const gate: Gate = {
    store,
    reader: cluster,
    writer: cluster,
    checks,
    chat: chatsOf([chat]),
    changed: new Set(),
    rechecked: new Map(),
    forge,
    clock,
    log,
    wakeSignal: createWakeSignal(clock),
    people: () => people,
    policy: DEFAULT_POLICY,
    flags: { blastRadiusCheck: 'on', gitopsPr: 'on' },
    lang: 'en',
    specSettings: DEFAULT_SPEC_SETTINGS,
    verdictRule: DEFAULT_VERDICT_RULE,
    clusterName: null,
    context: { namespace: 'default', customResources: [] },
    judging: judgingHere(({ command }) => scaling(commandWords(command))),
    rates: { proposals: createRateLimit(60), scores: createRateLimit(6000), evaluations: createRateLimit(1200) },
    knownRuns: createKnownRuns(),
    headProof: HEAD_PROOF,
    newId: () => {
      ids += 1;
      return `p-${ids}`;
    },
  };
  const never = new AbortController().signal;

  const proposeText = (text: string, incident = 'INC-1', proposer: Proposer = HEALER): Promise<Proposed> =>
    propose(
      gate,
      {
        command: { kind: 'line', line: text },
        files: new Map(),
        namespace: null,
        incident,
        proposer,
        diagnosis: null,
        mayStill: () => true,
      },
      never,
    );
  const read = async (id: string): Promise<Remediation> => {
    const found = await store.remediations.read(id, never);
    if (found === null) throw new Error(`no ${id}`);
    return found;
  };
  const vote = async (id: string, who: string, decision: 'approve' | 'reject' = 'approve'): Promise<VoteResult> => {
    const { digest } = (await read(id)).spec;
    const word = {
      proposal: id,
      person: who,
      account: who,
      channel: 'http',
      decision,
      digest,
      reason: null,
      proof: { kind: 'token' },
    } as const;
    return recordVote(gate, word, never);
  };
  /** One tick; false when nothing was due. */
  const tick = async (): Promise<boolean> => {
    const found = await nextOfAll(gate, never);
    if (found.kind === 'step') await found.take();
    return found.kind === 'step';
  };
  /** Ticks until nothing is due any more at this moment. */
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 100; i += 1) if (!(await tick())) return;
    throw new Error('it never settles');
  };
  /** Lets time pass in small steps, doing what comes due. */
  const pass = async (seconds: number): Promise<void> => {
    const stride = seconds > 600 ? 60 : 1;
    for (let passed = 0; passed < seconds; passed += stride) {
      clock.pass(Math.min(stride, seconds - passed));
      await settle();
    }
  };
  /** Delivers what people must be told. */
  const tell = async (): Promise<void> => {
    for (let i = 0; i < 100; i += 1) {
      const found = await nextDelivery(gate, never);
      if (found.kind === 'nothing') return;
      await found.take();
    }
    throw new Error('the outbox never empties');
  };
  /** From now on specs are sealed without a way back: the pre-image cannot be read. */
  const withoutWayBack = (): void => {
    const readFacts = cluster.readFacts.bind(cluster);
    cluster.readFacts = async (...args) => {
      const facts = await readFacts(...args);
      return { ...facts, targets: facts.targets.map((target) => ({ ...target, replicas: null })) };
    };
  };
  /** The next write arrives, and the look for it finds only half of it. */
  const half = (heard: 'unheard' | 'refused'): void => {
    const write = cluster.write.bind(cluster);
    const wasWritten = cluster.wasWritten.bind(cluster);
    cluster.write = async (...args) => {
      cluster.write = write;
      await write(...args);
      return heard === 'unheard'
        ? { outcome: 'unheard', why: 'connection reset by peer' }
        : { outcome: 'refused', why: 'the second object was refused', written: 1 };
    };
    cluster.wasWritten = async () => {
      cluster.wasWritten = wasWritten;
      return 'some';
    };
  };
  /** From now on it is judged by the default policy with these keys in it. */
  const setPolicy = (keys: Partial<PolicyDocument>): void => {
    Object.assign(gate, { policy: policyOf({ ...DEFAULT_POLICY.document, ...keys }, null) });
  };
  const setPeople = (now: People): void => {
    people = now;
  };
  return {
    gate,
    clock,
    cluster,
    checks,
    chat,
    forge,
    log,
    store,
    never,
    proposeText,
    read,
    vote,
    tick,
    settle,
    pass,
    tell,
    setPeople,
    setPolicy,
    withoutWayBack,
    half,
  };
};
export type Stage = ReturnType<typeof setStage>;
