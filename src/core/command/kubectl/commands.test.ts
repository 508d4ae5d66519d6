// The generated grammar holds what kubectl has.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CommandNode, findFlag, findShort, KUBECTL } from './commands.ts';

const at = (path: string): CommandNode =>
  path.split(' ').reduce((command, word) => {
    const child = command.children.get(word);
    assert.ok(child, `kubectl ${path}`);
    return child;
  }, KUBECTL);

const everything = (command: CommandNode): readonly CommandNode[] => [
  command,
  ...[...new Set(command.children.values())].flatMap(everything),
];

describe('the grammar', () => {
  test('has every command and flag of kubectl 1.36', () => {
    const all = everything(KUBECTL);
    assert.equal(all.length, 112);
    assert.equal(
      all.reduce((sum, command) => sum + command.flags.size, 0),
      1079,
    );
  });

  test('knows since when a flag is known', () => {
    for (const [path, flag, since] of [
      ['logs', 'all-pods', '1.31'],
      ['diff', 'concurrency', '1.28'],
      ['delete', 'interactive', '1.29'],
      ['apply', 'subresource', '1.32'],
      ['diff', 'show-secrets', '1.36'],
      ['delete', 'grace-period', ''],
      ['autoscale', 'cpu-percent', ''],
    ] as const)
      assert.equal(findFlag(at(path), flag)?.since, since, `${path} --${flag}`);
  });

  test('prefers a flag of the command to the global one', () => {
    assert.equal(findFlag(at('create rolebinding'), 'user')?.type, 'stringArray');
    assert.equal(findFlag(at('get'), 'user')?.type, 'string');
    assert.equal(findShort(at('logs'), 'f')?.name, 'follow');
    assert.equal(findShort(at('apply'), 'f')?.name, 'filename');
    assert.equal(findShort(at('apply'), 'n')?.name, 'namespace');
    assert.equal(findFlag(at('get'), 'all_namespaces')?.name, 'all-namespaces');
    assert.equal(findFlag(at('get'), 'all'), undefined);
    assert.equal(findFlag(at('get'), '__proto__'), undefined);
  });
});
