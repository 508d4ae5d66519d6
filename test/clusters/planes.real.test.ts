// One gate before several real control planes, one of them killed and one frozen in the middle of the work: the others go on as
// before, what belongs to those two waits and is carried out once they are back, and a cluster that was swapped under its old name
// is written nothing. `npm run test:long -- planes` takes five planes, the usual run three.
import assert from 'node:assert/strict';
import { after, before, describe, type TestContext, test } from 'node:test';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { allLines } from '../support/all-lines.ts';
import { seedOf } from '../support/sample.ts';
import { type Fleet, type Proposal, startFleet } from './planes.ts';

const IS_LONG = seedOf(process.env) === null;
const NAMES = IS_LONG ? ['eu', 'us', 'asia', 'africa', 'lab'] : ['eu', 'us', 'lab'];
/** Which is killed, and which is frozen; the others live on. */
const [DEAD, FROZEN] = ['eu', 'us'] as const;
const LIVING = NAMES.filter((name) => name !== DEAD && name !== FROZEN);
/** How many remediations each cluster carries out, one after the other, before and during the outage. */
const ROUNDS = IS_LONG ? 20 : 6;
const never = new AbortController().signal;

const isProposal = (answer: Awaited<ReturnType<Fleet['propose']>>): answer is Proposal => 'id' in answer;

/** Milliseconds: until proposals were answered, and from the last vote until the write was done. */
interface Times {
  readonly answered: number[];
  readonly written: number[];
}

const middleAndWorst = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return `${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)}, at most ${Math.round(sorted.at(-1) ?? 0)} ms`;
};

