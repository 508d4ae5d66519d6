// One simple command, of a line or of an argv, becomes parts: kubectl's by effects, wrappers looked through, other
// programs by their table.

import type { Command as Proposed, Surroundings } from '../model/command.ts';
import type { RefusalCode } from '../model/refusal.ts';
import { type Destruction, EMPTY_PART, type Part } from '../model/understanding.ts';
import { effectsOfInvocation } from './kubectl/effects.ts';
import type { Invocation } from './kubectl/invocation.ts';
import { parseKubectl } from './kubectl/parse.ts';
import { dropsSql, removesTrees } from './shell/destruction.ts';
import { type Inner, lookThrough, nestedScripts } from './shell/look-through.ts';
import { readPlain } from './shell/plain.ts';
import {
  baseName,
  INTERPRETERS,
  isKubectl,
  isRm,
  programKind,
  SHELLS,
  SQL_CLIENTS,
  steersKubectl,
} from './shell/programs.ts';
import { readLine, type SimpleCommand, TANGLED } from './shell/read-line.ts';
import { isUnknown } from './shell/unknown.ts';
import { type Word, wordOf } from './shell/words.ts';
import { opaquePart, refuse, type UnderstandingBuilder } from './understanding-builder.ts';

/** Texts inside texts, such as sh -c "sh -c '…'". */
const DEEPEST = 8;

/** Wrappers before wrappers, such as sudo env timeout … */
const MOST_WRAPPERS = 16;

const UNREAD = 'what it runs is only known when it runs';

const plainCommand = (words: readonly Word[], from: Pick<SimpleCommand, 'fed' | 'piped'>): SimpleCommand => ({
  words,
  assigned: [],
  stdin: null,
  inputFile: null,
  fed: from.fed,
  piped: from.piped,
  opaque: null,
});

/** An argv that no shell read. */
export function argvCommand(argv: readonly string[]): SimpleCommand {
  return plainCommand(argv.map(wordOf), { fed: [], piped: 'no' });
}

// ---- kubectl

/** Standard input as a file, where the line tells what it is; nothing where it does not. */
const withStdin = (surroundings: Surroundings, command: SimpleCommand): Surroundings => {
  const text = command.inputFile === null ? command.stdin : (surroundings.files.get(command.inputFile) ?? null);
  if (text === null && command.piped !== 'later' && command.inputFile === null) return surroundings;
  const files = new Map(surroundings.files);
  if (text === null) files.delete('-');
  else files.set('-', text);
  return { ...surroundings, files };
};

const UNKNOWN_COMMANDS: ReadonlySet<RefusalCode> = new Set(['unknown-command']);

const isUnknownWordThere = (invocation: Invocation): boolean =>
  invocation.refusals.some(({ code }) => code === 'unknown-word');

/** What runs in a container: kept only for what it destroys and what it asks of a cluster; exec itself is scored. */
const nestedParts = (builder: UnderstandingBuilder, command: SimpleCommand): readonly Part[] => {
  if (builder.depth >= DEEPEST) return [opaquePart('commands are nested too deep', 'dual')];
  const inner: UnderstandingBuilder = { ...builder, parts: [], refusals: [], depth: builder.depth + 1 };
  understandProgram(inner, command);
  return inner.parts.filter((part) => part.destructions.length > 0 || part.effects.length > 0);
};

const nestedProposed = (builder: UnderstandingBuilder, proposed: Proposed): readonly Part[] => {
  if (proposed.kind === 'argv') return nestedParts(builder, argvCommand(proposed.argv));
  if (builder.depth >= DEEPEST) return [opaquePart('commands are nested too deep', 'dual')];
  const inner: UnderstandingBuilder = { ...builder, parts: [], refusals: [], depth: builder.depth + 1 };
  understandScript(inner, proposed.line);
  return inner.parts.filter((part) => part.destructions.length > 0 || part.effects.length > 0);
};

