// What one todo works with and ends with.
import type { Instant } from '../../core/model/instant.ts';
import type { Event } from '../../core/remediation/event.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { Claim } from '../../ports/store.ts';
import type { Gate } from '../gate.ts';

/** A remediation under claim: what the todo of one tick works with. */
export interface Tick {
  readonly gate: Gate;
  readonly claim: Claim;
  readonly remediation: Remediation;
  readonly signal: AbortSignal;
}

/** What a todo ends with: events to save onto the remediation as it then is, or nothing now and another try later. */
export type TickResult =
  | { readonly events: readonly Event[]; readonly onto: Remediation }
  | { readonly later: Instant };
