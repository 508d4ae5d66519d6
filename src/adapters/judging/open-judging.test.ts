// Judging on threads: the same answers as anywhere, an end for what goes on too long, and nobody loses anything by another's question.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { after, suite, test } from 'node:test';
import { memoryLog } from '../../../test/fakes/log.ts';
import { DEFAULT_POLICY, DEFAULT_POLICY_DOCUMENT } from '../../core/blast-radius/default-policy.ts';
import { policyOf } from '../../core/blast-radius/policy.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../core/evaluation/evaluate.ts';
import type { Resource } from '../../core/model/resource.ts';
import type { JudgingAnswer, ScoreQuestion } from '../../ports/judging.ts';
import { readCases } from '../policy/read-cases.ts';
import { type JudgingTuning, openJudging } from './open-judging.ts';
import { answerTo } from './tasks.ts';

const never = new AbortController().signal;
const TURN = { caller: 'ana', signal: never };
const FLAGS = { blastRadiusCheck: 'on', gitopsPr: 'on' } as const;
/** Long enough for a slow machine to answer, short enough to be waited for. */
const DEADLINE_MS = 2_500;

const asked = (line: string, more: Partial<ScoreQuestion> = {}): ScoreQuestion => ({
  command: { kind: 'line', line },
  files: new Map(),
  namespace: 'default',
  customResources: [],
  policy: DEFAULT_POLICY,
  lang: 'en',
  ...more,
});
const LONG = new Map([['x', 'x'.repeat(100_000)]]);

const valueIn = <T>(judged: JudgingAnswer<T>): T => {
  assert.ok(judged.ok, JSON.stringify(judged));
  return judged.value;
};
const codeOf = (judged: JudgingAnswer<unknown>): string => (judged.ok ? 'answered' : judged.refusal.code);

suite('on a thread', () => {
  const judging = openJudging(memoryLog(), { here: () => false });
  after(() => judging.close());
  const folder = new URL('../../../policy/cases/', import.meta.url);
  const cases = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const read = readCases(readFileSync(new URL(name, folder), 'utf8'));
      return read.ok ? read.cases : [];
    })
    .filter((_, i) => i % 8 === 0);

  test('golden cases get the answers that they get anywhere', async () => {
    assert.ok(cases.length > 40, `${cases.length}`);
    for (const { command, files, namespace, facts } of cases) {
      const question = asked('', { command, files, namespace });
      assert.deepEqual(valueIn(await judging.ask('score', question, TURN)), answerTo('score', question));
      const understanding = valueIn(await judging.ask('understand', question, TURN));
      assert.deepEqual(understanding, answerTo('understand', question));
      const request = {
        ...{ understanding, facts, policy: DEFAULT_POLICY, flags: FLAGS, settings: DEFAULT_SPEC_SETTINGS },
        // The hash over files is slow by design, and the same code here and there.
        ...{ incident: 'INC-1', clusterName: null, files: new Map<string, string>() },
      };
      const judgement = valueIn(await judging.ask('judge', request, TURN));
      assert.deepEqual(judgement, answerTo('judge', request));
      if (facts === null) continue;
      const second = { spec: judgement.spec, facts, policy: DEFAULT_POLICY, flags: FLAGS };
      assert.deepEqual(valueIn(await judging.ask('judgeAgain', second, TURN)), answerTo('judgeAgain', second));
    }
  });

  test('what was sealed stays sealed', async () => {
    const understanding = answerTo('understand', asked('kubectl scale deployment web --replicas=3'));
    const request = {
      ...{ understanding, facts: null, policy: DEFAULT_POLICY, flags: FLAGS, settings: DEFAULT_SPEC_SETTINGS },
      ...{ incident: null, clusterName: null, files: new Map<string, string>() },
    };
    const { spec } = valueIn(await judging.ask('judge', request, TURN));
    assert.ok(Object.isFrozen(spec) && Object.isFrozen(spec.effects[0]?.change));
  });

  test('a policy and kinds of the moment count, and those of the moment after', async () => {
    const line = 'kubectl delete widget x';
    const widgets: Resource = {
      ...{ name: 'widgets', singular: 'widget', kind: 'Widget', group: 'example.org', versions: ['v1'] },
      ...{ shortNames: [], namespaced: true, categories: [], verbs: ['delete'] },
    };
    const strict = policyOf({ ...DEFAULT_POLICY_DOCUMENT, clusters: { prod: 'production' } }, 'prod');
    for (const more of [
      {},
      { customResources: [widgets] },
      { policy: strict, customResources: [widgets] },
      { policy: strict },
      {},
    ]) {
      const question = asked(line, more);
      assert.deepEqual(valueIn(await judging.ask('score', question, TURN)), answerTo('score', question));
    }
    const scores = [DEFAULT_POLICY, strict].map((policy) => answerTo('score', asked(line, { policy })).score);
    assert.notEqual(scores[0], scores[1]);
  });

  test('an answer that is too large to be reviewed is refused', async () => {
    const line = `kubectl delete pod ${Array.from({ length: 10_500 }, (_, i) => `p${i}`).join(' ')}`;
    assert.equal(codeOf(await judging.ask('understand', asked(line), TURN)), 'too-complex');
    assert.equal(codeOf(await judging.ask('score', asked(line), TURN)), 'answered');
  });
});

