// A vote that one gate takes is acted on by another: at once where the database passes notices on, by the next look where it does not.
import assert from 'node:assert/strict';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openPostgresStore, type PgOptions } from '../../src/adapters/store/postgres/open.ts';
import type { Digest } from '../../src/core/sealed-spec/declarative-spec.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { recordVote } from '../../src/flow/requests/record-vote.ts';
import { createWakeSignal } from '../../src/flow/wake-signal.ts';
import { run } from '../../src/flow/worker/run.ts';
import type { Store } from '../../src/ports/store.ts';
import { openComposedGate } from '../support/composed-gate.ts';
import { setStage } from '../support/memory-gate.ts';
import { startPostgres } from '../support/postgres.ts';

const never = new AbortController().signal;
const database = await startPostgres();
after(() => database.stop());

/** Real time goes by until it is so; the gates' own clock stands still. */
const eventually = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (await isSo()) return;
    await pause(25);
  }
  throw new Error(`it never came to that: ${what}`);
};

/** `advance`, `recheck`, `cards` and `deliver` (flow/worker/run.ts) */
const LOOPS = 4;

type Stage = ReturnType<typeof setStage>;

/** Two gates on one database and one cluster, on a clock that stands still; the first takes votes and does nothing else. */
const withTwo = async (options: PgOptions, check: (votes: Stage, works: Stage, url: string) => Promise<void>) => {
  const url = await database.fresh();
  const open = (more: PgOptions): Promise<Store> => openPostgresStore(url, { time: 'caller', ...more });
  const [one, two] = [await open({}), await open(options)];
  const votes = setStage(one);
  const works = setStage(two, { clock: votes.clock, cluster: votes.cluster });
  const ending = new AbortController();
  two.replicas?.onChange((notice) => works.gate.wakeSignal.notify(notice));
  const running = run(works.gate, ending.signal);
  try {
    await check(votes, works, url);
  } finally {
    ending.abort();
    await running;
    await Promise.all([one.close(), two.close()]);
  }
};

const isWritten = (stage: Stage, id: string) => async () => (await stage.read(id)).state === 'verifying';

test('where notices come, without any time passing for the one that acts', () =>
  withTwo({}, async (votes, works) => {
    for (const [n, name] of ['web', 'api'].entries()) {
      const id = `p-${n + 1}`;
      await votes.proposeText(`scale production/${name} 5`, `INC-${n}`);
      await eventually('its people are told by the other', async () => works.chat.said().length === n + 1);
      await votes.vote(id, 'ben');
      await eventually('it is written', isWritten(votes, id));
    }
    assert.deepEqual([votes.cluster.writes.length, votes.chat.said()], [2, []], 'by the other alone');
  }));

test('where none come, by the next look: a second of its clock is enough, and less is not', () =>
  withTwo({ listening: 'off' }, async (votes) => {
    await eventually('all loops of the other sleep', async () => votes.clock.sleepers() === LOOPS);
    await votes.proposeText('scale production/web 5');
    await votes.vote('p-1', 'ben');
    votes.clock.pass(0.9);
    await pause(200);
    assert.equal((await votes.read('p-1')).state, 'approved');
    votes.clock.pass(0.1);
    await eventually('it is written', isWritten(votes, 'p-1'));
  }));

test('one whose line for notices was cut asks for another, and then looks by itself for what it missed', () =>
  withTwo({}, async (votes, _, url) => {
    const listeners = () =>
      database.ask(
        url,
        "select pid from pg_stat_activity where datname = current_database() and query like 'select pg_listening%'",
      );
    await eventually('both listen', async () => (await listeners()).length === 2);
    await votes.proposeText('scale production/web 5');
    const pids = (await listeners()).map(({ pid }) => Number(pid));
    await database.ask(url, `select pg_terminate_backend(pid) from unnest(array[${pids.join()}]) as pid`);
    await eventually('nobody listens', async () => (await listeners()).every(({ pid }) => !pids.includes(Number(pid))));
    await votes.vote('p-1', 'ben');
    await eventually('it is written', isWritten(votes, 'p-1'));
  }));

/** The lines of a stream of server-sent events, as they come. */
async function* linesOf(url: string, signal: AbortSignal): AsyncGenerator<string> {
  const { body } = await fetch(`${url}/v1/events`, { headers: { authorization: 'Bearer ana' }, signal });
  assert.ok(body);
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

const middle = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** A whole gate, and one beside it that only takes a vote; tells after how many milliseconds the first showed it, and acted on it. */
const voteBeside = async (t: TestContext, url: string, votesUrl: string, rounds: number): Promise<void> => {
  const works = await openComposedGate({ BLASTGATE_STORE: url }, {});
  const store = await openPostgresStore(votesUrl);
  const votes: Gate = { ...works.gate, store, wakeSignal: createWakeSignal(works.gate.clock) };
  const ending = new AbortController();
  const seen = new Map<string, number>();
  const reading = (async () => {
    for await (const line of linesOf(works.url, ending.signal)) {
      const [, id] = /^data: .*"proposal":"([^"]+)".*"event":"voted"/.exec(line) ?? [];
      if (id !== undefined) seen.set(id, performance.now());
    }
  })().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  const [shown, begun]: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const command = `kubectl scale deployment web -n production --replicas=${4 + (round % 2)}`;
      const { body, status } = await works.call('healer', 'POST', '/proposals', { incident: `INC-${round}`, command });
      assert.equal(status, 201, JSON.stringify(body));
      const [id, { digest }] = [String(body['id']), body['spec'] as { readonly digest: Digest }];
      const cast = {
        proposal: id,
        digest,
        account: 'ben',
        channel: 'http',
        decision: 'approve',
        reason: null,
      } as const;
      const proof = { kind: 'token' } as const;
      const counted = await recordVote(votes, { ...cast, person: 'ben', proof }, never);
      const at = performance.now();
      assert.ok(counted.ok, counted.ok ? '' : counted.refusal.code);
      await eventually('the other shows it', async () => seen.has(id));
      shown.push((seen.get(id) ?? 0) - at);
      await works.until(id, ['succeeded']);
      const events = await store.trail.eventsOf(id, never);
      const dateOf = (to: string): number => Date.parse(events.find((one) => one.to === to)?.at ?? '');
      begun.push(dateOf('executing') - dateOf('approved'));
    }
  } finally {
    ending.abort();
    await reading;
    await store.close();
    await works.close();
  }
  const said = [shown, begun].map(
    (values) => `${Math.round(middle(values))} ms, at most ${Math.round(Math.max(...values))}`,
  );
  t.diagnostic(`a vote beside: shown after ${said[0]}; judged again and begun after ${said[1]}`);
};

test('streams of events show a vote that another gate took, and that is acted on', async (t) => {
  const url = await database.fresh();
  await voteBeside(t, url, url, 3);
});

test('and so they do through a pooler that passes no notices on', async (t) => {
  const url = await database.fresh();
  await voteBeside(t, database.pooled(url), database.pooled(url), 1);
});
