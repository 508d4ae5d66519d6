// The credentials of an agent → what it could write in the cluster past the gate, and what could not be looked at.

import { type AgentPower, type AgentProof, type ProofGap, verdictOf } from '../../../core/model/agent-proof.ts';
import type { JsonObject } from '../../../core/model/json.ts';
import { resourceKey } from '../../../core/model/object-ref.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { inBatches } from '../batch.ts';
import { type ClusterClient, type ClusterRequest, getJson } from '../client.ts';
import { at, listAt, textAt } from '../json-at.ts';
import { pagesOf } from '../list-pages.ts';
import { apiVersionOf } from '../resource-path.ts';
import { isAllowed } from '../rights.ts';
import { type AgentIdentity, type FindGrantor, readGrantors } from './grantors.ts';
import { type GuardTrial, holeIn, isConnected, tryPastGuard } from './guard-trial.ts';
import { grantsRight, powersOf, type RulePower, ruleOf } from './powers.ts';
import { type ServedKind, servedKinds } from './served-kinds.ts';

/** Each is one question to the API server; more namespaces are a gap. */
const MOST_NAMESPACES = 1000;
/** A namespace that nobody has: what its rules say is true of the whole cluster. */
const NOWHERE = 'blastgate-doctor-nowhere';
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;

interface Placed extends RulePower {
  readonly namespace: string | null;
}

/** Everything that is asked in one run, and what could not be asked. */
interface Inquiry {
  readonly agent: ClusterClient;
  /** Who may read more than the agent, so that roles and namespaces are named; the agent itself where there is no other. */
  readonly observer: ClusterClient;
  readonly gaps: ProofGap[];
  readonly signal: AbortSignal;
}

const messageOf = (error: AdapterError): string => error.message;

/** The answer, or null and a gap. */
const orGap = async <T>(
  { gaps }: Inquiry,
  code: ProofGap['code'],
  about: string,
  ask: () => Promise<T>,
): Promise<T | null> => {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    gaps.push({ code, about: about === '' ? messageOf(error) : `${about}: ${messageOf(error)}` });
    return null;
  }
};

const post = (path: string, kind: string, spec: JsonObject): ClusterRequest => {
  const value = { apiVersion: apiVersionOf(path), kind, spec };
  return {
    method: 'POST',
    path: `${path}/${kind.toLowerCase()}s`,
    query: {},
    body: { type: 'application/json', value },
  };
};

const identityOf = async (inquiry: Inquiry): Promise<AgentIdentity | null> => {
  const answer = await orGap(inquiry, 'identity-unreadable', '', () =>
    inquiry.agent.send(post('/apis/authentication.k8s.io/v1', 'SelfSubjectReview', {}), inquiry.signal),
  );
  const user = textAt(answer ?? {}, 'status', 'userInfo', 'username');
  const groups = at(answer ?? {}, 'status', 'userInfo', 'groups');
  if (user === null) return null;
  return { user, groups: Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [] };
};

const namespacesOf = async (inquiry: Inquiry): Promise<readonly string[]> => {
  const names: string[] = [];
  const listed = await orGap(inquiry, 'namespaces-unreadable', '', async () => {
    for await (const { items } of pagesOf(inquiry.observer, '/api/v1/namespaces', {}, inquiry.signal))
      names.push(...items.flatMap((item) => textAt(item, 'metadata', 'name') ?? []));
    return names;
  });
  if (listed === null) return [...new Set([inquiry.agent.namespace, 'default', 'kube-system'])];
  if (names.length > MOST_NAMESPACES)
    inquiry.gaps.push({ code: 'too-many-namespaces', about: `${MOST_NAMESPACES} of ${names.length} were looked at` });
  return names.slice(0, MOST_NAMESPACES);
};

/** What the rules of one namespace let it change. `NOWHERE` shows what holds in all of them. */
const powersAt = async (inquiry: Inquiry, namespace: string): Promise<readonly RulePower[]> => {
  const where = namespace === NOWHERE ? 'the cluster' : namespace;
  const answer = await orGap(inquiry, 'rules-unreadable', where, () =>
    inquiry.agent.send(post('/apis/authorization.k8s.io/v1', 'SelfSubjectRulesReview', { namespace }), inquiry.signal),
  );
  if (answer === null) return [];
  if (at(answer, 'status', 'incomplete') !== false) {
    const why = textAt(answer, 'status', 'evaluationError');
    inquiry.gaps.push({ code: 'rules-incomplete', about: why === null || why === '' ? where : `${where}: ${why}` });
  }
  return listAt(answer, 'status', 'resourceRules').flatMap((rule) => powersOf(ruleOf(rule)));
};

