// Is what people approved still what would happen? Judged again just before the write.

import type { BlastRadius } from '../blast-radius/blast-radius.ts';
import type { Decision } from '../decision/decide.ts';
import { isEviction } from '../model/effect.ts';
import { type Facts, pairsOf } from '../model/facts.ts';
import { type Json, sameJson } from '../model/json.ts';
import { firstDifference } from '../model/json-difference.ts';
import type { FieldChange, ObjectChange } from '../model/object-change.ts';
import { type ObjectKey, objectKey } from '../model/object-ref.ts';
import type { Refusal, RefusalDetail } from '../model/refusal.ts';
import { compareTiers } from '../model/tier.ts';
import { EMPTY_PART, NO_SECRETS, type Understanding } from '../model/understanding.ts';
import { changesOf, type DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';

/** Why it cannot be told now whether a sealed plan is still true. */
export type Doubt =
  | { readonly code: 'cluster-silent' }
  /** Another remediation is under way on the same objects: they are not yet as they will be. */
  | { readonly code: 'other-under-way' }
  | { readonly code: 'refused'; readonly refusal: Refusal }
  | { readonly code: 'no-evidence'; readonly subject: string | null }
  /** No dry run was possible; `says` in the words of whoever was asked. */
  | { readonly code: 'not-rehearsed'; readonly says: string };

/** Yes; no, and why; or it cannot be told now, so ask again later. */
export type Revalidation =
  | { readonly kind: 'true' }
  | { readonly kind: 'stale'; readonly refusal: Refusal }
  | { readonly kind: 'undecided'; readonly doubt: Doubt };

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
  if (facts.cluster === null) return { kind: 'undecided', doubt: { code: 'cluster-silent' } };
  if (facts.cluster !== spec.cluster.uid) return stale('other-cluster', null);
  const changed = firstChange(spec, facts) ?? nothingSealed(spec);
  if (changed !== null) return { kind: 'stale', refusal: changed };
  const other = otherDifference(spec, facts);
  if (other !== null) return other;
  if (blastRadius.hardRule !== null) return stale('hard-rule', blastRadius.hardRule.subject);
  const [refusal] = blastRadius.refusals;
  // It does not come back by itself; with the role back the command may be proposed again.
  if (refusal?.code === 'no-cluster-right') return stale(refusal.code, refusal.about);
  if (refusal !== undefined) return { kind: 'undecided', doubt: { code: 'refused', refusal } };
  if (compareTiers(decision.tier, spec.tier) <= 0) return { kind: 'true' };
  const doubt = blastRadius.reasons.find(({ code, points }) => code === 'no-evidence' && points > 0);
  // A person would be asked only because something is not known now, and that may pass.
  if (doubt !== undefined && decision.tier === 'human')
    return { kind: 'undecided', doubt: { code: 'no-evidence', subject: doubt.subject } };
  return stale(
    'tier-raised',
    `sealed ${spec.tier} ${spec.blastRadiusScore ?? '?'}, now ${decision.tier} ${blastRadius.score ?? '?'}`,
  );
}

const stale = (code: Refusal['code'], about: string | null): Revalidation => ({
  kind: 'stale',
  refusal: { code, about },
});

/** What a dry run of now would leave, beside what was sealed; null: the same, or nothing was sealed of it. */
const otherDifference = (spec: DeclarativeSpec, { rehearsal }: Facts): Revalidation | null => {
  if (spec.rehearsed !== 'passed' || rehearsal === null) return null;
  const { forward, changes } = rehearsal;
  switch (forward.is) {
    case 'refused':
      return stale('dry-run-refused', forward.why);
    case 'not-possible':
      return { kind: 'undecided', doubt: { code: 'not-rehearsed', says: forward.why } };
    case 'passed': {
      const now = new Map(changes.map((change) => [writeKey(change), change]));
      const leaving = evictedBy(spec);
      const moved = changesOf(spec).find(
        (change) => !leaving.has(change.object) && !sameChange(change, now.get(writeKey(change))),
      );
      if (moved === undefined) return null;
      const detail = fieldDifference(moved, now.get(writeKey(moved)));
      return {
        kind: 'stale',
        refusal: { code: 'pre-image-changed', about: moved.object, ...(detail === null ? {} : { detail }) },
      };
    }
    default:
      return forward satisfies never;
  }
};