/** The command in a container that reads a text of the line as its input. */
const containerInput = (
  builder: UnderstandingBuilder,
  invocation: Invocation,
  fed: readonly string[],
): readonly Part[] => {
  if (fed.length === 0 || !/^(?:exec|run|debug)$/.test(invocation.path[0] ?? '')) return [];
  const words = invocation.args.slice(invocation.argsBeforeDash ?? 1).map(wordOf);
  const program = words.length > 0 ? words : [wordOf('sh')];
  return nestedParts(builder, plainCommand(program, { fed, piped: 'later' }));
};

/** Reads kubectl's words, without "kubectl", as one part and those nested in it. */
const understandKubectl = (builder: UnderstandingBuilder, argv: readonly string[], command: SimpleCommand): void => {
  const invocation = parseKubectl(argv);
  const result = effectsOfInvocation(invocation, withStdin(builder.surroundings, command), (proposed) =>
    nestedProposed(builder, proposed),
  );
  for (const one of invocation.refusals) refuse(builder, one.code, one.about);
  for (const one of result.refusals) refuse(builder, one.code, one.about);
  const { effects, destructions, dryRun, undecided, innerArgv } = result;
  const unknown = !invocation.help && invocation.refusals.some(({ code }) => UNKNOWN_COMMANDS.has(code));
  const opaque = result.opaque ?? (unknown ? { why: 'kubectl has no such command', floor: 'human' as const } : null);
  const overridesTarget =
    result.overridesTarget || (command.assigned.length > 0 && command.assigned.some(steersKubectl));
  builder.parts.push({ effects, opaque, destructions, dryRun, overridesTarget, undecided, innerArgv });
  for (const part of result.nested) builder.parts.push(part);
  for (const part of containerInput(builder, invocation, command.fed)) builder.parts.push(part);
  // $OPTIONS may be empty or flags: the command behind an unknown word counts as well.
  if (invocation.path.length === 0 && isUnknownWordThere(invocation)) {
    const rest = argv.slice(argv.findIndex(isUnknown) + 1);
    if (rest.length > 0 && builder.budget.tails-- > 0) understandKubectl(builder, rest, command);
  }
};

// ---- other programs

const addDestruction = (builder: UnderstandingBuilder, what: Destruction): void => {
  builder.parts.push({ ...EMPTY_PART, destructions: [what] });
};

/** Texts that a client is given are read for SQL, as far as the budget goes. */
const readSql = (builder: UnderstandingBuilder, texts: readonly string[]): void => {
  for (const text of texts) {
    builder.budget.letters -= text.length;
    if (builder.budget.letters < 0) {
      builder.parts.push({ ...opaquePart('it is too much to read', 'dual'), undecided: true });
      return;
    }
    if (dropsSql(text)) {
      addDestruction(builder, 'sql-drop');
      return;
    }
  }
};

/** Reads a text as a script of its own, with texts that its commands may be fed; they are judged, but never executable. */
const understandScript = (builder: UnderstandingBuilder, script: string, fed: readonly string[] = []): void => {
  builder.budget.letters -= script.length;
  if (builder.depth >= DEEPEST || builder.budget.letters < 0) {
    builder.parts.push({ ...opaquePart('commands are nested too deep', 'dual'), undecided: true });
    return;
  }
  const inner: UnderstandingBuilder = { ...builder, depth: builder.depth + 1 };
  const plain = readPlain(script);
  if (plain !== null) {
    if (plain.length > 0) understandProgram(inner, { ...argvCommand(plain), fed });
    return;
  }
  const line = readLine(script, fed);
  const functions = new Set([...builder.functions, ...line.functions]);
  for (const command of line.commands) understandProgram({ ...inner, functions }, command);
  if (line.unreadable !== null)
    builder.parts.push(opaquePart(line.unreadable, line.unreadable === TANGLED ? 'dual' : 'human'));
};

const understandShell = (builder: UnderstandingBuilder, command: SimpleCommand): void => {
  for (const text of command.fed) understandScript(builder, text);
  const isText = command.piped !== 'later' && command.stdin !== null && !isUnknown(command.stdin);
  if (!isText) builder.parts.push(opaquePart('a shell runs what is only known when it runs', 'dual'));
};

