// Who a grant is for, as flags name them. It must never look into a binding: body/ does.
import type { Trait } from '../../../model/effect.ts';
import { allOf } from '../flags.ts';
import type { KubectlCommand } from './effect-builder.ts';

/** "User:x", "Group:y", "ServiceAccount:ns/name" of --user, --group, --serviceaccount. */
export const subjectsOf = ({ invocation }: KubectlCommand): readonly string[] => [
  ...allOf(invocation, 'user').map((user) => `User:${user}`),
  ...allOf(invocation, 'group').map((group) => `Group:${group}`),
  ...allOf(invocation, 'serviceaccount').map((account) => `ServiceAccount:${account.replace(':', '/')}`),
];

/** A grant of cluster-admin, or to the group that may do everything. */
export const adminTraits = (clusterRole: string | null, subjects: readonly string[]): readonly Trait[] =>
  clusterRole === 'cluster-admin' || subjects.includes('Group:system:masters') ? ['grants-admin'] : [];
