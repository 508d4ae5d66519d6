// What a program prints, in pieces and without end → what of it is kept: 64 KiB, as text, without its secrets.
import type { ProgramOutput } from '../../core/model/program-output.ts';
import { maskOutput } from '../../core/text/mask-output.ts';
import type { OnPrinted } from './program-stream.ts';

/** Bytes of UTF-8, of both streams together. */
export const OUTPUT_LIMIT = 64 * 1024;
/** Read beyond the limit, so that a secret that stands across it is seen whole before the rest is cut off. */
const MARGIN = 8 * 1024;

interface Kept {
  readonly chunks: Buffer[];
  size: number;
  isCut: boolean;
}

const keep = (kept: Kept, bytes: Buffer): void => {
  const room = OUTPUT_LIMIT + MARGIN - kept.size;
  if (bytes.length > room) kept.isCut = true;
  if (room <= 0) return;
  // A copy: the piece is a window of a larger buffer.
  const piece = Buffer.from(bytes.subarray(0, room));
  kept.chunks.push(piece);
  kept.size += piece.length;
};

/** Bytes that are no UTF-8 stand as U+FFFD. */
const textOf = ({ chunks }: Kept): string => Buffer.concat(chunks).toString('utf8');

/** The text, no longer than so many bytes; a character is kept whole. */
const cutTo = (text: string, bytes: number): string => {
  const encoded = Buffer.from(text, 'utf8');
  if (encoded.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && ((encoded[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return encoded.subarray(0, end).toString('utf8');
};

const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/** Collects what one program prints; memory stays the same however much that is. */
export class OutputCollector {
  readonly #streams: { readonly stdout: Kept; readonly stderr: Kept } = {
    stdout: { chunks: [], size: 0, isCut: false },
    stderr: { chunks: [], size: 0, isCut: false },
  };

  readonly printed: OnPrinted = (stream, bytes) => keep(this.#streams[stream], bytes);

  /**
   * What is kept, masked first and cut then. Each stream has half of the limit, and what the other leaves of its half: words of
   * failure are not lost behind a long output.
   */
  output(argv: readonly string[], exitCode: number): ProgramOutput {
    const { stdout, stderr } = this.#streams;
    const [out, err] = [maskOutput(textOf(stdout), argv), maskOutput(textOf(stderr), argv)];
    const half = OUTPUT_LIMIT / 2;
    const keptErr = cutTo(err, Math.max(half, OUTPUT_LIMIT - bytesOf(out)));
    const keptOut = cutTo(out, OUTPUT_LIMIT - bytesOf(keptErr));
    const truncated = stdout.isCut || stderr.isCut || keptOut !== out || keptErr !== err;
    return { stdout: keptOut, stderr: keptErr, exitCode, truncated };
  }
}
