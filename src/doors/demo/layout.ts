// Text in the width of a terminal.
import { stripVTControlCharacters } from 'node:util';

const widthOf = (text: string): number => stripVTControlCharacters(text).length;

/** Lines of at most `width` columns, broken between words; a longer word stands alone. Colours take no room. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** A command over several lines, each but the last ending in a backslash: it can be copied into a shell. */
export function wrapCommand(command: string, width: number): readonly string[] {
  const lines = wrap(command, width - 4);
  return lines.map((line, i) => `${i === 0 ? '' : '  '}${line}${i < lines.length - 1 ? ' \\' : ''}`);
}

/** The first line behind `start`, the others under it. */
export function hang(start: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, i) => `${i === 0 ? start : ' '.repeat(widthOf(start))}${line}`);
}
