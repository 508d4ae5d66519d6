// A real PostgreSQL at its worst: commits whose answer is lost.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { hashOfLine } from '../../src/adapters/store/chain.ts';
import { openPostgresStore } from '../../src/adapters/store/postgres/open.ts';
import { verifyTrail } from '../../src/core/remediation/replay.ts';
import { isFinal } from '../../src/core/remediation/state.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { doubtfulPool } from '../support/doubtful-pool.ts';
import { setStage } from '../support/memory-gate.ts';
import { startPostgres } from '../support/postgres.ts';

const never = new AbortController().signal;
const database = await startPostgres();
after(() => database.stop());

const LIVES = 3;

/** As whoever asks over HTTP does: an answer that says that nobody knows is asked again. */
const untilHeard = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof AdapterError) || thrown.reason !== 'unreachable' || tries > 50) throw thrown;
    }
  }
};

test('whatever commit is left without an answer, each vote counts once, each write is sent once, and the record is whole', async () => {
  const pool = doubtfulPool(20261127);
  const store = await openPostgresStore(await database.fresh(), { time: 'caller', listening: 'off', pool: pool.make });
  const stage = setStage(store);
  pool.breakOneOf(3);
  for (let life = 1; life <= LIVES; life += 1) {
    const incident = `INC-${life}`;
    const replicas = life % 2 === 0 ? 3 : 0;
    await untilHeard(() => stage.proposeText(`scale production/web ${replicas}`, incident));
    const { remediations } = await store.remediations.page(
      { state: null, incident },
      { limit: 9, before: null },
      never,
    );
    assert.equal(remediations.length, 1, 'one proposal, however often it was asked for');
    const [made] = remediations;
    assert.ok(made);
    for (let turn = 0; turn < 400; turn += 1) {
      const now = await stage.read(made.id);
      if (isFinal(now.state)) break;
      if (now.state === 'awaiting-approval')
        for (const who of ['ben', 'cho']) await untilHeard(() => stage.vote(made.id, who));
      // A claim whose commit was in doubt is held until it ends.
      stage.clock.pass(now.state === 'verifying' ? 5 : 30);
      await stage.settle().catch(isDoubt);
      await stage.tell().catch(isDoubt);
    }
    const end = await stage.read(made.id);
    assert.equal(end.state, 'succeeded', incident);
    assert.deepEqual(
      end.votes.map(({ person }) => person).slice(0, end.decision?.approvals ?? 0),
      ['ben', 'cho'].slice(0, end.decision?.approvals ?? 0),
    );
    assert.equal(new Set(end.votes.map(({ person }) => person)).size, end.votes.length);
  }
  pool.breakOneOf(0);
  stage.clock.pass(600);
  for (let turn = 0; turn < 20; turn += 1) {
    await stage.pass(60);
    await stage.tell();
  }
  assert.ok(pool.unanswered() > LIVES, `only ${pool.unanswered()} were left without an answer: the test slept`);
  assert.equal(stage.cluster.writes.length, LIVES, stage.cluster.writes.join('\n'));
  const { head, kept, unreadable, derived } = await store.trail.snapshot(never);
  const lines = await store.trail.lines(0, 10_000, never);
  assert.ok(derived);
  assert.deepEqual(verifyTrail({ lines, head, kept, unreadable, derived, known: [], hashOf: hashOfLine }), []);
  const said = stage.chat.said().map(({ text }) => text);
  for (let life = 1; life <= LIVES; life += 1)
    assert.ok(
      said.some((text) => text.includes(`INC-${life} `) || text.includes(`INC-${life}\n`)),
      `INC-${life} was told`,
    );
  await store.close();
});

const isDoubt = (thrown: unknown): void => {
  if (!(thrown instanceof AdapterError) || thrown.reason !== 'unreachable') throw thrown;
};
