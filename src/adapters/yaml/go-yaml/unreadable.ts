// What ends the reading of a text: an error that kubectl has too, or one of the limits that keep a text of 1 MiB under 50 ms.
import type { ReadingBudget } from '../../../core/model/command.ts';

/** The text, or what this reader cares to read of it, cannot be read. Caught in read-documents.ts and in decode-body.ts, never beyond them. */
export class Unreadable extends Error {}

/** A key stands twice where each is to stand once. */
export class DuplicateKey extends Unreadable {}

/** Documents of one text. */
export const MAX_DOCUMENTS = 2_000;

/** Takes nodes (keys, values, entries) from the budget; throws Unreadable when none are left. */
export function spend(budget: ReadingBudget, nodes: number): void {
  budget.nodes -= nodes;
  if (budget.nodes < 0) throw new Unreadable('too many nodes');
}
