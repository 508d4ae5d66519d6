import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterLabel, labelValue } from './label-value.ts';

test('what would end a label, or its line, stands in it escaped', () => {
  assert.equal(labelValue('a"b\\c\nd'), 'a\\"b\\\\c\\nd');
  assert.equal(clusterLabel('eu"1'), ',cluster="eu\\"1"');
});

test('the only cluster, which has no name, has no label', () => {
  assert.equal(clusterLabel(null), '');
});
