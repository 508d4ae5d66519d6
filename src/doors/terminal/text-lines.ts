// Bytes of a stream → its lines, split at LF alone: a line that holds U+2028, U+2029, U+0085 or a lone CR is one line.

/** What is kept of one line, in UTF-16 units: many times the largest command (64 KiB), so that what is cut off was too large. */
export const LINE_LIMIT = 1 << 20;

/** Grows by pieces up to the limit; what lies beyond is counted as read and dropped. */
const createLine = () => {
  let pieces: string[] = [];
  let length = 0;
  return {
    add(piece: string): void {
      if (length < LINE_LIMIT) pieces.push(piece.slice(0, LINE_LIMIT - length));
      length += piece.length;
    },
    isEmpty: (): boolean => length === 0,
    take(): string {
      const text = pieces.join('');
      pieces = [];
      length = 0;
      return text.endsWith('\r') ? text.slice(0, -1) : text;
    },
  };
};

/**
 * The lines of UTF-8 bytes, without LF or CRLF; a last line without an end is one too. Bytes that are no UTF-8 come as
 * U+FFFD. Memory stays at one chunk and one line of at most `LINE_LIMIT`.
 */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const line = createLine();
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      line.add(text.slice(from, end));
      yield line.take();
      from = end + 1;
    }
    if (from < text.length) line.add(text.slice(from));
  }
  line.add(decoder.decode());
  if (!line.isEmpty()) yield line.take();
}
