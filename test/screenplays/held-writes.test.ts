// Writes that wait for people: one proposal however often they arrive, one execution, and the API server's own answer.
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Gate } from '../../src/flow/gate.ts';
import { createHeldWrites, type HeldAnswer, type HeldWrites } from '../../src/flow/requests/held-writes.ts';
import { propose } from '../../src/flow/requests/propose.ts';
import { memoryStore } from '../fakes/store.ts';
import { HEALER, type Stage, setStage } from '../support/memory-gate.ts';

const PATIENCE = { waitSeconds: 60, holdSeconds: 20 };
const NEVER = new AbortController().signal;

let stage: Stage;
let held: HeldWrites;
let proposals: number;
beforeEach(() => {
  stage = setStage();
  held = createHeldWrites(stage.gate, PATIENCE, NEVER);
  proposals = 0;
});

/** One arrival of a command, as some process of a client. */
const arrive = (
  text: string,
  session: string | null = 's-1',
  agent = 'healer',
  gone = NEVER,
  gate: Gate = stage.gate,
): Promise<HeldAnswer> => {
  const key = JSON.stringify([agent, 'INC-1', text]);
  const arrived = { key, session };
  return held.arrive(
    {
      caller: agent,
      incident: 'INC-1',
      arrived,
      propose: () => {
        proposals += 1;
        return propose(
          gate,
          {
            command: { kind: 'line', line: text },
            files: new Map(),
            namespace: null,
            incident: 'INC-1',
            proposer: HEALER,
            diagnosis: null,
            mayStill: () => true,
            arrived,
          },
          stage.never,
        );
      },
    },
    gone,
  );
};

/** Lets time pass until it is answered; how many seconds that took. */
const answered = async <T>(answer: Promise<T>, act: (second: number) => Promise<unknown> = async () => undefined) => {
  let done: { readonly value: T } | null = null;
  const watched = answer.then((value) => {
    done = { value };
  });
  for (let seconds = 0; seconds < 400; seconds += 1) {
    await act(seconds);
    for (let i = 0; i < 8; i += 1) {
      await stage.settle();
      await new Promise((next) => setImmediate(next));
    }
    if (done !== null) {
      await watched;
      return { answer: (done as { readonly value: T }).value, seconds };
    }
    stage.clock.pass(1);
  }
  throw new Error('it is never answered');
};

const EASY = 'scale dev/web 4';
const HARD = 'scale production/web 1';
const idOf = (answer: HeldAnswer): string => ('remediation' in answer ? (answer.remediation?.id ?? '') : '');
const approve = async (id: string): Promise<void> => {
  for (const person of ['ben', 'cho']) await stage.vote(id, person);
};

test('what nobody is asked about is answered as soon as it is written, before it is verified', async () => {
  const { answer, seconds } = await answered(arrive(EASY));
  assert.equal(answer.kind, 'written');
  assert.equal(seconds, 0);
  assert.deepEqual(stage.cluster.writes, ['forward deployment/web 3→4']);
});

test('what waits is held for 20 s and may come again; it is the same proposal', async () => {
  const first = await answered(arrive(HARD));
  assert.equal(first.answer.kind, 'again');
  assert.equal(first.seconds, 20);
  assert.ok(first.answer.kind === 'again' && first.answer.seconds === 1);
  stage.clock.pass(1);
  const second = await answered(arrive(HARD));
  assert.equal(idOf(second.answer), idOf(first.answer));
  assert.equal(proposals, 1);
});

test('approved while it is held: written at once', async () => {
  const { answer, seconds } = await answered(arrive(HARD), async (second) => {
    if (second === 7) await approve('p-1');
  });
  assert.equal(answer.kind, 'written');
  assert.ok(seconds <= 8, `${seconds} s`);
});

test('approved between two arrivals: the next has the answer, and the one after it is a new proposal', async () => {
  await answered(arrive(HARD));
  await approve('p-1');
  await stage.pass(1);
  const next = await answered(arrive(HARD));
  assert.equal(next.answer.kind, 'written');
  assert.equal(next.seconds, 0);
  if ('delivered' in next.answer) next.answer.delivered();
  await stage.pass(120);
  const other = await answered(arrive(HARD, 's-2'));
  assert.equal(proposals, 2);
  assert.notEqual(idOf(other.answer), 'p-1');
});

test('the answer is kept ten minutes for one who waits, and not for longer', async () => {
  await answered(arrive(HARD));
  await approve('p-1');
  await stage.pass(500);
  assert.equal(idOf((await answered(arrive(HARD))).answer), 'p-1');
  await stage.pass(700);
  await answered(arrive(HARD));
  assert.equal(proposals, 2, 'nobody waits for eleven minutes: this is a new wish');
});

test('an answer that nobody has had is for whoever comes, whatever its session', async () => {
  await answered(arrive(HARD, 's-1'));
  await approve('p-1');
  await stage.pass(5);
  const other = await answered(arrive(HARD, null));
  assert.deepEqual([other.answer.kind, idOf(other.answer), proposals], ['written', 'p-1', 1]);
});

test('the wait ends after its time, counted from the first arrival; the next command waits anew for the same', async () => {
  let seconds = 0;
  let last: HeldAnswer;
  do {
    const one = await answered(arrive(HARD));
    last = one.answer;
    seconds += one.seconds;
    if (last.kind === 'again') {
      stage.clock.pass(last.seconds);
      seconds += last.seconds;
    }
  } while (last.kind === 'again');
  assert.equal(last.kind, 'over');
  assert.equal(seconds, 60);
  if ('delivered' in last) last.delivered();
  const anew = await answered(arrive(HARD, 's-2'));
  assert.deepEqual([anew.answer.kind, anew.seconds, idOf(anew.answer), proposals], ['again', 20, 'p-1', 1]);
});

