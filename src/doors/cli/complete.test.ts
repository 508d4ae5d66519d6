import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LANGS } from '../../core/text/words/lang.ts';
import { CLI_COMMANDS, type CommandName } from '../commands.ts';
import { complete } from './complete.ts';

const completed = async (...words: readonly string[]) => {
  const lines = (await complete(words, 'en')).split('\n');
  assert.equal(lines.pop(), '', 'it ends with a line end');
  const directive = lines.pop();
  return { words: lines.map((line) => line.split('\t')[0]), lines, directive };
};

/** What is typed, what is offered: as shells ask, the last word may be empty. `:4` no files beside, `:0` files. */
const ROWS: readonly (readonly [typed: readonly string[], offered: readonly string[], directive: string])[] = [
  [['sc'], ['score'], ':4'],
  [['pro'], ['propose'], ':4'],
  [['nothing'], [], ':4'],
  [['score', '--po'], ['--policy'], ':4'],
  [['score', '-o', ''], ['text', 'json'], ':4'],
  [['score', '--output', 'j'], ['json'], ':4'],
  [['score', '--policy', ''], [], ':0'],
  [['score', '--request', 'x'], [], ':0'],
  [['score', '-n', ''], [], ':4'],
  [['score', '--', ''], [], ':0'],
  [['score', '--', 'kubectl', '--pol'], [], ':0'],
  [['score', ''], [], ':4'],
  [['list', '--state', 'aw'], ['awaiting-approval'], ':4'],
  [['list', '--state', 'approved', '--inc'], ['--incident'], ':4'],
  [['completion', ''], ['bash', 'zsh', 'fish'], ':4'],
  [['completion', 'bash', ''], [], ':4'],
  [['audit', 'v'], ['verify'], ':4'],
  [['policy', ''], ['check', 'test', 'explain'], ':4'],
  [['policy', 'check', ''], [], ':0'],
  [['explain', 'mutable-i'], ['mutable-image'], ':4'],
  [['help', 'sco'], ['score'], ':4'],
  [['__proto__', ''], [], ':0'],
  [['constructor', '--x', ''], [], ':0'],
];
for (const [typed, offered, directive] of ROWS)
  test(`${JSON.stringify(typed)} offers ${JSON.stringify(offered)} ${directive}`, async () => {
    const found = await completed(...typed);
    assert.deepEqual([found.words, found.directive], [offered, directive]);
  });

test('every command and each of its options is offered, with what it means, in each language', async () => {
  // as: the keys of the table itself.
  const names = Object.keys(CLI_COMMANDS) as readonly CommandName[];
  assert.deepEqual((await completed('')).words, names);
  for (const lang of LANGS)
    for (const name of names) {
      const { options } = await CLI_COMMANDS[name].load();
      const lines = (await complete([name, '-'], lang)).trimEnd().split('\n').slice(0, -1);
      assert.deepEqual(
        lines.map((line) => line.split('\t')[0]),
        [...Object.keys(options), 'help'].map((option) => `--${option}`),
      );
      for (const line of lines) assert.match(line, /^--[a-z-]+\t\S/, `${name}: ${line}`);
    }
});
