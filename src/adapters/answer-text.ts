// The body of a peer's answer → its text, up to a limit, and what it holds as JSON.

/** Reads no further than `limit` bytes; beyond them it throws what `tooLarge` makes, and the connection is given up. */
export async function limitedText(response: Response, limit: number, tooLarge: () => Error): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** null: it is no JSON (or `null` itself), which no shape that is read from a peer allows. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
