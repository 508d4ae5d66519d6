// That every real server is pinned by its go.mod, and that a pinned thing that changes is built anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipe, serverNames } from './inventory.ts';

test('every server has a version of its go.mod and a key of its own', () => {
  const recipes = serverNames.map(recipe);
  for (const one of recipes) assert.match(one.version, /^v\d+\.\d+\.\d+$/, one.name);
  assert.equal(new Set(recipes.map((one) => one.key)).size, serverNames.length);
  assert.deepEqual(
    recipes.filter((one) => one.module === 'k8s.io/kubernetes').map((one) => one.version),
    Array.from({ length: 4 }, () => recipe('kube-apiserver').version),
  );
});
