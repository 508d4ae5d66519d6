// Places in a text, and the same text without what stands there.

/** From one UTF-16 unit of a text to another, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What stands in place of a secret. */
export const MASK = '***';

/** The same places in order, those that meet as one, empty ones left out. */
export function joinSpans(spans: readonly Span[]): readonly Span[] {
  if (spans.length < 2) return spans.filter(({ from, to }) => from < to);
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (span.from >= span.to) continue;
    if (last === undefined || span.from > last.to) joined.push(span);
    else if (span.to > last.to) joined[joined.length - 1] = { from: last.from, to: span.to };
  }
  return joined;
}

/** The text with the mask in each of the places, which are in order and apart from one another (joinSpans). */
export function cutSpans(text: string, spans: readonly Span[]): string {
  let shown = '';
  let at = 0;
  for (const { from, to } of spans) {
    shown += text.slice(at, from) + MASK;
    at = to;
  }
  return at === 0 ? text : shown + text.slice(at);
}
