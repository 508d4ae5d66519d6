// A line of shell becomes the simple commands in it, wherever they stand.
import {
  type Command,
  forEachChild,
  type ParsedScript,
  parse,
  type Redirection,
  type SyntaxNode,
  type Word as SyntaxWord,
} from 'unbash';
import { baseName, programKind } from './programs.ts';
import { UNKNOWN } from './unknown.ts';
import { expandWord, joinParts, type Word, wordOf } from './words.ts';

/** One simple command found in a line, and what its surroundings there give it. */
export interface SimpleCommand {
  readonly words: readonly Word[];
  /** Variables set in front of it, or by it alone. */
  readonly assigned: readonly string[];
  /** Its standard input where that is a text of the line; null where it is not. */
  readonly stdin: string | null;
  /** A file that "<" reads from; null where there is none. */
  readonly inputFile: string | null;
  /** Texts of the line that may reach it as input or argument: here-documents, what an echo before a pipe prints. */
  readonly fed: readonly string[];
  /** It stands behind a pipe, or before one. */
  readonly piped: 'no' | 'first' | 'later';
  /** It has an expansion that is not looked into, or writes into a file. */
  readonly opaque: string | null;
}

/** What a line amounts to. */
export interface Line {
  readonly commands: readonly SimpleCommand[];
  /** Names of functions that the line defines: calling one does no more than its body, which is among the commands. */
  readonly functions: ReadonlySet<string>;
  /** Why the line, or a part of it, cannot be read; null when all of it was. */
  readonly unreadable: string | null;
}

/** Where a command stands. */
interface Place {
  readonly fed: readonly string[];
  readonly stdin: string | null;
  readonly inputFile: string | null;
  readonly piped: SimpleCommand['piped'];
  readonly opaque: string | null;
}

const START: Place = { fed: [], stdin: null, inputFile: null, piped: 'no', opaque: null };

interface Walk {
  readonly commands: SimpleCommand[];
  readonly functions: Set<string>;
  unreadable: string | null;
  depth: number;
}

/** Substitutions nested deeper than this are not read: each is parsed anew, and nobody writes them. */
const DEEPEST = 24;

