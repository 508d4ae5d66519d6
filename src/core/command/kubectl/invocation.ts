// One kubectl command line after cobra and pflag have read it.
import type { Refusal } from '../../model/refusal.ts';

/** The values of one flag in the order given; a bool or optional flag without "=" holds its no-option default ("true", "unchanged"). */
export type FlagValues = readonly string[];

/** A kubectl command line as kubectl itself would read it. */
export interface Invocation {
  /** Words of the command found: ["rollout", "restart"]; [] when kubectl was called bare or the command is unknown. */
  readonly path: readonly string[];
  /** The word that names no command of kubectl: a plugin, or one that is only known when it runs; null when all is well. */
  readonly unknown: string | null;
  /** The path as one text, for tables. */
  readonly key: string;
  /** Canonical names ("namespace", not "n"); absent flags are absent. Scalars: the last value counts. */
  readonly flags: ReadonlyMap<string, FlagValues>;
  readonly args: readonly string[];
  /** How many of `args` stood before "--"; null when there was no "--". */
  readonly argsBeforeDash: number | null;
  /** What kubectl would refuse, or what this parser cannot stand for; the rest is still filled as if it ran. */
  readonly refusals: readonly Refusal[];
  /** Help was asked for: nothing is sent. */
  readonly help: boolean;
}
