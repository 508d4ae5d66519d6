// What was understood of a command and seen of the cluster → its blast radius, the decision, the sealed spec: the one
// pipeline behind every door.
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import { hasDualFloor } from '../blast-radius/dual-floor.ts';
import type { Policy } from '../blast-radius/policy.ts';
import { score } from '../blast-radius/score.ts';
import { withApprovalRules } from '../decision/approval-rules.ts';
import { type Decision, decide, type Flags } from '../decision/decide.ts';
import { withoutProgram } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import type { Rehearsal } from '../model/object-change.ts';
import { effectsOf, secretsOf, type Understanding } from '../model/understanding.ts';
import { type Revalidation, revalidate, understandingOf } from '../remediation/revalidate.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';
import { maskRadius } from '../text/mask.ts';
import { evaluate, type SpecSettings } from './evaluate.ts';
import { withMaskedContent } from './hidden-content.ts';
import { liveRefusals } from './live-refusals.ts';
import { verificationSettings } from './verification-settings.ts';

/** What an operator has set. */
export interface JudgingRules {
  readonly policy: Policy;
  readonly flags: Flags;
}

export interface JudgingRequest extends JudgingRules {
  readonly understanding: Understanding;
  /** null: no cluster was asked, and the tier is a lower bound. */
  readonly facts: Facts | null;
  readonly settings: SpecSettings;
  /** How long the change may stand still, in seconds, as the proposer asks; null or absent: as the gate is set. */
  readonly windowSeconds?: number | null;
  readonly incident: string | null;
  /** The name an operator gave to the cluster. */
  readonly clusterName: string | null;
  /** Bytes of the files that travel with the command, by path. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Judgement {
  readonly blastRadius: BlastRadius;
  readonly decision: Decision;
  readonly spec: DeclarativeSpec;
  /** What the spec shows only as hashes, for whoever keeps it for the way back. */
  readonly hidden: Rehearsal['hidden'];
}

/** The whole judgement of a command. The same request, the same digest. */
export function judge({
  understanding: given,
  facts: seen,
  policy,
  flags,
  windowSeconds = null,
  ...spec
}: JudgingRequest): Judgement {
  const { understanding, facts } = withoutSecretPrograms(withMaskedContent(given), seen);
  const blastRadius = maskRadius(measure(understanding, facts, policy), understanding);
  const decision = decideOn(understanding, facts, blastRadius, { policy, flags });
  const otherwise = spec.settings.convergeWithinSeconds;
  // What is blocked never runs, and it may be the policy itself that cannot be asked.
  const asked =
    decision.tier === 'blocked' ? {} : verificationSettings(policy, blastRadius.effects, { windowSeconds, otherwise });
  const settings = { ...spec.settings, ...asked };
  const sealed = evaluate({ ...spec, settings, understanding, blastRadius, decision, facts });
  return { blastRadius, decision, spec: sealed, hidden: facts?.rehearsal?.hidden ?? [] };
}

/** The blast radius alone, without a cluster, as it may be shown. */
export function scoreToShow(understanding: Understanding, policy: Policy): BlastRadius {
  return maskRadius(score(understanding, null, policy), understanding);
}

/** The words of a program that hold a secret would stand in a spec that everybody reads: then nobody runs it. */
const withoutSecretPrograms = (
  understanding: Understanding,
  facts: Facts | null,
): Pick<JudgingRequest, 'understanding' | 'facts'> => {
  const runs = effectsOf(understanding).some(({ change }) => change.to === 'run');
  if (!runs || secretsOf(understanding).length === 0) return { understanding, facts };
  const parts = understanding.parts.map((part) => ({ ...part, effects: part.effects.map(withoutProgram) }));
  return { understanding: { ...understanding, parts }, facts: facts === null ? null : { ...facts, rehearsal: null } };
};

/** The same judgement on what was sealed, by the facts and the policy of now: may it still run? */
export function judgeAgain(spec: DeclarativeSpec, facts: Facts, rules: JudgingRules): Revalidation {
  const understanding = understandingOf(spec);
  const blastRadius = measure(understanding, facts, rules.policy);
  return revalidate(spec, { facts, blastRadius, decision: decideOn(understanding, facts, blastRadius, rules) });
}

/** The score, with what only the live cluster can refuse among its refusals. */
const measure = (understanding: Understanding, facts: Facts | null, policy: Policy): BlastRadius => {
  const radius = score(understanding, facts, policy);
  const known = new Set(radius.refusals.map(({ code }) => code));
  const fresh = liveRefusals(understanding, facts).filter(({ code }) => !known.has(code));
  return fresh.length === 0 ? radius : { ...radius, executable: false, refusals: [...radius.refusals, ...fresh] };
};

const decideOn = (
  understanding: Understanding,
  facts: Facts | null,
  radius: BlastRadius,
  { policy, flags }: JudgingRules,
): Decision =>
  withApprovalRules(
    decide(
      {
        hardRule: radius.hardRule === null ? 'passed' : 'fired',
        command: radius.executable ? 'executable' : 'not-executable',
        score: radius.score === null ? 'failed' : 'measured',
        tier: radius.tier,
        floor: hasDualFloor(understanding, facts, policy) ? 'dual' : 'lower',
      },
      flags,
    ),
    effectsOf(understanding),
    policy.document,
    radius.score,
  );