/** The grammar library reads these wrongly (a number before a process substitution, a continuation behind "$"). */
const MISREAD = /\d[<>]\(|\$\\\n/;

const NOTHING: readonly string[] = [];

/** The grammar library needs more than linear time for these; nobody writes so many. */
const OPENERS = /<<|[<>$]\(/g;
const MOST_OPENERS = 2000;

/** Why a line is not read at all: of such a one nothing is known, not even that it is harmless. */
export const TANGLED = 'it holds too many substitutions and here-documents';

const isTangled = (line: string): boolean => {
  let found = 0;
  for (const _ of line.matchAll(OPENERS)) if (++found > MOST_OPENERS) return true;
  return false;
};

const walkScript = (walk: Walk, script: ParsedScript, place: Place): readonly string[] => {
  if (script.errors !== undefined && script.errors.length > 0)
    walk.unreadable ??= script.errors[0]?.message ?? 'syntax error';
  if (walk.depth >= DEEPEST) {
    walk.unreadable ??= 'substitutions are nested too deep';
    return NOTHING;
  }
  walk.depth++;
  const prints = script.commands.flatMap((statement) => walkNode(walk, statement, place));
  walk.depth--;
  return prints;
};

/** Reads the commands inside the words and parts of a node; answers what those substitutions print. */
const walkInside = (walk: Walk, node: SyntaxNode): readonly string[] => {
  const prints: string[] = [];
  const visit = (child: SyntaxNode): void => {
    if (child.type === 'Script') prints.push(...walkScript(walk, child, START));
    else forEachChild(child, visit);
  };
  forEachChild(node, visit);
  return prints;
};

const textOf = (word: SyntaxWord | undefined): string =>
  word === undefined ? '' : (expandWord(word).words[0]?.text ?? '');

/** What the redirections of a command change: its input, and whether it writes into a file. */
const redirected = (walk: Walk, redirects: readonly Redirection[], before: Place): Place => {
  if (redirects.length === 0) return before;
  // one list for all of them: a line may have thousands
  const fed = [...before.fed];
  let place: Place = { ...before, fed };
  for (const one of redirects) {
    const inside = walkInside(walk, one);
    if (one.type === 'HereDoc') {
      const body = joinParts(one.body.parts, one.body.text);
      place = { ...place, stdin: body, inputFile: null };
      fed.push(body, ...inside);
    } else if (one.type === 'HereString') {
      const body = `${textOf(one.target)}\n`;
      place = { ...place, stdin: body, inputFile: null };
      fed.push(body, ...inside);
    } else if (one.operator === '<' || one.operator === '<>') {
      place = { ...place, stdin: null, inputFile: textOf(one.target) };
      fed.push(...inside);
    } else if (one.operator !== '<&') {
      const target = textOf(one.target);
      const duplicate = one.operator === '>&' && /^(?:\d+-?|-)$/.test(target);
      if (!duplicate && target !== '/dev/null') place = { ...place, opaque: 'it writes into a file' };
    }
  }
  return place;
};

/** What a command prints, as far as the line tells: the words of echo and printf, the input that a filter passes on. */
const printsOf = (words: readonly Word[], place: Place): readonly string[] => {
  const name = baseName(words[0]?.text ?? '');
  const rest = words.slice(1).map((word) => word.text);
  if (name === 'echo') return [`${rest.filter((word, at) => !(at === 0 && /^-[neE]+$/.test(word))).join(' ')}\n`];
  if (name === 'printf') return [rest.join(' ').replaceAll('\\n', '\n')];
  const kind = programKind(words[0]?.text ?? '', rest);
  return kind === 'filter' || kind === 'editor' || name === 'tee' || name === 'cat' ? place.fed : NOTHING;
};

const walkCommand = (walk: Walk, node: Command, before: Place): readonly string[] => {
  let place = redirected(walk, node.redirects, before);
  const words: Word[] = [];
  const assigned: string[] = [];
  const fed: string[] = [];
  const add = (word: SyntaxWord): void => {
    const found = expandWord(word);
    words.push(...found.words);
    if (found.opaque) place = { ...place, opaque: place.opaque ?? 'it has an expansion that is not looked into' };
    if (word.parts !== undefined) fed.push(...walkInside(walk, word));
  };
  for (const one of node.prefix)
    if (one.type === 'Assignment') {
      assigned.push(one.name);
      fed.push(...walkInside(walk, one));
    }
  if (node.name !== undefined) add(node.name);
  for (const argument of node.args) {
    if (argument.type === 'Word') add(argument);
    else {
      assigned.push(argument.name);
      const value = argument.value.type === 'Word' ? textOf(argument.value) : UNKNOWN;
      words.push(wordOf(`${argument.name}=${value}`));
      fed.push(...walkInside(walk, argument));
    }
  }
  const { stdin, inputFile, piped, opaque } = place;
  walk.commands.push({
    words,
    assigned,
    stdin,
    inputFile,
    piped,
    opaque,
    fed: fed.length === 0 ? place.fed : [...place.fed, ...fed],
  });
  return printsOf(words, place);
};

const walkPipeline = (walk: Walk, commands: readonly SyntaxNode[], place: Place): readonly string[] => {
  let prints: readonly string[] = place.fed;
  commands.forEach((command, at) => {
    const fed = prints;
    const known = at > 0 && fed.length === 1 ? (fed[0] ?? null) : null;
    prints = walkNode(walk, command, {
      ...place,
      fed,
      stdin: at === 0 ? place.stdin : known,
      inputFile: at === 0 ? place.inputFile : null,
      piped: commands.length === 1 ? place.piped : at === 0 ? 'first' : 'later',
    });
  });
  return prints;
};

/** Reads every command of a node; answers the texts it may print. */
const walkNode = (walk: Walk, node: SyntaxNode, place: Place): readonly string[] => {
  if (node.type === 'Script') return walkScript(walk, node, place);
  if (node.type === 'Command') return walkCommand(walk, node, place);
  if (node.type === 'Pipeline') return walkPipeline(walk, node.commands, place);
  if (node.type === 'Redirected') return walkNode(walk, node.command, redirected(walk, node.redirects, place));
  if (node.type === 'Function') walk.functions.add(textOf(node.name));
  return walkChildren(walk, node, place);
};

const walkChildren = (walk: Walk, node: SyntaxNode, place: Place): readonly string[] => {
  const prints: string[] = [];
  forEachChild(node, (child) => {
    prints.push(...walkNode(walk, child, place));
  });
  return prints;
};

/**
 * The simple commands of a line, in pipes, lists, loops, functions, substitutions and here-documents (scoring section 1).
 * `fed`: texts that the line as a whole is given as input. Time is linear in the length; what is nested too deep is unreadable.
 */
export function readLine(line: string, fed: readonly string[] = []): Line {
  if (isTangled(line)) return { commands: [], functions: new Set(), unreadable: TANGLED };
  const walk: Walk = {
    commands: [],
    functions: new Set(),
    unreadable: MISREAD.test(line) ? 'its redirections can be read in two ways' : null,
    depth: 0,
  };
  try {
    walkScript(walk, parse(line), { ...START, fed });
  } catch (error) {
    // The grammar library recurses into functions without a limit; deeper than the stack is deeper than anybody writes.
    if (!(error instanceof RangeError)) throw error;
    walk.unreadable = 'it is nested too deep';
  }
  return walk;
}
