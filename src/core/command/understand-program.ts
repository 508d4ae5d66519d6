// One simple command, of a line or of an argv, becomes parts: kubectl's by effects, wrappers looked through, other
// programs by their table.
import type { Part } from '../model/understanding.ts';
import { removesTrees } from './shell/destruction.ts';
import { type Inner, lookThrough } from './shell/look-through.ts';
import { readPlain } from './shell/plain.ts';
import type { Printed } from './shell/prints.ts';
import {
  baseName,
  isKubectl,
  isRm,
  type ProgramKind,
  programKind,
  SHELLS,
  SQL_CLIENTS,
  steersKubectl,
} from './shell/programs.ts';
import { readLine, TANGLED } from './shell/read-line.ts';
import { argvCommand, innerCommand, inputOf, type SimpleCommand } from './shell/simple-command.ts';
import { isUnknown } from './shell/unknown.ts';
import { textsOfWords, type Word } from './shell/words.ts';
import { DEEPEST, type KubectlWords, type NestedReading, TOO_MUCH, understandKubectl } from './understand-kubectl.ts';
import {
  addDestruction,
  readSql,
  understandFed,
  understandOther,
  understandSet,
  understandShell,
} from './understand-other.ts';
import { opaquePart, refuse, type UnderstandingBuilder } from './understanding-builder.ts';

/** Wrappers before wrappers, such as sudo env timeout … */
const MOST_WRAPPERS = 16;

/** Parts before a tail's that it is compared with, and effects of a part that is compared. */
const MOST_COMPARED = 4;

const kubectlWords = ({ words }: SimpleCommand): KubectlWords => ({
  program: words[0]?.text ?? '',
  argv: textsOfWords(words.slice(1)),
});

const UNREAD = 'what it runs is only known when it runs';

/** Reads a text as a script of its own, with what its commands may be given; they are judged, but never executable. */
const understandScript = (builder: UnderstandingBuilder, script: string, input: Printed): void => {
  builder.budget.letters -= script.length;
  if (builder.depth >= DEEPEST || builder.budget.letters < 0) {
    builder.parts.push(TOO_MUCH);
    return;
  }
  const inner: UnderstandingBuilder = { ...builder, depth: builder.depth + 1 };
  const plain = readPlain(script);
  if (plain !== null) {
    const { exact, texts, dashed } = input;
    if (plain.length > 0) understandProgram(inner, { ...argvCommand(plain), stdin: exact, fed: texts, dashed });
    return;
  }
  builder.budget.nested -= 3;
  if (builder.budget.nested < 0) {
    builder.parts.push(TOO_MUCH);
    return;
  }
  const line = readLine(script, input);
  const functions = new Set([...builder.functions, ...line.functions]);
  for (const command of line.commands) understandProgram({ ...inner, functions }, command);
  if (line.unreadable !== null)
    builder.parts.push(opaquePart(line.unreadable, line.unreadable === TANGLED ? 'dual' : 'human'));
};

/** How what is nested is read: programs and scripts. */
export const READ: NestedReading = { program: understandProgram, script: understandScript };

/** A word that, where it begins the rest of an argv, may begin a command that somebody runs. */
const beginsCommand = (word: string): boolean => BEGINNINGS.has(baseName(word)) || isKubectl(word);

const BEGINNINGS: ReadonlySet<string> = new Set([
  ...SHELLS,
  ...SQL_CLIENTS,
  ...'rm sudo su ssh eval env xargs busybox toybox timeout nohup'.split(' '),
]);

/**
 * Every tail of an argv that begins with kubectl, rm or the like is judged too, and what it does is `found`: that finds wrappers
 * nobody listed.
 */
