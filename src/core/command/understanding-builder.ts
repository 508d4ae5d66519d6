// What reading a command collects: parts, refusals, and how much may still be read.
import { newReadingBudget, type ReadingBudget, type Surroundings } from '../model/command.ts';
import type { Refusal, RefusalCode, RefusalDetail } from '../model/refusal.ts';
import { EMPTY_PART, type OpaqueFloor, type Part } from '../model/understanding.ts';
import { replaceUnknown } from './shell/unknown.ts';

/** What reading a command collects. */
export interface UnderstandingBuilder {
  readonly surroundings: Surroundings;
  readonly parts: Part[];
  readonly refusals: Refusal[];
  readonly functions: ReadonlySet<string>;
  readonly budget: Budget;
  readonly depth: number;
  /** Inside a container every argument of a program is read for SQL (scoring section 7). */
  readonly where: 'line' | 'container';
  readonly context: Context;
}

/** What earlier commands of the line leave for later ones. */
export interface Context {
  /** The context, the namespace or the kubeconfig was changed: later commands speak to another cluster and namespace. */
  switched: boolean;
}

/** What may still be read of texts inside texts, by the whole command however often it names them; used up, the rest is opaque. */
export interface Budget extends ReadingBudget {
  /** UTF-16 units of texts within texts. */
  letters: number;
  /** Ends of an argv that are read as commands of their own. */
  tails: number;
  /** Commands that run in containers, each by its cost: an argv 1, a script that needs the shell's grammar 4. */
  nested: number;
}

/**
 * Enough for every real line and manifest, and a bound for those that repeat one text in many places: together with
 * the limits of the YAML reader it keeps 1 MiB within some 50 ms.
 */
export function newBudget(): Budget {
  return { letters: 1 << 17, tails: 32, nested: 1_000, nodes: newReadingBudget().nodes };
}

/** Nothing found yet; `functions`: those that the line defines. */
export function startBuilder(surroundings: Surroundings, functions: ReadonlySet<string>): UnderstandingBuilder {
  return {
    surroundings,
    parts: [],
    refusals: [],
    functions,
    budget: newBudget(),
    depth: 0,
    where: 'line',
    context: { switched: false },
  };
}

/** One refusal is enough not to run a command; beyond this many nobody reads them. */
const MOST_REFUSALS = 64;

/** A part that is not looked into, with the lowest tier that it may have. */
export function opaquePart(why: string, floor: OpaqueFloor): Part {
  return { ...EMPTY_PART, opaque: { why, floor } };
}

/** Adds a refusal once. */
export function refuse(
  builder: UnderstandingBuilder,
  code: RefusalCode,
  about: string | null,
  detail?: RefusalDetail,
): void {
  if (builder.refusals.length >= MOST_REFUSALS) return;
  const said = about === null ? null : replaceUnknown(about, '…');
  if (builder.refusals.some((one) => one.code === code && one.about === said)) return;
  builder.refusals.push(detail === undefined ? { code, about: said } : { code, about: said, detail });
}
