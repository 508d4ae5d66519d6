// The hard rules that policy may lower to two people's approval, never below (scoring section 7, extended).
import type { Effect, Trait } from '../model/effect.ts';
import type { Facts } from '../model/facts.ts';
import { objectKey, resourceKey, touches } from '../model/object-ref.ts';
import type { FiredRule } from './blast-radius.ts';
import type { SeenEffect } from './judged-effect.ts';
import type { ExtendedRule, Policy } from './policy.ts';

const BY_TRAIT: Partial<Readonly<Record<Trait, ExtendedRule>>> = {
  'reclaim-delete': 'reclaim-delete',
  'claim-retention-delete': 'claim-retention-delete',
  'rules-emptied': 'empty-cluster-role',
  'disable-eviction': 'disable-eviction',
  'host-namespaces': 'host-namespaces',
  'approves-csr': 'approve-csr',
  'grants-admin': 'grant-admin',
};

const BY_DELETION: ReadonlyMap<string, ExtendedRule> = new Map([
  ['customresourcedefinitions.apiextensions.k8s.io', 'delete-crd'],
  ['apiservices.apiregistration.k8s.io', 'delete-apiservice'],
]);

const ADMISSION = new Set([
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'mutatingadmissionpolicies',
  'mutatingadmissionpolicybindings',
  'validatingadmissionpolicies',
  'validatingadmissionpolicybindings',
]);

const WORKLOADS = new Set([
  'pods',
  'deployments.apps',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'replicationcontrollers',
  'jobs.batch',
  'cronjobs.batch',
]);

const ROLES = new Set(['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']);

const deletes = ({ verb }: Effect): boolean => verb === 'delete' || verb === 'deletecollection';

const reachesGate = (effect: Effect, { document, gateNames }: Policy): boolean => {
  const { namespace } = document.gate;
  if (effect.namespace === namespace) return true;
  if (effect.resource === 'namespaces' && effect.name === namespace) return true;
  const own = ROLES.has(effect.resource) || ADMISSION.has(effect.resource);
  return own && effect.name !== null && effect.name !== '*' && gateNames.test(effect.name);
};

const isProtected = (effect: Effect, { targets, neighbourhood }: Facts): boolean =>
  [...targets, ...neighbourhood.dependents].some(
    (object) => object.protected && touches(effect.name === null ? { ...effect, name: '*' } : effect, object),
  );

interface Row {
  readonly rule: ExtendedRule;
  readonly holds: (effect: Effect, policy: Policy, facts: Facts | null) => boolean;
}

/** Of effects that write; what a trait or a deletion alone decides stands in the tables above. */
const ROWS: readonly Row[] = [
  {
    rule: 'write-admission',
    holds: ({ group, resource }) => group === 'admissionregistration.k8s.io' && ADMISSION.has(resource),
  },
  {
    rule: 'no-execute-all-nodes',
    holds: ({ traits, name, selector }) =>
      name === '*' &&
      !traits.includes('unknown-name') &&
      traits.includes('no-execute') &&
      (selector === null || traits.includes('all')),
  },
  {
    rule: 'grant-self',
    holds: ({ subjects }, { gateSubjects }) => subjects.some((one) => gateSubjects.has(one)),
  },
  // the binding of that name binds the role of that name in every cluster (Kubernetes RBAC, default role bindings)
  { rule: 'grant-admin', holds: ({ name, subjects }) => name === 'cluster-admin' && subjects.length > 0 },
  { rule: 'write-gate', holds: reachesGate },
  {
    rule: 'delete-workloads-everywhere',
    holds: (effect) =>
      effect.namespace === '*' &&
      effect.name === '*' &&
      effect.selector === null &&
      !effect.traits.some((trait) => trait === 'unknown-name' || trait === 'unknown-namespace') &&
      deletes(effect) &&
      WORKLOADS.has(resourceKey(effect)),
  },
  { rule: 'protected-object', holds: (effect, _policy, facts) => facts !== null && isProtected(effect, facts) },
];

/** Every rule that one effect breaks: a lowered one must not hide one that blocks. */
const rulesOf = (judged: SeenEffect, policy: Policy, facts: Facts | null): readonly ExtendedRule[] => {
  const { effect } = judged;
  const rules: ExtendedRule[] = [];
  if (effect.resource === 'nodes' && effect.subresource === 'proxy') rules.push('nodes-proxy');
  if (!judged.writes) return rules;
  for (const trait of effect.traits) {
    const rule = BY_TRAIT[trait];
    if (rule !== undefined) rules.push(rule);
  }
  const deletion = deletes(effect) ? BY_DELETION.get(resourceKey(effect)) : undefined;
  if (deletion !== undefined) rules.push(deletion);
  for (const { rule, holds } of ROWS) if (holds(effect, policy, facts)) rules.push(rule);
  return rules;
};

/** A rule that holds, and what the policy makes of it. */
export interface FiredExtendedRule extends FiredRule {
  readonly code: ExtendedRule;
  readonly means: 'block' | 'dual';
}

/** The extended rule that weighs most: one that blocks before one that was lowered. Effective dry runs break none. */
export function extendedRuleFired(
  judged: readonly SeenEffect[],
  facts: Facts | null,
  policy: Policy,
): FiredExtendedRule | null {
  let lowered: FiredExtendedRule | null = null;
  for (const one of judged) {
    if (one.rehearsed) continue;
    for (const code of rulesOf(one, policy, facts)) {
      const held: FiredExtendedRule = { code, subject: objectKey(one.effect), means: policy.document.hardRules[code] };
      if (held.means === 'block') return held;
      lowered ??= held;
    }
  }
  return lowered;
}
