// That the session in the README is a real one: each offline command is run, and says what stands there.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readmeBlocks } from './readme-blocks.ts';

const MAIN = fileURLToPath(new URL('../src/doors/cli/main.ts', import.meta.url));
const START = '$ npx --no-install blastgate ';

interface Shown {
  readonly command: string;
  readonly output: string;
}

/** "$ command", its further lines after a backslash, then what it printed. */
const session = (block: string): readonly Shown[] =>
  block
    .split(/^(?=\$ )/m)
    .map((part) => {
      const [, command = '', output = ''] = /^(\$ (?:.*\\\n)*.*)\n([\s\S]*)$/.exec(part) ?? [];
      return { command: command.replace(/\\\n\s*/g, ''), output: output.trimEnd() };
    })
    .filter(({ command }) => command !== '');

/** Plain and single-quoted words, which is all that the README uses; anything else is an error of the README. */
const words = (line: string): readonly string[] => {
  assert.match(line, /^(?:[\w./:=,@-]+|'[^']*'| )+$/, `the README has a command that this test cannot read: ${line}`);
  return [...line.matchAll(/'([^']*)'|([\w./:=,@-]+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
};

const shown = readmeBlocks('console').flatMap(session);

test('the README has a session', () => assert.ok(shown.length >= 3, `${shown.length} commands`));

for (const { command, output } of shown) {
  test(`README: ${command}`, () => {
    assert.ok(command.startsWith(START), `only offline commands of blastgate stand in a session, not "${command}"`);
    const env = { PATH: process.env['PATH'], NO_COLOR: '1' };
    const run = spawnSync(process.execPath, [MAIN, ...words(command.slice(START.length))], { encoding: 'utf8', env });
    assert.equal(run.stderr, '');
    const printed = run.stdout
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
    assert.equal(printed, output);
  });
}