const understandTails = (
  builder: UnderstandingBuilder,
  command: SimpleCommand,
  judged: ReadonlySet<Word>,
  found: Part[],
): void => {
  const kubectl = isKubectl(command.words[0]?.text ?? '');
  const end = kubectl ? beforeData(command) : command.words.length;
  for (let at = 1; at < end; at++) {
    const word = command.words[at];
    if (word === undefined || judged.has(word)) continue;
    if (kubectl ? word.text !== 'kubectl' && !isRm(word.text) : !beginsCommand(word.text)) continue;
    // braces make many words of few letters, and each tail reads all that follow
    builder.budget.letters -= 16 * (command.words.length - at);
    if (builder.budget.tails-- <= 0 || builder.budget.letters < 0) {
      found.push({ ...opaquePart('it holds too many commands', 'dual'), undecided: true });
      return;
    }
    const inner: UnderstandingBuilder = { ...builder, parts: [], refusals: [] };
    understandAs(inner, innerCommand(command.words.slice(at), command), new Set());
    // In the arguments of kubectl and of unknown programs a name is only taken for a command when it would do something.
    for (const part of inner.parts)
      if (part.destructions.length > 0 || part.undecided || part.effects.some(({ kind }) => kind !== 'read'))
        found.push(part);
  }
};

/** Where the words end that may begin a command: before an echo, a grep or the like that kubectl runs in a container. */
const beforeData = (command: SimpleCommand): number => {
  const dash = command.words.findIndex(({ text }) => text === '--');
  const inner = dash < 0 ? [] : command.words.slice(dash + 1);
  return inner.length > 0 && isData(innerCommand(inner, command)) ? dash : command.words.length;
};

const judgeKubectl = (builder: UnderstandingBuilder, command: SimpleCommand, judged: Set<Word>): void => {
  const ran = understandKubectl(builder, READ, kubectlWords(command), command);
  if (ran === 'rehearses') for (const word of command.words) judged.add(word);
};

const understandRm = (builder: UnderstandingBuilder, words: readonly Word[]): void => {
  refuse(builder, 'not-kubectl', 'rm');
  builder.parts.push(opaquePart('rm removes files', 'dual'));
  if (removesTrees(words.map(({ raw }) => raw))) addDestruction(builder, 'recursive-delete');
};

/** Judges the command as the program that its first word names; `judged` collects the first words that were judged. */
const understandAs = (builder: UnderstandingBuilder, command: SimpleCommand, judged: Set<Word>, wrappers = 0): void => {
  const name = command.words[0];
  if (name === undefined) {
    understandSet(builder, command.assigned);
    return;
  }
  judged.add(name);
  if (isUnknown(name.text)) {
    // in a container it may be kubectl or rm: no hard rule can be decided (scoring section 7, b)
    const undecided = builder.where === 'container' && isUnknown(baseName(name.text));
    builder.parts.push({ ...opaquePart(UNREAD, 'dual'), undecided });
    refuse(builder, 'unknown-word', 'in the place of the program');
    const inner: UnderstandingBuilder = { ...builder, parts: [], refusals: [] };
    understandKubectl(inner, READ, kubectlWords(command), command);
    builder.parts.push(...inner.parts);
    return;
  }
  if (isKubectl(name.text)) {
    if (name.text !== 'kubectl') refuse(builder, 'kubectl-path', name.text);
    judgeKubectl(builder, command, judged);
    return;
  }
  if (builder.functions.has(name.text)) return;
  if (isRm(name.text)) {
    understandRm(builder, command.words.slice(1));
    return;
  }
  const inner: Inner | null =
    wrappers > MOST_WRAPPERS ? { kind: 'unread' } : lookThrough(command.words, inputOf(command));
  if (inner === null) {
    refuse(builder, 'not-kubectl', baseName(name.text));
    if (SHELLS.has(baseName(name.text))) understandShell(builder, READ, command);
    else understandOther(builder, READ, command, judged);
    return;
  }
  refuse(builder, 'wrapper', baseName(name.text));
  understandInner(builder, command, inner, judged, wrappers + 1);
};

