// Rules of RBAC → the rights among them that change something, also where their names do not say so.

import type { Disguise } from '../../../core/model/agent-proof.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import { resourceKey } from '../../../core/model/object-ref.ts';

/** One rule as a role or a SelfSubjectRulesReview writes it. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
}

/** One verb on one resource of a rule, as the rule words it. */
export interface RulePower {
  readonly verb: string;
  readonly group: string;
  // With its subresource: "deployments/scale"; "*" and "*/scale" are patterns.
  readonly resource: string;
  readonly names: readonly string[];
  readonly disguise: Disguise | null;
  /** No admission policy sees it, or what it leads to: a guard cannot refuse it. */
  readonly beyondGuard: boolean;
}

export function ruleOf(value: JsonObject): AccessRule {
  const words = (key: string): readonly string[] => {
    const found = value[key];
    return Array.isArray(found) ? found.filter((word) => typeof word === 'string') : [];
  };
  return {
    verbs: words('verbs'),
    apiGroups: words('apiGroups'),
    resources: words('resources'),
    resourceNames: words('resourceNames'),
  };
}

const READS = new Set(['get', 'list', 'watch']);
/** They answer the asker and store nothing (Kubernetes API, authorization.k8s.io and authentication.k8s.io). */
const ASKS = new Set([
  'selfsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
  'localsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
  'tokenreviews.authentication.k8s.io',
]);

interface Mark {
  readonly disguise: Disguise;
  readonly group: string;
  readonly resource: string;
  /** null: whatever is no read. */
  readonly verbs: readonly string[] | null;
  readonly beyondGuard: boolean;
}

const mark = (
  disguise: Disguise,
  group: string,
  resources: string,
  verbs: readonly string[] | null,
  beyondGuard = false,
): readonly Mark[] => resources.split(' ').map((resource) => ({ disguise, group, resource, verbs, beyondGuard }));

const ADMISSION =
  'mutatingwebhookconfigurations validatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings mutatingadmissionpolicies mutatingadmissionpolicybindings';

/** Rights that do more than their verb says (Kubernetes documentation, "RBAC good practices", privilege escalation). */
const MARKS: readonly Mark[] = [
  ...mark('runs-programs', '', 'pods/exec pods/attach pods/portforward pods/proxy services/proxy', [
    'get',
    'create',
    'update',
    'patch',
    'delete',
  ]),
  ...mark('runs-programs', '', 'pods/ephemeralcontainers', ['update', 'patch']),
  ...mark('runs-programs', '', 'pods', ['create']),
  ...mark('reaches-kubelets', '', 'nodes/proxy', ['get', 'create', 'update', 'patch', 'delete']),
  ...mark('mints-tokens', '', 'serviceaccounts/token', ['create']),
  ...mark(
    'signs-identities',
    'certificates.k8s.io',
    'certificatesigningrequests/approval certificatesigningrequests/status',
    ['update', 'patch'],
  ),
  ...mark('signs-identities', 'certificates.k8s.io', 'signers', ['approve', 'sign', 'attest']),
  ...mark('grants-more', 'rbac.authorization.k8s.io', 'roles clusterroles', ['bind', 'escalate']),
  ...mark('unlocks-admission', 'admissionregistration.k8s.io', ADMISSION, null, true),
  ...mark('reads-credentials', '', 'secrets', ['get', 'list', 'watch'], true),
];

/**
 * Constrained impersonation (KEP-5284) needs two rights: whom (`impersonate:user-info`), which alone does nothing, and what as them
 * (`impersonate-on:user-info:list`), which is as much as that verb.
 */
const WHOM = /^impersonate:/;
const WHAT_AS_THEM = /^impersonate-on:[^:]*:(.*)$/;

/** Whether the word of a rule covers this resource: itself, every one, or this subresource of every one. */
const coversResource = (word: string, resource: string): boolean => {
  const [, subresource] = resource.split('/');
  return word === '*' || word === resource || (subresource !== undefined && word === `*/${subresource}`);
};

const marksOf = (verb: string, group: string, resource: string): readonly Mark[] =>
  MARKS.filter(
    (one) =>
      (group === '*' || group === one.group) &&
      coversResource(resource, one.resource) &&
      (one.verbs === null ? !READS.has(verb) : verb === '*' || one.verbs.includes(verb)),
  );

/** The rights of one verb on one resource of a rule; of reading credentials apart, since there may be none to read. */
const powersOn = (verb: string, group: string, resource: string): readonly Omit<RulePower, 'names'>[] => {
  const of = { verb, group, resource };
  if (WHOM.test(verb)) return [];
  const [, asThem] = WHAT_AS_THEM.exec(verb) ?? [];
  if (verb === 'impersonate' || (asThem !== undefined && powersOn(asThem, group, resource).length > 0))
    return [{ ...of, disguise: 'becomes-another', beyondGuard: true }];
  if (asThem !== undefined) return [];
  if (verb === 'use' || (verb === 'create' && ASKS.has(resourceKey({ group, resource })))) return [];
  const marks = marksOf(verb, group, resource);
  const [credentials] = marks.filter(({ disguise }) => disguise === 'reads-credentials');
  const others = marks.filter((one) => one !== credentials);
  const worst = others.find(({ beyondGuard }) => beyondGuard) ?? others[0];
  // Every verb is also to impersonate, on whatever may be impersonated.
  const beyondGuard = worst?.beyondGuard === true || (verb === '*' && (resource === '*' || isIdentity(resource)));
  const disguise = verb === '*' && resource === '*' ? null : (worst?.disguise ?? null);
  return [
    ...(READS.has(verb) && worst === undefined ? [] : [{ ...of, disguise, beyondGuard }]),
    ...(credentials === undefined || beyondGuard ? [] : [{ ...of, disguise: credentials.disguise, beyondGuard: true }]),
  ];
};

/** The rights of a rule that change something, or lead to it. */
export function powersOf({ verbs, apiGroups, resources, resourceNames }: AccessRule): readonly RulePower[] {
  return verbs.flatMap((verb) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        powersOn(verb, group, resource).map((power) => ({ ...power, names: resourceNames })),
      ),
    ),
  );
}

const isIdentity = (resource: string): boolean =>
  /^(?:users|groups|serviceaccounts|uids|userextras(?:\/.*)?)$/.test(resource);

/** Whether the rule grants this right, on all objects or on some. */
export function grantsRight(
  rule: AccessRule,
  { verb, group, resource }: Pick<RulePower, 'verb' | 'group' | 'resource'>,
): boolean {
  return (
    rule.verbs.some((one) => one === '*' || one === verb) &&
    rule.apiGroups.some((one) => one === '*' || one === group) &&
    rule.resources.some((one) => coversResource(one, resource))
  );
}