/** One write among all. */
const writeKey = ({ object, write }: ObjectChange): string => (write === undefined ? object : `${object} ${write}`);

const sameChange = (sealed: ObjectChange, now: ObjectChange | undefined): boolean =>
  now !== undefined && sealed.uid === now.uid && sealed.op === now.op && sameJson(placesOf(sealed), placesOf(now));

/** The first field that a dry run would leave otherwise than the sealed one; null: the write itself would be another. */
const fieldDifference = (sealed: ObjectChange, now: ObjectChange | undefined): RefusalDetail | null => {
  if (now === undefined || sealed.uid !== now.uid || sealed.op !== now.op) return null;
  const others = new Map(now.fields.map((field) => [field.path, field]));
  for (const field of sealed.fields) {
    const other = others.get(field.path);
    if (field.hidden !== undefined || other?.hidden !== undefined) {
      if (!sameJson(jsonOf(field), jsonOf(other))) return { kind: 'differs', at: field.path, hidden: true };
      continue;
    }
    // The sealed change is not one any more, or begins elsewhere; else it would end elsewhere.
    const was = firstDifference(field.before, other === undefined ? field.after : other.before);
    const found = was ?? firstDifference(field.after, other?.after);
    if (found !== null) return { kind: 'differs', ...found, at: `${field.path}${found.at}` };
  }
  const sealedPaths = new Set(sealed.fields.map(({ path }) => path));
  const fresh = now.fields.find(({ path }) => !sealedPaths.has(path));
  if (fresh === undefined) return null;
  const made = fresh.hidden === undefined ? firstDifference(fresh.before, fresh.after) : null;
  return made === null
    ? { kind: 'differs', at: fresh.path, hidden: true }
    : { kind: 'differs', ...made, at: `${fresh.path}${made.at}` };
};

// as: a field change is plain JSON.
const jsonOf = (field: FieldChange | undefined): Json => (field ?? null) as unknown as Json;

/** Where an element of a list stands is no part of the difference: its key names it. */
const placesOf = ({ fields }: ObjectChange): Json =>
  // as: a field change is plain JSON.
  fields.map((field) =>
    field.keys === undefined ? field : { ...field, path: field.path.replaceAll(/\/\d+(?=\/|$)/g, '/') },
  ) as unknown as Json;

/** Pods that are to leave their nodes: one that has left already, or has ended, is no reason to ask again. */
const evictedBy = ({ effects, facts }: DeclarativeSpec): ReadonlySet<ObjectKey> =>
  new Set(pairsOf(effects.filter(isEviction), facts).map(({ target }) => objectKey(target)));

/** null: the same objects with the same uids and pre-images. */
const firstChange = (spec: DeclarativeSpec, { targets, missing }: Facts): Refusal | null => {
  const sealed = spec.facts;
  const leaving = evictedBy(spec);
  const found = new Map(targets.map((target) => [objectKey(target), target]));
  for (const target of sealed) {
    const key = objectKey(target);
    if (leaving.has(key)) continue;
    const now = found.get(key);
    if (now === undefined) {
      const gone = missing.some(({ object, part, why }) => object === key && part === null && why === 'not-found');
      return { code: gone ? 'not-found' : 'targets-changed', about: key };
    }
    if (now.uid !== target.uid) return { code: 'uid-changed', about: key };
    const differs = firstDifference(target.preImage, now.preImage);
    if (differs !== null) return { code: 'pre-image-changed', about: key, detail: { kind: 'differs', ...differs } };
  }
  const uids = new Set(sealed.map(({ uid }) => uid));
  const fresh = targets.find(({ uid }) => !uids.has(uid));
  if (fresh === undefined) return null;
  const about = `sealed were ${sealed.length}, now there are ${targets.length}: ${objectKey(fresh)} is new`;
  return { code: 'targets-changed', about };
};

/** What was sealed of no object at all could be anything; a creation has no object yet, and its difference says what it makes. */
const nothingSealed = (spec: DeclarativeSpec): Refusal | null =>
  spec.facts.length > 0 || changesOf(spec).length > 0
    ? null
    : { code: 'targets-changed', about: 'no object was sealed' };
