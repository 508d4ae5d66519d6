// Whether an awk or sed command is a mere filter: its program is constant and can neither run nor write anything
// (scoring section 1, "Other programs").
import { isUnknown } from './unknown.ts';

/** The programs among the words of awk or sed; null where an option says more than which text is edited. */
const programsOf = (
  words: readonly string[],
  options: { readonly alone: RegExp; readonly takes: RegExp; readonly program: RegExp },
): readonly string[] | null => {
  const programs: string[] = [];
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '--') {
      at++;
      break;
    }
    if (!word.startsWith('-') || word === '-') break;
    const own = options.program.exec(word);
    if (own !== null)
      programs.push(own.slice(1).find((text) => text !== undefined && text !== '') ?? words[++at] ?? '');
    else if (options.takes.test(word)) at++;
    else if (!options.alone.test(word)) return null;
  }
  if (programs.length === 0) programs.push(words[at] ?? '');
  return programs.some(isUnknown) ? null : programs;
};

const AWK_OPTIONS = { alone: /^-(?:F.+|v.+|b|P|S|r)$|^--(?:field-separator|assign)=/, takes: /^-[Fv]$/, program: /^$/ };

/** Before a "/", what leaves an operand behind it: there it divides. */
const OPERAND = /(?:[\w)\]"$]|\+\+|--)\s*$/;
const TAKES_OPERAND = /(?:^|[^\w])(?:print|printf|return|in|case|getline)\s*$/;

/** The program without what stands in its strings, regular expressions and comments; null where the two readings differ. */
const awkCode = (program: string): string | null => {
  let code = '';
  for (let at = 0; at < program.length; at++) {
    const letter = program[at] ?? '';
    const isRegex = letter === '/' && (!OPERAND.test(code.slice(-12)) || TAKES_OPERAND.test(code.slice(-12)));
    // behind ")" it divides, or begins the regular expression of an if: strings are told apart only where there are none
    if (letter === '/' && /\)\s*$/.test(code.slice(-12)) && program.includes('"', at)) return null;
    if (letter === '#') {
      const end = program.indexOf('\n', at);
      if (end < 0) return code;
      at = end - 1;
    } else if (letter === '"' || isRegex) {
      let end = at + 1;
      for (; end < program.length && program[end] !== letter; end++) {
        if (program[end] === '\\') end++;
        // some awks end a regular expression at a "/" in brackets, others do not
        else if (isRegex && program[end] === '[' && /^\[[^\]]*\//.test(program.slice(end, end + 64))) return null;
      }
      code += '""';
      at = end;
    } else code += letter;
  }
  return code;
};

const isPlainAwk = (words: readonly string[]): boolean => {
  const [program = ''] = programsOf(words, AWK_OPTIONS) ?? [];
  if (program === '' || /system|getline|@/.test(program)) return false;
  const code = awkCode(program);
  if (code === null) return false;
  return code.split(/[;\n{}]/).every((statement) => !/\bprintf?\b.*[>|]/s.test(statement));
};

const SED_OPTIONS = {
  alone: /^-[nErsuz]+$|^--(?:quiet|silent|regexp-extended|separate|unbuffered|null-data|posix|sandbox)$/,
  takes: /^$/,
  program: /^-[nErsuz]*e(.*)$|^--expression(?:=(.*))?$/s,
};

/** Reads up to the letter that ends a part, behind backslashes; -1 where it does not come. */
const endOf = (script: string, from: number, end: string): number => {
  for (let at = from; at < script.length; at++) {
    if (script[at] === '\\') at++;
    else if (script[at] === end) return at;
  }
  return -1;
};

/** In brackets the letter that ends a part does not end it: such a part is read in two ways. */
const opensBracket = (part: string): boolean => {
  for (let at = 0; at < part.length; at++) {
    if (part[at] === '\\') at++;
    if (part[at] !== '[') continue;
    // a "]" that comes first stands for itself, and so do [:alpha:] and its like
    const first = part[at + 1] === '^' ? at + 2 : at + 1;
    const end = part.indexOf(']', first + 1);
    if (end < 0 || /\[[:.=]/.test(part.slice(first, end))) return true;
    at = end;
  }
  return false;
};

const ADDRESS = /(?:[\s;{}!,]|\d|[$+~])*/y;
const LABEL = /[ \t]*[^;\s}]*/y;
const PLAIN_COMMANDS = /[=dDgGhHlnNpPqQxzF]/;

/** The end of s/…/…/flags or y/…/…/ that begins at `from`; -1 where a flag runs or writes, or it has no end. */
const afterSubstitution = (script: string, from: number): number => {
  const end = script[from + 1] ?? '\n';
  if (end === '\n' || end === '\\') return -1;
  const middle = endOf(script, from + 2, end);
  const last = middle < 0 ? -1 : endOf(script, middle + 1, end);
  if (last < 0 || opensBracket(script.slice(from + 2, middle))) return -1;
  const flags = /^[gpiImM\d]*/.exec(script.slice(last + 1, last + 9))?.[0] ?? '';
  const after = last + 1 + flags.length;
  return /^(?:$|[\s;}#])/.test(script.slice(after, after + 1)) ? after : -1;
};

const isPlainScript = (script: string): boolean => {
  for (let at = 0; at < script.length; ) {
    ADDRESS.lastIndex = at;
    ADDRESS.test(script);
    at = ADDRESS.lastIndex;
    const letter = script[at];
    if (letter === undefined) return true;
    if (letter === '/' || letter === '\\') {
      const own = letter === '/' ? at : at + 1;
      const end = endOf(script, own + 1, script[own] ?? '\n');
      if (end < 0 || opensBracket(script.slice(own + 1, end))) return false;
      at = end + 1;
      while (/[IM]/.test(script[at] ?? '')) at++;
    } else if (letter === 's' || letter === 'y') {
      at = afterSubstitution(script, at);
      if (at < 0) return false;
    } else if (/[:btT]/.test(letter)) {
      LABEL.lastIndex = at + 1;
      LABEL.test(script);
      at = LABEL.lastIndex;
    } else if (/[aic#]/.test(letter)) {
      const end = endOf(script, at, '\n');
      at = end < 0 ? script.length : end + 1;
    } else if (PLAIN_COMMANDS.test(letter)) at++;
    else return false;
  }
  return true;
};

const isPlainSed = (words: readonly string[]): boolean => {
  const programs = programsOf(words, SED_OPTIONS);
  return programs !== null && isPlainScript(programs.join('\n'));
};

/** True for awk and sed whose program only filters. `words`: those after the program's name. */
export function isPlainEditor(name: string, words: readonly string[]): boolean {
  return /^g?sed$/.test(name) ? isPlainSed(words) : isPlainAwk(words);
}
