// What arrives to be judged, and the surroundings that its meaning depends on.
import type { Json } from './json.ts';
import type { Resource } from './resource.ts';

/** An argv as given ("kubectl", "delete", …), or one line of text that may be shell. */
export type Command =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  | { readonly kind: 'line'; readonly line: string };

/** What the meaning of a command depends on besides its words. */
export interface Surroundings {
  /** The namespace of the configured context; "default" when there is none. */
  readonly namespace: string;
  /** Bytes of the files that travel with the proposal, by the path used in the command ("-" for standard input). */
  readonly files: ReadonlyMap<string, string>;
  /** Kinds that the cluster's discovery adds to the built-in ones; empty without a cluster. */
  readonly customResources: readonly Resource[];
  /** Reads YAML or JSON text, several documents allowed; null when it cannot be read. Injected, since core parses no YAML. */
  readonly readDocuments: (text: string) => readonly Json[] | null;
}
