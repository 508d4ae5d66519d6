// The roles and bindings of a cluster → which of them gives somebody a right.

import type { PowerCount } from '../../../core/model/agent-proof.ts';
import { isObject, type JsonObject } from '../../../core/model/json.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import type { ClusterClient } from '../client.ts';
import { listAt, textAt } from '../json-at.ts';
import { pagesOf } from '../list-pages.ts';
import { type AccessRule, grantsRight, powersOf, type RulePower, ruleOf } from './powers.ts';

/** Who is asked about, as the cluster names them. */
export interface AgentIdentity {
  readonly user: string;
  readonly groups: readonly string[];
}

/** A role and the binding by which somebody has it. */
export interface Grantor {
  readonly role: string;
  readonly binding: string;
}

interface Bound extends Grantor {
  readonly namespace: string | null;
  readonly rules: readonly AccessRule[];
}

/** Finds who gives a right in a namespace (null: everywhere); null where no binding that can be read does. */
export type FindGrantor = (
  power: Pick<RulePower, 'verb' | 'group' | 'resource'>,
  namespace: string | null,
) => Grantor | null;

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

const listed = async (client: ClusterClient, plural: string, signal: AbortSignal): Promise<readonly JsonObject[]> => {
  const items: JsonObject[] = [];
  for await (const page of pagesOf(client, `${RBAC}/${plural}`, {}, signal)) items.push(...page.items);
  return items;
};

const names = ({ user, groups }: AgentIdentity, subject: JsonObject, ownNamespace: string | null): boolean => {
  const [kind, name] = [subject['kind'], textAt(subject, 'name')];
  if (kind === 'Group') return groups.some((group) => group === name);
  if (kind === 'User') return user === name;
  const namespace = textAt(subject, 'namespace') ?? ownNamespace;
  return kind === 'ServiceAccount' && user === `system:serviceaccount:${namespace}:${name}`;
};

const placed = (kind: string, name: string | null, namespace: string | null): string =>
  `${kind} ${name}${namespace === null ? '' : ` -n ${namespace}`}`;

/** Every role by its name, and every binding. */
interface RoleBook {
  readonly rulesOf: ReadonlyMap<string, readonly AccessRule[]>;
  readonly bindings: readonly JsonObject[];
}

/** `unreadable`: what becomes of roles or bindings that may not be read, or are not answered. */
const readRoleBook = async (
  client: ClusterClient,
  unreadable: 'left out' | 'thrown',
  signal: AbortSignal,
): Promise<RoleBook> => {
  const readable = (plural: string): Promise<readonly JsonObject[]> =>
    listed(client, plural, signal).catch((error: unknown) => {
      if (unreadable === 'left out' && error instanceof AdapterError) return [];
      throw error;
    });
  const [clusterRoles, roles, clusterBindings, bindings] = await Promise.all([
    readable('clusterroles'),
    readable('roles'),
    readable('clusterrolebindings'),
    readable('rolebindings'),
  ]);
  const rulesOf = new Map(
    [...clusterRoles, ...roles].map((role): [string, readonly AccessRule[]] => {
      const namespace = textAt(role, 'metadata', 'namespace');
      const kind = namespace === null ? 'ClusterRole' : 'Role';
      return [placed(kind, textAt(role, 'metadata', 'name'), namespace), listAt(role, 'rules').map(ruleOf)];
    }),
  );
  return { rulesOf, bindings: [...clusterBindings, ...bindings] };
};

const boundTo = ({ rulesOf, bindings }: RoleBook, who: AgentIdentity): readonly Bound[] =>
  bindings.flatMap((binding): readonly Bound[] => {
    const namespace = textAt(binding, 'metadata', 'namespace');
    if (!listAt(binding, 'subjects').some((subject) => names(who, subject, namespace))) return [];
    const ref = isObject(binding['roleRef']) ? binding['roleRef'] : {};
    const kind = textAt(ref, 'kind') ?? '';
    const role = placed(kind, textAt(ref, 'name'), kind === 'Role' ? namespace : null);
    const own = placed(
      namespace === null ? 'ClusterRoleBinding' : 'RoleBinding',
      textAt(binding, 'metadata', 'name'),
      namespace,
    );
    return [{ role, binding: own, namespace, rules: rulesOf.get(role) ?? [] }];
  });

/** Reads every role and binding that the client may read. Never throws for what the cluster refuses to tell. */
export async function readGrantors(
  client: ClusterClient,
  who: AgentIdentity,
  signal: AbortSignal,
): Promise<FindGrantor> {
  const bound = boundTo(await readRoleBook(client, 'left out', signal), who);
  return (power, namespace) => {
    const found = bound.find(
      (one) =>
        (one.namespace === null || one.namespace === namespace) && one.rules.some((rule) => grantsRight(rule, power)),
    );
    return found === undefined ? null : { role: found.role, binding: found.binding };
  };
}

/** "ServiceAccount:ns/name" or "User:x" with the groups that every such identity is in; others it may have are not known here. */
const identityOf = (subject: string): AgentIdentity => {
  const [, namespace, name] = /^ServiceAccount:([^/]+)\/(.+)$/.exec(subject) ?? [];
  const groups = ['system:authenticated'];
  if (namespace === undefined || name === undefined) return { user: subject.replace(/^User:/, ''), groups };
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: [...groups, 'system:serviceaccounts', `system:serviceaccounts:${namespace}`],
  };
};

/**
 * What roles and bindings give to these subjects (people.yaml), in their order. Throws AdapterError where not all of them can be
 * read: then nothing is known.
 */
export async function countPowers(
  client: ClusterClient,
  subjects: readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<readonly PowerCount[]> {
  const book = await readRoleBook(client, 'thrown', signal);
  return subjects.map((names) => {
    const powers = names
      .flatMap((subject) => boundTo(book, identityOf(subject)))
      .flatMap(({ rules }) => rules.flatMap(powersOf));
    const beyondGuard = powers.filter((power) => power.beyondGuard).length;
    return { guardable: powers.length - beyondGuard, beyondGuard };
  });
}
