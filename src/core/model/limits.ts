// How much of a command is read.
import type { Command } from './command.ts';

/** Of UTF-8, the blanks between the words of an argv included; a longer command is `too-large`. */
export const COMMAND_LIMIT_BYTES = 64 * 1024;

const bytesOf = (text: string): number => {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) bytes += code >= 0x800 ? 2 : 1;
    if (code >= 0xd800 && code <= 0xdbff) bytes--; // a pair is four bytes
    if (code >= 0xdc00 && code <= 0xdfff) bytes--;
  }
  return bytes;
};

/** UTF-16 units, with a blank behind each text. */
const lettersOf = (command: Command): number => {
  if (command.kind === 'line') return command.line.length + 1;
  let letters = 0;
  for (const word of command.argv) letters += word.length + 1;
  return letters;
};

/** Whether a command is larger than what is judged and taken in. */
export function isTooLarge(command: Command): boolean {
  const letters = lettersOf(command);
  if (letters * 3 <= COMMAND_LIMIT_BYTES) return false;
  if (letters > COMMAND_LIMIT_BYTES + 1) return true;
  const texts = command.kind === 'line' ? [command.line] : command.argv;
  return texts.reduce((sum, text) => sum + bytesOf(text) + 1, 0) > COMMAND_LIMIT_BYTES + 1;
}
