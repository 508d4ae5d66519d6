// How much of a command is read.
import type { ApiRequest, RequestBody } from './api-request.ts';
import type { Command, TextCommand } from './command.ts';

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
const lettersOf = (command: TextCommand): number => {
  if (command.kind === 'line') return command.line.length + 1;
  let letters = 0;
  for (const word of command.argv) letters += word.length + 1;
  return letters;
};

/** Of the body of a request: as much as the files of a command may be. */
export const REQUEST_BODY_LIMIT_BYTES = 1024 * 1024;

const bytesOfBody = (body: RequestBody): number => {
  switch (body.kind) {
    case 'none':
      return 0;
    case 'value':
      return bytesOf(JSON.stringify(body.value));
    case 'text':
      return bytesOf(body.text);
    case 'opaque':
      return body.bytes;
    default:
      return body satisfies never;
  }
};

const isRequestTooLarge = ({ method, path, query, contentType, body }: ApiRequest): boolean => {
  const line = [method, path, contentType ?? '', ...(typeof query === 'string' ? [query] : query.flat())];
  return (
    line.reduce((sum, text) => sum + bytesOf(text) + 1, 0) > COMMAND_LIMIT_BYTES ||
    bytesOfBody(body) > REQUEST_BODY_LIMIT_BYTES
  );
};

/** Whether a command is larger than what is judged and taken in. */
export function isTooLarge(command: Command): boolean {
  if (command.kind === 'request') return isRequestTooLarge(command.request);
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
