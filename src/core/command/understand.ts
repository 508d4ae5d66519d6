// A proposed command, an argv or a line of text, becomes what it would do.

import type { Surroundings, TextCommand } from '../model/command.ts';
import { isTooLarge } from '../model/limits.ts';
import { cutSpans, type Span } from '../model/span.ts';
import type { Part, Understanding } from '../model/understanding.ts';
import { everything, secretSpans } from './secrets/secret-spans.ts';
import { readQuoted, readSimple } from './shell/plain.ts';
import { quoteArgv } from './shell/quote.ts';
import { readLine, TANGLED } from './shell/read-line.ts';
import { argvCommand, type SimpleCommand } from './shell/simple-command.ts';
import { isKubectlAlone, understandAlone, understandProgram } from './understand-program.ts';
import { opaquePart, refuse, startBuilder, type UnderstandingBuilder } from './understanding-builder.ts';

const NO_FUNCTIONS: ReadonlySet<string> = new Set();

/** What is understood but for the secrets, which are looked for in the whole command. */
type Understood = Omit<Understanding, 'secretSpans'>;

const done = (command: string, { parts, refusals }: UnderstandingBuilder): Understood => ({
  command,
  parts,
  refusals,
});

const tooLarge = (command: string): Understood => ({
  command,
  parts: [{ ...opaquePart('the command is larger than 64 KiB', 'dual'), undecided: true }],
  refusals: [{ code: 'too-large', about: null }],
});

/** A command whose reading broke off (a bug): it could do anything, so it is undecided and at least dual. */
export function notUnderstood(command: string): Understanding {
  return {
    command,
    secretSpans: everything(command),
    parts: [{ ...opaquePart('the command cannot be read', 'dual'), undecided: true }],
    refusals: [{ code: 'unreadable-line', about: null }],
  };
}

const nothingSaid = (command: string): Understood => ({
  command,
  parts: [opaquePart('there is no command', 'human')],
  refusals: [{ code: 'empty-command', about: null }],
});

/** `command`: the words quoted for a shell. */
const understandWords = (command: string, words: readonly string[], surroundings: Surroundings): Understood => {
  const builder = startBuilder(surroundings, NO_FUNCTIONS);
  if (isKubectlAlone(words)) understandAlone(builder, words);
  else if (words.every((word) => word === '')) return nothingSaid(command);
  else understandProgram(builder, argvCommand(words));
  return done(command, builder);
};

const understandArgv = (argv: readonly string[], surroundings: Surroundings): Understood => {
  const command = quoteArgv(argv);
  return isTooLarge({ kind: 'argv', argv }) ? tooLarge(command) : understandWords(command, argv, surroundings);
};

/** Where the grammar gives up, the words between separators are judged as they stand: that can only add. */
const understandTokens = (builder: UnderstandingBuilder, line: string): void => {
  for (const piece of line.split(/[;&|\n()`]+/).slice(0, 64)) {
    const words = piece
      .replace(/["'\\]/g, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    if (words.length === 0) continue;
    const inner: UnderstandingBuilder = { ...builder, parts: [], refusals: [] };
    understandProgram(inner, argvCommand(['unreadable', ...words]));
    builder.parts.push(...inner.parts.filter((part) => part.destructions.length > 0 || part.effects.length > 0));
  }
};

/** More parts than this nobody reads; a longer line is not searched for them. */
const MOST_PARTS = 8;
const MOST_COMMANDS = 64;

const writes = ({ effects, dryRun }: Part): boolean => !dryRun && effects.some(({ kind }) => kind !== 'read');

/**
 * The kubectl commands of a line that would change something and could be proposed alone. What reads, such as a
 * "&& kubectl rollout status" at its end, may be left out.
 */
const proposableAlone = (commands: readonly SimpleCommand[], surroundings: Surroundings): readonly string[] => {
  const alone = commands
    .filter(({ words, piped, stdin, inputFile, opaque, assigned }) => {
      const given = stdin !== null || inputFile !== null || piped === 'later';
      return words[0]?.text === 'kubectl' && !given && opaque === null && assigned.length === 0;
    })
    .map(({ words }) => words.map(({ text }) => text))
    .filter((argv) => isKubectlAlone(argv));
  const found: string[] = [];
  for (const argv of alone) {
    const builder = startBuilder(surroundings, NO_FUNCTIONS);
    understandAlone(builder, argv);
    if (
      builder.parts.some(writes) &&
      builder.refusals.length === 0 &&
      builder.parts.every(({ undecided }) => !undecided)
    )
      found.push(withoutSecrets(argv, surroundings));
  }
  const distinct = [...new Set(found)];
  return distinct.length > MOST_PARTS ? [] : distinct;
};

/** A part is another text than the line: its secrets stand elsewhere in it. */
const withoutSecrets = (argv: readonly string[], surroundings: Surroundings): string => {
  const text = quoteArgv(argv);
  return cutSpans(text, secretSpans({ kind: 'argv', argv }, text, surroundings, true));
};

const understandLine = (command: TextCommand & { readonly kind: 'line' }, surroundings: Surroundings): Understood => {
  const { line: text } = command;
  if (isTooLarge(command)) return tooLarge(text);
  const simple = readSimple(text);
  if (simple !== null) return understandWords(text, simple, surroundings);
  const plain = readQuoted(text);
  if (plain !== null) return plain.length === 0 ? nothingSaid(text) : understandArgv(plain, surroundings);
  const line = readLine(text);
  const builder = startBuilder(surroundings, line.functions);
  refuse(builder, 'shell-syntax', null);
  const writing = line.commands.filter((command) => {
    const before = builder.parts.length;
    understandProgram(builder, command);
    return builder.parts.slice(before).some(writes);
  });
  const commands = line.commands.length > MOST_COMMANDS ? [] : proposableAlone(writing, surroundings);
  if (commands.length > 0)
    builder.refusals[0] = { code: 'shell-syntax', about: null, detail: { kind: 'parts', commands } };
  if (line.unreadable !== null) {
    refuse(builder, 'unreadable-line', line.unreadable);
    const hidden = line.unreadable === TANGLED;
    builder.parts.push({
      ...opaquePart('the line cannot be read as shell', hidden ? 'dual' : 'human'),
      undecided: hidden,
    });
    understandTokens(builder, text);
  }
  return done(text, builder);
};

/**
 * What a command would do, part by part, and why it is not executable where it is not (scoring sections 1 and 8).
 * Total: any argv and any text gives an answer, in time linear in its length. A line of plain and quoted words is
 * understood exactly as the argv that it stands for.
 */
export function understand(command: TextCommand, surroundings: Surroundings): Understanding {
  try {
    return withSecrets(read(command, surroundings), command, surroundings);
  } catch {
    return notUnderstood(command.kind === 'argv' ? quoteArgv(command.argv) : command.line);
  }
}

/** Looked for once, and only when somebody asks. */
const withSecrets = (understood: Understood, command: TextCommand, surroundings: Surroundings): Understanding => {
  let found: readonly Span[] | null = null;
  const isRead = !understood.refusals.some(({ code }) => code === 'unreadable-line');
  return {
    ...understood,
    secretSpans: () => {
      found ??= secretSpans(command, understood.command, surroundings, isRead);
      return found;
    },
  };
};

const read = (command: TextCommand, surroundings: Surroundings): Understood =>
  command.kind === 'argv' ? understandArgv(command.argv, surroundings) : understandLine(command, surroundings);
