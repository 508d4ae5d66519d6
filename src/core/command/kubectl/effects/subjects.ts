// Who a grant is for, as flags name them.
import type { Trait } from '../../../model/effect.ts';
import { subjectName } from '../../../model/subject.ts';
import { allOf } from '../flags.ts';
import type { KubectlCommand } from './effect-builder.ts';

/** The subjects of --user, --group, --serviceaccount. */
export function subjectsOf({ invocation }: KubectlCommand): readonly string[] {
  return [
    ...allOf(invocation, 'user').map((user) => subjectName(`User:${user}`)),
    ...allOf(invocation, 'group').map((group) => `Group:${group}`),
    ...allOf(invocation, 'serviceaccount').map((account) => `ServiceAccount:${account.replace(':', '/')}`),
  ];
}

/** A grant of cluster-admin, or to the group that may do everything. */
export function adminTraits(clusterRole: string | null, subjects: readonly string[]): readonly Trait[] {
  return clusterRole === 'cluster-admin' || subjects.includes('Group:system:masters') ? ['grants-admin'] : [];
}