/** export KUBECONFIG=…, declare -x PATH=… and the like. */
const setsSteering = (program: string, words: readonly string[]): boolean =>
  /^(?:export|declare|typeset|local|readonly|read|unset|printf)$/.test(program) &&
  words.some((word) => steersKubectl(word.split(/\+?=/)[0] ?? ''));

const understandOther = (builder: UnderstandingBuilder, command: SimpleCommand): void => {
  const [name = wordOf('')] = command.words;
  const texts = command.words.slice(1).map((word) => word.text);
  const program = baseName(name.text);
  const kind = programKind(name.text, texts);
  if (kind === 'quiet' || kind === 'filter') {
    if (setsSteering(program, texts)) builder.parts.push({ ...EMPTY_PART, overridesTarget: true });
    return;
  }
  const inPipe = kind === 'editor' && command.piped !== 'no';
  builder.parts.push(opaquePart(`what ${program} does is not known`, inPipe ? 'human' : 'dual'));
  if (kind === 'data') return;
  for (const script of nestedScripts(command.words)) understandScript(builder, script);
  const client = command.words.findIndex(
    (word) => SQL_CLIENTS.has(baseName(word.text)) || INTERPRETERS.has(baseName(word.text)),
  );
  if (client >= 0) readSql(builder, [...texts.slice(client), ...command.fed]);
  // ssh host, without a command, runs its input, and source what a substitution prints
  if (/^(?:ssh|su|source|\.)$/.test(program)) for (const text of command.fed) understandScript(builder, text);
};

/** A word that, where it begins the rest of an argv, may begin a command that somebody runs. */
const beginsCommand = (word: string): boolean => {
  const name = baseName(word);
  return (
    isKubectl(word) ||
    name === 'rm' ||
    SHELLS.has(name) ||
    SQL_CLIENTS.has(name) ||
    /^(?:sudo|su|ssh|eval|env|xargs|busybox|toybox|timeout|nohup)$/.test(name)
  );
};

/** Every tail of an argv that begins with kubectl, rm or the like is judged too: that finds wrappers nobody listed. */
const understandTails = (builder: UnderstandingBuilder, command: SimpleCommand, judged: ReadonlySet<Word>): void => {
  const [name = wordOf('')] = command.words;
  const kubectl = isKubectl(name.text);
  const end = kubectl ? beforeData(command) : command.words.length;
  for (let at = 1; at < end; at++) {
    const word = command.words[at];
    if (word === undefined || judged.has(word)) continue;
    if (kubectl ? word.text !== 'kubectl' && !isRm(word.text) : !beginsCommand(word.text)) continue;
    // braces make many words of few letters, and each tail reads all that follow
    builder.budget.letters -= 16 * (command.words.length - at);
    if (builder.budget.tails-- <= 0 || builder.budget.letters < 0) {
      builder.parts.push({ ...opaquePart('it holds too many commands', 'dual'), undecided: true });
      return;
    }
    const inner: UnderstandingBuilder = { ...builder, parts: [], refusals: [] };
    understandAs(inner, plainCommand(command.words.slice(at), command), new Set());
    // In the arguments of kubectl and of unknown programs a name is only taken for a command when it would do something.
    for (const part of inner.parts)
      if (part.destructions.length > 0 || part.undecided || part.effects.some(({ kind }) => kind !== 'read'))
        builder.parts.push(part);
  }
};

/** Where the words end that may begin a command: before an echo, a grep or the like that kubectl runs in a container. */
const beforeData = (command: SimpleCommand): number => {
  const dash = command.words.findIndex(({ text }) => text === '--');
  const inner = dash < 0 ? [] : command.words.slice(dash + 1);
  return inner.length > 0 && isData(plainCommand(inner, command)) ? dash : command.words.length;
};

