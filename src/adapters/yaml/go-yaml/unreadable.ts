// What ends the reading of a text: an error that kubectl has too, or one of the limits that keep a text of 1 MiB under 50 ms.

/** The text, or what this reader cares to read of it, cannot be read. Caught in read-documents.ts, never beyond it. */
export class Unreadable extends Error {}

/** Documents of one text. */
export const MAX_DOCUMENTS = 2_000;

/** Nodes of one text (keys, values, entries): once as they stand, and once as they are written out for their aliases. */
const MAX_NODES = 120_000;

/** Counts the nodes of one text. */
export class NodeBudget {
  private left = MAX_NODES;

  /** Throws Unreadable when the text has more than a reader shall spend its time on. */
  spend(nodes: number): void {
    this.left -= nodes;
    if (this.left < 0) throw new Unreadable('too many nodes');
  }
}
