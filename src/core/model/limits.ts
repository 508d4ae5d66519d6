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

/**
 * Milliseconds that one question may be judged before its thread is ended. The slowest input known takes 0.3 s on a machine at
 * rest, and 5 s were seen where 30 programs wanted its two cores; a caller still gets an answer before its own patience ends.
 */
export const JUDGING_DEADLINE_MS = 10_000;

/**
 * Bytes of what was understood or judged: what is larger nobody can review, and whoever reads it later (store, list, chat) would
 * hold the gate for tens of milliseconds. Some 1,000 objects named one by one.
 */
export const JUDGEMENT_LIMIT_BYTES = 1024 * 1024;

/** Files that travel with one command: no command names more, and whoever sends more holds the loop by their number. */
export const MOST_FILES = 1_000;

/** Writes of one command that are compared with what the cluster shows, each with each. */
export const MOST_WRITES = 1_000;

/** Bytes of the proposals of one page, however many were asked for: a page ends sooner, and holds one at least. */
export const PAGE_LIMIT_BYTES = 1024 * 1024;
