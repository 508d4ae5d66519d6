// Policy, effects and what the proposer asked → how long a change may stand still, how long it must stay healthy, and what is
// asked besides.
import type { Policy, VerifyRule } from '../blast-radius/policy.ts';
import { type Effect, writesOf } from '../model/effect.ts';
import { type HealthCheck, sameCheck } from '../model/health-check.ts';

/** Seconds. `soakSeconds` is null where no rule of the policy says it: then the gate's own settle time holds. */
export interface VerificationSettings {
  readonly convergeWithinSeconds: number;
  readonly soakSeconds: number | null;
  readonly checks: readonly HealthCheck[];
}

/**
 * The largest of what the policy's `verify` says for each action and each class of namespace that is written to (contract
 * part 2, section 7), and all checks of them, each once. A proposer may ask for another window than the gate's, but for none below the policy's.
 */
export function verificationSettings(
  policy: Policy,
  effects: readonly Effect[],
  { windowSeconds, otherwise }: { readonly windowSeconds: number | null; readonly otherwise: number },
): VerificationSettings {
  const rules = rulesFor(policy, effects);
  const window = largest(rules.map((rule) => rule.windowSeconds));
  return {
    convergeWithinSeconds: window === null ? (windowSeconds ?? otherwise) : Math.max(window, windowSeconds ?? 0),
    soakSeconds: largest(rules.map((rule) => rule.soakSeconds)),
    checks: eachOnce(rules.flatMap(({ checks = [] }) => checks)),
  };
}

const rulesFor = (policy: Policy, effects: readonly Effect[]): readonly VerifyRule[] => {
  const verify = policy.document.verify ?? {};
  const writes = writesOf(effects);
  const keys = new Set(
    writes.flatMap(({ kind, namespace }) => [kind, ...(namespace === null ? [] : [policy.classOf(namespace)])]),
  );
  return [...keys].flatMap((key) => verify[key] ?? []);
};

const eachOnce = (checks: readonly HealthCheck[]): readonly HealthCheck[] =>
  checks.filter((check, i) => checks.findIndex((one) => sameCheck(one, check)) === i);

const largest = (values: readonly (number | undefined)[]): number | null => {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? null : Math.max(...known);
};
