import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inlineRows, objectDiffs, takenBack } from './diff-lines.ts';

const IMAGE = [
  '--- deployments.apps shop/web',
  '+++ deployments.apps shop/web',
  ' spec:',
  '-  image: web:1',
  '+  image: web:2',
  '+  pull: Always',
];

test('removed and added lines stand beside each other, the longer side alone at its end', () => {
  assert.deepEqual(objectDiffs(IMAGE), [
    {
      name: 'deployments.apps shop/web',
      op: 'update',
      rows: [
        { is: 'same', before: 'spec:', after: 'spec:' },
        { is: 'changed', before: '  image: web:1', after: '  image: web:2' },
        { is: 'changed', before: null, after: '  pull: Always' },
      ],
    },
  ]);
});

test('in one column all removed lines stand before the added ones', () => {
  assert.deepEqual(
    inlineRows(objectDiffs(IMAGE)[0]?.rows ?? []).map(({ sign, text }) => `${sign}${text}`),
    IMAGE.slice(2),
  );
});

test('objects that come, go or run a program are told apart', () => {
  const lines = [
    '--- /dev/null',
    '+++ pods a/b',
    '+x: 1',
    '--- pods a/c',
    '+++ /dev/null',
    '=== pods a/d',
    'run:',
    '  argv:',
  ];
  assert.deepEqual(
    objectDiffs(lines).map(({ name, op, rows }) => [name, op, rows.length]),
    [
      ['pods a/b', 'create', 1],
      ['pods a/c', 'delete', 0],
      ['pods a/d', 'run', 2],
    ],
  );
});

test('taken back, what was added is removed and what came goes; twice taken back it is the same', () => {
  const diffs = objectDiffs([...IMAGE, '--- /dev/null', '+++ pods a/b', '+x: 1']);
  const back = takenBack(diffs);
  assert.deepEqual(
    inlineRows(back[0]?.rows ?? []).map(({ sign, text }) => `${sign}${text}`),
    [' spec:', '-  image: web:2', '-  pull: Always', '+  image: web:1'],
  );
  assert.deepEqual(
    back.map(({ op }) => op),
    ['update', 'delete'],
  );
  assert.deepEqual(takenBack(back), diffs);
});
