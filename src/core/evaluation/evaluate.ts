// Joins what was measured and seen into the sealed declarative spec.

import { type RollbackDerived, rollbackPlanOf } from '../action/rollback-plan.ts';
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Decision } from '../decision/decide.ts';
import { impactOf, NO_IMPACT } from '../impact/impact.ts';
import { unhealthyNow } from '../impact/unhealthy.ts';
import { type Effect, writesOf } from '../model/effect.ts';
import type { Facts, TargetFact } from '../model/facts.ts';
import type { HealthCheck } from '../model/health-check.ts';
import { isObject } from '../model/json.ts';
import type { ObjectChange } from '../model/object-change.ts';
import { objectName, touchedBy } from '../model/object-ref.ts';
import type { Understanding } from '../model/understanding.ts';
import { constraintsOf } from '../sealed-spec/constraints.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { hashContent, seal } from '../sealed-spec/seal.ts';
import {
  type Describable,
  describeBlastReason,
  describeConstraints,
  describeNoRollback,
  describeRunnable,
  describeTargetState,
} from '../text/describe.ts';
import { maskCommand } from '../text/mask.ts';
import { describeLosses } from '../text/rollback-losses.ts';

/**
 * Seconds: how long approvals may take (4 h by default), how long a change may stand still at least (120 by default), how
 * long it must stay healthy (null or absent: as the gate is set), and what the policy asks besides.
 */
export interface SpecSettings {
  readonly validForSeconds: number;
  readonly convergeWithinSeconds: number;
  readonly soakSeconds?: number | null;
  readonly checks?: readonly HealthCheck[];
}

export const DEFAULT_SPEC_SETTINGS: SpecSettings = { validForSeconds: 4 * 60 * 60, convergeWithinSeconds: 120 };

export interface Evaluation {
  /** What was understood: the command as given, and what of it nobody may read. */
  readonly understanding: Pick<Understanding, 'command' | 'secretSpans'>;
  /** Files that travel with the proposal, by path; sealed by a hash. */
  readonly files: ReadonlyMap<string, string>;
  /** Without the command's secrets (maskRadius). */
  readonly blastRadius: BlastRadius;
  /** What the decision table applies, flags included. */
  readonly decision: Pick<Decision, 'tier' | 'reviewIssue' | 'approvals'>;
  /** null: no cluster was asked. */
  readonly facts: Facts | null;
  readonly incident: string | null;
  /** The name an operator gave to the cluster. */
  readonly clusterName: string | null;
  readonly settings: SpecSettings;
}

/** The revision that `rollout undo` without one goes to: the newest but the live one (kubectl 1.36). */
const revisionBefore = ({ revision, revisions }: TargetFact): number | null =>
  revisions.findLast((one) => one !== revision) ?? null;

/** A program is sealed to the pod and the container that were found for it. */
const pinnedRun = (effect: Effect, targets: readonly TargetFact[]): Effect => {
  const { change } = effect;
  const touched = touchedBy(effect, targets);
  const [target] = touched;
  if (change.to !== 'run' || target === undefined || touched.length > 1 || !isObject(target.preImage)) return effect;
  const { container } = target.preImage;
  if (typeof container !== 'string') return effect;
  return { ...effect, name: target.name, change: { ...change, container, of: null } };
};

/** An undo that names no revision is sealed to the one it means, object by object. */
const pinned = (effects: readonly Effect[], targets: readonly TargetFact[]): readonly Effect[] =>
  effects.flatMap((effect) => {
    if (effect.change.to === 'run') return [pinnedRun(effect, targets)];
    if (effect.change.to !== 'revision' || effect.change.revision !== null) return [effect];
    const touched = touchedBy(effect, targets);
    if (touched.length === 0) return [effect];
    return touched.map(
      (target): Effect => ({
        ...effect,
        namespace: target.namespace,
        name: target.name,
        change: { to: 'revision', revision: revisionBefore(target) },
      }),
    );
  });

/** Every write can be tried with `dryRun=All`; connecting to a pod cannot. */
const canDryRun = (effects: readonly Effect[]): boolean => {
  const writes = writesOf(effects);
  return writes.length > 0 && writes.every(({ verb }) => verb !== 'connect');
};

const joined = (names: readonly string[]): string => [...new Set(names)].join(', ');

const namespaceOf = (effects: readonly Effect[]): string | null => {
  const namespaces = effects.flatMap(({ namespace }) => (namespace === null ? [] : [namespace]));
  return namespaces.length === 0 ? null : joined(namespaces);
};

