// A rule of the policy: whose requests are only observed, where, and until when.
import type { Instant } from './instant.ts';

/** A key that is left out means all of them. The rule ends by itself: after `until` what it names is enforced. */
export interface ShadowRule {
  /** Ids of agents in people.yaml. */
  readonly agents?: readonly string[] | undefined;
  /** Names of namespaces, as globs; with it, what stands in no namespace is not meant. */
  readonly namespaces?: readonly string[] | undefined;
  /** RFC 3339, as the policy has it. */
  readonly until: Instant;
}