const nameOf = ({ verb, group, resource, names, disguise }: RulePower): string =>
  JSON.stringify([verb, group, resource, [...names].toSorted(), disguise]);

/** The rights of the whole cluster once, and what each namespace adds to them. */
const allPowers = async (inquiry: Inquiry): Promise<readonly Placed[]> => {
  const everywhere = await powersAt(inquiry, NOWHERE);
  const known = new Set(everywhere.map(nameOf));
  const namespaces = await namespacesOf(inquiry);
  const local = await inBatches(namespaces, async (namespace) =>
    (await powersAt(inquiry, namespace))
      .filter((power) => !known.has(nameOf(power)))
      .map((power): Placed => ({ ...power, namespace })),
  );
  const all = [...everywhere.map((power): Placed => ({ ...power, namespace: null })), ...local.flat()];
  return [...new Map(all.map((power) => [`${power.namespace} ${nameOf(power)}`, power])).values()];
};

const covers = (power: RulePower, verb: string, { group, resource }: Pick<ServedKind, 'group' | 'resource'>): boolean =>
  grantsRight(
    { verbs: [power.verb], apiGroups: [power.group], resources: [power.resource], resourceNames: power.names },
    { verb, group, resource },
  );

/** What no rule tells, every kind is asked for: another authorizer than RBAC may list none. */
const unlisted = async (
  inquiry: Inquiry,
  kinds: readonly ServedKind[],
  listed: readonly Placed[],
): Promise<readonly Placed[]> => {
  const questions = kinds.flatMap((kind) =>
    [...WRITES, ...(kind.resource.includes('/') ? ['get'] : [])]
      .filter((verb) => kind.verbs.includes(verb))
      .flatMap((verb) =>
        powersOf({ verbs: [verb], apiGroups: [kind.group], resources: [kind.resource], resourceNames: [] }),
      )
      .filter(({ verb }) => !listed.some((power) => power.namespace === null && covers(power, verb, kind))),
  );
  const others: readonly RulePower[] = ['users', 'groups', 'serviceaccounts'].flatMap((resource) =>
    powersOf({ verbs: ['impersonate'], apiGroups: [''], resources: [resource], resourceNames: [] }),
  );
  const asked = [
    ...questions,
    ...others.filter((other) => !listed.some((power) => power.namespace === null && covers(power, other.verb, other))),
  ];
  const answers = await inBatches(asked, ({ verb, group, resource }) => {
    const [plural = '', subresource] = resource.split('/');
    const attributes = { verb, group, resource: plural, ...(subresource === undefined ? {} : { subresource }) };
    return orGap(inquiry, 'access-unanswered', `${verb} ${resourceKey({ group, resource })}`, () =>
      isAllowed(inquiry.agent, attributes, inquiry.signal),
    );
  });
  return asked.filter((_, i) => answers[i] === true).map((power): Placed => ({ ...power, namespace: null }));
};

const TOKENS = { fieldSelector: 'type=kubernetes.io/service-account-token', limit: '1' };