/** A file or a masked word is not in the command that is shown: a hash over all of it is sealed in its place. */
const contentHashOf = (command: string, shown: string, files: ReadonlyMap<string, string>): string | null =>
  shown === command && files.size === 0 ? null : hashContent(command, files);

const wordsOf = (
  body: Describable,
): Pick<DeclarativeSpec, 'runnable' | 'targetState' | 'constraints' | 'blastReason'> => {
  const texts = describeConstraints(body, 'en');
  return {
    runnable: describeRunnable(body, 'en'),
    targetState: describeTargetState(body, 'en'),
    constraints: body.constraints.map(({ code }, i) => ({ code, text: texts[i] ?? '' })),
    blastReason: describeBlastReason(body, 'en'),
  };
};

/** How well the way back brings back what was, and what of it was tried. */
const fidelityOf = (
  way: RollbackDerived,
  changes: readonly ObjectChange[],
  losses: readonly string[],
): Pick<DeclarativeSpec['rollbackPlan'], 'fidelity' | 'loses' | 'rehearsed'> => {
  const tried = changes.map(({ back }) => back);
  if (tried.includes('refused')) return { fidelity: 'none', loses: [], rehearsed: 'refused' };
  // A step that would change nothing before the write cannot be tried.
  const rehearsed = tried.length > 0 && tried.every((one) => one === 'passed') ? 'passed' : 'not-possible';
  if (!way.ok) return { fidelity: 'none', loses: [], rehearsed };
  return { fidelity: losses.length === 0 ? 'exact' : 'partial', loses: losses, rehearsed };
};

/** The spec that is reviewed, approved and run (contract section 1). Same input, same digest. */
export function evaluate(evaluation: Evaluation): DeclarativeSpec {
  const { understanding, blastRadius, decision, facts, settings } = evaluation;
  const targets = facts?.targets ?? [];
  const { tier } = decision;
  const effects = pinned(blastRadius.effects, targets);
  // A rule of the policy asks people about an action of tier auto too.
  const isAsked = tier === 'human' || tier === 'dual' || decision.approvals > 0;
  const dryRunRequired = isAsked && canDryRun(effects);
  const { evidence, hardRule } = blastRadius;
  const unhealthy = facts === null ? [] : unhealthyNow(effects, targets, facts.neighbourhood);
  const { forward = null, changes = [] } = facts?.rehearsal ?? {};
  const way = rollbackPlanOf({ effects, facts: targets, evidence, changes, hardRule });
  const runs = tier !== 'blocked' && blastRadius.executable && writesOf(effects).length > 0;
  const codes = constraintsOf({ isAsked, runs, dryRunRequired, hasWayBack: way.ok });
  const command = maskCommand(understanding);
  const body: Describable = {
    schemaVersion: 'blastgate/v1',
    incident: evaluation.incident,
    cluster: { name: evaluation.clusterName, uid: facts?.cluster ?? null },
    blastRadiusScore: blastRadius.score,
    tier,
    action: blastRadius.action,
    command,
    contentHash: contentHashOf(understanding.command, command, evaluation.files),
    namespace: namespaceOf(effects),
    target: effects.length === 0 ? '*' : joined(effects.map(objectName)),
    effects,
    facts: targets,
    ...(unhealthy.length === 0 ? {} : { unhealthyNow: unhealthy }),
    impact: facts === null ? NO_IMPACT : impactOf(effects, targets, facts.neighbourhood),
    changes,
    rehearsed: forward?.is ?? null,
    rehearsedWhy: forward === null || forward.is === 'passed' ? null : forward.why,
    dryRunRequired,
    constraints: codes.map((code) => ({ code })),
    reasons: blastRadius.reasons,
    requiresReviewIssue: decision.reviewIssue === 'wanted',
    hardRule: blastRadius.hardRule,
    refusals: blastRadius.refusals,
    evidence: blastRadius.evidence,
    validForSeconds: settings.validForSeconds,
    convergeWithinSeconds: settings.convergeWithinSeconds,
    ...(settings.soakSeconds == null ? {} : { soakSeconds: settings.soakSeconds }),
    ...(settings.checks === undefined || settings.checks.length === 0 ? {} : { checks: settings.checks }),
  };
  const rollbackPlan = {
    steps: way.ok ? way.steps : [],
    command: way.ok ? way.command : null,
    none: describeNoRollback(body, 'en'),
    ...fidelityOf(way, changes, describeLosses(body, 'en')),
  };
  return seal({ ...body, ...wordsOf(body), rollbackPlan });
}
