// Files of audit logs (lines, lists, gzip, and the wrappings of cloud logs) → each record of them, parsed, or why it is no action.
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isObject, type Json, ownValue } from '../../core/model/json.ts';
import { recordsOf } from '../../core/replay/logged-event.ts';
import type { SkippedRecord } from '../../core/replay/replay-report.ts';
import { peekRecord } from './peek.ts';
import { cutterFor, HEAD_BYTES, type RecordCutter } from './records.ts';

/** Who is told of each record. */
export interface RecordSink {
  add(record: Json): void;
  skip(why: SkippedRecord): void;
  skipUnreadable(): void;
}

/** How the reading of a file ended: at its end, or where its last record (or its compression) is cut off. */
export type LogEnd = 'whole' | 'cut';

const CHUNK_BYTES = 1 << 20;

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** Where the logs of clouds and of log collectors keep the text of an event. */
const textInside = (value: Json): string | null => {
  if (!isObject(value) || ownValue(value, 'kind') !== undefined) return null;
  const properties = ownValue(value, 'properties');
  const found = [
    ...['message', '@message', 'log'].map((key) => ownValue(value, key)),
    isObject(properties) ? ownValue(properties, 'log') : undefined,
  ].find((one) => typeof one === 'string' && one.startsWith('{'));
  return typeof found === 'string' ? found : null;
};

const unwrapped = (value: Json): Json => {
  const text = textInside(value);
  return text === null ? value : (parsed(text) ?? value);
};

const isBlank = (bytes: Buffer): boolean => bytes.length < 3 && bytes.toString('latin1').trim() === '';

/** Takes the records of one file. */
const readerOf = (sink: RecordSink) => {
  const addAll = (value: Json): void => {
    for (const record of recordsOf(unwrapped(value))) sink.add(unwrapped(record));
  };
  const parse = (bytes: Buffer): void => {
    const value = parsed(bytes.toString('utf8'));
    if (value === undefined) sink.skipUnreadable();
    else addAll(value);
  };
  const take = (bytes: Buffer | null): void => {
    if (bytes === null) sink.skipUnreadable();
    else if (!isBlank(bytes)) {
      const why = peekRecord(bytes);
      if (why === null) parse(bytes);
      else sink.skip(why);
    }
  };
  /** A last record without an end of its own is one, if it is whole. */
  const takeLast = (bytes: Buffer): LogEnd => {
    if (isBlank(bytes)) return 'whole';
    const value = parsed(bytes.toString('utf8'));
    if (value === undefined) return 'cut';
    addAll(value);
    return 'whole';
  };
  return { take, takeLast };
};

const BYTE_ORDER_MARK = Buffer.from('\ufeff');

const isCutGzip = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'Z_BUF_ERROR' || error.code === 'Z_DATA_ERROR');

/**
 * Reads the bytes of one log. Memory stays at a chunk and one record, whatever the log holds.
 *
 * @throws what the source throws, but for a gzip stream that is cut off or damaged: then what was read before holds, and the end is `cut`.
 */
export async function readAuditLog(chunks: AsyncIterable<Buffer>, sink: RecordSink): Promise<LogEnd> {
  const { take, takeLast } = readerOf(sink);
  let cutter: RecordCutter | null = null;
  let head: Buffer = Buffer.alloc(0);
  const begin = (): RecordCutter => {
    const bytes = head.subarray(head.indexOf(BYTE_ORDER_MARK) === 0 ? BYTE_ORDER_MARK.length : 0);
    const made = cutterFor(bytes.toString('latin1', 0, HEAD_BYTES), take);
    made.push(bytes);
    return made;
  };
  let end: LogEnd = 'whole';
  try {
    for await (const chunk of chunks) {
      if (cutter !== null) cutter.push(chunk);
      else {
        head = Buffer.concat([head, chunk]);
        if (head.length >= HEAD_BYTES) cutter = begin();
      }
    }
  } catch (error) {
    if (!isCutGzip(error)) throw error;
    end = 'cut';
  }
  cutter ??= begin();
  return takeLast(cutter.end()) === 'cut' ? 'cut' : end;
}

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
};

/** The same of a file, compressed (gzip) or not. @throws where the file cannot be read */
export async function readAuditLogFile(path: string, sink: RecordSink): Promise<LogEnd> {
  const zipped = await isGzip(path);
  const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  if (!zipped) return readAuditLog(bytes, sink);
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const piped = pipeline(bytes, gunzip).catch(() => undefined);
  const end = await readAuditLog(gunzip, sink);
  await piped;
  return end;
}
