import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Impact } from '../impact/impact.ts';
import { impactTree } from './impact-tree.ts';

test('a chain of any length is drawn, each object once', () => {
  const ids = Array.from({ length: 20_000 }, (_, at) => `things.example.com a/${at}`);
  const chain: Impact = {
    nodes: ids.map((id) => ({ id, uid: null, role: 'near', count: 1 })),
    edges: ids.slice(1).map((to, at) => ({ from: ids[at] ?? '', to, relation: 'owns' })),
  };
  const tree = impactTree(chain, 'en');
  assert.deepEqual(
    tree.map((line) => line.replace(/^[ └─]*/, '')).filter((line) => !line.endsWith(')')),
    ids,
  );
});
