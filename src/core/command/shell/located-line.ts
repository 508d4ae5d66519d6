// A line of shell becomes its simple commands with every word where it stands: what looking for secrets needs of a line.
import {
  type AndOr,
  type Assignment,
  type Command,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  parse,
  type Redirection,
  type SyntaxNode,
  type Word as SyntaxWord,
  type WordPart,
} from 'unbash';
import { alignTo, coarse, concatLocated, type LocatedText, locatedAt, sliceOf } from './located-text.ts';
import { readsInTwoWays } from './read-line.ts';

/** NAME=value, in front of a command or alone. */
export interface LocatedAssignment {
  readonly name: string;
  readonly value: LocatedText;
}

/** A simple command. What the line sets and feeds stands beside its words. */
export interface LocatedCommand {
  readonly words: readonly LocatedText[];
  readonly assigned: readonly LocatedAssignment[];
  /** Here-documents and here-strings. */
  readonly inputs: readonly LocatedText[];
  /** Commands whose output it reads: before it in a pipe, or in its own substitutions. */
  readonly feeders: readonly LocatedCommand[];
}

export interface LocatedLine {
  /** Those in pipes, lists, loops, functions and substitutions too. */
  readonly commands: readonly LocatedCommand[];
  /** All of it was read. */
  readonly isReadable: boolean;
}

const NOT_READ: LocatedLine = { commands: [], isReadable: false };

/** A line of nothing but plain and quoted words, as an argv is quoted: most lines, read without the grammar. */
export function locateWords(line: LocatedText): readonly LocatedText[] | null {
  const words: LocatedText[] = [];
  let pieces: LocatedText[] = [];
  let isWord = false;
  const add = (piece: LocatedText): void => {
    pieces.push(piece);
    isWord = true;
  };
  const end = (): void => {
    if (isWord) words.push(concatLocated(pieces));
    pieces = [];
    isWord = false;
  };
  const { text } = line;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] ?? '';
    if (letter === ' ' || letter === '\t') end();
    else if (letter === "'") {
      const close = text.indexOf("'", at + 1);
      if (close < 0) return null;
      add(sliceOf(line, at + 1, close));
      at = close;
    } else if (letter === '\\') {
      if (at + 1 >= text.length || text[at + 1] === '\n') return null;
      add(alignTo(sliceOf(line, at, at + 2), text[at + 1] ?? ''));
      at++;
    } else if (PLAIN.test(letter)) {
      let close = at + 1;
      while (close < text.length && PLAIN.test(text[close] ?? '')) close++;
      add(sliceOf(line, at, close));
      at = close - 1;
    } else return null;
  }
  end();
  return words;
}

const PLAIN = /[\w@%+=:,./-]/;

/** A walk over one text that was parsed; `text` is where it stands in the whole. */
interface Walk {
  readonly text: LocatedText;
  readonly commands: LocatedCommand[];
  isReadable: boolean;
  depth: number;
}

/** Deeper than this nobody writes substitutions. */
const DEEPEST = 24;

/** The places of the grammar are units of the text that was parsed. */
const rawOf = ({ text }: Walk, { pos, end }: { readonly pos: number; readonly end: number }): LocatedText =>
  sliceOf(text, pos, end);

/** Of an expansion its own words stand for its value. */
const partOf = (walk: Walk, part: WordPart): LocatedText => {
  const raw = rawOf(walk, part);
  if (part.type === 'Literal') return alignTo(raw, part.value);
  if (part.type === 'SingleQuoted') return alignTo(sliceOf(raw, 1, 1 + part.value.length), part.value);
  if (part.type === 'AnsiCQuoted') return alignTo(sliceOf(raw, 2, Math.max(2, raw.text.length - 1)), part.value);
  if (part.type !== 'DoubleQuoted' && part.type !== 'LocaleString') return raw;
  return concatLocated(part.parts.map((one) => partOf(walk, one)));
};

const wordOf = (walk: Walk, word: SyntaxWord): LocatedText => {
  if (word.parts === undefined) return alignTo(rawOf(walk, word), word.value);
  return concatLocated(word.parts.map((part) => partOf(walk, part)));
};

/** A here-document: its tabs may be taken away, its variables stand as written. */
const bodyOf = (walk: Walk, one: Redirection): LocatedText | null => {
  if (one.type === 'HereString') return one.target === undefined ? null : wordOf(walk, one.target);
  if (one.type !== 'HereDoc') return null;
  // what was meant to be its text has become commands, or the other way round
  if (one.closing === undefined) walk.isReadable = false;
  const raw = rawOf(walk, one.body);
  return one.operator === '<<-' ? withoutTabs(raw) : raw;
};

const withoutTabs = (raw: LocatedText): LocatedText => {
  const lines: LocatedText[] = [];
  for (let at = 0; at < raw.text.length; ) {
    const newline = raw.text.indexOf('\n', at);
    const end = newline < 0 ? raw.text.length : newline + 1;
    let from = at;
    while (raw.text[from] === '\t') from++;
    lines.push(sliceOf(raw, from, end));
    at = end;
  }
  return concatLocated(lines);
};

