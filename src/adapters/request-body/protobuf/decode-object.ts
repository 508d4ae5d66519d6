// A body of Kubernetes' protobuf comes in, the object that the API server reads from it comes out as the JSON of that object.
import { isDeeperThan, type JsonObject, MAX_DEPTH } from '../../../core/model/json.ts';
import { messageOfKind } from './message-table.ts';
import { type Reading, readMessage } from './read-message.ts';
import { Undecodable, type UndecodableCode } from './undecodable.ts';
import { type Piece, readPiece, readTag, utf8Of, WIRE } from './wire.ts';

/** The object, or why there is none; `detail` is for a log. */
export type DecodedObject =
  | { readonly kind: 'object'; readonly value: JsonObject }
  | { readonly kind: 'undecodable'; readonly code: UndecodableCode; readonly detail: string };

/** What every body begins with (apimachinery pkg/runtime/serializer/protobuf). */
const MAGIC = Buffer.from('k8s\0', 'latin1');

/** The fields of a message whose fields are all pieces, each once at most, by number. */
const piecesOf = (name: string, piece: Piece, most: number): ReadonlyMap<number, Piece> => {
  const pieces = new Map<number, Piece>();
  while (piece.at < piece.end) {
    const { number, wire } = readTag(piece);
    if (number > most || wire !== WIRE.length || pieces.has(number))
      throw new Undecodable('invalid', `${name} has its field ${number}`);
    pieces.set(number, readPiece(piece));
  }
  return pieces;
};

const textAt = (pieces: ReadonlyMap<number, Piece>, number: number): string => {
  const piece = pieces.get(number);
  return piece === undefined ? '' : utf8Of(piece);
};

const CONTENT_TYPES: ReadonlySet<string> = new Set(['', 'application/vnd.kubernetes.protobuf']);

const objectOf = (bytes: Buffer, reading: Reading): JsonObject => {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Undecodable('invalid', 'no protobuf of Kubernetes');
  // runtime.Unknown: typeMeta (1), raw (2), contentEncoding (3), contentType (4)
  const envelope = piecesOf('Unknown', { bytes, at: MAGIC.length, end: bytes.length }, 4);
  const typeMeta = piecesOf('TypeMeta', envelope.get(1) ?? { bytes, at: 0, end: 0 }, 2);
  if (textAt(envelope, 3) !== '' || !CONTENT_TYPES.has(textAt(envelope, 4)))
    throw new Undecodable('invalid', 'an object within the object');
  const [apiVersion, kind] = [textAt(typeMeta, 1), textAt(typeMeta, 2)];
  const message = messageOfKind(apiVersion, kind);
  if (message === null || apiVersion === '') throw new Undecodable('unknown-kind', `${apiVersion} ${kind}`);
  const fields = readMessage(message, envelope.get(2) ?? { bytes, at: 0, end: 0 }, reading);
  // as: no kind of the table is special.
  const value: JsonObject = { kind, apiVersion, ...(fields as JsonObject) };
  if (isDeeperThan(value, MAX_DEPTH)) throw new Undecodable('limits', 'nested too deep');
  return value;
};

/**
 * Reads a body. What is not exactly a message that the table knows is undecodable: fields of a newer Kubernetes, fields that stand
 * twice, texts that are no UTF-8, bytes behind the end, and numbers that JSON would round.
 */
export function decodeObject(bytes: Buffer, reading: Reading): DecodedObject {
  try {
    return { kind: 'object', value: objectOf(bytes, reading) };
  } catch (error) {
    if (error instanceof Undecodable) return { kind: 'undecodable', code: error.code, detail: error.message };
    throw error;
  }
}
