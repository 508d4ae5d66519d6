import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import { LANGS } from '../../core/text/words/lang.ts';
import { CLI_COMMANDS, type CommandName } from '../commands.ts';
import { EXIT } from '../terminal/command.ts';
import { helpOf, helpOfAll } from './help.ts';

// as: the keys of the table itself.
const NAMES = Object.keys(CLI_COMMANDS) as readonly CommandName[];

describe('the help of every command', () => {
  for (const name of NAMES) {
    test(name, async () => {
      const command = await CLI_COMMANDS[name].load();
      assert.equal(command.name, name);
      for (const lang of LANGS) {
        const { help } = DICTIONARIES[lang];
        const said = helpOf(command, lang);
        assert.ok(said.startsWith(`${help.commands[name].summary}\n`), said);
        assert.ok(said.includes(`\n  ${command.example}\n`), 'an example');
        assert.ok(command.example.startsWith(`blastgate ${name}`), command.example);
        for (const option of Object.keys(command.options))
          assert.match(said, new RegExp(`^ +(-\\w, )?--${option}( .+)? {2}\\S`, 'm'), `--${option} is not explained`);
        for (const option of Object.keys(help.commands[name].options))
          assert.ok(option in command.options, `--${option} is explained and not taken`);
        assert.match(said, /^ {3}0 {2}\S/m);
        assert.match(said, /^ {3}2 {2}\S/m);
      }
      const short = Object.entries(command.options).map(([option, { short }]) =>
        short === undefined ? `--${option}` : `-${short}`,
      );
      for (const option of short) assert.ok(command.usage.includes(option), `${option} is not in the usage`);
    });
  }

  test('no two exit codes of a command are the same', async () => {
    for (const name of NAMES) {
      const { exits } = await CLI_COMMANDS[name].load();
      const codes = exits.map((meaning) => (meaning === 'done' ? EXIT.auto : EXIT[meaning]));
      assert.deepEqual(
        codes,
        [...new Set(codes)].toSorted((a, b) => a - b),
        name,
      );
    }
  });
});

test('the list names every command with what it does', () => {
  for (const lang of LANGS) for (const name of NAMES) assert.match(helpOfAll(lang), new RegExp(`^  ${name} +\\S`, 'm'));
});
