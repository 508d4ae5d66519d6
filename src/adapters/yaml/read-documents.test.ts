import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../core/model/json.ts';
import { readDocuments } from './read-documents.ts';

const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
  .split('')
  .map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[i]}`).join(',')}]`)
  .join('\n')}`;

const cases: readonly (readonly [what: string, text: string, documents: readonly Json[] | null])[] = [
  ['one JSON object', '{"spec":{"replicas":0}}', [{ spec: { replicas: 0 } }]],
  ['one YAML object', 'spec:\n  replicas: 0\n', [{ spec: { replicas: 0 } }]],
  ['flow YAML that looks like JSON', '{spec: {replicas: 0}}', [{ spec: { replicas: 0 } }]],
  ['several documents, an empty one among them', 'a: 1\n---\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
  ['words that YAML 1.1 takes for booleans', 'paused: yes\nsuspend: on\n', [{ paused: true, suspend: true }]],
  ['octal as in YAML 1.1', 'mode: 0644\n', [{ mode: 420 }]],
  ['merge keys', 'p: &p {a: 1}\nq: {<<: *p, b: 2}\n', [{ p: { a: 1 }, q: { a: 1, b: 2 } }]],
  ['nothing at all', '', []],
  ['only a comment', '# nothing\n', []],
  ['a broken document beside a good one', 'a: 1\n---\nb: [\n', null],
  ['the same key twice', 'a: 1\na: 2\n', null],
  ['aliases that would grow without end', bomb, null],
  ['a number that is not one', 'a: .inf\n', null],
];
for (const [what, text, documents] of cases) {
  test(`read: ${what}`, () => assert.deepEqual(readDocuments(text), documents));
}

test('JSON values that follow each other are documents, as for kubectl', () => {
  assert.deepEqual(readDocuments('{"a":"}\\""}\n{"b":[1]} '), [{ a: '}"' }, { b: [1] }]);
  assert.equal(readDocuments('{"a":1}x{"b":2}'), null);
});
