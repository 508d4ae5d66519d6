// The objects that kubectl prints in a dry run with -o yaml or json: what a pipe brings to "apply -f -" (scoring section 1).

import { type Json, type JsonObject, ownValue } from '../../../model/json.ts';
import { resourceKey } from '../../../model/object-ref.ts';
import type { Resource } from '../../../model/resource.ts';
import { allOf, lastOf } from '../flags.ts';
import { resolveResource } from '../resolve.ts';
import type { CommandEffects, Kind, KubectlCommand } from './effect-builder.ts';

/** Whether the command prints whole objects that it does not write. */
export function printsObjects({ invocation, dryRun }: KubectlCommand): boolean {
  return dryRun !== 'none' && /^(?:k?yaml|json)$/.test(lastOf(invocation, 'output') ?? '');
}

const asObject = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const apiVersionOf = ({ group, versions }: Resource): string => {
  const version = versions[0] ?? 'v1';
  return group === '' ? version : `${group}/${version}`;
};

/** The object with its kind and name; its namespace only where -n gives one (kubectl 1.36). */
export function printedObject(command: KubectlCommand, { resource }: Kind, name: string, body: JsonObject): JsonObject {
  const namespace = lastOf(command.invocation, 'namespace') ?? '';
  const place = resource.namespaced && namespace !== '' ? { namespace } : {};
  return {
    ...body,
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { ...asObject(body['metadata']), ...place, name },
  };
}

/** Only the names of what the dry run reaches: enough for a deletion, whose content does not matter. */
export function namesPrinted({ effects, dryRun }: CommandEffects): readonly JsonObject[] | null {
  if (!dryRun) return null;
  const objects = effects
    .filter((effect) => effect.dryRun && effect.name !== null && effect.name !== '*' && effect.known !== 'unknown')
    .flatMap(({ resource, group, namespace, name }): readonly JsonObject[] => {
      const kind = resolveResource(resourceKey({ group, resource }), []);
      if (kind === null) return [];
      const place = namespace === null || namespace === '*' ? {} : { namespace };
      return [{ apiVersion: apiVersionOf(kind.resource), kind: kind.resource.kind, metadata: { name, ...place } }];
    });
  return objects.length === 0 ? null : objects;
}

const rulesOf = ({ invocation }: KubectlCommand): JsonObject =>
  lastOf(invocation, 'aggregation-rule') === null
    ? {
        rules: [
          {
            verbs: allOf(invocation, 'verb'),
            apiGroups: ['*'],
            resources: allOf(invocation, 'resource'),
            nonResourceURLs: allOf(invocation, 'non-resource-url'),
          },
        ],
      }
    : { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { set: lastOf(invocation, 'aggregation-rule') } }] } };

const bindingOf = ({ invocation }: KubectlCommand): JsonObject => {
  const cluster = lastOf(invocation, 'clusterrole');
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    roleRef: {
      apiGroup,
      kind: cluster === null ? 'Role' : 'ClusterRole',
      name: cluster ?? lastOf(invocation, 'role') ?? '',
    },
    subjects: [
      ...allOf(invocation, 'user').map((name) => ({ kind: 'User', apiGroup, name })),
      ...allOf(invocation, 'group').map((name) => ({ kind: 'Group', apiGroup, name })),
      ...allOf(invocation, 'serviceaccount').map((account) => {
        const [namespace = '', name = ''] = account.split(':');
        return { kind: 'ServiceAccount', namespace, name };
      }),
    ],
  };
};

const serviceOf = ({ invocation }: KubectlCommand): JsonObject => ({
  spec: { selector: { app: invocation.args[0] ?? '' }, ports: [{}] },
});

/** What kubectl puts into an object besides what judging a creation asks: whoever replaces an object by it takes nothing away. */
const BESIDES: Readonly<Record<string, (command: KubectlCommand) => JsonObject>> = {
  clusterrole: rulesOf,
  role: rulesOf,
  clusterrolebinding: bindingOf,
  rolebinding: bindingOf,
  deployment: ({ invocation }) => ({ spec: { selector: { matchLabels: { app: invocation.args[0] ?? '' } } } }),
  poddisruptionbudget: ({ invocation }) => ({
    spec: { selector: { matchLabels: { selector: lastOf(invocation, 'selector') ?? '' } } },
  }),
  'service clusterip': serviceOf,
  'service loadbalancer': serviceOf,
  'service nodeport': serviceOf,
};

/** A created object with what kubectl puts into it besides. */
export function withBesides(path: string, command: KubectlCommand, object: JsonObject): JsonObject {
  const besides = ownValue(BESIDES, path)?.(command) ?? {};
  const spec = { ...asObject(object['spec']), ...asObject(besides['spec']) };
  return { ...object, ...besides, ...(Object.keys(spec).length === 0 ? {} : { spec }) };
}
