// The properties of scoring section 9 that judging holds, over generated commands, texts and policies.

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { readPolicy } from '../../src/adapters/policy/read-policy.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY, DEFAULT_POLICY_DOCUMENT } from '../../src/core/blast-radius/default-policy.ts';
import { EXTENDED_RULES, type Policy, type PolicyDocument, policyOf } from '../../src/core/blast-radius/policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { TextCommand } from '../../src/core/model/command.ts';
import type { Facts } from '../../src/core/model/facts.ts';
import { NO_NEIGHBOURS } from '../../src/core/model/neighbourhood.ts';
import { REASON_CODES } from '../../src/core/model/reason.ts';
import { TIERS } from '../../src/core/model/tier.ts';
import { generatedCommand } from '../calculator/generated-command.ts';

const around = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };
const judge = (command: TextCommand, facts: Facts | null = null, policy: Policy = DEFAULT_POLICY): BlastRadius =>
  score(understand(command, around), facts, policy);
const line = (text: string): BlastRadius => judge({ kind: 'line', line: text });
const argv = (...words: readonly string[]): BlastRadius => judge({ kind: 'argv', argv: words });

const rank = ({ tier }: BlastRadius): number => TIERS.indexOf(tier);

/** 7: base, weight, multiplier, modifiers, evidence, floor, cap, in order, and they add up exactly. */
const explained = (answer: BlastRadius): void => {
  const lines = answer.reasons.map(({ code }) => REASON_CODES.indexOf(code));
  assert.equal(
    answer.score,
    answer.reasons.reduce((sum, { points }) => sum + points, 0),
  );
  assert.deepEqual(
    lines,
    lines.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(lines).size, lines.length, 'each code once');
  assert.ok(answer.reasons.every(({ points }) => Number.isInteger(points)));
  const limits =
    answer.score === 100 ? 'blocked' : (answer.score ?? 0) > 50 ? 'dual' : (answer.score ?? 0) > 10 ? 'human' : 'auto';
  assert.equal(answer.tier, limits);
  assert.equal(answer.tier === 'blocked', answer.hardRule !== null);
  assert.equal(answer.executable, answer.refusals.length === 0);
};

suite('1 and 7: every text has an answer, and every answer adds up', () => {
  test('generated commands', () => {
    fc.assert(
      fc.property(generatedCommand, (text) => explained(line(text))),
      { numRuns: 3000 },
    );
  });
  test('any text', () => {
    const word = fc.constantFrom(
      ...'kubectl delete pod ns -n shop -- | && ; $( ) { } " \' > < rm -rf / --all -f - exec sh -c'.split(' '),
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(word, { maxLength: 14 }).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(text, (any) => explained(line(any))),
      { numRuns: 4000 },
    );
  });
  test('any argv', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), (words) => {
        explained(argv(...words));
        explained(argv('kubectl', ...words));
      }),
      { numRuns: 2000 },
    );
  });
});

suite('2: the same effect scores the same', () => {
  const spellings: readonly (readonly string[])[] = [
    ['pod', 'pods', 'po', 'Pod', 'PODS', 'pods.', 'pods.v1.'],
    ['deploy', 'deployment', 'deployments', 'deployments.apps', 'deployments.v1.apps', 'Deployment'],
    ['svc', 'service', 'services', 'Services'],
    ['pvc', 'persistentvolumeclaim', 'persistentvolumeclaims'],
    ['ns', 'namespace', 'namespaces', 'Namespace'],
  ];
  const flags = fc.constantFrom('-n shop', '-nshop', '-n=shop', '--namespace shop', '--namespace=shop');
  const force = fc.constantFrom('--force', '--force=true', '--force=1', '--force=T');
  test('kinds, flags, their order and quotes', () => {
    const written = fc
      .constantFrom(...spellings)
      .chain((kinds) =>
        fc.tuple(
          fc.constant(kinds[0] ?? ''),
          fc.constantFrom(...kinds),
          flags,
          force,
          fc.nat(5),
          fc.constantFrom('x', "'x'", '"x"', 'x""', '\\x'),
        ),
      );
    fc.assert(
      fc.property(written, ([plain, kind, namespace, forced, order, name]) => {
        const words = [`${kind} ${name}`, namespace, forced];
        const orders = [
          [0, 1, 2],
          [0, 2, 1],
          [1, 0, 2],
          [1, 2, 0],
          [2, 0, 1],
          [2, 1, 0],
        ];
        const text = (orders[order] ?? []).map((at) => words[at]).join(' ');
        const one = line(`kubectl delete ${plain} x -n shop --force`);
        const other = line(`kubectl delete ${text}`);
        assert.deepEqual(
          [other.score, other.tier, other.action, other.executable],
          [one.score, one.tier, one.action, one.executable],
          text,
        );
      }),
      { numRuns: 2000 },
    );
  });
});

