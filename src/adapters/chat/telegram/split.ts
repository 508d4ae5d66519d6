// Cuts a text into messages that Telegram takes.

/** UTF-16 code units in one message; Telegram counts characters, which are never more. */
export const MESSAGE_LIMIT = 4096;

/** At line breaks where there are any, else at spaces, else between characters. Parts are never empty. */
export function splitMessage(text: string): readonly string[] {
  const parts: string[] = [];
  let rest = text.toWellFormed();
  while (rest.length > MESSAGE_LIMIT) {
    const head = rest.slice(0, MESSAGE_LIMIT + 1);
    const at = [head.lastIndexOf('\n'), head.lastIndexOf(' ')].find(
      (found) => found > 0 && head.slice(0, found).trim() !== '',
    );
    // A high surrogate at the end belongs to the next part.
    const end = at ?? (/[\ud800-\udbff]$/.test(rest.slice(0, MESSAGE_LIMIT)) ? MESSAGE_LIMIT - 1 : MESSAGE_LIMIT);
    parts.push(rest.slice(0, end));
    rest = at === undefined ? rest.slice(end) : rest.slice(end + 1);
  }
  return [...parts, rest].filter((part) => part.trim() !== '');
}
