// A command of our own → what `--help` prints of it: usage, every option, one example, the exit codes.

import { ownValue } from '../../core/model/json.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { ExitMeaning, HelpWords } from '../../core/text/words/help.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { CLI_COMMANDS, type CommandName } from '../commands.ts';
import { type CliCommand, EXIT } from '../terminal/command.ts';
import { columns } from '../terminal/paint.ts';

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}\n`).join('');

const codeOf = (meaning: ExitMeaning): number => (meaning === 'done' ? EXIT.auto : EXIT[meaning]);

/** What stands for an option's value in the usage: "INC" of "--incident INC", "text|json" of "-o text|json". */
const valueIn = (usage: string, name: string, short: string | undefined): string => {
  const words = short === undefined ? `--${name}` : `(?:--${name}|-${short})`;
  return new RegExp(`${words} ('[^']*'|[^\\s\\])]+)`).exec(usage)?.[1] ?? 'TEXT';
};

/** What an option of a command means, by its long name; "" where there is none. */
export function optionMeaning(name: CommandName, option: string, { common, commands }: HelpWords): string {
  const own: Readonly<Record<string, string>> = commands[name].options;
  const shared: Readonly<Record<string, string>> = common;
  return ownValue(own, option) ?? ownValue(shared, option) ?? '';
}

/** The options with what each means; `--help` is every command's. */
const optionRows = ({ name, options, usage }: CliCommand, words: HelpWords): readonly string[] => {
  const rows = Object.entries(options).map(([option, { type, short }]) => {
    const letter = short === undefined ? '' : `-${short}, `;
    const value = type === 'string' ? ` ${valueIn(usage, option, short)}` : '';
    return [`${letter}--${option}${value}`, optionMeaning(name, option, words)];
  });
  return columns([...rows, ['-h, --help', words.common.help]]);
};

/** The whole help of one command. */
export function helpOf(command: CliCommand, lang: Lang): string {
  const { help } = DICTIONARIES[lang];
  const exits = command.exits.map((meaning) => [String(codeOf(meaning)).padStart(2), help.exits[meaning]]);
  return [
    `${help.commands[command.name].summary}\n`,
    `${help.usage}\n${indented(command.usage.split('\n'))}`,
    `${help.options}\n${indented(optionRows(command, help))}`,
    `${help.example}\n${indented([command.example])}`,
    `${help.exitCodes}\n${indented(columns(exits))}`,
  ].join('\n');
}

/** The list of commands, a line each. */
export function helpOfAll(lang: Lang): string {
  const { help } = DICTIONARIES[lang];
  // as: the keys of the table itself.
  const names = Object.keys(CLI_COMMANDS) as readonly CommandName[];
  const rows = columns(names.map((name) => [name, help.commands[name].summary]));
  return `${help.about}\n\n${help.usage}\n  blastgate COMMAND [OPTIONS]\n\n${indented(rows)}\n${help.oneOfThem}\n`;
}