describe('what ends without a write', () => {
  for (const [what, end] of [
    ['rejected', () => stage.vote('p-1', 'ben', 'reject')],
    [
      'stale',
      () => {
        const web = stage.cluster.workloads.get('production/web');
        if (web !== undefined) web.uid = 'another';
        return approve('p-1');
      },
    ],
  ] as const)
    test(what, async () => {
      const { answer } = await answered(arrive(HARD), async (second) => {
        if (second === 3) await end();
      });
      assert.equal(answer.kind, 'ended');
      assert.equal(answer.kind === 'ended' && answer.remediation.state, what);
      if ('delivered' in answer) answer.delivered();
      await answered(arrive(HARD, 's-2'));
      assert.equal(proposals, 2);
    });

  test('what the gate does not take is told at once, and told to all who came meanwhile', async () => {
    const both = await Promise.all([arrive('edit the world'), arrive('edit the world', 's-2')]);
    assert.deepEqual(
      both.map(({ kind }) => kind),
      ['turned-away', 'turned-away'],
    );
    assert.equal(proposals, 1);
    await arrive('edit the world');
    assert.equal(proposals, 2);
  });
});

test('fifty agents, each sent eleven times at once: fifty proposals, one execution each', async () => {
  const texts = Array.from(
    { length: 50 },
    (_, i) => [`scale dev/${i % 2 === 0 ? 'web' : 'api'} ${10 + i}`, `a-${i}`] as const,
  );
  stage = setStage();
  (stage.gate.rates as { proposals: unknown }).proposals = { perMinute: 1000, admit: () => ({ ok: true }) };
  held = createHeldWrites(stage.gate, PATIENCE, NEVER);
  const all = texts.flatMap(([text, agent]) => Array.from({ length: 11 }, () => arrive(text, null, agent)));
  const { answer } = await answered(Promise.all(all));
  assert.equal(proposals, 50);
  assert.equal(new Set(answer.map(idOf)).size, 50);
  await stage.pass(600);
  const writes = stage.cluster.writes.filter((write) => write.startsWith('forward'));
  assert.equal(new Set(writes.map((write) => write.split('→')[1])).size, writes.length, 'nothing was written twice');
});

test('one agent holds no more than its share', async () => {
  const hundred = Array.from({ length: 100 }, (_, i) => arrive(HARD, `s-${i}`));
  const one = await arrive(HARD, 'more');
  assert.equal(one.kind, 'too-many');
  const other = arrive(HARD, 's', 'other');
  const { answer } = await answered(Promise.all([...hundred, other]));
  assert.ok(answer.every(({ kind }) => kind === 'again'));
});

test('whoever hangs up is waited for no longer, and finds the proposal later', async () => {
  const gone = new AbortController();
  const { seconds } = await answered(arrive(HARD, 's-1', 'healer', gone.signal), async (second) => {
    if (second === 4) gone.abort();
  });
  assert.equal(seconds, 4);
  assert.equal(idOf((await answered(arrive(HARD))).answer), 'p-1');
  assert.equal(proposals, 1);
});

describe('after a restart', () => {
  const restart = async (): Promise<void> => {
    held = createHeldWrites(stage.gate, PATIENCE, NEVER);
  };

  test('what is open is found again, and keeps its time', async () => {
    stage = setStage(memoryStore());
    held = createHeldWrites(stage.gate, PATIENCE, NEVER);
    await answered(arrive(HARD));
    await restart();
    stage.clock.pass(1);
    const { answer, seconds } = await answered(arrive(HARD));
    assert.deepEqual([answer.kind, seconds, proposals], ['again', 20, 1]);
  });

  test('the same bytes for another cluster are another write, also where its name has gone and another looks after it', async () => {
    // eu, then us beside it, then a file in which eu has gone and the first cluster looks after what was its own.
    const gateAt = (name: string, names: readonly string[]): Gate => {
      const gate: Gate = { ...stage.gate, clusterName: name, clusters: () => ({ all: [gate], names }) };
      return gate;
    };
    const arriveAt = async (gate: Gate) => {
      held = createHeldWrites(gate, PATIENCE, NEVER);
      return (await answered(arrive(HARD, 's-1', 'healer', NEVER, gate))).answer;
    };
    const eu = gateAt('eu', ['eu', 'us']);
    const first = idOf(await arriveAt(eu));
    const second = idOf(await arriveAt(gateAt('us', ['eu', 'us'])));
    assert.notEqual(second, first);
    assert.equal(proposals, 2);
    assert.equal(idOf(await arriveAt(eu)), first, 'its own is found again');
    const heir = idOf(await arriveAt(gateAt('asia', ['asia', 'us'])));
    assert.ok(![first, second].includes(heir));
    assert.equal(proposals, 3);
  });

  test('an answer that nobody has had is still given, and one that was had is not given twice', async () => {
    await answered(arrive(HARD));
    await approve('p-1');
    await stage.pass(2);
    await restart();
    const first = await answered(arrive(HARD));
    assert.deepEqual([first.answer.kind, proposals], ['written', 1]);
    if ('delivered' in first.answer) first.answer.delivered();
    await new Promise((next) => setImmediate(next));
    await restart();
    await answered(arrive(HARD));
    assert.equal(proposals, 2);
  });
});
