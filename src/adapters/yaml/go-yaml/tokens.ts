// What a YAML text is made of before it has a structure: marks, names, tags, scalars and directives.
import type { Directive, Tag } from './properties.ts';

/** A ":" may still follow, on the same line and within 1,024 characters (YAML 1.1, section 7.4.2). */
export interface SimpleKey {
  isPossible: boolean;
  /** Without a ":" the text is wrong: the token stands where only a key of the block can. */
  readonly isRequired: boolean;
  /** Which token of the text it belongs to, counted from 0. */
  readonly number: number;
  readonly at: number;
  readonly line: number;
  readonly column: number;
}

/** Tokens that say nothing but their kind. */
export type Mark = keyof typeof MARKS;

export type Token = (
  | { readonly kind: Mark }
  | { readonly kind: 'alias' | 'anchor'; readonly name: string }
  | { readonly kind: 'tag'; readonly tag: Tag }
  | {
      readonly kind: 'scalar';
      readonly value: string;
      readonly isPlain: boolean;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'directive'; readonly directive: Directive }
) & {
  /** Where the token may begin a key that no "?" announces; null where it cannot. */
  readonly simpleKey: SimpleKey | null;
};

/** The one token of each kind that says nothing more. */
export const MARKS = {
  'stream-end': { kind: 'stream-end', simpleKey: null },
  'document-start': { kind: 'document-start', simpleKey: null },
  'document-end': { kind: 'document-end', simpleKey: null },
  'block-sequence-start': { kind: 'block-sequence-start', simpleKey: null },
  'block-mapping-start': { kind: 'block-mapping-start', simpleKey: null },
  'block-end': { kind: 'block-end', simpleKey: null },
  'flow-sequence-start': { kind: 'flow-sequence-start', simpleKey: null },
  'flow-sequence-end': { kind: 'flow-sequence-end', simpleKey: null },
  'flow-mapping-start': { kind: 'flow-mapping-start', simpleKey: null },
  'flow-mapping-end': { kind: 'flow-mapping-end', simpleKey: null },
  'block-entry': { kind: 'block-entry', simpleKey: null },
  'flow-entry': { kind: 'flow-entry', simpleKey: null },
  key: { kind: 'key', simpleKey: null },
  value: { kind: 'value', simpleKey: null },
} as const;
