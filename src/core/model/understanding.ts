// What a proposed command would do, before anyone judges it.

import type { Effect } from './effect.ts';
import type { Refusal } from './refusal.ts';
import type { Span } from './span.ts';
import type { Tier } from './tier.ts';

/** The lowest tier that an opaque part may have: auto only where it can only read something plain. */
export type OpaqueFloor = Exclude<Tier, 'blocked'>;

/** What a nested or foreign command inside a part destroys (scoring section 7, core). */
export type Destruction = 'recursive-delete' | 'sql-drop';

/**
 * One simple command, or one manifest road, resolved as far as it can be. A line of shell has several;
 * a plain argv has one, and further ones for commands nested in exec, run, debug, jobs or container specs.
 */
export interface Part {
  readonly effects: readonly Effect[];
  /** Set when the part, or some of it, could not be resolved. */
  readonly opaque: { readonly why: string; readonly floor: OpaqueFloor } | null;
  /** Found in nested commands, or in the part itself when it is rm or an SQL client. */
  readonly destructions: readonly Destruction[];
  /** A dry run picks nothing but itself: every write of the part is an effective dry run. */
  readonly dryRun: boolean;
  /** A flag picks another cluster, identity or kubectl configuration, or writes a file: at least human. */
  readonly overridesTarget: boolean;
  /** The content or kind that hard rules need is unknown (scoring section 7, "could not decide"): at least dual. */
  readonly undecided: boolean;
  /** Of `kubectl exec POD -- …`: the words behind the dashes; null for everything else. */
  readonly innerArgv: readonly string[] | null;
}

/** A part that does nothing. */
export const EMPTY_PART: Part = {
  effects: [],
  opaque: null,
  destructions: [],
  dryRun: false,
  overridesTarget: false,
  undecided: false,
  innerArgv: null,
};

/** Places in the text of a command: found already, or looked for when somebody asks. */
export type SecretSpans = readonly Span[] | (() => readonly Span[]);

/** The places of its secrets, looked for now where they were not. */
export function secretsOf({ secretSpans }: Pick<Understanding, 'secretSpans'>): readonly Span[] {
  return typeof secretSpans === 'function' ? secretSpans() : secretSpans;
}

/** The same with its secrets found: data alone, which may go to another thread. */
export function withFoundSecrets(understanding: Understanding): Understanding {
  return { ...understanding, secretSpans: secretsOf(understanding) };
}

/** A proposed command, understood. `refusals` is empty exactly when the command alone is executable. */
export interface Understanding {
  /** The argv quoted for a shell, or the line as given. Nobody is shown it but by core/text/mask.ts. */
  readonly command: string;
  /**
   * What of `command` nobody may read, in order and apart from one another. Asked only where something is shown or stored, since
   * it reads the command once more.
   */
  readonly secretSpans: SecretSpans;
  readonly parts: readonly Part[];
  readonly refusals: readonly Refusal[];
}

/** Of a command that holds no secret, or whose secrets are masked already. */
export const NO_SECRETS: readonly Span[] = [];

/** Every effect of the command, part by part. */
export function effectsOf({ parts }: Understanding): readonly Effect[] {
  return parts.flatMap(({ effects }) => effects);
}
