// Which conditions a spec sets for its own execution.
import type { ConstraintCode } from './declarative-spec.ts';

/** What decides which conditions apply. */
export interface ConstraintInput {
  /** Whether people must agree. */
  readonly isAsked: boolean;
  /** True when the gate could ever run it: not blocked, executable, and something to write. */
  readonly runs: boolean;
  readonly dryRunRequired: boolean;
  readonly hasWayBack: boolean;
}

/**
 * The conditions, each checked again at execution: dry run and unchanged targets by adapters/cluster/writer.ts,
 * approvals by core/approval/permit.ts, the single writer by the store, convergence by core/remediation/verdict.ts,
 * the rollback by the writer's check of the history. What never runs has none.
 */
export function constraintsOf(input: ConstraintInput): readonly ConstraintCode[] {
  if (!input.runs) return [];
  const table: readonly (readonly [ConstraintCode, boolean])[] = [
    ['dry-run-passed', input.dryRunRequired],
    ['target-unchanged', true],
    ['approvals-complete', input.isAsked],
    ['single-writer', true],
    ['converges-in-window', true],
    ['way-back-exists', input.hasWayBack],
  ];
  return table.flatMap(([code, applies]) => (applies ? [code] : []));
}
