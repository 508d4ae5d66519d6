// The command line's front door: finds the command, reads its options, turns errors into exit codes.
import { parseArgs } from 'node:util';
import { visible } from '../../core/text/escape.ts';
import { maskText } from '../../core/text/mask.ts';
import { CLI_COMMANDS, isCommandName } from '../commands.ts';
import { type CliCommand, CommandFailed, EXIT, type Terminal, UsageError } from '../terminal/command.ts';
import { asCalled, calledAs } from './called-as.ts';
import { languageOf, unknownLanguage } from './language.ts';
import { nearMiss } from './near-miss.ts';

/** Runs one command line (without "node" and the script) and returns the exit code; errors are printed, never thrown. */
export async function runCli(argv: readonly string[], given: Terminal): Promise<number> {
  // Errors repeat the words of whoever called, which a script may have taken from anywhere.
  const called = calledAs(given.env);
  const terminal: Terminal = { ...given, err: (text) => given.err(visible(asCalled(text, called))) };
  const [name, ...rest] = argv;
  if (name === COMPLETE) return completion(rest, terminal);
  await sayLanguage(name, terminal);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') return help(rest[0], terminal);
  if (name === '--version' || name === 'version') return version(terminal);
  if (!isCommandName(name)) {
    const near = nearMiss(name, Object.keys(CLI_COMMANDS));
    terminal.err(`blastgate: there is no command "${name}".${near === null ? '' : ` Did you mean "${near}"?`}\n`);
    terminal.err('Run `blastgate --help` for the list.\n');
    return EXIT.usage;
  }
  if (asksForHelp(rest)) return help(name, terminal);
  const command = await CLI_COMMANDS[name].load();
  try {
    return await command.run(readInput(command, rest), terminal);
  } catch (error) {
    return complain(error, command, terminal);
  }
}

/** A language that there is none of is said, once; `serve` and `doctor` refuse it as a wrong setting. */
const sayLanguage = async (name: string | undefined, terminal: Terminal): Promise<void> => {
  const language = unknownLanguage(terminal.env);
  if (language === null || name === 'serve' || name === 'doctor') return;
  const { DICTIONARIES } = await import('../../core/text/words/dictionaries.ts');
  terminal.err(`warning: ${DICTIONARIES.en.terminal.fallback(JSON.stringify(language))}\n`);
};

/** Our own --help stands before `--`; behind it, it belongs to the command that is judged. */
const asksForHelp = (words: readonly string[]): boolean => {
  const dash = words.indexOf('--');
  return (dash === -1 ? words : words.slice(0, dash)).some((word) => word === '--help' || word === '-h');
};

const readInput = (command: CliCommand, words: readonly string[]) => {
  const dash = words.indexOf('--');
  const own = dash === -1 ? words : words.slice(0, dash);
  const after = dash === -1 ? null : words.slice(dash + 1);
  try {
    const parsed = parseArgs({ args: [...own], options: command.options, allowPositionals: true, strict: true });
    const values: Record<string, string | boolean> = {};
    for (const [key, value] of Object.entries(parsed.values)) {
      if (typeof value === 'string' || typeof value === 'boolean') values[key] = value;
    }
    return { values, words: parsed.positionals, after };
  } catch (error) {
    throw new UsageError(withSuggestion(error instanceof Error ? error.message : String(error), command));
  }
};

const withSuggestion = (message: string, command: CliCommand): string => {
  const unknown = /Unknown option '(-+)([^']+)'/.exec(message);
  if (unknown === null) return message.split('. To specify')[0] ?? message;
  const near = nearMiss(unknown[2] ?? '', Object.keys(command.options));
  return `there is no option ${unknown[1]}${unknown[2]}${near === null ? '' : `; did you mean --${near}?`}`;
};

const complain = (error: unknown, command: CliCommand, terminal: Terminal): number => {
  if (error instanceof UsageError) {
    terminal.err(
      `blastgate ${command.name}: ${maskText(error.message)}\nusage: ${command.usage.replaceAll('\n', '\n       ')}\n`,
    );
    return EXIT.usage;
  }
  if (error instanceof CommandFailed) {
    terminal.err(`blastgate ${command.name}: ${maskText(error.message)}\n`);
    return EXIT.broken;
  }
  const detail =
    error instanceof Error ? (terminal.env['BLASTGATE_DEBUG'] ? error.stack : error.message) : String(error);
  terminal.err(`blastgate ${command.name}: ${maskText(detail ?? '')}\n`);
  return EXIT.broken;
};

const help = async (name: string | undefined, terminal: Terminal): Promise<number> => {
  const { helpOf, helpOfAll } = await import('./help.ts');
  const lang = languageOf(terminal.env);
  const text =
    name !== undefined && isCommandName(name) ? helpOf(await CLI_COMMANDS[name].load(), lang) : helpOfAll(lang);
  terminal.out(asCalled(text, calledAs(terminal.env)));
  return EXIT.auto;
};

/** For shells, not for people: it stands in no list. */
const COMPLETE = '__complete';

const completion = async (words: readonly string[], terminal: Terminal): Promise<number> => {
  const { complete } = await import('./complete.ts');
  terminal.out(await complete(words, languageOf(terminal.env)));
  return EXIT.auto;
};

const version = async (terminal: Terminal): Promise<number> => {
  const { readFile } = await import('node:fs/promises');
  const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  terminal.out(`blastgate ${manifest.version} (node ${process.versions.node})\n`);
  return 0;
};

/** Runs the process's own command line. */
export async function main(): Promise<void> {
  const { terminalOfProcess } = await import('./terminal.ts');
  process.exitCode = await runCli(process.argv.slice(2), terminalOfProcess());
}

if (import.meta.main) await main();
