// The values of a document of YAML or JSON, and where in its text each stands.
import type { Span } from './span.ts';

export interface LocatedScalar extends Span {
  readonly kind: 'scalar';
  /** As it is read: quotes, escapes and indentation taken away. */
  readonly value: string;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly LocatedValue[];
}

export interface LocatedMap {
  readonly kind: 'map';
  /** In the order of the text; a key may stand more than once. */
  readonly entries: readonly { readonly key: LocatedValue; readonly value: LocatedValue }[];
}

/** What an alias stands for is the same value, located where its anchor is. */
export type LocatedValue = LocatedScalar | LocatedList | LocatedMap;

/** The documents of a text of YAML; null where any of it cannot be read. Places are units of the text. */
export type LocateDocuments = (text: string) => readonly LocatedValue[] | null;
