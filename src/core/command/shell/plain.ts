// Reads a line that is exactly one simple command of plain and quoted words, and no other line.

/** Unquoted, each of these may mean something to a shell; such a line is read by the shell grammar instead. */
const MEANS_SOMETHING = new Set('$`<>()*?[]~|&;\0');

/** In the place of the command these words begin or end something else. */
const RESERVED = new Set(
  'if then else elif fi case esac for select while until do done in time function coproc { } !'.split(' '),
);

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** The end of a double-quoted text that begins after `from`, and the text; null when something in it is expanded. */
const readDouble = (line: string, from: number): { readonly text: string; readonly end: number } | null => {
  const first = line.indexOf('"', from);
  if (first < 0) return null;
  let text = line.slice(from, first);
  if (!/[\\$`\0]/.test(text)) return { text, end: first };
  text = '';
  for (let at = from; at < line.length; at++) {
    const letter = line[at] ?? '';
    if (letter === '"') return { text, end: at };
    if (letter === '$' || letter === '`' || letter === '\0') return null;
    if (letter === '\\') {
      const next = line[at + 1];
      if (next === undefined) return null;
      if (next !== '\n') text += '"$`\\'.includes(next) ? next : `\\${next}`;
      at++;
    } else text += letter;
  }
  return null;
};

/** What follows the command: blanks, newlines and comments are nothing. */
const isNothing = (rest: string): boolean => /^(?:[ \t]*(?:#[^\n]*)?(?:\n|$))*$/.test(rest);

/** Unquoted, such a first word is no name of a command: it begins a compound command or sets a variable. */
export function beginsOtherwise(word: string): boolean {
  return RESERVED.has(word) || (word.includes('=') && ASSIGNMENT.test(word));
}

/** The same of a word whose quotes begin behind that many letters; -1 for none. */
const beginsSo = (word: string, unquoted: number): boolean =>
  unquoted < 0 ? beginsOtherwise(word) : ASSIGNMENT.test(word.slice(0, unquoted));

/** By code: 1 for letters that mean nothing to a shell wherever they stand. */
const MEANS_NOTHING = new Uint8Array(128);
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-')
  MEANS_NOTHING[letter.charCodeAt(0)] = 1;

/** True when a word means to a shell what it says, quoted or not. */
export function isPlainWord(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (MEANS_NOTHING[word.charCodeAt(at)] !== 1) return false;
  return word !== '';
}

/**
 * The words of a line of nothing but plain words with one blank between them, as most lines are: it quotes itself.
 * null for any other line.
 */
export function readSimple(line: string): readonly string[] | null {
  const words: string[] = [];
  let from = 0;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (MEANS_NOTHING[code] === 1) continue;
    if (code !== 0x20 || at === from) return null;
    words.push(line.slice(from, at));
    from = at + 1;
  }
  if (from === line.length) return null;
  words.push(line.slice(from));
  return beginsOtherwise(words[0] ?? '') ? null : words;
}

/**
 * Whether braces may expand: only a comma or two dots between unquoted braces make them (bash 5). A "!" is a letter like
 * any other, since no history is expanded in a script.
 */
const mayExpand = (unquoted: string): boolean => {
  let depth = 0;
  for (let at = 0; at < unquoted.length; at++) {
    const letter = unquoted[at];
    if (letter === '{') depth++;
    else if (letter === '}') depth = Math.max(0, depth - 1);
    else if (depth > 0 && (letter === ',' || (letter === '.' && unquoted[at + 1] === '.'))) return true;
  }
  return false;
};

/**
 * The words of a line of plain and quoted words; [] for a line of blanks or comments; null when the line is anything
 * more, or cannot be read. What it accepts, bash reads to the same words.
 */
export function readPlain(line: string): readonly string[] | null {
  return readSimple(line) ?? readQuoted(line);
}

/** The same of a line that is not simple. */
export function readQuoted(line: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  // how much of the first word stands before its first quote: NAME= there sets a variable whatever follows
  let unquoted = -1;
  // the word's unquoted letters, a blank for each quoted part
  let bare = '';
  for (let at = 0; at < line.length; at++) {
    const letter = line[at] ?? '';
    if (letter === ' ' || letter === '\t' || letter === '\n') {
      if (word !== null) {
        if ((words.length === 0 && beginsSo(word, unquoted)) || mayExpand(bare)) return null;
        words.push(word);
        word = null;
        bare = '';
      }
      if (letter === '\n' && words.length > 0) return isNothing(line.slice(at + 1)) ? words : null;
    } else if (letter === '#' && word === null) {
      const end = line.indexOf('\n', at);
      if (end < 0) return words;
      at = end - 1;
    } else if (letter === "'") {
      const end = line.indexOf("'", at + 1);
      if (end < 0) return null;
      const text = line.slice(at + 1, end);
      if (text.includes('\0')) return null;
      if (words.length === 0 && unquoted < 0) unquoted = word?.length ?? 0;
      word = (word ?? '') + text;
      bare += ' ';
      at = end;
    } else if (letter === '"') {
      const double = readDouble(line, at + 1);
      if (double === null) return null;
      if (words.length === 0 && unquoted < 0) unquoted = word?.length ?? 0;
      word = (word ?? '') + double.text;
      bare += ' ';
      at = double.end;
    } else if (letter === '\\') {
      const next = line[at + 1];
      if (next === undefined || next === '\0') return null;
      if (words.length === 0 && unquoted < 0) unquoted = word?.length ?? 0;
      if (next !== '\n') {
        word = (word ?? '') + next;
        bare += ' ';
      }
      at++;
    } else if (letter === ';' && (word !== null || words.length > 0) && isNothing(line.slice(at + 1))) {
      break;
    } else if (MEANS_SOMETHING.has(letter)) return null;
    else {
      let end = at + 1;
      while (MEANS_NOTHING[line.charCodeAt(end)] === 1) end++;
      const letters = line.slice(at, end);
      word = (word ?? '') + letters;
      bare += letters;
      at = end - 1;
    }
  }
  if (word === null) return words;
  if ((words.length === 0 && beginsSo(word, unquoted)) || mayExpand(bare)) return null;
  words.push(word);
  return words;
}
