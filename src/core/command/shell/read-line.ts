// A line of shell becomes the simple commands in it, wherever they stand.
import {
  type AndOr,
  type Command,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  parse,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word as SyntaxWord,
} from 'unbash';
import { NOT_KNOWN, type Printed, printedBy, printedByAll } from './prints.ts';
import { baseName, programKind } from './programs.ts';
import type { SimpleCommand } from './simple-command.ts';
import { UNKNOWN, UNKNOWN_FLAGS, UNKNOWN_WORDS } from './unknown.ts';
import {
  assign,
  constantsOf,
  declares,
  forgetSetBy,
  forgetSetIn,
  noVariables,
  type ShellVariables,
} from './variables.ts';
import { type Constants, expandWord, joinParts, type Word, wordOf } from './words.ts';

/** What a line amounts to. */
export interface Line {
  readonly commands: readonly SimpleCommand[];
  /** Names of functions that the line defines: calling one does no more than its body, which is among the commands. */
  readonly functions: ReadonlySet<string>;
  /** Why the line, or a part of it, cannot be read; null when all of it was. */
  readonly unreadable: string | null;
}

/** A standard input that several commands share: whoever reads it first leaves nothing. */
interface Input {
  readonly printed: Printed;
  readonly file: string | null;
  used: boolean;
}

/** Where a command stands. */
interface Place {
  readonly input: Input;
  readonly piped: SimpleCommand['piped'];
  readonly source: readonly Word[];
  readonly opaque: string | null;
  /** What it prints goes where the next command reads, and is not turned away. */
  readonly printsOn: boolean;
  /** Somebody of the line reads what it prints: the next command of a pipe, a substitution. */
  readonly isRead: boolean;
  /** Every run of the line comes by here exactly once, in the shell itself: what is set here stays set. */
  readonly firm: boolean;
}

const inputOf = (printed: Printed, file: string | null = null): Input => ({ printed, file, used: false });

const NO_WORDS: readonly Word[] = [];

const startWith = (printed: Printed, of: 'line' | 'substitution'): Place => ({
  input: inputOf(printed),
  piped: 'no',
  source: NO_WORDS,
  opaque: null,
  printsOn: true,
  isRead: of === 'substitution',
  firm: of === 'line',
});

interface Walk {
  readonly commands: SimpleCommand[];
  readonly functions: Set<string>;
  readonly variables: ShellVariables;
  /** Their values. */
  readonly constants: Constants;
  unreadable: string | null;
  depth: number;
}

/** Substitutions nested deeper than this are not read: each is parsed anew, and nobody writes them. */
const DEEPEST = 24;