/** What a wrapper runs. */
const understandInner = (
  builder: UnderstandingBuilder,
  command: SimpleCommand,
  inner: Inner,
  judged: Set<Word>,
  wrappers: number,
): void => {
  switch (inner.kind) {
    case 'command':
      understandAs(
        builder,
        { ...command, words: inner.words, assigned: [...command.assigned, ...inner.assigned] },
        judged,
        wrappers,
      );
      return;
    case 'commands':
      for (const words of inner.each) {
        // what xargs gives a command may make of it anything: a shell, a wrapper, another program
        const one: SimpleCommand = { ...command, words, stdin: null, fed: [], source: [], piped: 'no' };
        understandAs(builder, one, judged, wrappers);
        if (!isData(one)) understandTails(builder, one, judged, builder.parts);
      }
      return;
    case 'script':
      if (inner.of === 'all words') for (const word of command.words) judged.add(word);
      understandScript(builder, inner.script, inputOf(command));
      if (inner.of === 'one word' && builder.where === 'container')
        readSql(builder, behind(command.words, inner.script));
      return;
    case 'unread':
      understandFed(builder, READ, command);
      // a nested text that cannot be read: no hard rule can be decided (scoring section 7, b)
      builder.parts.push({ ...opaquePart(UNREAD, 'dual'), undecided: builder.where === 'container' });
      return;
    case 'nothing':
      return;
    default:
      inner satisfies never;
  }
};

/** The arguments of a script: what stands behind it. */
const behind = (words: readonly Word[], script: string): readonly string[] => {
  const texts = textsOfWords(words);
  return texts.slice(texts.indexOf(script) + 1);
};

const isData = ({ words }: SimpleCommand): boolean => {
  const name = words[0];
  if (name === undefined || isKubectl(name.text)) return name === undefined;
  return OF_DATA.has(programKind(name.text, textsOfWords(words.slice(1))));
};

const OF_DATA: ReadonlySet<ProgramKind> = new Set<ProgramKind>(['quiet', 'filter', 'reader', 'data']);

/** A kubectl argv of known words that names no second command: nothing but kubectl has to look at it. */
export function isKubectlAlone(argv: readonly string[]): boolean {
  if (argv[0] !== 'kubectl') return false;
  for (let at = 1; at < argv.length; at++) {
    const word = argv[at] ?? '';
    if (word === 'kubectl' || word.endsWith('rm') || isUnknown(word)) return false;
  }
  return true;
}

/** No shell read it: no variable, no input, no pipe. */
const NOTHING_BESIDE = argvCommand([]);

/** Judges such an argv, as understandProgram would. */
export function understandAlone(builder: UnderstandingBuilder, argv: readonly string[]): void {
  understandKubectl(builder, READ, { program: 'kubectl', argv: argv.slice(1) }, NOTHING_BESIDE);
}

/** A tail may be what a script, a wrapper or kubectl itself has said already; one of many effects is not compared. */
const addUnsaid = (builder: UnderstandingBuilder, parts: readonly Part[]): void => {
  const spelled = ({ effects }: Part): string | null =>
    effects.length > MOST_COMPARED ? null : JSON.stringify(effects);
  const said = new Set(builder.parts.slice(-MOST_COMPARED).map(spelled));
  for (const part of parts) {
    const own = spelled(part);
    if (part.destructions.length > 0 || part.undecided || own === null || !said.has(own)) builder.parts.push(part);
  }
};

/** Judges one simple command and everything that it would run (scoring section 1). */
export function understandProgram(builder: UnderstandingBuilder, command: SimpleCommand): void {
  const judged = new Set<Word>();
  understandAs(builder, command, judged);
  if (!isData(command)) {
    const found: Part[] = [];
    understandTails(builder, command, judged, found);
    if (found.length > 0) addUnsaid(builder, found);
  }
  if (command.opaque !== null) builder.parts.push(opaquePart(command.opaque, 'human'));
  if (command.assigned.length > 0 && command.words.length > 0) {
    refuse(builder, 'assignment', command.assigned[0] ?? null);
    if (command.assigned.some(steersKubectl))
      refuse(builder, 'identity-flag', command.assigned.find(steersKubectl) ?? null);
  }
  if (command.words.some((word) => isUnknown(word.text))) refuse(builder, 'unknown-word', null);
}
