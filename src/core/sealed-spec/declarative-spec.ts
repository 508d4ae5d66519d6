// What the reviewer signs: the immutable declarative spec.

import type { FiredRule } from '../blast-radius/blast-radius.ts';
import { type Impact, NO_IMPACT } from '../impact/impact.ts';
import type { Action, Effect } from '../model/effect.ts';
import type { TargetFact } from '../model/facts.ts';
import type { HealthCheck } from '../model/health-check.ts';
import type { ObjectChange, Rehearsed } from '../model/object-change.ts';
import type { Reason } from '../model/reason.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Tier } from '../model/tier.ts';

/** `sha256:` and 64 hex digits over the RFC 8785 canonical JSON of everything but the digest. */
export type Digest = string & { readonly brand: 'Digest' };

export const CONSTRAINT_CODES = [
  'dry-run-passed', // only where dryRunRequired
  'target-unchanged', // uid and pre-image
  'approvals-complete', // complete and unexpired
  'single-writer', // no other write on the workload
  'converges-in-window',
  'way-back-exists', // only where the rollback plan has steps
] as const;
export type ConstraintCode = (typeof CONSTRAINT_CODES)[number];

/** A condition that is checked again at execution; `text` is the English sentence. */
export interface Constraint {
  readonly code: ConstraintCode;
  readonly text: string;
}

/** The rollback, derived from the kind of action alone. `none` says why there are no steps. */
export interface RollbackPlan {
  readonly steps: readonly Effect[];
  /** kubectl's words for the same, a line per target. */
  readonly command: string | null;
  readonly none: string | null;
  /** exact: every field as it was. partial: what `loses` names does not come back. none: there are no steps. Absent as `impact` is. */
  readonly fidelity?: 'exact' | 'partial' | 'none';
  /** What does not come back, in English words. */
  readonly loses?: readonly string[];
  /** Whether the API server has tried the steps; a step that would change nothing yet cannot be tried. */
  readonly rehearsed: Rehearsed['is'];
}

/** The changes of a spec, whenever it was sealed. */
export function changesOf({ changes = [] }: Pick<DeclarativeSpec, 'changes'>): readonly ObjectChange[] {
  return changes;
}

/** What depends on what it touches, whenever it was sealed. */
export function sealedImpact({ impact = NO_IMPACT }: Pick<DeclarativeSpec, 'impact'>): Impact {
  return impact;
}

/** Whether a program in a container is what it approves: it is begun once, and nothing tells later whether it was. */
export function runsProgram({ effects }: Pick<DeclarativeSpec, 'effects'>): boolean {
  return effects.some(({ change }) => change.to === 'run');
}

/** Field names are pinned by contract section 1. */
export interface DeclarativeSpec {
  readonly schemaVersion: 'blastgate/v1';
  readonly digest: Digest;
  readonly incident: string | null;
  /** The cluster that it was sealed for: the uid of kube-system, and the name an operator gave; nulls without a cluster. */
  readonly cluster: { readonly name: string | null; readonly uid: string | null };
  readonly blastRadiusScore: number | null;
  readonly tier: Tier;
  readonly action: Action;
  /** Secrets in it are masked. */
  readonly command: string;
  /**
   * "scrypt:" and hex over the command as given and the files sent along, where `command` does not show all of it;
   * null where it does. A slow hash, since a reader of the spec could try passwords against a fast one.
   */
  readonly contentHash: string | null;
  /** What will be true afterwards, in English words. */
  readonly targetState: string;
  readonly namespace: string | null;
  /** "deployment/web", several joined by ", "; "*" where it cannot be named. */
  readonly target: string;
  readonly effects: readonly Effect[];
  /** uids and pre-images of every object touched. */
  readonly facts: readonly TargetFact[];
  /** Those of them that were not healthy when it was sealed, by name; absent: none was seen so. */
  readonly unhealthyNow?: readonly string[];
  /**
   * What depends on them: objects and relations without readings that come and go. Empty without a cluster. Absent in specs that were
   * sealed before it was looked for: sealedImpact reads both.
   */
  readonly impact?: Impact;
  /**
   * What it would make of each object, by the API server's own dry run; empty where none was possible. Absent in specs that were
   * sealed before it was asked: changesOf reads both.
   */
  readonly changes?: readonly ObjectChange[];
  /** What became of that dry run, and why; null: none was tried. */
  readonly rehearsed: Rehearsed['is'] | null;
  readonly rehearsedWhy: string | null;
  readonly dryRunRequired: boolean;
  readonly constraints: readonly Constraint[];
  readonly rollbackPlan: RollbackPlan;
  readonly blastReason: readonly string[];
  readonly reasons: readonly Reason[];
  readonly requiresReviewIssue: boolean;
  /** Whether the gate would run it once it is approved; `why` is English words, null where it would. */
  readonly runnable: { readonly is: boolean; readonly why: string | null };
  readonly hardRule: FiredRule | null;
  readonly refusals: readonly Refusal[];
  readonly evidence: 'none' | 'live';
  /** How long approvals may take, in seconds (4 h by default). */
  readonly validForSeconds: number;
  /** Seconds without progress that are waited for at least (120 by default); core/remediation/verdict.ts. */
  readonly convergeWithinSeconds: number;
  /** Seconds that everything must have looked healthy without a gap, where the policy says it; else the gate's settle time. */
  readonly soakSeconds?: number;
  /** What the policy asks besides while it is watched; absent: nothing. */
  readonly checks?: readonly HealthCheck[];
}