/** The grammar library reads these wrongly (a number before a process substitution, a continuation behind "$"). */
const MISREAD = /\d[<>]\(|\$\\\n/;

/** The grammar library needs more than linear time for these; nobody writes so many. */
const OPENERS = /<<|[<>$]\(/g;
const MOST_OPENERS = 2000;

/** Why a line is not read at all: of such a one nothing is known, not even that it is harmless. */
export const TANGLED = 'it holds too many substitutions and here-documents';

const isTangled = (line: string): boolean => {
  if (line.length <= 2 * MOST_OPENERS) return false;
  let found = 0;
  for (const _ of line.matchAll(OPENERS)) if (++found > MOST_OPENERS) return true;
  return false;
};

/** True for a line that is not read by the grammar at all, or not for sure. */
export function readsInTwoWays(line: string): boolean {
  return isTangled(line) || MISREAD.test(line);
}

const walkScript = (walk: Walk, script: ParsedScript, place: Place): Printed => {
  if (script.errors !== undefined && script.errors.length > 0)
    walk.unreadable ??= script.errors[0]?.message ?? 'syntax error';
  if (walk.depth >= DEEPEST) {
    walk.unreadable ??= 'substitutions are nested too deep';
    return NOT_KNOWN;
  }
  walk.depth++;
  const printed = script.commands.map((statement) => walkNode(walk, statement, place));
  walk.depth--;
  return together(printed, place);
};

/** What all of them print, where somebody reads it. */
const together = (printed: readonly Printed[], { isRead }: Place): Printed =>
  isRead ? printedByAll(printed) : NOT_KNOWN;

/** Reads the commands inside the words and parts of a node; answers what those substitutions print. */
const walkInside = (walk: Walk, node: SyntaxNode): Printed => {
  const printed: Printed[] = [];
  const visit = (child: SyntaxNode): void => {
    if (child.type === 'Script') printed.push(walkScript(walk, child, startWith(NOT_KNOWN, 'substitution')));
    else forEachChild(child, visit);
  };
  forEachChild(node, visit);
  return printed.length === 0 ? NOT_KNOWN : printedByAll(printed);
};

const textOf = (walk: Walk, word: SyntaxWord | undefined): string =>
  word === undefined ? '' : joinParts(word.parts, word.value, walk.constants);

/** What the redirections of a command change: its input, where it prints, and whether it writes into a file. */
const redirected = (walk: Walk, redirects: readonly Redirection[], before: Place): Place => {
  if (redirects.length === 0) return before;
  let place = before;
  const texts: string[] = [];
  for (const one of redirects) {
    if (before.firm) forgetSetIn(walk.variables, one, walk.functions);
    const inside = walkInside(walk, one);
    if (one.type === 'HereDoc' || one.type === 'HereString') {
      const body =
        one.type === 'HereDoc'
          ? joinParts(one.body.parts, one.body.text, walk.constants)
          : `${textOf(walk, one.target)}\n`;
      texts.push(body, ...inside.texts);
      place = { ...place, input: inputOf({ exact: body, texts: [], dashed: false }) };
    } else if (one.operator === '<' || one.operator === '<>') {
      texts.push(...inside.texts);
      place = { ...place, input: inputOf(NOT_KNOWN, textOf(walk, one.target)) };
    } else if (one.operator === '<&') place = { ...place, input: inputOf(NOT_KNOWN) };
    else {
      const target = textOf(walk, one.target);
      const duplicate = one.operator === '>&' && /^(?:\d+-?|-)$/.test(target);
      if (one.descriptor?.type !== 'FileDescriptor' || one.descriptor.value === 1)
        place = { ...place, printsOn: false };
      if (!duplicate && target !== '/dev/null') place = { ...place, opaque: 'it writes into a file' };
    }
  }
  if (place.input === before.input) return place;
  // one list for all of them: a line may have thousands
  const { printed, file } = place.input;
  return { ...place, input: inputOf({ ...printed, texts: [...before.input.printed.texts, ...texts] }, file) };
};

/** The shell's own words that do not read their standard input. */
const leavesInput = (words: readonly Word[]): boolean => {
  const program = words[0]?.text;
  return program === undefined || (programKind(program, []) === 'quiet' && baseName(program) !== 'read');
};

/** The words of a simple command, variables that it sets, and texts of the line that its substitutions print. */
interface CommandWords {
  readonly words: readonly Word[];
  readonly assigned: readonly string[];
  readonly fed: readonly string[];
  readonly opaque: boolean;
}

const wordsOf = (walk: Walk, node: Command): CommandWords => {
  const { variables, constants } = walk;
  const words: Word[] = [];
  const assigned: string[] = [];
  const fed: string[] = [];
  let opaque = false;
  const add = (word: SyntaxWord): void => {
    if (word.parts === undefined) {
      words.push(wordOf(word.value));
      return;
    }
    const found = expandWord(word, constants);
    if (found.opaque) opaque = true;
    forgetSetIn(variables, word, walk.functions);
    const inside = walkInside(walk, word);
    fed.push(...inside.texts);
    // what a substitution prints may be flags, which come last and win
    words.push(
      ...(inside.dashed
        ? found.words.map(({ text, raw }) => ({ text: text.replaceAll(UNKNOWN_WORDS, UNKNOWN_FLAGS), raw }))
        : found.words),
    );
  };
  for (const one of node.prefix)
    if (one.type === 'Assignment') {
      assigned.push(one.name);
      forgetSetIn(variables, one.value, walk.functions);
      fed.push(...walkInside(walk, one).texts);
    }
  if (node.name !== undefined) add(node.name);
  for (const argument of node.args) {
    if (argument.type === 'Word') add(argument);
    else {
      assigned.push(argument.name);
      const value = argument.value.type === 'Word' ? textOf(walk, argument.value) : UNKNOWN;
      words.push(wordOf(`${argument.name}=${value}`));
      fed.push(...walkInside(walk, argument).texts);
    }
  }
  return { words, assigned, fed, opaque };
};

const walkCommand = (walk: Walk, node: Command, before: Place): Printed => {
  const place = redirected(walk, node.redirects, before);
  const { words, assigned, fed, opaque } = wordsOf(walk, node);
  setVariables(walk, node, words, place.firm);
  const { printed, file, used } = place.input;
  if (!leavesInput(words)) place.input.used = true;
  const exact = used ? null : printed.exact;
  walk.commands.push({
    words,
    assigned,
    stdin: exact,
    inputFile: file,
    fed: fed.length === 0 ? printed.texts : [...printed.texts, ...fed],
    dashed: printed.dashed,
    piped: place.piped,
    source: place.source,
    opaque: place.opaque ?? (opaque ? 'it has an expansion that is not looked into' : null),
  });
  if (!place.isRead) return NOT_KNOWN;
  const prints = printedBy(words, { ...printed, exact });
  return place.printsOn ? prints : { ...prints, exact: null };
};

/** What a simple command makes known, and what it makes unknown, of the variables. */
const setVariables = (walk: Walk, node: Command, words: readonly Word[], firm: boolean): void => {
  const { variables, functions } = walk;
  const own = words.length === 0 ? node.prefix : declares(words) ? node.args : [];
  if (own.length === 0 || !firm) {
    forgetSetBy(variables, words, functions);
    return;
  }
  for (const one of own) if (one.type === 'Assignment') assign(variables, one);
};

/** A simple command whose output goes into the pipe. */
const passesOn = (node: SyntaxNode | undefined): boolean =>
  node?.type === 'Command' &&
  node.redirects.every(({ descriptor }) => descriptor?.type === 'FileDescriptor' && descriptor.value !== 1);

const walkPipeline = (walk: Walk, { commands }: Pipeline, place: Place): Printed => {
  let printed: Printed = place.input.printed;
  commands.forEach((command, at) => {
    const source = passesOn(commands[at - 1]) ? (walk.commands.at(-1)?.words ?? NO_WORDS) : NO_WORDS;
    printed = walkNode(walk, command, {
      ...place,
      input: at === 0 ? place.input : inputOf(printed),
      piped: commands.length === 1 ? place.piped : at === 0 ? 'first' : 'later',
      source,
      printsOn: true,
      isRead: place.isRead || at < commands.length - 1,
      firm: place.firm && commands.length === 1,
    });
  });
  return printed;
};

/** Reads every command of a node; answers what it may print. */
const walkNode = (walk: Walk, node: SyntaxNode, place: Place): Printed => {
  if (node.type === 'Script') return walkScript(walk, node, place);
  if (node.type === 'Command') return walkCommand(walk, node, place);
  if (node.type === 'Statement') return walkStatement(walk, node, place);
  if (node.type === 'AndOr') return walkAndOr(walk, node, place);
  if (node.type === 'Redirected') return walkNode(walk, node.command, redirected(walk, node.redirects, place));
  if (node.type === 'BraceGroup' || node.type === 'CompoundList') return walkChildren(walk, node, place);
  if (node.type === 'Pipeline') {
    if (place.firm && node.commands.length > 1) forgetSetIn(walk.variables, node, walk.functions);
    return walkPipeline(walk, node, place);
  }
  if (node.type === 'Function') walk.functions.add(node.name.value);
  // a loop, a condition, a subshell, a function: it may run never or often, or in a shell of its own
  if (place.firm) forgetSetIn(walk.variables, node, walk.functions);
  const printed = walkChildren(walk, node, { ...place, firm: false });
  return node.type === 'Subshell' ? printed : { ...printed, exact: null };
};

/** Only the first of "a && b || c" runs whatever happens. */
const walkAndOr = (walk: Walk, { commands: [first, ...rest] }: AndOr, place: Place): Printed => {
  const printed = first === undefined ? [] : [walkNode(walk, first, place)];
  for (const one of rest) {
    if (place.firm) forgetSetIn(walk.variables, one, walk.functions);
    printed.push({ ...walkNode(walk, one, { ...place, firm: false }), exact: null });
  }
  return together(printed, place);
};

const walkStatement = (walk: Walk, node: Statement, place: Place): Printed => {
  if (node.background !== true || !place.firm) return walkNode(walk, node.command, place);
  forgetSetIn(walk.variables, node, walk.functions);
  return walkNode(walk, node.command, { ...place, firm: false });
};

const walkChildren = (walk: Walk, node: SyntaxNode, place: Place): Printed => {
  const printed: Printed[] = [];
  forEachChild(node, (child) => {
    printed.push(walkNode(walk, child, place));
  });
  return together(printed, place);
};

/**
 * The simple commands of a line, in pipes, lists, loops, functions, substitutions and here-documents (scoring section 1).
 * `input`: what the line as a whole is given to read. Time is linear in the length; what is nested too deep is unreadable.
 */
export function readLine(line: string, input: Printed = NOT_KNOWN): Line {
  if (isTangled(line)) return { commands: [], functions: new Set(), unreadable: TANGLED };
  const variables = noVariables(line);
  const walk: Walk = {
    commands: [],
    functions: new Set(),
    variables,
    constants: constantsOf(variables),
    unreadable: MISREAD.test(line) ? 'its redirections can be read in two ways' : null,
    depth: 0,
  };
  try {
    walkScript(walk, parse(line), startWith(input, 'line'));
  } catch (error) {
    // The grammar library recurses into functions without a limit; deeper than the stack is deeper than anybody writes.
    if (!(error instanceof RangeError)) throw error;
    walk.unreadable = 'it is nested too deep';
  }
  return walk;
}
