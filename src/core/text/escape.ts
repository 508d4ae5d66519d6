// Makes the words of others harmless where they are shown: Markdown, HTML, chat, terminal.

/**
 * Characters that steer a terminal, reorder a line or cannot be seen: controls (line feed and tab stay), formats
 * (bidirectional and zero-width ones among them), separators and spaces other than the plain one, fillers and
 * variation selectors, private, unassigned and lone surrogates.
 */
const UNSEEN = /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Shows every unseen character as `\u{202E}`: what is there can be read, and does nothing. Line feeds and tabs stay. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`);
}

/** JSON whose unseen characters are JSON's own escapes: a parser reads the same value, a person sees what is there. */
export function visibleJson(json: string): string {
  return json.replace(UNSEEN, (char) =>
    Array.from({ length: char.length }, (_, i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** The same on one line, for a terminal, a log or a title: runs of white space become one space. */
export function plainLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ').trim();
}

/** At most `limit` code points, the last one an ellipsis where something was cut. */
export function cut(text: string, limit: number): string {
  const points = Array.from(text);
  return points.length <= limit ? text : `${points.slice(0, limit - 1).join('')}…`;
}

const longestRun = (text: string, char: '`'): number =>
  text.split(new RegExp(`[^${char}]`)).reduce((longest, run) => Math.max(longest, run.length), 0);

/** A Markdown code block whose fence is longer than any run of backticks inside, so that nothing inside ends it. */
export function codeBlock(language: 'bash' | 'diff' | 'text' | 'mermaid', text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text, '`') + 1));
  return `${fence}${language}\n${visible(text).replace(/\n+$/, '')}\n${fence}`;
}

/** A Markdown code span: mentions, references, links and HTML mean nothing inside. */
export function codeSpan(text: string): string {
  const line = plainLine(text);
  if (line === '') return '` `';
  const ticks = '`'.repeat(longestRun(line, '`') + 1);
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${ticks}${pad}${line}${pad}${ticks}`;
}

/** Words that mean nothing to Markdown or to a forge: letters and numbers with plain punctuation around them. */
const HARMLESS_WORD =
  /^(?:[("'“（「]*[\p{L}\p{N}\p{M}]+(?:[-'’.，、：；（）「」][\p{L}\p{N}\p{M}]+)*[.,;:?)"'”%，。：；、！？）」]*|[—–=+])$/u;

const isHarmless = (word: string): boolean => HARMLESS_WORD.test(word) && !/^www\.|^\d+[.)]$/i.test(word);

/**
 * A sentence as Markdown text: every word that could mean more than its letters stands in a code span; neighbours share one,
 * and a flag has its value in it ("`deployment/web -n shop` has 0 replicas").
 */
export function markdownSentence(text: string): string {
  const parts: { readonly code: boolean; readonly words: string[] }[] = [];
  for (const word of plainLine(text).split(' ')) {
    const last = parts.at(-1);
    const isValue = last?.code === true && /^--?[A-Za-z][A-Za-z-]*$/.test(last.words.at(-1) ?? '');
    const code = isValue || !isHarmless(word);
    if (last?.code === code) last.words.push(word);
    else parts.push({ code, words: [word] });
  }
  return parts.map(({ code, words }) => (code ? codeSpan(words.join(' ')) : words.join(' '))).join(' ');
}

const HTML: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Text inside HTML, attribute values included. */
export function htmlText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (char) => HTML.get(char) ?? char);
}

/** Plain text for a chat: an `@` that would call somebody becomes `＠`; the rest is shown as it is. */
export function chatText(text: string): string {
  return visible(text).replace(/(?<![\p{L}\p{N}_.-])@(?=[\p{L}\p{N}_])/gu, '＠');
}