/** Threads that obey the command, and what they were opened with ends after the test. */
const obedient = async (
  play: (judging: ReturnType<typeof openJudging>) => Promise<void>,
  tuning: Partial<JudgingTuning> = {},
) => {
  const program = new URL('../../../test/fakes/judging-thread.ts', import.meta.url);
  const judging = openJudging(memoryLog(), { program, deadlineMs: DEADLINE_MS, here: () => false, ...tuning });
  try {
    await play(judging);
  } finally {
    await judging.close();
  }
};

suite('a question that goes wrong', () => {
  test('is ended at its deadline, while others are answered, here and on the other thread', () =>
    obedient(async (judging) => {
      let ended = false;
      const endless = judging.ask('score', asked('for ever', { files: LONG }), TURN).finally(() => {
        ended = true;
      });
      let turns = 0;
      const ticker = setInterval(() => {
        turns += 1;
      }, 10).unref();
      const small = await judging.ask('score', asked('kubectl get pods'), TURN);
      assert.deepEqual([codeOf(small), ended], ['answered', false]);
      assert.equal(codeOf(await endless), 'too-complex');
      clearInterval(ticker);
      assert.ok(turns > 5, `the event loop went round ${turns} times`);
    }));

  for (const [what, line] of [
    ['goes on for ever', 'for ever'],
    ['ends its thread', 'die'],
    ['eats all memory', 'eat'],
  ] as const)
    test(`and ${what} costs those who wait nothing but time`, () =>
      obedient(
        async (judging) => {
          const all = [line, 'kubectl get pods', line, 'kubectl delete ns x'].map((one, i) =>
            judging.ask('score', asked(one), { caller: `${i}`, signal: never }),
          );
          const judged = await Promise.all(all);
          assert.deepEqual(judged.map(codeOf), ['too-complex', 'answered', 'too-complex', 'answered']);
          assert.deepEqual(judged[3], { ok: true, value: answerTo('score', asked('kubectl delete ns x')) });
        },
        // Memory runs out by itself, later on a slow machine.
        line === 'eat' ? { deadlineMs: 60_000, memoryMb: 40 } : {},
      ));

  test('by a bug of ours is an error, and the thread goes on', () =>
    obedient(async (judging) => {
      await assert.rejects(judging.ask('score', asked('throw'), TURN), /a bug in judging/);
      assert.equal(codeOf(await judging.ask('score', asked('kubectl get pods'), TURN)), 'answered');
    }));

  test('leaves a log line with who asked', async () => {
    const log = memoryLog();
    const program = new URL('../../../test/fakes/judging-thread.ts', import.meta.url);
    const judging = openJudging(log, { program, deadlineMs: DEADLINE_MS, here: () => false });
    await judging.ask('score', asked('die'), TURN);
    await judging.close();
    assert.match(JSON.stringify(log.lines), /judging_ended.*"caller":"ana"/);
  });
});

suite('many questions', () => {
  test('of one caller are refused beyond his share, those of others are not', () =>
    obedient(
      async (judging) => {
        const many = Array.from({ length: 5 }, () => judging.ask('score', asked('kubectl get pods'), TURN));
        const other = judging.ask('score', asked('kubectl get pods'), { caller: 'ben', signal: never });
        assert.deepEqual((await Promise.all(many)).map(codeOf), [
          ...['answered', 'answered', 'answered', 'busy', 'busy'],
        ]);
        assert.equal(codeOf(await other), 'answered');
      },
      { queue: { perCaller: 2, inAll: 10 } },
    ));

  test('never stand before small ones when they are large', () =>
    obedient(async (judging) => {
      const order: string[] = [];
      const note = (what: string) => (judged: JudgingAnswer<unknown>) => order.push(`${what} ${codeOf(judged)}`);
      const large = Array.from({ length: 2 }, () =>
        judging.ask('score', asked('for ever', { files: LONG }), TURN).then(note('large')),
      );
      const small = Array.from({ length: 5 }, () =>
        judging.ask('score', asked('kubectl get pods'), TURN).then(note('small')),
      );
      await Promise.all([...large, ...small]);
      assert.deepEqual(order, [...Array(5).fill('small answered'), ...Array(2).fill('large too-complex')]);
    }));
});

suite('the end of a gate', () => {
  test('ends what runs, refuses what waits and what comes, and leaves no thread', () =>
    obedient(async (judging) => {
      const open = (): number => process.getActiveResourcesInfo().filter((what) => what === 'MessagePort').length;
      const before = open();
      const all = ['for ever', 'kubectl get pods'].map((line) => judging.ask('score', asked(line), TURN));
      await judging.close();
      assert.deepEqual((await Promise.all(all)).map(codeOf), ['busy', 'busy']);
      assert.equal(codeOf(await judging.ask('score', asked('kubectl get pods'), TURN)), 'busy');
      assert.ok(open() < before, `${open()} of ${before} are left`);
    }));
});
