// The JSON objects of an answer that does not end, one a line.
import type { IncomingMessage } from 'node:http';
import { isObject, type JsonObject } from '../../core/model/json.ts';
import { AdapterError } from '../../ports/adapter-error.ts';

/** Above etcd's largest object, with room for what JSON adds. */
const LINE_LIMIT = 8 * 1024 * 1024;

/**
 * Yields each object until the server ends the answer. Throws AdapterError: `no-answer` when the connection is cut, `invalid-answer` for
 * a line that is no object or too long.
 */
export async function* objectsOf(response: IncomingMessage, name: string): AsyncGenerator<JsonObject, void, undefined> {
  let rest: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
        yield parsed(Buffer.concat([...rest, chunk.subarray(from, end)]), name);
        rest = [];
        size = 0;
        from = end + 1;
      }
      size += chunk.length - from;
      if (size > LINE_LIMIT) throw new AdapterError('invalid-answer', `${name}: a line of more than 8 MiB`);
      if (from < chunk.length) rest.push(chunk.subarray(from));
    }
    if (size > 0) throw new AdapterError('no-answer', `${name}: cut in the middle of a line`);
  } catch (error) {
    if (error instanceof AdapterError) throw error;
    throw new AdapterError('no-answer', `${name}: the line was cut`);
  } finally {
    response.destroy();
  }
}

const parsed = (line: Buffer, name: string): JsonObject => {
  try {
    const value: unknown = JSON.parse(line.toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // Told below, without its content.
  }
  throw new AdapterError('invalid-answer', `${name}: a line that is not a JSON object`);
};
