// What the gate's own memory adds, and what a fact that did not come back leads to (scoring section 5: budget, history,
// no-evidence). Actions really run here, through the gate and its store; only the passing of hours and days is made up.
import assert from 'node:assert/strict';
import { plusSeconds } from '../../src/core/model/instant.ts';
import { isFinal, type State } from '../../src/core/remediation/state.ts';
import { assess } from '../../src/flow/requests/assess.ts';
import type { GateUnderTest } from './doors.ts';
import { pooled, type Scene } from './scene.ts';

const HOUR = 3600;

/** What the gate would say so many seconds later, its cluster and its store as they are now. */
const sumLater = async ({ gate }: GateUnderTest, scene: Scene, line: string, seconds: number): Promise<string> => {
  const now = Date.parse(plusSeconds(new Date(gate.clock.now()).toISOString(), seconds));
  const later = { ...gate, clock: { ...gate.clock, now: () => now } };
  const command = { kind: 'line', line: `kubectl ${line}` } as const;
  const question = { command, files: new Map(), namespace: scene.namespace, incident: null };
  const judged = await assess(later, question, { caller: 'a test', signal: AbortSignal.timeout(20_000) });
  assert.ok(judged.ok);
  return judged.value.blastRadius.reasons.map(({ code, points }) => `${code} ${points}`).join(' + ');
};

interface Proposal {
  readonly id: string;
  readonly state: State;
  readonly digest: string;
}

const propose = async ({ call }: GateUnderTest, scene: Scene, line: string, incident: string): Promise<Proposal> => {
  const { status, body } = await call('healer', 'POST', '/proposals', {
    argv: ['kubectl', ...line.split(' ')],
    namespace: scene.namespace,
    incident: `${scene.namespace}-${incident}`,
  });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};

/** The proposal once it has ended or waits for people. */
const atRest = ({ call }: GateUnderTest, scene: Scene, { id }: Proposal): Promise<Proposal> =>
  scene.until(`${id} at rest`, async () => {
    const { body } = await call('ana', 'GET', `/proposals/${id}`);
    return isFinal(body.state) || body.state === 'awaiting-approval' ? body : null;
  });

export interface Remembered {
  readonly code: 'budget' | 'history' | 'no-evidence';
  readonly cause: string;
  readonly command: string;
  readonly sum: string;
  readonly names: (scene: Scene) => string;
  readonly after: string;
  /** Makes the cause. */
  readonly prepare: (scene: Scene, gate: GateUnderTest) => Promise<void>;
  /** Seconds after which the gate no longer minds. */
  readonly passes: number;
}

const restart = (name: string): string => `rollout restart deployment/${name}`;

export const REMEMBERED: readonly Remembered[] = [
  {
    code: 'budget',
    cause:
      'three restarts ran by themselves on one node within the hour, and a fourth that was proposed with them did not',
    prepare: async (scene, gate) => {
      const names = ['a', 'b', 'c', 'd'];
      await scene.node(scene.namespace);
      await Promise.all(names.map((name) => scene.deploy(name, 2, pooled(scene, name, '1'))));
      // 8 each; the node may have 30 in an hour. All at once, so that each is judged before the others have run.
      const proposals = await Promise.all(names.map((name) => propose(gate, scene, restart(name), name)));
      const ended = await Promise.all(proposals.map((one) => atRest(gate, scene, one)));
      const states = ended.map(({ state }) => state);
      const ran = states.filter((state) => state === 'succeeded');
      assert.equal(ran.length, 3, states.join());
      assert.ok(states.includes('stale') || states.includes('awaiting-approval'), states.join());
      await Promise.all(names.map((name) => scene.whole('Deployment', name)));
    },
    command: restart('d'),
    // 8 + 3 × 8 = 32; a person decides from 11 on
    sum: 'base 8 + budget 3',
    names: ({ namespace }) => `node ${namespace} 32 of 30`,
    passes: HOUR,
    after: 'base 8',
  },
  {
    code: 'history',
    cause: 'the same change was rolled back: its image crashes',
    prepare: async (scene, gate) => {
      await scene.deploy('web', 2);
      const { id, digest } = await propose(gate, scene, 'set image deployment/web web=registry.example/crash:1', 'web');
      const vote = await gate.call('ben', 'POST', `/proposals/${id}/votes`, { decision: 'approve', digest });
      assert.ok(vote.status < 300, JSON.stringify(vote.body));
      const { state } = await scene.until(`${id} ended`, async () => {
        const { body } = await gate.call('ana', 'GET', `/proposals/${id}`);
        return isFinal(body.state) ? body : null;
      });
      assert.equal(state, 'rolled-back');
      await scene.whole('Deployment', 'web');
    },
    command: 'set image deployment/web web=registry.example/web:2',
    sum: 'base 20 + mutable-image 5 + history 10',
    names: () => '1',
    passes: 7 * 24 * HOUR,
    after: 'base 20 + mutable-image 5',
  },
];

export { propose, restart, sumLater };
