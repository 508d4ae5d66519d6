// Texts that are nested as deep as they are long: never an error of the program, never something that may run.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPeople } from '../../src/adapters/people/read-people.ts';
import { readPolicy } from '../../src/adapters/policy/read-policy.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { understand } from '../../src/core/command/understand.ts';
import { DEFAULT_SPEC_SETTINGS, evaluate } from '../../src/core/evaluation/evaluate.ts';
import { NO_MEMORY } from '../../src/core/model/facts.ts';
import { NO_NEIGHBOURS } from '../../src/core/model/neighbourhood.ts';
import { judge } from './attack.ts';

const nested = (levels: number, open = '{"a":', inner = '1', close = '}'): string =>
  `${open.repeat(levels)}${inner}${close.repeat(levels)}`;
const lists = (levels: number): string => nested(levels, '[', '', ']');
const steps = (levels: number): string =>
  Array.from({ length: Math.min(levels, 2000) }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
const pod = (spec: string): string => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"},"spec":${spec}}`;

type Case = readonly [what: string, make: (levels: number) => readonly [line: string, file?: string]];

const CASES: readonly Case[] = [
  ['a patch of objects', (n) => [`kubectl patch deployment web -p '${nested(n)}'`]],
  ['a patch of lists', (n) => [`kubectl patch deployment web -p '${lists(n)}'`]],
  [
    'a JSON patch',
    (n) => [`kubectl patch deployment web --type=json -p '[{"op":"add","path":"/spec","value":${nested(n)}}]'`],
  ],
  ['overrides', (n) => [`kubectl run x --image=a --overrides='${nested(n)}'`]],
  ['a JSON manifest', (n) => ['kubectl apply -f x.yaml', pod(nested(n))]],
  ['a YAML manifest of lists', (n) => ['kubectl apply -f x.yaml', `apiVersion: v1\nkind: Pod\nspec: ${lists(n)}`]],
  ['a YAML manifest of dashes', (n) => ['kubectl apply -f x.yaml', `${'- '.repeat(n)}1`]],
  ['a YAML manifest of steps', (n) => ['kubectl apply -f x.yaml', steps(n)]],
  ['a raw body', (n) => ['kubectl replace --raw /api/v1/namespaces/x/pods/y -f x.yaml', nested(n)]],
  ['a here-document', (n) => [`kubectl apply -f - <<'E'\n${pod(nested(n))}\nE`]],
  ['substitutions', (n) => [`kubectl delete pod ${nested(n, '$(', 'x', ')')}`]],
  ['backquotes', (n) => [`kubectl delete pod ${'`echo '.repeat(n)}`]],
  ['parentheses', (n) => [`${nested(n, '(', 'kubectl delete pod x', ')')}`]],
  ['arithmetic', (n) => [`kubectl delete pod $((${nested(n, '(', '1', ')')}))`]],
  ['braces', (n) => [`kubectl delete pod ${nested(n, '{a,', 'x', '}')}`]],
  ['parameters', (n) => [`kubectl delete pod ${nested(n, '${a:-', 'x', '}')}`]],
  ['conditions', (n) => [nested(n, 'if true; then ', 'kubectl delete pod x', '; fi')]],
  ['wrappers', (n) => [`${'sudo '.repeat(n)}kubectl delete pod x`]],
  ['SQL', (n) => [`psql -c "${nested(n, '(', 'select 1', ')')}"`]],
];

describe('judged without an error, never to be run', () => {
  for (const [what, make] of CASES)
    test(what, () => {
      for (const levels of [500, 4000, 20_000]) {
        const [line, file] = make(levels);
        const { executable } = judge(line, file === undefined ? {} : { 'x.yaml': file });
        assert.equal(executable, false, `${levels} levels`);
      }
    });
});

describe('sealed without an error', () => {
  for (const [what, make] of CASES)
    test(what, () => {
      const [line, file] = make(4000);
      const files = new Map(file === undefined ? [] : [['x.yaml', file]]);
      const understanding = understand(
        { kind: 'line', line },
        { namespace: 'default', files, customResources: [], readDocuments },
      );
      const spec = evaluate({
        understanding,
        files,
        blastRadius: judge(line, Object.fromEntries(files)),
        decision: { tier: 'dual', approvals: 2, reviewIssue: 'none' },
        facts: { cluster: null, targets: [], missing: [], neighbourhood: NO_NEIGHBOURS, ...NO_MEMORY },
        incident: 'INC-1',
        clusterName: null,
        settings: DEFAULT_SPEC_SETTINGS,
      });
      assert.match(spec.digest, /^sha256:/);
    });
});

test('people.yaml and a policy nested so are refused', () => {
  for (const text of [nested(20_000), lists(20_000), steps(20_000), '- '.repeat(20_000), `people: ${lists(20_000)}`]) {
    assert.equal(readPeople(text).ok, false);
    assert.equal(readPolicy(text).ok, false);
  }
});
