// Where the values of a text of YAML stand: what is read is what stands there, and the values are those that kubectl reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocatedValue } from '../../core/model/located-value.ts';
import { locateDocuments } from './locate-documents.ts';

/** Each scalar as it is read, and as it stands. */
const scalarsOf = (text: string, value: LocatedValue): readonly (readonly [string, string])[] => {
  switch (value.kind) {
    case 'scalar':
      return [[value.value, text.slice(value.from, value.to)]];
    case 'list':
      return value.items.flatMap((item) => scalarsOf(text, item));
    case 'map':
      return value.entries.flatMap(({ key, value: inner }) => [...scalarsOf(text, key), ...scalarsOf(text, inner)]);
    default:
      return value satisfies never;
  }
};

const TEXTS: readonly (readonly [text: string, scalars: readonly (readonly [string, string])[]])[] = [
  [
    'a: b',
    [
      ['a', 'a'],
      ['b', 'b'],
    ],
  ],
  [
    '"a": \'b c\'  # d',
    [
      ['a', '"a"'],
      ['b c', "'b c'"],
    ],
  ],
  [
    'a:\n  b: |\n    c\n    d\ne: f',
    [
      ['a', 'a'],
      ['b', 'b'],
      ['c\nd\n', '|\n    c\n    d'],
      ['e', 'e'],
      ['f', 'f'],
    ],
  ],
  [
    '{a: [b, "c"], d: }',
    [
      ['a', 'a'],
      ['b', 'b'],
      ['c', '"c"'],
      ['d', 'd'],
      ['', ''],
    ],
  ],
  [
    'a: b\n---\nc: d\n',
    [
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'c'],
      ['d', 'd'],
    ],
  ],
  [
    '\ufeffa: b',
    [
      ['a', 'a'],
      ['b', 'b'],
    ],
  ],
  [
    'x: &x b\ny: *x',
    [
      ['x', 'x'],
      ['b', 'b'],
      ['y', 'y'],
      ['b', 'b'],
    ],
  ],
  [
    'a: b\n  c',
    [
      ['a', 'a'],
      ['b c', 'b\n  c'],
    ],
  ],
];

for (const [text, scalars] of TEXTS)
  test(JSON.stringify(text), () => {
    const documents = locateDocuments(text);
    assert.ok(documents !== null);
    assert.deepEqual(
      documents.flatMap((document) => scalarsOf(text, document)),
      scalars,
    );
  });

test('what kubectl would not read has no places', () => {
  for (const text of ['{a: b', 'a: "b', '\ta: b', 'a: *x', 'a: \u0001', '[', 'a: b: c'])
    assert.equal(locateDocuments(text), null, JSON.stringify(text));
});

test('many documents and many aliases end', () => {
  assert.equal(locateDocuments('a: b\n---\n'.repeat(3_000)), null);
  const chain = Array.from({ length: 500 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`).join('\n');
  assert.equal(locateDocuments(`a0: &a0 [x]\n${chain}`)?.length, 1);
});
