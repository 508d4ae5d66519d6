// Text that others wrote (a proposer, a cluster, a person), shown so that nothing in it is unseen or reorders the line.
import { visible } from '../../../src/core/text/escape.ts';

/** The text with every unseen character written out, as issue, chat and terminal show it. */
export function plain(text: string | null | undefined): string {
  return visible(text ?? '');
}
