// Flags become the object that `create KIND` makes of them, exactly as kubectl 1.36 sends it but for fields that say nothing.
import { BUILT_IN } from '../../../model/built-in-resources.ts';
import type { Json, JsonObject } from '../../../model/json.ts';
import { byText } from '../../../model/text-order.ts';
import { allOf, isGiven, isOn, lastOf } from '../flags.ts';
import { resolveResource } from '../resolve.ts';
import type { KubectlCommand } from './effect-builder.ts';
import { madeConfigMap, madeRegistrySecret, madeSecret, madeTlsSecret } from './made-data.ts';
import { madeIngress } from './made-ingress.ts';
import { givenField, madeCronJob, madeDeployment, madeJob, madeMetadata } from './made-workloads.ts';
import { withSavedConfig } from './saved-config.ts';
import { equalities } from './selection.ts';

/** The object; null where the command alone does not say it all, or kubectl refuses it. */
type Maker = (command: KubectlCommand) => JsonObject | null;

const bare =
  (kind: string): Maker =>
  (command) => ({ apiVersion: 'v1', kind, metadata: madeMetadata(command) });

/** "10" is a number, "50%" a text. */
const countOrShare = (text: string): Json => (/^\d+$/.test(text) ? Number(text) : text);

const disruptionBudget: Maker = (command) => {
  const { invocation } = command;
  const labels = equalities(lastOf(invocation, 'selector') ?? '');
  const [least, most] = [lastOf(invocation, 'min-available') ?? '', lastOf(invocation, 'max-unavailable') ?? ''];
  const given = least === '' ? most : least;
  if (labels === null || !/^\d+%?$/.test(given)) return null;
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: madeMetadata(command),
    spec: {
      [least === '' ? 'maxUnavailable' : 'minAvailable']: countOrShare(given),
      selector: { matchLabels: labels },
    },
  };
};

const priorityClass: Maker = (command) => {
  const { invocation } = command;
  const preemptionPolicy = lastOf(invocation, 'preemption-policy') ?? 'PreemptLowerPriority';
  return {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: invocation.args[0] ?? '' },
    value: Number(lastOf(invocation, 'value') ?? 0),
    ...(isOn(invocation, 'global-default') ? { globalDefault: true } : {}),
    ...givenField('description', lastOf(invocation, 'description')),
    preemptionPolicy,
  };
};

const quota: Maker = (command) => {
  const [hard, scopes] = [lastOf(command.invocation, 'hard') ?? '', lastOf(command.invocation, 'scopes') ?? ''];
  const pairs = hard === '' ? [] : hard.split(',').map((one) => one.split('='));
  if (pairs.some((pair) => pair.length !== 2) || (scopes !== '' && scopes.split(',').includes(''))) return null;
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: madeMetadata(command),
    spec: {
      ...(pairs.length === 0 ? {} : { hard: Object.fromEntries(pairs) }),
      ...(scopes === '' ? {} : { scopes: scopes.split(',') }),
    },
  };
};

/** "80:8080" → its port; the target is a number or a name, without one the same (create_service.go). */
const servicePort = (pair: string, nodePort: number): JsonObject | null => {
  const [port = '', target = port] = pair.split(':');
  if (!/^\d+$/.test(port)) return null;
  return {
    name: pair.replaceAll(':', '-'),
    protocol: 'TCP',
    port: Number(port),
    targetPort: countOrShare(target),
    ...(nodePort === 0 ? {} : { nodePort }),
  };
};

const service =
  (type: string): Maker =>
  (command) => {
    const { invocation } = command;
    const nodePort = Number(lastOf(invocation, 'node-port') ?? 0);
    const ports = allOf(invocation, 'tcp').map((pair) => servicePort(pair, nodePort));
    if (ports.includes(null)) return null;
    const labels = { app: invocation.args[0] ?? '' };
    return {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...madeMetadata(command), labels },
      spec: {
        type,
        selector: labels,
        ...(ports.length === 0 ? {} : { ports }),
        ...givenField('externalName', lastOf(invocation, 'external-name')),
        ...givenField('clusterIP', lastOf(invocation, 'clusterip')),
      },
    };
  };

const RBAC = 'rbac.authorization.k8s.io';

const distinct = (words: readonly string[]): readonly string[] => [...new Set(words)];

/** "deployments.apps/scale" → group and resource, as the cluster calls them. */
const ruleResource = (word: string, { surroundings }: KubectlCommand): readonly [group: string, resource: string] => {
  const slash = word.indexOf('/');
  const [kind, below] = slash < 0 ? [word, ''] : [word.slice(0, slash), word.slice(slash)];
  const dot = kind.indexOf('.');
  const [name, group] = dot < 0 ? [kind, ''] : [kind.slice(0, dot), kind.slice(dot + 1)];
  const found =
    resolveResource(kind, surroundings.customResources)?.resource ??
    BUILT_IN.find((one) => one.group === group && one.name === name);
  return found === undefined ? [group, `${name}${below}`] : [found.group, `${found.name}${below}`];
};

