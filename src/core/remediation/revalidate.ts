// Is what people approved still what would happen? Judged again just before the write.

import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Decision } from '../decision/decide.ts';
import type { Facts, TargetFact } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import { objectKey } from '../model/object-ref.ts';
import type { Refusal } from '../model/refusal.ts';
import { compareTiers } from '../model/tier.ts';
import { EMPTY_PART, NO_SECRETS, type Understanding } from '../model/understanding.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';

/** Yes; no, and why; or it cannot be told now, so ask again later. */
export type Revalidation =
  | { readonly kind: 'true' }
  | { readonly kind: 'stale'; readonly refusal: Refusal }
  | { readonly kind: 'undecided'; readonly why: string };

/** What a sealed spec says, in the form that judging takes: exactly its effects, of an executable command. */
export function understandingOf({ command, effects }: DeclarativeSpec): Understanding {
  return {
    command,
    secretSpans: NO_SECRETS,
    parts: [{ ...EMPTY_PART, effects }],
    refusals: [],
  };
}

export interface JudgedAgain {
  readonly facts: Facts;
  readonly blastRadius: BlastRadius;
  readonly decision: Decision;
}

/** Compares cluster, objects, uids and pre-images with the sealed ones, then hard rules and tier. */
export function revalidate(spec: DeclarativeSpec, { facts, blastRadius, decision }: JudgedAgain): Revalidation {
  if (facts.cluster === null) return { kind: 'undecided', why: 'the cluster cannot be asked' };
  if (facts.cluster !== spec.cluster.uid) return stale('other-cluster', null);
  const changed = firstChange(spec.facts, facts);
  if (changed !== null) return { kind: 'stale', refusal: changed };
  if (blastRadius.hardRule !== null) return stale('hard-rule', blastRadius.hardRule.subject);
  const [refusal] = blastRadius.refusals;
  // It does not come back by itself; with the role back the command may be proposed again.
  if (refusal?.code === 'no-cluster-right') return stale(refusal.code, refusal.about);
  if (refusal !== undefined) return { kind: 'undecided', why: `${refusal.code} ${refusal.about ?? ''}`.trim() };
  if (compareTiers(decision.tier, spec.tier) <= 0) return { kind: 'true' };
  const doubt = blastRadius.reasons.find(({ code, points }) => code === 'no-evidence' && points > 0);
  // A person would be asked only because something is not known now, and that may pass.
  if (doubt !== undefined && decision.tier === 'human')
    return { kind: 'undecided', why: `no-evidence ${doubt.subject ?? ''}`.trim() };
  return stale(
    'tier-raised',
    `sealed ${spec.tier} ${spec.blastRadiusScore ?? '?'}, now ${decision.tier} ${blastRadius.score ?? '?'}`,
  );
}

const stale = (code: Refusal['code'], about: string | null): Revalidation => ({
  kind: 'stale',
  refusal: { code, about },
});

/** null: the same objects with the same uids and pre-images. */
const firstChange = (sealed: readonly TargetFact[], { targets, missing }: Facts): Refusal | null => {
  const found = new Map(targets.map((target) => [objectKey(target), target]));
  for (const target of sealed) {
    const key = objectKey(target);
    const now = found.get(key);
    if (now === undefined) {
      const gone = missing.some(({ object, part, why }) => object === key && part === null && why === 'not-found');
      return { code: gone ? 'not-found' : 'targets-changed', about: key };
    }
    if (now.uid !== target.uid) return { code: 'uid-changed', about: key };
    if (!sameJson(now.preImage, target.preImage)) return { code: 'pre-image-changed', about: key };
  }
  if (targets.length !== sealed.length || sealed.length === 0)
    return { code: 'targets-changed', about: `sealed were ${sealed.length}, now there are ${targets.length}` };
  return null;
};

/** Equal as JSON values; the order of keys does not matter. */
const sameJson = (a: Json | undefined, b: Json | undefined): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b))
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => sameJson(item, b[i]));
  const [left, right] = [Object.entries(a), new Map(Object.entries(b))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameJson(value, right.get(key)));
};
