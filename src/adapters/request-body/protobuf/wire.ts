// Bytes of the protobuf wire format become tags, numbers and pieces. Numbers that JSON would round are refused.
import { isUtf8 } from 'node:buffer';
import { Undecodable } from './undecodable.ts';

/** What is still to be read: the bytes from `at` up to `end`. */
export interface Piece {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
}

/** How a value is written (protobuf, "Encoding"); groups (3, 4) and fixed32 (5) stand in no message of Kubernetes. */
export const WIRE = { varint: 0, fixed64: 1, length: 2 } as const;

/** The 64 bits of a varint. */
interface Words {
  /** Signed, as the upper half of a number of 64 bits. */
  readonly high: number;
  /** Unsigned. */
  readonly low: number;
}

const wordsOf = (piece: Piece): Words => {
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (piece.at >= piece.end) throw new Undecodable('invalid', 'a number is cut off');
    const byte = piece.bytes[piece.at++] ?? 0;
    const bits = byte & 0x7f;
    if (shift === 63 && bits > 1) break;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high |= bits >>> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) return { high, low: low >>> 0 };
  }
  throw new Undecodable('invalid', 'a number has more than 64 bits');
};

/** An int64 as it stands in JSON; throws beyond 2^53. */
export function readInt64(piece: Piece): number {
  const { high, low } = wordsOf(piece);
  const value = high * 2 ** 32 + low;
  if (!Number.isSafeInteger(value)) throw new Undecodable('invalid', 'a number that JSON would round');
  return value;
}

/** An int32; a negative one is written with 64 bits. */
export function readInt32(piece: Piece): number {
  const value = readInt64(piece);
  if (value !== (value | 0)) throw new Undecodable('invalid', 'a number has more than 32 bits');
  return value;
}

/** True or false, written as 1 and 0. */
export function readBool(piece: Piece): boolean {
  const value = readInt64(piece);
  if (value !== 0 && value !== 1) throw new Undecodable('invalid', 'neither true nor false');
  return value === 1;
}

/** A float of 64 bits that JSON has. */
export function readDouble(piece: Piece): number {
  if (piece.end - piece.at < 8) throw new Undecodable('invalid', 'a number is cut off');
  const value = piece.bytes.readDoubleLE(piece.at);
  piece.at += 8;
  if (!Number.isFinite(value)) throw new Undecodable('invalid', 'a number that JSON does not have');
  return value;
}

/** The piece that begins with its length; it ends within the one that it is taken from. */
export function readPiece(piece: Piece): Piece {
  const length = readInt64(piece);
  if (length < 0 || length > piece.end - piece.at)
    throw new Undecodable('invalid', 'a length reaches beyond its message');
  const at = piece.at;
  piece.at += length;
  return { bytes: piece.bytes, at, end: piece.at };
}

/** The bytes of a piece, without a copy. */
export function bytesOf({ bytes, at, end }: Piece): Buffer {
  return bytes.subarray(at, end);
}

/** The text of a piece; throws where it is no UTF-8: Kubernetes would put other characters in its place. */
export function utf8Of(piece: Piece): string {
  const bytes = bytesOf(piece);
  if (!isUtf8(bytes)) throw new Undecodable('invalid', 'a text is no UTF-8');
  return bytes.toString('utf8');
}

/** The number of the next field, and how its value is written. */
export function readTag(piece: Piece): { readonly number: number; readonly wire: number } {
  const tag = readInt64(piece);
  // protobuf: field numbers have at most 29 bits
  if (tag < 8 || tag >= 2 ** 32) throw new Undecodable('invalid', 'a field has no number');
  return { number: Math.floor(tag / 8), wire: tag % 8 };
}
