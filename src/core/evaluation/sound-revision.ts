// What was understood, seen and remembered → undos that name no revision go to the newest one that has not failed.
import { type Effect, isWrite } from '../model/effect.ts';
import { type Facts, type MissingFact, missingObject, type PastFailure, type TargetFact } from '../model/facts.ts';
import { touchedBy } from '../model/object-ref.ts';
import { effectsOf, type Understanding } from '../model/understanding.ts';
import { type FailedTemplate, knownFailures } from '../remediation/failed-template.ts';

type Seen = Pick<Facts, 'targets'>;

const undone = (effects: readonly Effect[], { targets }: Seen, effect: Effect): readonly TargetFact[] =>
  effects.includes(effect) && isWrite(effect) && effect.change.to === 'revision' ? touchedBy(effect, targets) : [];

/** Revisions that an undo may mean, newest first: all but the live one (kubectl 1.36 takes the first). */
const candidates = ({ history = [], revision }: TargetFact) =>
  history.filter((one) => one.revision !== revision).toReversed();

export interface SoundRevisions {
  /** The same one where no revision is skipped; then its facts hold as they are. */
  readonly understanding: Understanding;
  /** Objects with no revision left to go to. */
  readonly missing: readonly MissingFact[];
}

/** `rollout undo` without a number after a failed rollout would go forward to what failed: such revisions are skipped. */
export function withSoundRevisions(
  understanding: Understanding,
  seen: Seen,
  failed: readonly FailedTemplate[],
): SoundRevisions {
  const all = effectsOf(understanding);
  const missing: MissingFact[] = [];
  const sound = (effect: Effect): readonly Effect[] => {
    if (effect.change.to !== 'revision' || effect.change.revision !== null) return [effect];
    const targets = undone(all, seen, effect);
    const skips = targets.some((target) => {
      const [first] = candidates(target);
      return first !== undefined && knownFailures(target, first, failed).length > 0;
    });
    if (!skips) return [effect];
    return targets.map((target) => {
      const found = candidates(target).find((one) => knownFailures(target, one, failed).length === 0);
      if (found === undefined) missing.push(missingObject(target, 'not-found', { kind: 'sound-revision' }));
      const { namespace, name } = target;
      return { ...effect, namespace, name, change: { to: 'revision', revision: found?.revision ?? null } };
    });
  };
  const parts = understanding.parts.map((part) => ({ ...part, effects: part.effects.flatMap(sound) }));
  const same = parts.every(({ effects }, i) => {
    const before = understanding.parts[i]?.effects ?? [];
    return effects.length === before.length && effects.every((effect, j) => effect === before[j]);
  });
  return { understanding: same ? understanding : { ...understanding, parts }, missing };
}

/** What the revisions that the undos name have failed with: history of the same change, whatever action brought it. */
export function failuresAhead(
  effects: readonly Effect[],
  seen: Seen,
  failed: readonly FailedTemplate[],
): readonly PastFailure[] {
  return effects.flatMap((effect) => {
    const to = effect.change.to === 'revision' ? effect.change.revision : null;
    return undone(effects, seen, effect).flatMap((target) => {
      const wanted = (target.history ?? []).find(({ revision }) => revision === to);
      return wanted === undefined ? [] : knownFailures(target, wanted, failed);
    });
  });
}
