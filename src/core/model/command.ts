// What arrives to be judged, and the surroundings that its meaning depends on.
import type { ApiRequest } from './api-request.ts';
import type { Json } from './json.ts';
import type { LocateDocuments } from './located-value.ts';
import type { Resource } from './resource.ts';

/** An argv as given ("kubectl", "delete", …), or one line of text that may be shell. */
export type TextCommand =
  | { readonly kind: 'argv'; readonly argv: readonly string[] }
  | { readonly kind: 'line'; readonly line: string };

/** A command as text, or the request to the API server that a program would send. */
export type Command = TextCommand | { readonly kind: 'request'; readonly request: ApiRequest };

/** A command as one line of its words, for whoever may see it whole: secrets are in it. */
export function commandWords(command: Command): string {
  if (command.kind === 'line') return command.line;
  return command.kind === 'argv' ? command.argv.join(' ') : `${command.request.method} ${command.request.path}`;
}

/** What kubectl takes a text for: a file of objects, a patch (--patch, --patch-file), or what --overrides says. */
export type TextRole = 'manifests' | 'patch' | 'overrides';

/** What may still be read of the texts of one command, in nodes of YAML or JSON; whoever reads takes from it. */
export interface ReadingBudget {
  nodes: number;
}

/** Enough for a ConfigMap of 15,000 keys, and a bound for a command that names many files, or one many times. */
export function newReadingBudget(): ReadingBudget {
  return { nodes: 90_000 };
}

/**
 * The documents of a text, empty ones left out; null when any of it cannot be read as kubectl would read it, or not within the
 * budget (a new one unless given).
 */
export interface ReadDocuments {
  (text: string, as: TextRole, budget?: ReadingBudget): readonly Json[] | null;
  /** Says where the values of a text stand; without it nobody can tell which are secrets, and such a text is hidden whole. */
  readonly locate?: LocateDocuments;
}

/** What the meaning of a command depends on besides its words. */
export interface Surroundings {
  /** The namespace of the configured context; "default" when there is none. */
  readonly namespace: string;
  /** Bytes of the files that travel with the proposal, by the path used in the command ("-" for standard input). */
  readonly files: ReadonlyMap<string, string>;
  /** Kinds that the cluster's discovery adds to the built-in ones; empty without a cluster. */
  readonly customResources: readonly Resource[];
  /** Injected, since core parses no YAML. */
  readonly readDocuments: ReadDocuments;
}
