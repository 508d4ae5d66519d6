// A kubectl argv becomes an invocation, read as cobra and pflag do: command, flags, arguments, and what is refused.
import type { Refusal, RefusalCode } from '../../model/refusal.ts';
import { isUnknown, UNKNOWN } from '../shell/unknown.ts';
import { type CommandNode, type Flag, findFlag, findShort } from './commands.ts';
import { findCommand } from './find-command.ts';
import { ADDS_UP, readGoValue } from './go-values.ts';
import type { Invocation } from './invocation.ts';
import { refusedFlags } from './refused-flags.ts';
import { usageErrors } from './usage.ts';

/** What reading the words fills in. */
interface Reading {
  readonly command: CommandNode;
  readonly flags: Map<string, string[]>;
  readonly args: string[];
  readonly refusals: Refusal[];
  argsBeforeDash: number | null;
  /** Some flag is given more than once. */
  repeated: boolean;
  /** A word in the place of an argument is only known when it runs: it may turn out to be a flag. */
  mayHoldFlags: boolean;
}

const refuse = (reading: Reading, code: RefusalCode, about: string): void => {
  reading.refusals.push({ code, about });
};

const setFlag = (reading: Reading, flag: Flag, text: string): void => {
  const value = readGoValue(flag.type, text);
  if (!value.ok && !isUnknown(text)) {
    const name = flag.short === '' ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
    refuse(reading, 'bad-flag-value', `invalid argument ${JSON.stringify(text)} for "${name}" flag: ${value.why}`);
  }
  const before = reading.flags.get(flag.name);
  const values = value.ok ? value.values : [text];
  if (before === undefined) {
    reading.flags.set(flag.name, values);
    return;
  }
  reading.repeated = true;
  for (const one of values) before.push(one);
};

/** One "--name", "--name=value" or "--name value"; answers how many further words it took. */
const readLong = (reading: Reading, word: string, next: string | undefined): number => {
  if (word[2] === '-' || word[2] === '=') {
    refuse(reading, 'unknown-flag', `bad flag syntax: ${word}`);
    return 0;
  }
  const equals = word.indexOf('=');
  const name = equals < 0 ? word.slice(2) : word.slice(2, equals);
  const flag = findFlag(reading.command, name);
  if (flag === undefined) {
    refuse(reading, 'unknown-flag', `unknown flag: --${name}`);
    return 0;
  }
  if (equals >= 0) setFlag(reading, flag, word.slice(equals + 1));
  else if (flag.noOptDefault !== '') setFlag(reading, flag, flag.noOptDefault);
  else if (next !== undefined) {
    setFlag(reading, flag, next);
    return 1;
  } else refuse(reading, 'bad-flag-value', `flag needs an argument: --${name}`);
  return 0;
};

/** One cluster such as "-it", "-n=foo", "-nfoo" or "-n foo"; answers how many further words it took. */
const readShorts = (reading: Reading, word: string, next: string | undefined): number => {
  for (let shorts = word.slice(1); shorts !== ''; ) {
    // pflag leaves flags of Go's test programs alone, in kubectl too.
    if (shorts.startsWith('test.')) return 0;
    const letter = shorts[0] ?? '';
    const flag = findShort(reading.command, letter);
    if (flag === undefined) {
      refuse(reading, 'unknown-flag', `unknown shorthand flag: '${letter}' in -${shorts}`);
      return 0;
    }
    if (shorts.length > 2 && shorts[1] === '=') {
      setFlag(reading, flag, shorts.slice(2));
      return 0;
    }
    if (flag.noOptDefault === '') {
      if (shorts.length > 1) setFlag(reading, flag, shorts.slice(1));
      else if (next === undefined)
        refuse(reading, 'bad-flag-value', `flag needs an argument: '${letter}' in -${shorts}`);
      else {
        setFlag(reading, flag, next);
        return 1;
      }
      return 0;
    }
    setFlag(reading, flag, flag.noOptDefault);
    shorts = shorts.slice(1);
  }
  return 0;
};

const readWords = (reading: Reading, words: readonly string[]): void => {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word.length < 2 || word[0] !== '-') {
      reading.args.push(word);
      if (word[0] === UNKNOWN) reading.mayHoldFlags = true;
    } else if (word === '--') {
      reading.argsBeforeDash = reading.args.length;
      for (const rest of words.slice(at + 1)) reading.args.push(rest);
      return;
    } else if (word[1] === '-') at += readLong(reading, word, words[at + 1]);
    else at += readShorts(reading, word, words[at + 1]);
  }
};

/** The same flag with two values, of which kubectl would take the last: a reviewer may have read the first. */
const conflicts = (reading: Reading): void => {
  for (const [name, values] of reading.flags) {
    if (values.length < 2) continue;
    const flag = findFlag(reading.command, name);
    if (flag !== undefined && !ADDS_UP.has(flag.type) && values.some((value) => value !== values[0]))
      refuse(reading, 'conflicting-flags', `--${name}`);
  }
};

const unknownCommand = (word: string, rest: readonly string[]): Invocation => ({
  path: [],
  key: '',
  unknown: word,
  flags: new Map(),
  args: rest,
  argsBeforeDash: null,
  refusals: [
    isUnknown(word)
      ? { code: 'unknown-word', about: 'in the place of the command' }
      : { code: 'unknown-command', about: `unknown command ${JSON.stringify(word)} for "kubectl"` },
  ],
  help: false,
});

/**
 * Reads the argv of a kubectl command, without the word "kubectl" (kubectl 1.36, parsing rules A and B).
 * Values come in one spelling: bools "true" or "false", integers decimal, lists split. What kubectl would refuse is a
 * refusal in its words; the rest is filled as if it ran.
 */
export function parseKubectl(argv: readonly string[]): Invocation {
  const { command, rest, unknown } = findCommand(argv);
  if (unknown !== null) return unknownCommand(unknown, rest);
  const reading: Reading = {
    command,
    flags: new Map(),
    args: [],
    refusals: [],
    argsBeforeDash: null,
    repeated: false,
    mayHoldFlags: false,
  };
  readWords(reading, rest);
  // $X may be --dry-run=none or --help=false: neither a dry run nor help may be believed then.
  const help = reading.flags.get('help')?.at(-1) === 'true' && !reading.mayHoldFlags;
  if (reading.mayHoldFlags && reading.flags.has('dry-run'))
    refuse(reading, 'unknown-flag', 'a word that is only known when it runs may be a flag');
  const invocation: Invocation = {
    path: command.path,
    key: command.key,
    unknown: null,
    flags: reading.flags,
    args: reading.args,
    argsBeforeDash: reading.argsBeforeDash,
    refusals: reading.refusals,
    help,
  };
  if (reading.repeated) conflicts(reading);
  if (!help) for (const one of usageErrors(invocation, command)) reading.refusals.push(one);
  for (const one of refusedFlags(invocation, command)) reading.refusals.push(one);
  return invocation;
}