/** One rule for each group, in order of the groups, and one for paths that are no resources (create_role.go). */
const rulesOf = (command: KubectlCommand): readonly JsonObject[] => {
  const { invocation } = command;
  const given = distinct(allOf(invocation, 'verb'));
  const verbs = given.includes('*') ? ['*'] : given;
  const words = allOf(invocation, 'resource');
  const resources = words.includes('*') ? ['*'] : words;
  const names = distinct(allOf(invocation, 'resource-name'));
  const paths = distinct(allOf(invocation, 'non-resource-url'));
  const groups = Map.groupBy(
    resources.map((word) => ruleResource(word, command)),
    ([group]) => group,
  );
  return [
    ...[...groups]
      .sort(([one], [other]) => byText(one, other))
      .map(([group, found]) => ({
        verbs,
        apiGroups: [group],
        resources: distinct(found.map(([, resource]) => resource)),
        ...(names.length === 0 ? {} : { resourceNames: names }),
      })),
    ...(paths.length === 0 ? [] : [{ verbs, nonResourceURLs: paths }]),
  ];
};

const role: Maker = (command) => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'Role',
  metadata: madeMetadata(command),
  rules: rulesOf(command),
});

const clusterRole: Maker = (command) => {
  const { invocation } = command;
  const object = { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: invocation.args[0] ?? '' } };
  if (!isGiven(invocation, 'aggregation-rule')) return { ...object, rules: rulesOf(command) };
  const labels = equalities(allOf(invocation, 'aggregation-rule').join(','));
  return labels === null ? null : { ...object, aggregationRule: { clusterRoleSelectors: [{ matchLabels: labels }] } };
};

const subjectsOf = ({ invocation }: KubectlCommand): readonly JsonObject[] | null => {
  const accounts = allOf(invocation, 'serviceaccount').map((account) => account.split(':'));
  if (accounts.some(([namespace, name, ...rest]) => !namespace || !name || rest.length > 0)) return null;
  return [
    ...allOf(invocation, 'user').map((name) => ({ kind: 'User', apiGroup: RBAC, name })),
    ...allOf(invocation, 'group').map((name) => ({ kind: 'Group', apiGroup: RBAC, name })),
    ...accounts.map(([namespace = '', name = '']) => ({ kind: 'ServiceAccount', namespace, name })),
  ];
};

const binding =
  (kind: 'RoleBinding' | 'ClusterRoleBinding'): Maker =>
  (command) => {
    const { invocation } = command;
    const subjects = subjectsOf(command);
    const own = lastOf(invocation, 'role') ?? '';
    if (subjects === null) return null;
    return {
      apiVersion: `${RBAC}/v1`,
      kind,
      metadata: kind === 'RoleBinding' ? madeMetadata(command) : { name: invocation.args[0] ?? '' },
      roleRef: {
        apiGroup: RBAC,
        kind: own === '' ? 'ClusterRole' : 'Role',
        name: own === '' ? (lastOf(invocation, 'clusterrole') ?? '') : own,
      },
      ...(subjects.length === 0 ? {} : { subjects }),
    };
  };

/** Makers by path without "create". */
const MAKERS: ReadonlyMap<string, Maker> = new Map([
  ['clusterrole', clusterRole],
  ['clusterrolebinding', binding('ClusterRoleBinding')],
  ['configmap', madeConfigMap],
  ['cronjob', madeCronJob],
  ['deployment', madeDeployment],
  ['ingress', madeIngress],
  ['job', madeJob],
  [
    'namespace',
    (command) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: command.invocation.args[0] ?? '' } }),
  ],
  ['poddisruptionbudget', disruptionBudget],
  ['priorityclass', priorityClass],
  ['quota', quota],
  ['role', role],
  ['rolebinding', binding('RoleBinding')],
  ['secret docker-registry', madeRegistrySecret],
  ['secret generic', madeSecret],
  ['secret tls', madeTlsSecret],
  ['service clusterip', service('ClusterIP')],
  ['service externalname', service('ExternalName')],
  ['service loadbalancer', service('LoadBalancer')],
  ['service nodeport', service('NodePort')],
  ['serviceaccount', bare('ServiceAccount')],
]);

/** The object that `create KIND` sends; null where a file or chance decides a part of it. */
export function madeObject(path: string, command: KubectlCommand): JsonObject | null {
  const object = MAKERS.get(path)?.(command) ?? null;
  return object !== null && isOn(command.invocation, 'save-config') ? withSavedConfig(object) : object;
}