/** To read Secrets is to become another where one of them is a token of an account. */
const withReadCredentials = async (inquiry: Inquiry, powers: readonly Placed[]): Promise<readonly Placed[]> => {
  const readers = powers.filter(({ disguise }) => disguise === 'reads-credentials');
  const places = [...new Set(readers.map(({ namespace }) => namespace))];
  const holding = await inBatches(places, async (namespace) => {
    const path = `/api/v1${namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`}/secrets`;
    const list = await orGap(inquiry, 'credentials-unreadable', namespace ?? 'the cluster', () =>
      inquiry.observer.send(getJson(path, TOKENS, 'metadata-list'), inquiry.signal).catch((error: unknown) => {
        if (!(error instanceof AdapterError) || inquiry.observer === inquiry.agent) throw error;
        return inquiry.agent.send(getJson(path, TOKENS, 'metadata-list'), inquiry.signal);
      }),
    );
    return listAt(list ?? {}, 'items').length > 0;
  });
  return powers.filter(
    (power) => power.disguise !== 'reads-credentials' || holding[places.indexOf(power.namespace)] === true,
  );
};

/** A kind that is tried, with the verbs that are allowed on it somewhere. */
interface Writable {
  readonly kind: ServedKind;
  readonly verbs: ReadonlySet<string>;
  readonly namespace: string | null;
}

/** What the agent may write, or connect to, and a guard could refuse. */
const writableKinds = (kinds: readonly ServedKind[], powers: readonly Placed[]): readonly Writable[] =>
  kinds
    .filter((kind) => isConnected(kind) || !kind.resource.includes('/'))
    .flatMap((kind) => {
      const wanted = [...WRITES, ...(isConnected(kind) ? ['get'] : [])].filter((verb) => kind.verbs.includes(verb));
      const granting = powers.filter((power) => !power.beyondGuard && wanted.some((verb) => covers(power, verb, kind)));
      const [first] = granting;
      const verbs = new Set(wanted.filter((verb) => granting.some((power) => covers(power, verb, kind))));
      return first === undefined ? [] : [{ kind, verbs, namespace: first.namespace }];
    });

/** Whether a guard refuses what these rights allow: a real dry run for each kind, and the rules of the policy that refused. */
const guardOf = async (
  inquiry: Inquiry,
  kinds: readonly ServedKind[],
  powers: readonly Placed[],
): Promise<{ readonly policy: string | null; readonly holds: (power: Placed) => boolean }> => {
  const none = { policy: null, holds: () => false };
  const writable = writableKinds(kinds, powers);
  const trials = await inBatches(writable, async (one) => ({
    ...one,
    trial: await tryPastGuard(inquiry.agent, one.kind, one.verbs, one.namespace, inquiry.signal),
  }));
  const refused = trials.flatMap(({ trial }) => (trial.kind === 'refused' ? [trial] : []));
  const [first] = refused;
  if (first === undefined) return none;
  const hole = await holeOf(inquiry, first);
  if (hole !== null) inquiry.gaps.push({ code: 'guard-untried', about: hole });
  for (const { kind, trial } of trials)
    if (trial.kind === 'untried')
      inquiry.gaps.push({ code: 'guard-untried', about: `${resourceKey(kind)}: ${trial.why}` });
  return { policy: first.policy, holds: (power) => !power.beyondGuard && !passes(trials, power) };
};

const holeOf = async (
  inquiry: Inquiry,
  refused: Extract<GuardTrial, { readonly kind: 'refused' }>,
): Promise<string | null> => {
  try {
    return await holeIn(inquiry.observer, refused, inquiry.signal);
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    return `${refused.policy}: ${error.message}`;
  }
};

/** A trial of a kind that this right is about went through. */
const passes = (trials: readonly (Writable & { readonly trial: GuardTrial })[], power: Placed): boolean =>
  trials.some(
    ({ kind, verbs, trial }) => trial.kind === 'passed' && [...verbs].some((verb) => covers(power, verb, kind)),
  );

const described = (find: FindGrantor, power: Placed, guarded: boolean): AgentPower => {
  const { verb, group, resource, names, namespace, disguise } = power;
  const [plural = '', subresource] = resource.split('/');
  const own = `${resourceKey({ group, resource: plural })}${subresource === undefined ? '' : `/${subresource}`}`;
  const grantor = find(power, namespace);
  return {
    verb,
    resource: own,
    namespace,
    names,
    disguise,
    role: grantor?.role ?? null,
    binding: grantor?.binding ?? null,
    guarded,
  };
};

/**
 * Asks with the agent's own credentials, and reads roles, namespaces and the guard with those of `observer`, where there are
 * others. Nothing is written: what is tried is a dry run. Never throws for what the cluster refuses to tell: that is a gap.
 */
export async function proveAgent(
  agent: ClusterClient,
  observer: ClusterClient | null,
  signal: AbortSignal,
): Promise<AgentProof> {
  const inquiry: Inquiry = { agent, observer: observer ?? agent, gaps: [], signal };
  const { gaps } = inquiry;
  const identity = await identityOf(inquiry);
  const listed = await allPowers(inquiry);
  const served = await orGap(inquiry, 'kinds-unreadable', '', () => servedKinds(agent, signal));
  for (const prefix of served?.silent ?? []) gaps.push({ code: 'kinds-unreadable', about: prefix });
  const kinds = served?.kinds ?? [];
  const powers = await withReadCredentials(inquiry, [...listed, ...(await unlisted(inquiry, kinds, listed))]);
  const find: FindGrantor =
    identity === null || powers.length === 0 ? () => null : await readGrantors(inquiry.observer, identity, signal);
  const guard = powers.length === 0 ? { policy: null, holds: () => false } : await guardOf(inquiry, kinds, powers);
  const said = powers.map((power) => described(find, power, guard.holds(power)));
  return {
    verdict: verdictOf(said, gaps),
    server: agent.server,
    user: identity?.user ?? null,
    groups: identity?.groups ?? [],
    powers: said.toSorted((one, other) => Number(one.guarded) - Number(other.guarded)),
    gaps,
    guard: guard.policy,
  };
}
