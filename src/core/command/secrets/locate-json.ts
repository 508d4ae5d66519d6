// A text of JSON comes in, its values come out with the places where they stand. Values in a row are documents of their own.
import { MAX_DEPTH } from '../../model/json.ts';
import type { LocatedScalar, LocatedValue } from '../../model/located-value.ts';

const TOKEN = /\s*(?:("(?:[^"\\]|\\[\s\S])*")|([{}[\],:])|([^\s{}[\],:"]+))/y;

/** Thrown and caught here: the text is no JSON, or nested too deep. */
class NotJson extends Error {}

class JsonLocator {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  documents(): readonly LocatedValue[] {
    const values: LocatedValue[] = [];
    while (/\S/.test(this.text.slice(this.at, this.at + 64)) || this.text.slice(this.at).trim() !== '')
      values.push(this.value(MAX_DEPTH));
    return values;
  }

  private next(): { readonly kind: 'mark' | 'text' | 'word'; readonly text: string; readonly from: number } {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    if (found === null) throw new NotJson();
    this.at = TOKEN.lastIndex;
    const [, quoted, mark, word] = found;
    const text = quoted ?? mark ?? word ?? '';
    return {
      kind: quoted === undefined ? (mark === undefined ? 'word' : 'mark') : 'text',
      text,
      from: this.at - text.length,
    };
  }

  private peek(): string {
    const before = this.at;
    const { text } = this.next();
    this.at = before;
    return text;
  }

  private take(mark: string): void {
    if (this.next().text !== mark) throw new NotJson();
  }

  private scalar(): LocatedScalar {
    const { kind, text, from } = this.next();
    if (kind === 'mark') throw new NotJson();
    return { kind: 'scalar', value: readToken(text), from, to: from + text.length };
  }

  private value(levels: number): LocatedValue {
    if (levels === 0) throw new NotJson();
    const first = this.peek();
    if (first === '[') return { kind: 'list', items: this.collection(']', () => this.value(levels - 1)) };
    if (first !== '{') return this.scalar();
    const entries = this.collection('}', () => {
      const key = this.scalar();
      this.take(':');
      return { key, value: this.value(levels - 1) };
    });
    return { kind: 'map', entries };
  }

  private collection<T>(end: string, item: () => T): readonly T[] {
    this.next();
    const items: T[] = [];
    if (this.peek() === end) {
      this.next();
      return items;
    }
    for (;;) {
      items.push(item());
      const { text } = this.next();
      if (text === end) return items;
      if (text !== ',') throw new NotJson();
    }
  }
}

const readToken = (token: string): string => {
  const value = parsed(token);
  if (value === undefined) throw new NotJson();
  return typeof value === 'string' ? value : token;
};

const parsed = (token: string): unknown => {
  try {
    return JSON.parse(token);
  } catch {
    return undefined;
  }
};

/** null where the text is no JSON, or nested deeper than any object. */
export function locateJson(text: string): readonly LocatedValue[] | null {
  try {
    return new JsonLocator(text).documents();
  } catch (error) {
    if (error instanceof NotJson) return null;
    throw error;
  }
}
