// What score answers, as the contract pins it (section 1), for every door alike.
import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Effect } from '../model/effect.ts';
import { describeHardRule, describeReason, describeRefusal, describeRunnable } from '../text/describe.ts';
import type { Lang } from '../text/words/lang.ts';

export interface ScoreAnswer {
  readonly score: number | null;
  readonly tier: string;
  readonly action: string;
  readonly command: string;
  readonly executable: boolean;
  /** Whether this gate would run it, and why not. */
  readonly runnable: { readonly is: boolean; readonly why: string | null };
  readonly refusals: readonly { readonly code: string; readonly message: string; readonly remedy: string | null }[];
  readonly hardRule: { readonly code: string; readonly message: string } | null;
  readonly dryRun: boolean;
  readonly evidence: 'none' | 'live';
  readonly effects: readonly WireEffect[];
  readonly reasons: readonly { readonly code: string; readonly points: number; readonly message: string }[];
}

/** The part of an effect that stands on the wire. */
export type WireEffect = Pick<
  Effect,
  'verb' | 'group' | 'resource' | 'subresource' | 'namespace' | 'name' | 'selector'
>;

export function wireEffect({ verb, group, resource, subresource, namespace, name, selector }: Effect): WireEffect {
  return {
    verb,
    group,
    resource,
    subresource,
    namespace,
    name,
    selector,
  };
}

/** `command` and `radius` as they may be shown (core/text/mask.ts). */
export function scoreAnswer(command: string, radius: BlastRadius, lang: Lang): ScoreAnswer {
  return {
    score: radius.score,
    tier: radius.tier,
    action: radius.action,
    command,
    executable: radius.executable,
    runnable: describeRunnable(radius, lang),
    refusals: radius.refusals.map((refusal) => describeRefusal(refusal, lang)),
    hardRule: radius.hardRule === null ? null : describeHardRule(radius.hardRule, lang),
    dryRun: radius.dryRun,
    evidence: radius.evidence,
    effects: radius.effects.map(wireEffect),
    reasons: radius.reasons.map((reason) => ({
      code: reason.code,
      points: reason.points,
      message: describeReason(reason, lang),
    })),
  };
}
