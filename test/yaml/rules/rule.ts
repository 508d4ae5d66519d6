// What a rule of reading is: a text, and what kubectl and the reader make of it.
import type { TextRole } from '../../../src/core/model/command.ts';
import type { Json } from '../../../src/core/model/json.ts';
import type { Outcome } from '../compare.ts';

export interface Rule {
  readonly what: string;
  readonly as: TextRole;
  readonly text: string;
  /** What the reader and kubectl come to: 'refused' by both, 'unseen' by the reader alone. */
  readonly outcome: Exclude<Outcome, 'different'>;
  /** Null unless they are equal. */
  readonly documents: readonly Json[] | null;
}

/** In the place of documents: kubectl has an error. */
export const REFUSED = Symbol('refused');
/** In the place of documents: kubectl reads the text, the reader does not. */
export const UNSEEN = Symbol('unseen');
export type NotRead = typeof REFUSED | typeof UNSEEN;

const rule = (what: string, as: TextRole, text: string, documents: readonly Json[] | NotRead): Rule =>
  typeof documents === 'symbol'
    ? { what, as, text, outcome: documents === REFUSED ? 'refused' : 'unseen', documents: null }
    : { what, as, text, outcome: 'equal', documents };

export const manifests = (what: string, text: string, documents: readonly Json[] | NotRead): Rule =>
  rule(what, 'manifests', text, documents);
export const overrides = (what: string, text: string, documents: readonly Json[] | NotRead): Rule =>
  rule(what, 'overrides', text, documents);

/** A patch is one document. */
export const patch = (what: string, text: string, document: Json | NotRead): Rule =>
  rule(what, 'patch', text, typeof document === 'symbol' ? document : [document]);

/** One scalar: `a: TEXT`. */
export const scalar = (text: string, value: Json | NotRead): Rule =>
  patch(`the scalar ${JSON.stringify(text)}`, `a: ${text}\n`, typeof value === 'symbol' ? value : { a: value });
/** Scalars of one value. */
export const scalars = (value: Json | NotRead, ...texts: readonly string[]): readonly Rule[] =>
  texts.map((text) => scalar(text, value));
/** Scalars that are the text that they seem. */
export const strings = (...texts: readonly string[]): readonly Rule[] => texts.map((text) => scalar(text, text));

/** One key: `TEXT: 1`; null where no object may have it. */
export const key = (text: string, becomes: string | null): Rule =>
  patch(`the key ${JSON.stringify(text)}`, `${text}: 1\n`, becomes === null ? REFUSED : { [becomes]: 1 });
