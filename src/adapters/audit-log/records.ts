// The bytes of a log, chunk by chunk → the bytes of its records: lines, or the objects of a list or of a formatted file.

/** A larger record is not read: twice the largest request that an API server takes, escaped. */
export const MOST_RECORD_BYTES = 16 * 1024 * 1024;

/** Takes the bytes of each record; null: it was too large. */
export type TakeRecord = (record: Buffer | null) => void;

/** Cuts chunks into records. `end` answers the bytes of a record that has no end; empty where there is none. */
export interface RecordCutter {
  push(chunk: Buffer): void;
  end(): Buffer;
}

const NOTHING = Buffer.alloc(0);

/** The pieces of one record that lies in several chunks. */
class Pieces {
  #pieces: Buffer[] = [];
  #bytes = 0;

  add(piece: Buffer): void {
    // What is too large already is only counted.
    if (this.#bytes <= MOST_RECORD_BYTES && piece.length > 0) this.#pieces.push(Buffer.from(piece));
    this.#bytes += piece.length;
  }

  /** The whole with its last piece; null where it is too large. */
  take(last: Buffer): Buffer | null {
    const bytes = this.#bytes + last.length;
    const whole =
      bytes > MOST_RECORD_BYTES ? null : this.#pieces.length === 0 ? last : Buffer.concat([...this.#pieces, last]);
    this.#pieces = [];
    this.#bytes = 0;
    return whole;
  }
}

const LF = 0x0a;

/** Each line is a record; a line that is cut in its middle spoils no other. */
export function cutLines(take: TakeRecord): RecordCutter {
  const pieces = new Pieces();
  return {
    push(chunk) {
      let from = 0;
      for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
        take(pieces.take(chunk.subarray(from, end)));
        from = end + 1;
      }
      pieces.add(chunk.subarray(from));
    },
    end: () => pieces.take(NOTHING) ?? NOTHING,
  };
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Each object that stands in so many others (lists and objects) is a record: 0 for a file of objects, 2 for those of an EventList. */
export function cutObjects(depthOfRecords: number, take: TakeRecord): RecordCutter {
  const pieces = new Pieces();
  let [depth, inRecord, inText, escaped] = [0, false, false, false];
  return {
    push(chunk) {
      let from = 0;
      for (let at = 0; at < chunk.length; at += 1) {
        const byte = chunk[at];
        if (inText) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) inText = false;
        } else if (byte === QUOTE) inText = true;
        else if (byte === OPEN || byte === OPEN_LIST) {
          if (byte === OPEN && depth === depthOfRecords && !inRecord) [inRecord, from] = [true, at];
          depth += 1;
        } else if (byte === CLOSE || byte === CLOSE_LIST) {
          depth -= 1;
          if (inRecord && depth === depthOfRecords) {
            take(pieces.take(chunk.subarray(from, at + 1)));
            inRecord = false;
          }
        }
      }
      if (inRecord) pieces.add(chunk.subarray(from));
    },
    end: () => (inRecord ? (pieces.take(NOTHING) ?? NOTHING) : NOTHING),
  };
}

/** Bytes that tell what form a log has. */
export const HEAD_BYTES = 4096;

const LIST = /^\[/;
const EVENT_LIST = /^\{\s*(?:"(?:kind|apiVersion|metadata)"\s*:\s*(?:"[^"]*"|\{[^{}]*\})\s*,\s*)*"items"\s*:\s*\[/;
const FORMATTED = /^\{[ \t\r]*(?:\n|$)/;

/** The cutter for a log that begins like this. */
export function cutterFor(head: string, take: TakeRecord): RecordCutter {
  const text = head.trimStart();
  if (LIST.test(text)) return cutObjects(1, take);
  if (EVENT_LIST.test(text)) return cutObjects(2, take);
  return FORMATTED.test(text) ? cutObjects(0, take) : cutLines(take);
}
