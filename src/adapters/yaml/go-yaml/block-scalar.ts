// Literal (|) and folded (>) scalars: header and lines from where the place stands become the value.
import { END, isBlank, isBreak, isBreakOrEnd, isDigit, type Source, SPACE, TAB } from './source.ts';
import { Unreadable } from './unreadable.ts';

const PLUS = 0x2b;
const MINUS = 0x2d;
const ZERO = 0x30;

/** What becomes of the line breaks at the end: one stays, all stay ("+"), none stays ("-"). */
type Chomping = 'clip' | 'keep' | 'strip';

interface Header {
  readonly chomping: Chomping;
  /** Columns of indentation beyond the parent's; 0 where the first line shows it. */
  readonly increment: number;
}

const takeChomping = (source: Source): Chomping => {
  const code = source.code();
  if (code !== PLUS && code !== MINUS) return 'clip';
  source.at++;
  return code === PLUS ? 'keep' : 'strip';
};

const takeIncrement = (source: Source): number => {
  const code = source.code();
  if (!isDigit(code)) return 0;
  if (code === ZERO) throw new Unreadable('an indentation indicator of 0');
  source.at++;
  return code - ZERO;
};

/** "|", ">+", "|2-", ">-2": the two indicators in either order, a comment, the end of the line. */
const takeHeader = (source: Source): Header => {
  source.at++;
  const early = takeChomping(source);
  const increment = takeIncrement(source);
  const chomping = early === 'clip' && increment > 0 ? takeChomping(source) : early;
  source.skipBlanks();
  source.skipComment();
  if (!isBreakOrEnd(source.code())) throw new Unreadable('text behind the header of a block scalar');
  if (isBreak(source.code())) source.takeBreak();
  return { chomping, increment };
};

/** Spaces up to the indentation (0: as many as there are); a tab among them is an error. */
const skipIndentation = (source: Source, indent: number): void => {
  while ((indent === 0 || source.column < indent) && source.code() === SPACE) source.at++;
  if ((indent === 0 || source.column < indent) && source.code() === TAB)
    throw new Unreadable('a tab where an indentation stands');
};

/** Empty lines at the place; what they are in the value. */
const takeEmptyLines = (source: Source, indent: number): string => {
  let breaks = '';
  for (;;) {
    skipIndentation(source, indent);
    if (!isBreak(source.code())) return breaks;
    breaks += source.takeBreak();
  }
};

/** The empty lines before the first line, and the indentation: the deepest column that any of these lines reaches. */
const takeFirstLines = (source: Source, parent: number): { readonly breaks: string; readonly indent: number } => {
  let breaks = '';
  let deepest = 0;
  for (;;) {
    skipIndentation(source, 0);
    deepest = Math.max(deepest, source.column);
    if (!isBreak(source.code())) return { breaks, indent: Math.max(deepest, parent + 1, 1) };
    breaks += source.takeBreak();
  }
};

/**
 * The value of a block scalar (scannerc.go, yaml_parser_scan_block_scalar). In a folded one a line break between two
 * lines that do not begin with a blank is a space.
 *
 * @param parent the indentation of the block around it, -1 at the top.
 */
export function takeBlockScalar(source: Source, parent: number, isLiteral: boolean): string {
  const { chomping, increment } = takeHeader(source);
  const given = increment === 0 ? 0 : Math.max(parent, 0) + increment;
  const first = given === 0 ? takeFirstLines(source, parent) : { breaks: takeEmptyLines(source, given), indent: given };
  const { indent } = first;
  let value = '';
  let lineBreak = '';
  let emptyLines = first.breaks;
  let isAfterBlank = false;
  while (source.column === indent && source.code() !== END) {
    const beginsBlank = isBlank(source.code());
    const folds = !isLiteral && !isAfterBlank && !beginsBlank && lineBreak === '\n';
    value += folds && emptyLines === '' ? ' ' : (folds ? '' : lineBreak) + emptyLines;
    isAfterBlank = beginsBlank;
    const from = source.at;
    while (!isBreakOrEnd(source.code())) source.at++;
    value += source.text.slice(from, source.at);
    lineBreak = isBreak(source.code()) ? source.takeBreak() : '';
    emptyLines = takeEmptyLines(source, indent);
  }
  if (chomping === 'strip') return value;
  return chomping === 'clip' ? value + lineBreak : value + lineBreak + emptyLines;
}
