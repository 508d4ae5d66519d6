// The body of a stored outcome → an outcome with every field, also where an older version wrote it.
import { BUILT_IN } from '../../core/model/built-in-resources.ts';
import { type ObjectKey, objectKey } from '../../core/model/object-ref.ts';
import type { Outcome } from '../../core/remediation/outcome.ts';

/** An outcome as any version of the store may hold it. */
export type StoredOutcome = Omit<Outcome, 'objects'> & Partial<Pick<Outcome, 'objects'>>;

/**
 * Older outcomes name what they wrote to only as people read it: "deployment/web, deployment/api" in "shop, dev". Every
 * name may be of every namespace, so that `history` rather counts one too many.
 */
export function completeOutcome(stored: StoredOutcome): Outcome {
  return { ...stored, objects: stored.objects ?? readObjects(stored.target, stored.namespace) };
}

const readObjects = (target: string, namespace: string | null): readonly ObjectKey[] =>
  target.split(', ').flatMap((one) => {
    const [type = '', name = ''] = one.split('/');
    const known = BUILT_IN.find(({ singular }) => singular === type);
    const [plural = '', ...suffix] = type.split('.');
    const { name: resource, group, namespaced } = known ?? { name: plural, group: suffix.join('.'), namespaced: true };
    const places = namespaced ? (namespace?.split(', ') ?? [null]) : [null];
    return places.map((place) => objectKey({ group, resource, namespace: place, name }));
  });
