// What looking for secrets in one command shares: where they were found, and how much may still be read.
import type { LocateDocuments } from '../../model/located-value.ts';
import type { Span } from '../../model/span.ts';
import type { LocatedAssignment } from '../shell/located-line.ts';
import { type LocatedText, placeOf } from '../shell/located-text.ts';

/** What is known of a text before it is read. */
export interface SearchContext {
  /** It belongs to a command about Secrets: what of it is no name is one. */
  readonly aboutSecret: boolean;
  /** Texts within texts. */
  readonly depth: number;
}

/** Reading leads from one to the other and back: a document holds a script, a script a document. */
export interface Readers {
  /** Any text: a document, a script, a file of settings, prose. */
  readonly text: (search: Search, text: LocatedText, context: SearchContext) => void;
  /** A document; false where it is none that can be read. */
  readonly document: (search: Search, text: LocatedText, context: SearchContext) => boolean;
  /** The words of one command. */
  readonly words: (search: Search, words: readonly LocatedText[], context: SearchContext) => void;
}

export interface Search {
  readonly found: Span[];
  /** Variables that the line sets: one that is used for a secret holds one. */
  readonly assigned: LocatedAssignment[];
  readonly read: Readers;
  /** null: nobody here reads YAML. */
  readonly locate: LocateDocuments | null;
  /** UTF-16 units that may still be read; what is left then is hidden. */
  letters: number;
}

export const PLAINLY: SearchContext = { aboutSecret: false, depth: 0 };

/** Deeper than this a text in a text is hidden. */
export const DEEPEST_TEXT = 8;

/** Hides a part of a text, all of it unless told. */
export function hide(search: Search, text: LocatedText, from = 0, to: number = text.text.length): void {
  const place = placeOf(text, from, to);
  if (place !== null) search.found.push(place);
}

/** One level further in. */
export function deeper(context: SearchContext): SearchContext {
  return { ...context, depth: context.depth + 1 };
}
