// What a loop of a running gate finds to do: one step, taken already, or nothing before an instant.
import type { Instant } from '../../core/model/instant.ts';

export type NextStep =
  /** `take` does it; nobody else will meanwhile. */
  | {
      readonly kind: 'step';
      take(): Promise<void>;
      /** It may last as long as a program that somebody wrote: it takes no place from others. */
      readonly isLong?: boolean;
    }
  /** Nothing is due; null: nothing is waiting for a time at all. */
  | { readonly kind: 'nothing'; readonly nextDue: Instant | null };
