// What the generator knows of kubectl, whichever way it learnt it.

/** One flag of one command. */
export interface FlagFact {
  readonly name: string;
  /** One letter, "" for none. */
  readonly short: string;
  /** pflag's name of the type: bool, string, stringArray, int32, duration, … */
  readonly type: string;
  /** The value that the flag holds when it stands without "="; "" where it needs one. */
  readonly noOptDefault: string;
  readonly required: boolean;
  /** The first version that knows it, "" when all known versions do. */
  readonly since: string;
}

/** One command; path [] is kubectl itself with the global flags. */
export interface CommandFact {
  readonly path: readonly string[];
  readonly aliases: readonly string[];
  readonly mutates: boolean;
  readonly supportsDryRun: boolean;
  readonly flags: readonly FlagFact[];
}

export interface GrammarFacts {
  /** The version whose grammar this is, e.g. "1.36". */
  readonly version: string;
  readonly commands: readonly CommandFact[];
}

export interface ResourceFact {
  readonly name: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly kind: string;
  readonly group: string;
  readonly versions: readonly string[];
  readonly namespaced: boolean;
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
}
