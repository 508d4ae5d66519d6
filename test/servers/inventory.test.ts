// That every real server is pinned by its go.mod, and that a pinned thing that changes is built anew.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recipe, serverNames, usualServers } from './inventory.ts';

test('every server has a version of its go.mod and a key of its own', () => {
  const recipes = serverNames.map(recipe);
  for (const one of recipes) assert.match(one.version, /^v\d+\.\d+\.\d+$/, one.name);
  assert.equal(new Set(recipes.map((one) => one.key)).size, serverNames.length);
  assert.deepEqual(
    recipes.filter((one) => one.module === 'k8s.io/kubernetes').map((one) => one.version),
    Array.from({ length: 4 }, () => recipe('kube-apiserver').version),
  );
});

test('only the long suite builds older kubectls, and each is of the version that its name says', () => {
  const onDemand = serverNames.filter((name) => !usualServers.includes(name));
  assert.deepEqual(onDemand, ['kubectl-1.34', 'kubectl-1.35']);
  for (const name of onDemand) {
    const { version, flags } = recipe(name);
    assert.ok(version.startsWith(name.replace('kubectl-1', 'v0')), `${name} is of ${version}`);
    assert.ok(flags.join(' ').includes(`version.gitVersion=${version.replace('v0', 'v1')}`), flags.join(' '));
  }
});