suite('3: more is never less', () => {
  const grows = (before: string, after: string): void => {
    const [one, other] = [line(before), line(after)];
    assert.ok(
      (other.score ?? 100) >= (one.score ?? 0) && rank(other) >= rank(one),
      `${before}: ${one.score}; ${after}: ${other.score}`,
    );
  };
  const target = fc.constantFrom('pod', 'deploy', 'sts', 'svc', 'cm', 'node', 'role', 'pvc', 'lease', 'widget');
  const place = fc.constantFrom('', ' -n dev', ' -n staging', ' -n shop', ' -n production', ' -n kube-system');
  test('another target', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), { minLength: 2 });
    const verbs = fc.constantFrom('delete', 'annotate', 'label', 'scale', 'rollout restart');
    fc.assert(
      fc.property(verbs, target, names, place, (verb, kind, who, where) => {
        const end = verb === 'annotate' || verb === 'label' ? ' x=y' : verb === 'scale' ? ' --replicas=2' : '';
        grows(
          `kubectl ${verb} ${kind} ${who.slice(0, -1).join(' ')}${end}${where}`,
          `kubectl ${verb} ${kind} ${who.join(' ')}${end}${where}`,
        );
      }),
      { numRuns: 2000 },
    );
  });
  test('another kind', () => {
    fc.assert(
      fc.property(target, target, place, (kind, more, where) =>
        grows(`kubectl delete ${kind}/a${where}`, `kubectl delete ${kind}/a ${more}/b${where}`),
      ),
      { numRuns: 1000 },
    );
  });
  test('another risky flag', () => {
    const flag = fc.constantFrom(
      '--force',
      '--now',
      '--cascade=orphan',
      '--grace-period=0',
      '--kubeconfig=/x',
      '--as=admin',
      '--nosuch',
    );
    fc.assert(
      fc.property(target, place, flag, (kind, where, more) =>
        grows(`kubectl delete ${kind} a${where}`, `kubectl delete ${kind} a${where} ${more}`),
      ),
      { numRuns: 1000 },
    );
  });
  test('another command on the line', () => {
    fc.assert(
      fc.property(generatedCommand, generatedCommand, (one, other) => {
        grows(one, `${one}; ${other}`);
        grows(other, `${one}; ${other}`);
      }),
      { numRuns: 1000 },
    );
  });
  test('more evidence', () => {
    const failure = { action: 'x', objects: [], incident: 'INC-1', at: '2026-01-01T00:00:00Z' };
    const why = fc.constantFrom('unreachable', 'forbidden', 'too-old', 'not-found', 'garbled');
    fc.assert(
      fc.property(generatedCommand, fc.nat(4), fc.option(why, { nil: null }), (text, count, missing) => {
        const facts: Facts = {
          cluster: 'uid',
          targets: [],
          neighbourhood: NO_NEIGHBOURS,
          recent: [],
          rehearsal: null,
          missing:
            missing === null
              ? []
              : [{ resource: 'pods', object: 'pods shop/x', part: null, right: null, why: missing }],
          failures: Array.from({ length: count }, () => failure),
        };
        const [none, some] = [line(text), judge({ kind: 'line', line: text }, facts)];
        explained(some);
        assert.ok((some.score ?? 100) >= (none.score ?? 0) && rank(some) >= rank(none), text);
        assert.ok(none.executable || !some.executable, 'evidence makes nothing executable');
      }),
      { numRuns: 1500 },
    );
  });
});

