// What a scenario of live evidence is: a cause in a cluster, a command, and the sum of its score with the cause and without.
// A scenario never asks which cluster it talks to, and its sums are worked out by hand from scoring, never copied from output.
import type { ReasonCode } from '../../src/core/model/reason.ts';
import type { Scene } from './scene.ts';

export interface Scenario {
  /** The line of the score that comes and goes with the cause. */
  readonly code: ReasonCode;
  /** What the cluster says. */
  readonly cause: string;
  /** Makes the objects and the cause, and waits until the cluster shows them. */
  readonly prepare: (scene: Scene) => Promise<void>;
  /** The words after `kubectl`; asked before and after the cause is removed. */
  readonly command: (scene: Scene) => Promise<readonly string[]>;
  /** "base 8 + pdb 25": every line of the score while the cause is there. */
  readonly sum: string;
  /** What the line of `code` names; null: the code says all. */
  readonly names: ((scene: Scene) => string) | null;
  /** Removes the cause and nothing else. */
  readonly remove: (scene: Scene) => Promise<void>;
  /** Every line of the score without the cause. */
  readonly after: string;
  /** Appended to the name of the scenario's namespace, for those whose class is by name; "" elsewhere. */
  readonly ending: string;
}

/** A scenario whose namespace is in no class, so that its multiplier is 1. */
export const scenario = (one: Omit<Scenario, 'ending'>): Scenario => ({ ...one, ending: '' });

/** "base 8 + pdb 25" in points. */
export const pointsOf = (sum: string): number =>
  sum.split(' + ').reduce((points, line) => points + Number(line.split(' ')[1]), 0);
