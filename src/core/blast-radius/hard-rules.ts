// The hard rules that are law: what they name is blocked for ever, whoever approves (scoring section 7, core).
// No policy may reach into this file, except to add kinds whose deletion deletes a namespace.

import type { Effect } from '../model/effect.ts';
import { objectKey, resourceKey } from '../model/object-ref.ts';
import type { Destruction, Part } from '../model/understanding.ts';
import type { FiredRule } from './blast-radius.ts';
import type { SeenEffect } from './judged-effect.ts';
import type { Policy } from './policy.ts';

/** Their codes; `rule-failed` is a rule that threw while it was asked. */
export const CORE_RULES = [
  'delete-namespace',
  'delete-persistentvolume',
  'delete-persistentvolumeclaim',
  'delete-clusterrole',
  'finalize-namespace',
  'remove-finalizers',
  'add-owner-reference',
  'change-claim-ref',
  'prune-protected',
  'recursive-delete',
  'sql-drop',
  'rule-failed',
] as const;
export type CoreRule = (typeof CORE_RULES)[number];

/** By plural name: a lookup that most effects fail at once. OpenShift serves cluster roles a second time. */
const PROTECTED: ReadonlyMap<string, { readonly groups: readonly string[]; readonly rule: CoreRule }> = new Map([
  ['namespaces', { groups: [''], rule: 'delete-namespace' }],
  ['persistentvolumes', { groups: [''], rule: 'delete-persistentvolume' }],
  ['persistentvolumeclaims', { groups: [''], rule: 'delete-persistentvolumeclaim' }],
  ['clusterroles', { groups: ['rbac.authorization.k8s.io', 'authorization.openshift.io'], rule: 'delete-clusterrole' }],
]);

const deletes = ({ verb }: Effect): boolean => verb === 'delete' || verb === 'deletecollection';

/** A kind whose deletion deletes a namespace; one that nothing is known of goes by what it is called. */
const standsForNamespace = (effect: Effect, { namespaceKinds, namespaceWords }: Policy): boolean => {
  const unknown = effect.known === 'unknown';
  if (!namespaceWords.has(unknown ? effect.resource.toLowerCase() : effect.resource)) return false;
  return (
    (unknown && effect.group === '') || namespaceKinds.has(effect.resource) || namespaceKinds.has(resourceKey(effect))
  );
};

const ofProtected = (effect: Effect, policy: Policy): CoreRule | null => {
  const kind = PROTECTED.get(effect.resource);
  if (kind === undefined || !kind.groups.includes(effect.group)) {
    if (!standsForNamespace(effect, policy)) return null;
    return deletes(effect) ? 'delete-namespace' : effect.traits.includes('finalizers') ? 'remove-finalizers' : null;
  }
  if (deletes(effect)) return effect.traits.includes('prune') ? 'prune-protected' : kind.rule;
  if (effect.subresource === 'finalize' || effect.traits.includes('finalize')) return 'finalize-namespace';
  if (effect.traits.includes('finalizers')) return 'remove-finalizers';
  if (effect.traits.includes('claim-ref')) return 'change-claim-ref';
  return effect.traits.includes('owner-reference') ? 'add-owner-reference' : null;
};

/** The first core rule that the part breaks. Effective dry runs break none. */
export function coreRuleFired(part: Part, judged: readonly SeenEffect[], policy: Policy): FiredRule | null {
  const destroyed: Destruction | undefined = part.destructions[0];
  if (destroyed !== undefined && !part.dryRun) return { code: destroyed, subject: 'nested command' };
  for (const { effect, rehearsed } of judged) {
    if (rehearsed) continue;
    const code = ofProtected(effect, policy) ?? (effect.traits.includes('prune-volumes') ? 'prune-protected' : null);
    if (code !== null) return { code, subject: objectKey(effect) };
  }
  return null;
}
