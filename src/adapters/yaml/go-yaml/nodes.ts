// The structure of a YAML document: scalars with their tags, sequences, mappings, and aliases of other nodes.

export type Node = Scalar | Sequence | Mapping | Alias;

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string;
  /** Where it stands, quotes and the header of a block included; blanks may follow within. */
  readonly from: number;
  readonly to: number;
  /** "tag:yaml.org,2002:int", "!local"; "" where none stands. */
  readonly tag: string;
  /** Whether the value may be more than a string: plain without a tag, or tagged "!". */
  readonly isImplicit: boolean;
}

export interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly Node[];
}

export interface Mapping {
  readonly kind: 'mapping';
  /** Keys and values in turn, in the order of the text. */
  readonly entries: readonly Node[];
}

export interface Alias {
  readonly kind: 'alias';
  readonly node: Exclude<Node, Alias>;
}

/** The namespace of the tags that YAML 1.1 defines; "!!" stands for it. */
export const YAML_TAG = 'tag:yaml.org,2002:';
