// What became of earlier remediations → the templates that are known to fail, and the revisions that hold them.
import type { ContainerImage } from '../model/effect.ts';
import { type PastFailure, pairsOf, type RevisionFact, type TargetFact } from '../model/facts.ts';
import type { Json } from '../model/json.ts';
import type { DeclarativeSpec } from '../sealed-spec/declarative-spec.ts';

/** A template that was written to one workload and did not hold. */
export interface FailedTemplate {
  readonly uid: string;
  /** The live revision before it: what it made is newer. */
  readonly after: number;
  /** By its hash where that was sealed, else by the images that were set. */
  readonly is: { readonly template: string } | { readonly images: readonly ContainerImage[] };
  readonly failure: PastFailure;
}

const textIn = (value: Json, key: string): string | null => {
  const found = typeof value === 'object' && value !== null && !Array.isArray(value) ? Reflect.get(value, key) : null;
  return typeof found === 'string' ? found : null;
};

/** The templates that a remediation wrote, given that it failed; a restart writes none that could be known again. */
export function failedTemplatesOf(
  { effects, facts }: Pick<DeclarativeSpec, 'effects' | 'facts'>,
  failure: PastFailure,
): readonly FailedTemplate[] {
  return pairsOf(effects, facts).flatMap(({ effect, target }): readonly FailedTemplate[] => {
    const known = { uid: target.uid, after: target.revision ?? 0, failure };
    if (effect.change.to === 'images') return [{ ...known, is: { images: effect.change.images } }];
    const template = effect.change.to === 'revision' ? textIn(target.preImage, 'toTemplate') : null;
    // An undo goes to a revision that was there before, and gives it a new number.
    return template === null ? [] : [{ ...known, after: 0, is: { template } }];
  });
}

const runs = (images: readonly ContainerImage[], wanted: readonly ContainerImage[]): boolean =>
  wanted.every(({ container, image }) => {
    const meant = images.filter((one) => container === '*' || one.container === container);
    return meant.length > 0 && meant.every((one) => one.image === image);
  });

/** What one revision of a workload failed with before; [] where nothing is known against it. */
export function knownFailures(
  target: TargetFact,
  { revision, template, images }: RevisionFact,
  failed: readonly FailedTemplate[],
): readonly PastFailure[] {
  return failed
    .filter(({ uid, after }) => uid === target.uid && revision > after)
    .filter(({ is }) => ('template' in is ? is.template === template : runs(images, is.images)))
    .map(({ failure }) => failure);
}
