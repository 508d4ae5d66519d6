// What a list of all packages becomes: those that are shipped, all of them, and no line to what is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onlyShipped, shipped } from '../../scripts/sbom.ts';

const LOCK = {
  packages: {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.0.0' },
    'node_modules/@s/b': { version: '2.0.0' },
    'node_modules/a/node_modules/c': { version: '3.0.0' },
    'node_modules/alias': { name: 'real', version: '4.0.0' },
    'node_modules/tool': { version: '5.0.0', dev: true },
    'node_modules/node-linux': { version: '6.0.0', optional: true },
    'node_modules/both': { version: '7.0.0', devOptional: true },
  },
};

const component = (name: string, version: string) => ({ 'bom-ref': `${name}@${version}`, name, version });
const SHIPPED = [
  component('a', '1.0.0'),
  component('@s/b', '2.0.0'),
  component('c', '3.0.0'),
  component('real', '4.0.0'),
];

test('what only makes or tests it is not shipped, nor what is optional', () => {
  assert.deepEqual([...shipped(LOCK)], ['a@1.0.0', '@s/b@2.0.0', 'c@3.0.0', 'real@4.0.0']);
});

test('the list loses what is not shipped, and every line that leads there', () => {
  const bom = {
    components: [...SHIPPED, component('tool', '5.0.0')],
    dependencies: [
      { ref: 'root', dependsOn: ['a@1.0.0', 'tool@5.0.0'] },
      { ref: 'tool@5.0.0', dependsOn: ['a@1.0.0'] },
      { ref: 'a@1.0.0' },
    ],
  };
  const { components, dependencies } = onlyShipped(bom, shipped(LOCK));
  assert.deepEqual(components, SHIPPED);
  assert.deepEqual(dependencies, [{ ref: 'root', dependsOn: ['a@1.0.0'] }, { ref: 'a@1.0.0' }]);
});

test('a list that lacks something that is shipped is no list', () => {
  assert.throws(() => onlyShipped({ components: SHIPPED.slice(1) }, shipped(LOCK)), /does not list a@1\.0\.0/);
});
