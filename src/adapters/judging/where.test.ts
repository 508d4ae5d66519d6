// What is answered on the event loop, and which thread takes the rest.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { DEFAULT_POLICY } from '../../core/blast-radius/default-policy.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../core/evaluation/evaluate.ts';
import type { JudgingRequest } from '../../core/evaluation/judge.ts';
import type { Command } from '../../core/model/command.ts';
import { type Facts, NO_MEMORY } from '../../core/model/facts.ts';
import { NO_NEIGHBOURS } from '../../core/model/neighbourhood.ts';
import type { CommandQuestion } from '../../ports/judging.ts';
import { answerTo } from './tasks.ts';
import { runsHere, threadOf } from './where.ts';

const asked = (command: Command, files: Readonly<Record<string, string>> = {}): CommandQuestion => ({
  ...{ command, files: new Map(Object.entries(files)), namespace: 'default', customResources: [] },
});
const line = (text: string): Command => ({ kind: 'line', line: text });
const argv = (...words: readonly string[]): Command => ({ kind: 'argv', argv: words });

suite('a command is understood on the event loop', () => {
  const HERE: readonly Command[] = [
    line('kubectl scale deployment web --replicas=3 -n shop'),
    line('kubectl set image deployment/web web=registry.example:5000/web@sha256:0123'),
    argv('kubectl', 'delete', 'pod', 'web-0', '-l', 'app=web,tier=front'),
    line('x'.repeat(2047)),
  ];
  for (const command of HERE)
    test(`when it is plain and short: ${JSON.stringify(command).slice(0, 80)}`, () => {
      assert.ok(runsHere('understand', asked(command)));
    });

  const NOT: readonly (readonly [why: string, question: CommandQuestion])[] = [
    ['it is long', asked(line('x'.repeat(2048)))],
    ['its argv is long', asked(argv(...Array<string>(1025).fill('x')))],
    ['a file comes along', asked(line('kubectl apply -f x.yaml'), { 'x.yaml': '' })],
    ['a word may be a shell’s', asked(argv('sh', '-c', 'a;b'))],
    ['something is expanded', asked(line('kubectl delete pod $x'))],
    ['something is quoted', asked(line(`kubectl delete pod 'x'`))],
    ['it has lines', asked(line('kubectl get pods\nkubectl get pods'))],
    ['a patch is in it', asked(argv('kubectl', 'patch', 'deployment', 'x', '-p', '{}'))],
    ['a patch of YAML may refer to itself', asked(argv('kubectl', 'patch', 'deployment', 'x', '-p', 'a: &a *a'))],
    ['it is no ASCII', asked(line('kubectl delete pod é'))],
  ];
  for (const [why, question] of NOT)
    test(`not when ${why}`, () =>
      assert.ok(
        !runsHere('understand', question) && !runsHere('score', { ...question, policy: DEFAULT_POLICY, lang: 'en' }),
      ));
});

const NOTHING: Facts = { cluster: 'uid', targets: [], neighbourhood: NO_NEIGHBOURS, missing: [], ...NO_MEMORY };
const requested = (
  text: string,
  facts: Facts | null,
  files: Readonly<Record<string, string>> = {},
): JudgingRequest => ({
  understanding: answerTo('understand', asked(line(text))),
  facts,
  policy: DEFAULT_POLICY,
  flags: { blastRadiusCheck: 'on', gitopsPr: 'on' },
  settings: DEFAULT_SPEC_SETTINGS,
  incident: null,
  clusterName: null,
  files: new Map(Object.entries(files)),
});
/** A service with so many ready pods, which counts with each of them. */
const withPods = (many: number): Facts => ({
  ...NOTHING,
  neighbourhood: {
    ...NO_NEIGHBOURS,
    services: [
      { namespace: 'shop', name: 'web', uid: 'u', selector: [], ready: many, pods: Array<string>(many).fill('p') },
    ],
  },
});
const names = (many: number): string => Array.from({ length: many }, (_, i) => `p${i}`).join(' ');

suite('a judgement is made on the event loop', () => {
  const TABLE: readonly (readonly [what: string, request: JudgingRequest, here: boolean])[] = [
    ['of a plain command', requested('kubectl delete pod x', NOTHING), true],
    ['without a cluster', requested('kubectl delete pod x', null), true],
    ['of 32 effects', requested(`kubectl delete pod ${names(32)}`, NOTHING), true],
    ['not of 33', requested(`kubectl delete pod ${names(33)}`, NOTHING), false],
    ['with 255 pods of one service', requested('kubectl delete pod x', withPods(255)), true],
    ['not with 256', requested('kubectl delete pod x', withPods(256)), false],
    ['not where a secret is sealed by a slow hash', requested('kubectl get pod x --token=abcdef', NOTHING), false],
    ['not where a file is', requested('kubectl delete pod x', NOTHING, { a: 'b' }), false],
    ['not of a line with more in it', requested('kubectl delete pod x; true', NOTHING), false],
  ];
  for (const [what, request, here] of TABLE) test(what, () => assert.equal(runsHere('judge', request), here));

  test('again, when there are few effects and facts', () => {
    for (const [many, here] of [
      [255, true],
      [256, false],
    ] as const) {
      const { spec } = answerTo('judge', requested('kubectl delete pod x', NOTHING));
      const { policy, flags } = requested('', null);
      assert.equal(runsHere('judgeAgain', { spec, facts: withPods(many), policy, flags }), here);
    }
  });
});

test('short questions have a thread of their own', () => {
  assert.deepEqual([0, 16_384, 16_385, 2 ** 20].map(threadOf), ['short', 'short', 'long', 'long']);
});