suite('4: no policy lets a core hard rule pass', () => {
  const points = fc.nat(99);
  const all = <Key extends string>(
    keys: readonly Key[],
    value: fc.Arbitrary<unknown>,
  ): fc.Arbitrary<Record<Key, number>> =>
    fc.record(Object.fromEntries(keys.map((key) => [key, value]))) as fc.Arbitrary<Record<Key, number>>;
  const keysOf = <Row extends object>(row: Row): readonly (keyof Row & string)[] =>
    Object.keys(row) as (keyof Row & string)[];
  /** Any policy that the reader accepts: every number and choice drawn, lists emptied or kept. */
  const policies: fc.Arbitrary<PolicyDocument> = fc
    .record({
      auto: fc.nat(10),
      human: fc.integer({ min: 11, max: 50 }),
      base: all(keysOf(DEFAULT_POLICY_DOCUMENT.base), points),
      modifiers: all(keysOf(DEFAULT_POLICY_DOCUMENT.modifiers), points),
      rules: fc.array(fc.constantFrom(...EXTENDED_RULES)),
      others: points,
      multiplier: fc.integer({ min: 1, max: 20 }),
      emptied: fc.boolean(),
    })
    .map(({ auto, human, base, modifiers, rules, others, multiplier, emptied }) => ({
      ...DEFAULT_POLICY_DOCUMENT,
      tiers: { auto, human, dual: 99 },
      base,
      modifiers,
      weights: { named: emptied ? [] : DEFAULT_POLICY_DOCUMENT.weights.named, others },
      namespaces: {
        ...DEFAULT_POLICY_DOCUMENT.namespaces,
        other: { multiplier: multiplier / 10, patterns: emptied ? ['*'] : [] },
      },
      hardRules: { ...DEFAULT_POLICY_DOCUMENT.hardRules, ...Object.fromEntries(rules.map((rule) => [rule, 'dual'])) },
    }));
  const core = fc.constantFrom(
    'kubectl delete ns shop',
    'kubectl delete pv --all',
    'kubectl delete pvc data -n dev',
    'kubectl delete clusterrole reader',
    'kubectl delete projects.project.openshift.io shop',
    'kubectl delete --raw /api/v1/namespaces/shop',
    'kubectl patch pvc data -n shop -p \'{"metadata":{"finalizers":null}}\'',
    'kubectl patch pv data -p \'{"spec":{"claimRef":null}}\'',
    'kubectl patch ns shop -p \'{"metadata":{"ownerReferences":[{"kind":"Pod","name":"p","uid":"u"}]}}\'',
    'kubectl exec web-0 -- rm -rf /data',
    "kubectl exec db-0 -- psql -c 'DROP TABLE users'",
    'rm -rf /',
  );
  test('every policy that is accepted blocks what the core names, and never lowers an extended rule below two people', () => {
    fc.assert(
      fc.property(policies, core, (document, text) => {
        const read = readPolicy(JSON.stringify(document));
        assert.ok(read.ok, JSON.stringify(read));
        const policy = policyOf(read.policy, null);
        assert.equal(judge({ kind: 'line', line: text }, null, policy).tier, 'blocked', text);
        const crd = judge({ kind: 'line', line: 'kubectl delete crd widgets.example.com' }, null, policy);
        assert.ok(rank(crd) >= 2, 'an extended rule');
        assert.ok(rank(judge({ kind: 'line', line: 'kubectl exec web-0 -n dev -- ls' }, null, policy)) >= 2, 'a floor');
      }),
      { numRuns: 300 },
    );
  });
});

suite('6: data is not code', () => {
  test('what nothing executes scores the same whatever it says', () => {
    const nasty = fc.constantFrom(
      'rm -rf /',
      'DROP TABLE x',
      '$(kubectl delete ns shop)',
      '; kubectl delete ns x',
      'kubectl delete pv --all',
    );
    const text = fc.oneof(nasty, fc.string({ unit: 'grapheme' })).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, (value) => {
        const score0 = argv('kubectl', 'annotate', 'pod', 'x', 'note=a', '-n', 'shop').score;
        assert.equal(argv('kubectl', 'annotate', 'pod', 'x', `note=${value}`, '-n', 'shop').score, score0);
        assert.equal(
          argv('kubectl', 'create', 'configmap', 'x', `--from-literal=a=${value}`).score,
          argv('kubectl', 'create', 'configmap', 'x', '--from-literal=a=b').score,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
