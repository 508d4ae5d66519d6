// Programs that are none of kubectl, rm or a wrapper: filters do nothing, the others are opaque, and what they are given to
// run or to execute as SQL is read.
import { type Destruction, EMPTY_PART } from '../model/understanding.ts';
import { dropsDatabase, dropsSql } from './shell/destruction.ts';
import { isPlainEditor } from './shell/editors.ts';
import { NOT_KNOWN } from './shell/prints.ts';
import { baseName, INTERPRETERS, programKind, SQL_CLIENTS, steersKubectl } from './shell/programs.ts';
import { nestedScripts } from './shell/runners.ts';
import { inputOf, type SimpleCommand } from './shell/simple-command.ts';
import { isUnknown } from './shell/unknown.ts';
import { textsOfWords, type Word, wordOf } from './shell/words.ts';
import type { NestedReading } from './understand-kubectl.ts';
import { opaquePart, type UnderstandingBuilder } from './understanding-builder.ts';

/** Something of a part destroys. */
export function addDestruction(builder: UnderstandingBuilder, what: Destruction): void {
  builder.parts.push({ ...EMPTY_PART, destructions: [what] });
}

/** Texts that are executed are read for SQL, as far as the budget goes. */
export function readSql(builder: UnderstandingBuilder, texts: readonly string[]): void {
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
}

/** Texts that a program is fed and runs: a shell, ssh without a command, source, at. */
export function understandFed(builder: UnderstandingBuilder, read: NestedReading, { fed }: SimpleCommand): void {
  for (const text of fed) read.script(builder, text, NOT_KNOWN);
}

/** A shell without a script of its own runs what it is fed, or a file. */
export function understandShell(builder: UnderstandingBuilder, read: NestedReading, command: SimpleCommand): void {
  understandFed(builder, read, command);
  if (builder.where === 'container') readSql(builder, textsOfWords(command.words.slice(1)));
  const isText = command.piped !== 'later' && command.stdin !== null && !isUnknown(command.stdin);
  if (!isText) builder.parts.push(opaquePart('a shell runs what is only known when it runs', 'dual'));
}

/** ShellVariables that export KUBECONFIG=…, declare -x PATH=… and the like set. */
const setBy = (program: string, words: readonly string[]): readonly string[] =>
  /^(?:export|declare|typeset|local|readonly|read|unset|printf)$/.test(program)
    ? words.map((word) => word.split(/\+?=/)[0] ?? '')
    : [];

/** A variable that picks another cluster for what comes later. */
export function understandSet(builder: UnderstandingBuilder, variables: readonly string[]): void {
  if (variables.some(steersKubectl)) builder.parts.push({ ...EMPTY_PART, overridesTarget: true });
  if (variables.includes('KUBECONFIG')) builder.context.switched = true;
}

/** What an opaque program is given to run, and to execute as SQL: in a container any program may be a client. */
const understandGiven = (
  builder: UnderstandingBuilder,
  read: NestedReading,
  command: SimpleCommand,
  judged: Set<Word>,
): void => {
  const [name = wordOf(''), ...rest] = command.words;
  const texts = textsOfWords(rest);
  const program = baseName(name.text);
  const nested = nestedScripts(command.words, inputOf(command));
  for (const word of nested.judged) judged.add(word);
  // what refuses the program itself is enough
  for (const script of nested.scripts) read.script({ ...builder, refusals: [] }, script, inputOf(command));
  if (dropsDatabase(program, texts)) addDestruction(builder, 'sql-drop');
  const client = textsOfWords(command.words).findIndex(
    (word) => SQL_CLIENTS.has(baseName(word)) || INTERPRETERS.has(baseName(word)),
  );
  if (client >= 0) readSql(builder, [...texts.slice(client), ...command.fed]);
  else if (builder.where === 'container' && program !== 'find') readSql(builder, texts);
  if (/^(?:ssh|su|source|\.|at|batch)$/.test(program)) understandFed(builder, read, command);
};

/** Any program that is none of kubectl, rm, a wrapper or a shell; `judged` collects the words that were read as scripts. */
export function understandOther(
  builder: UnderstandingBuilder,
  read: NestedReading,
  command: SimpleCommand,
  judged: Set<Word>,
): void {
  const [name = wordOf(''), ...rest] = command.words;
  const texts = textsOfWords(rest);
  const program = baseName(name.text);
  const kind = programKind(name.text, texts);
  switch (kind) {
    case 'quiet':
    case 'filter':
      understandSet(builder, setBy(program, texts));
      return;
    case 'reader':
      builder.parts.push(opaquePart(`${program} shows a file`, 'human'));
      return;
    case 'switcher':
      builder.context.switched = true;
      builder.parts.push(opaquePart(`${program} picks another context`, 'human'));
      return;
    case 'editor':
      if (command.piped !== 'no' && isPlainEditor(program, texts)) return;
      builder.parts.push(opaquePart(`what ${program} does is not known`, command.piped === 'no' ? 'dual' : 'human'));
      return;
    case 'data':
    case 'other':
      builder.parts.push(opaquePart(`what ${program} does is not known`, 'dual'));
      if (kind === 'other') understandGiven(builder, read, command, judged);
      return;
    default:
      kind satisfies never;
  }
}