/** Substitutions of a node, walked as commands of their own; they feed the command that they stand in. */
const inside = (walk: Walk, node: SyntaxNode): readonly LocatedCommand[] => {
  const before = walk.commands.length;
  const visit = (child: SyntaxNode): void => {
    if (child.type === 'Script') walkScript(walk, child);
    else if (child.type === 'CommandExpansion' && child.script !== undefined) walkExpansion(walk, child, child.script);
    else forEachChild(child, visit);
  };
  forEachChild(node, visit);
  return walk.commands.slice(before);
};

/** Backquotes may hold escapes: then the script is another text, and whatever is hidden of it hides all. */
const walkExpansion = (
  walk: Walk,
  node: { readonly pos: number; readonly end: number },
  script: ParsedScript & { readonly source?: string },
): void => {
  if (typeof script.source !== 'string') {
    walkScript(walk, script);
    return;
  }
  const own: Walk = { ...walk, text: coarse(rawOf(walk, node), script.source) };
  walkScript(own, script);
  walk.isReadable &&= own.isReadable;
};

const walkScript = (walk: Walk, script: ParsedScript): void => {
  if ((script.errors !== undefined && script.errors.length > 0) || walk.depth >= DEEPEST) {
    walk.isReadable = false;
    return;
  }
  walk.depth++;
  for (const statement of script.commands) walkNode(walk, statement, []);
  walk.depth--;
};

const assignedWord = (walk: Walk, { pos, value }: Assignment): LocatedText =>
  value.type === 'Word'
    ? concatLocated([rawOf(walk, { pos, end: value.pos }), wordOf(walk, value)])
    : rawOf(walk, { pos, end: value.end });

const walkCommand = (walk: Walk, node: Command, feeders: readonly LocatedCommand[]): void => {
  const words: LocatedText[] = [];
  const assigned: LocatedAssignment[] = [];
  const inputs: LocatedText[] = [];
  const fed: LocatedCommand[] = [...feeders];
  if (node.name !== undefined) words.push(wordOf(walk, node.name));
  for (const one of [...node.prefix, ...node.suffix]) {
    if (one.type === 'Word') words.push(wordOf(walk, one));
    else if (one.type === 'Assignment') {
      // behind the program it is a word of its like any other
      if (node.name !== undefined && one.pos > node.name.pos) words.push(assignedWord(walk, one));
      const values = one.value.type === 'Word' ? [one.value] : one.value.elements;
      for (const value of values) assigned.push({ name: one.name, value: wordOf(walk, value) });
    } else {
      const body = bodyOf(walk, one);
      if (body !== null) inputs.push(body);
    }
    fed.push(...inside(walk, one));
  }
  if (node.name !== undefined) fed.push(...inside(walk, node.name));
  walk.commands.push({ words, assigned, inputs, feeders: fed });
};

/** Every command of a pipe reads the one before it. */
const walkPipeline = (walk: Walk, { commands }: Pipeline, feeders: readonly LocatedCommand[]): void => {
  let fed = feeders;
  for (const command of commands) {
    const before = walk.commands.length;
    walkNode(walk, command, fed);
    fed = walk.commands.slice(before);
  }
};

const walkNode = (walk: Walk, node: SyntaxNode | AndOr, feeders: readonly LocatedCommand[]): void => {
  if (node.type === 'Script') walkScript(walk, node);
  else if (node.type === 'Command') walkCommand(walk, node, feeders);
  else if (node.type === 'Pipeline') walkPipeline(walk, node, feeders);
  else if (node.type === 'Word') inside(walk, node);
  else if (node.type === 'For' || node.type === 'Select') {
    const values = (node.wordlist ?? []).map((word) => ({ name: node.name.value, value: wordOf(walk, word) }));
    walk.commands.push({ words: [], assigned: values, inputs: [], feeders: [] });
    forEachChild(node, (child) => walkNode(walk, child, feeders));
  } else if (node.type === 'Redirected') {
    const inputs = node.redirects.flatMap((one) => bodyOf(walk, one) ?? []);
    const fed = node.redirects.flatMap((one) => inside(walk, one));
    const before = walk.commands.length;
    walkNode(walk, node.command, [...feeders, ...fed]);
    // a loop or a group hands its input to the commands in it
    const [first] = walk.commands.slice(before);
    if (inputs.length > 0) walk.commands.push({ words: first?.words ?? [], assigned: [], inputs, feeders: [] });
  } else forEachChild(node, (child) => walkNode(walk, child, feeders));
};

/** The commands of a text that a shell reads. */
export function locateLine(text: LocatedText): LocatedLine {
  if (readsInTwoWays(text.text)) return NOT_READ;
  const walk: Walk = { text, commands: [], isReadable: true, depth: 0 };
  try {
    walkScript(walk, parse(text.text));
  } catch (error) {
    // The grammar library recurses without a limit; deeper than the stack is deeper than anybody writes.
    if (!(error instanceof RangeError)) throw error;
    return NOT_READ;
  }
  return walk;
}

/** The words of an argv where they stand in its quoted line. */
export function locateArgv(line: string): readonly LocatedText[] | null {
  return locateWords(locatedAt(line, 0));
}