describe(`one gate before ${NAMES.length} real control planes`, { timeout: 900_000 }, () => {
  let fleet: Fleet;
  before(async () => {
    fleet = await startFleet(NAMES);
    await Promise.all(NAMES.map((name) => fleet.deploy(name, ['web', 'waits', 'asked', 'watched'])));
  });
  after(() => fleet?.stop());

  let incidents = 0;
  const scale = async (cluster: string, name: string, replicas: number): Promise<Proposal> => {
    incidents += 1;
    const command = `kubectl scale deployment ${name} -n shop --replicas=${replicas}`;
    const answer = await fleet.propose(cluster, `INC-${incidents}`, command);
    assert.ok(isProposal(answer), JSON.stringify(answer));
    assert.equal(answer.state, 'awaiting-approval');
    return answer;
  };

  /** From "approved" to "verifying", as the trail has it. */
  const writtenAfter = async (id: string): Promise<number> => {
    const events = await fleet.gate().gate.store.trail.eventsOf(id, never);
    const at = (to: string): number => Date.parse(events.find((one) => one.to === to)?.at ?? '');
    return at('verifying') - at('approved');
  };

  let size = 2;
  /** So many remediations of one deployment, each proposed when the one before has ended well. */
  const work = async (cluster: string, { answered, written }: Times): Promise<void> => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const proposal = await scale(cluster, 'web', size + 1 + (round % 2));
      await fleet.approve(proposal);
      await fleet.until(proposal.id, ['succeeded']);
      answered.push(proposal.tookMs);
      written.push(await writtenAfter(proposal.id));
    }
  };

  const workOn = async (t: TestContext, when: string, clusters: readonly string[]): Promise<void> => {
    const times: Times = { answered: [], written: [] };
    const began = performance.now();
    await Promise.all(clusters.map((cluster) => work(cluster, times)));
    size += 2;
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    t.diagnostic(
      `${when}: ${clusters.length} clusters, ${times.answered.length} remediations in ${seconds} s; proposal answered ${middleAndWorst(times.answered)}; approved to written ${middleAndWorst(times.written)}`,
    );
  };

  test('all of them do what is approved', async (t) => {
    await workOn(t, 'all alive', NAMES);
    await workOn(t, 'all alive, once more those that will live', LIVING);
  });

  test('one is dead and one frozen: the others go on, and theirs waits until they are back', async (t) => {
    const broken = [DEAD, FROZEN];
    // Met in three places: asked, approved while it is gone, and watched after its write.
    const asked = new Map<string, Proposal>();
    const approved = new Map<string, Proposal>();
    const watched = new Map<string, Proposal>();
    for (const cluster of broken) {
      asked.set(cluster, await scale(cluster, 'asked', 3));
      approved.set(cluster, await scale(cluster, 'waits', 3));
      watched.set(cluster, await scale(cluster, 'watched', 3));
    }
    for (const proposal of watched.values()) await fleet.approve(proposal);
    for (const proposal of watched.values()) await fleet.until(proposal.id, ['verifying']);
    await fleet.kill(DEAD);
    fleet.freeze(FROZEN);
    for (const proposal of approved.values()) await fleet.approve(proposal);

    // Proposals for the two hang meanwhile, as many as a healer in a hurry sends.
    const answered: string[] = [];
    const hung = broken.flatMap((cluster) =>
      Array.from({ length: 10 }, async (_, n) => {
        const answer = await fleet.propose(cluster, `INC-hung-${n}`, `kubectl delete pod nosuch-${n} -n shop`);
        answered.push(isProposal(answer) ? answer.state : answer.code);
      }),
    );
    await workOn(t, 'one dead, one frozen', LIVING);
    await Promise.all(hung);
    t.diagnostic(`proposals for the two: ${JSON.stringify(Object.groupBy(answered, (one) => one))}`);

    const statesOf = (proposals: ReadonlyMap<string, Proposal>) =>
      Promise.all([...proposals.values()].map(({ id }) => fleet.stateOf(id)));
    assert.deepEqual(await statesOf(asked), ['awaiting-approval', 'awaiting-approval']);
    assert.deepEqual(await statesOf(approved), ['approved', 'approved']);
    assert.deepEqual(await statesOf(watched), ['verifying', 'verifying']);
    for (const cluster of broken) assert.equal(fleet.writesTo(cluster, 'waits'), 0);

    await fleet.revive(DEAD);
    fleet.thaw(FROZEN);
    for (const proposal of asked.values()) await fleet.approve(proposal);
    for (const proposals of [asked, approved, watched])
      for (const proposal of proposals.values()) await fleet.until(proposal.id, ['succeeded']);
    for (const cluster of broken)
      for (const name of ['asked', 'waits', 'watched'])
        assert.equal(fleet.writesTo(cluster, name), 1, `${cluster}: ${name} once`);
    await workOn(t, 'all back', NAMES);
  });

  test('a cluster that was built anew in its old place is written nothing that was approved for the old one', async () => {
    const approved = await scale('lab', 'waits', 4);
    const asked = await scale('lab', 'asked', 4);
    await fleet.kill('lab');
    await fleet.approve(approved);
    await fleet.rebuild('lab');
    await fleet.deploy('lab', ['waits', 'asked']);
    await fleet.until(approved.id, ['stale']);
    await fleet.approve(asked);
    await fleet.until(asked.id, ['stale']);
    for (const name of ['asked', 'waits']) assert.equal(fleet.writesTo('lab', name), 0);

    const again = await scale('lab', 'waits', 5);
    assert.notEqual(again.clusterUid, approved.clusterUid);
    await fleet.approve(again);
    await fleet.until(again.id, ['succeeded']);
    assert.equal(fleet.writesTo('lab', 'waits'), 1, 'what is approved for the new one is done');
  });

  test('kubeconfigs that were exchanged lead to no write in the other cluster', async () => {
    const written = () => [DEAD, FROZEN].map((cluster) => fleet.writesTo(cluster, 'asked'));
    const asked = await scale(DEAD, 'asked', 6);
    const before = written();
    await fleet.restartGate(() => {
      fleet.swap(DEAD, FROZEN);
      fleet.swap(FROZEN, DEAD);
    });
    await fleet.approve(asked);
    await fleet.until(asked.id, ['stale']);
    assert.deepEqual(written(), before);
  });

  test('the trail holds all of it', async () => {
    const { trail } = fleet.gate().gate.store;
    const lines = await allLines(trail);
    const { head, kept, derived } = await trail.snapshot(never);
    assert.ok(derived);
    assert.deepEqual(verifyTrail({ lines, head, kept, derived, known: [], hashOf: hashOfLine }), []);
    const stale = lines.flatMap(({ deed }) =>
      deed.kind === 'step' && deed.record.to === 'stale' ? [deed.record.event] : [],
    );
    assert.equal(stale.length, 3, JSON.stringify(stale));
    for (const event of stale) assert.match(JSON.stringify(event), /other-cluster/);
  });
});