/** Judges the command as the program that its first word names; `judged` collects the first words that were judged. */
const understandAs = (builder: UnderstandingBuilder, command: SimpleCommand, judged: Set<Word>, wrappers = 0): void => {
  const [name, ...rest] = command.words;
  if (name === undefined) {
    if (command.assigned.some(steersKubectl)) builder.parts.push({ ...EMPTY_PART, overridesTarget: true });
    return;
  }
  judged.add(name);
  const texts = rest.map((word) => word.text);
  if (isUnknown(name.text)) {
    builder.parts.push(opaquePart(UNREAD, 'dual'));
    refuse(builder, 'unknown-word', 'in the place of the program');
    const inner: UnderstandingBuilder = { ...builder, parts: [], refusals: [] };
    understandKubectl(inner, texts, command);
    builder.parts.push(...inner.parts);
    return;
  }
  if (isKubectl(name.text)) {
    if (name.text !== 'kubectl') refuse(builder, 'kubectl-path', name.text);
    understandKubectl(builder, texts, command);
    return;
  }
  if (builder.functions.has(name.text)) return;
  if (isRm(name.text)) {
    refuse(builder, 'not-kubectl', 'rm');
    builder.parts.push(opaquePart('rm removes files', 'dual'));
    if (removesTrees(rest.map((word) => word.raw))) addDestruction(builder, 'recursive-delete');
    return;
  }
  const inner: Inner | null = wrappers > MOST_WRAPPERS ? { kind: 'unread' } : lookThrough(command.words);
  if (inner === null) {
    refuse(builder, 'not-kubectl', baseName(name.text));
    if (SHELLS.has(baseName(name.text))) understandShell(builder, command);
    else understandOther(builder, command);
    return;
  }
  refuse(builder, 'wrapper', baseName(name.text));
  switch (inner.kind) {
    case 'command':
      understandAs(
        builder,
        { ...command, words: inner.words, assigned: [...command.assigned, ...inner.assigned] },
        judged,
        wrappers + 1,
      );
      return;
    case 'script':
      if (inner.of === 'all words') for (const word of command.words) judged.add(word);
      understandScript(builder, inner.script, command.fed);
      return;
    case 'unread':
      for (const text of command.fed) understandScript(builder, text);
      builder.parts.push(opaquePart(UNREAD, 'dual'));
      return;
    case 'nothing':
      return;
    default:
      inner satisfies never;
  }
};

const isData = (command: SimpleCommand): boolean => {
  const [name, ...rest] = command.words;
  if (name === undefined || isKubectl(name.text)) return name === undefined;
  const kind = programKind(
    name.text,
    rest.map((word) => word.text),
  );
  return kind === 'quiet' || kind === 'filter' || kind === 'data';
};

/** A kubectl argv of known words that names no second command: nothing but kubectl has to look at it. */
export function isKubectlAlone(argv: readonly string[]): boolean {
  if (argv[0] !== 'kubectl') return false;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === 'kubectl' || word.endsWith('rm') || isUnknown(word)) return false;
  }
  return true;
}

const ALONE: SimpleCommand = plainCommand([], { fed: [], piped: 'no' });

/** Judges such an argv, as understandCommand would. */
export function understandAlone(builder: UnderstandingBuilder, argv: readonly string[]): void {
  understandKubectl(builder, argv.slice(1), ALONE);
}

/** Judges one simple command and everything that it would run (scoring section 1). */
export function understandProgram(builder: UnderstandingBuilder, command: SimpleCommand): void {
  const judged = new Set<Word>();
  understandAs(builder, command, judged);
  if (!isData(command)) understandTails(builder, command, judged);
  if (command.opaque !== null) builder.parts.push(opaquePart(command.opaque, 'human'));
  if (command.assigned.length > 0 && command.words.length > 0) {
    refuse(builder, 'assignment', command.assigned[0] ?? null);
    if (command.assigned.some(steersKubectl))
      refuse(builder, 'identity-flag', command.assigned.find(steersKubectl) ?? null);
  }
  if (command.words.some((word) => isUnknown(word.text))) refuse(builder, 'unknown-word', null);
}
