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

/** Whether a command is larger than what is judged and taken in. */
export function isTooLarge(command: Command): boolean {
  const texts = command.kind === 'line' ? [command.line] : command.argv;
  let letters = 0;
  for (const text of texts) letters += text.length + 1;
  if (letters * 3 <= COMMAND_LIMIT_BYTES) return false;
  const bytes = () => texts.reduce((sum, text) => sum + bytesOf(text) + 1, 0);
  return letters > COMMAND_LIMIT_BYTES + 1 || bytes() > COMMAND_LIMIT_BYTES + 1;
}
