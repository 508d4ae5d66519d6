// What the recording server says of itself: versions, kinds, and as much OpenAPI as kubectl asks for before it writes.
// All of it comes from the table of kinds.
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { openApiV2 } from '../../src/sandbox/cluster/openapi-v2.ts';

interface Discovered {
  readonly body: Json | Buffer;
  readonly contentType?: string;
}

const GIT_VERSION = 'v1.36.3';
const EDIT = ['get', 'patch', 'update'];

const SUBRESOURCES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  pods: {
    status: EDIT,
    log: ['get'],
    exec: ['create', 'get'],
    attach: ['create', 'get'],
    portforward: ['create', 'get'],
    eviction: ['create'],
    binding: ['create'],
    ephemeralcontainers: EDIT,
    resize: EDIT,
    proxy: ['create', 'get'],
  },
  serviceaccounts: { token: ['create'] },
  certificatesigningrequests: { status: EDIT, approval: EDIT },
  namespaces: { status: EDIT, finalize: ['update'] },
};
const SCALED = new Set(['deployments', 'replicasets', 'statefulsets', 'replicationcontrollers', 'widgets']);

const SPEAKS: Readonly<Record<string, { readonly group: string; readonly version: string; readonly kind: string }>> = {
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  token: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
};

const subresourcesOf = ({ name, group }: Resource): Readonly<Record<string, readonly string[]>> => {
  if (group === 'metrics.k8s.io') return {};
  return { ...(SUBRESOURCES[name] ?? { status: EDIT }), ...(SCALED.has(name) ? { scale: EDIT } : {}) };
};

const groupsOf = (all: readonly Resource[]): readonly string[] => [...new Set(all.map(({ group }) => group))];
const versionsOf = (all: readonly Resource[], group: string): readonly string[] => [
  ...new Set(all.filter((one) => one.group === group).flatMap(({ versions }) => versions)),
];

/** One kind as aggregated discovery says it. */
const discovered = (resource: Resource): JsonObject => ({
  resource: resource.name,
  responseKind: { group: '', version: '', kind: resource.kind },
  scope: resource.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: resource.singular,
  verbs: resource.verbs,
  shortNames: resource.shortNames,
  categories: resource.categories,
  subresources: Object.entries(subresourcesOf(resource)).map(([subresource, verbs]) => ({
    subresource,
    responseKind: { ...(SPEAKS[subresource] ?? { group: '', version: '', kind: resource.kind }) },
    verbs,
  })),
});

const aggregated = (all: readonly Resource[], groups: readonly string[], version: string): JsonObject => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: `apidiscovery.k8s.io/${version}`,
  metadata: {},
  items: groups.map((group) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(all, group).map((served) => ({
      version: served,
      freshness: 'Current',
      resources: all
        .filter((one) => one.group === group && one.versions.includes(served))
        .map((one) => discovered(one)),
    })),
  })),
});

const PARAMETERS: Json = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

const openApi = (all: readonly Resource[], group: string, version: string, base: string): JsonObject => {
  const kinds = all.filter((one) => one.group === group && one.versions.includes(version));
  const paths = kinds.map((kind) => {
    const operation = (action: string): JsonObject => ({
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version, kind: kind.kind },
      parameters: PARAMETERS,
      responses: { 200: { description: 'OK' } },
    });
    const path = `/${base}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.name}/{name}`;
    return [path, { patch: operation('patch'), put: operation('put') }] as const;
  });
  return {
    openapi: '3.0.0',
    info: { title: 'recording', version: GIT_VERSION },
    paths: Object.fromEntries(paths),
    components: {
      schemas: Object.fromEntries(
        kinds.map(({ kind }) => [
          `${version}.${kind}`,
          {
            type: 'object',
            description: kind,
            properties: { spec: { type: 'object', properties: {} } },
            'x-kubernetes-group-version-kind': [{ group, version, kind }],
          },
        ]),
      ),
    },
  };
};

/** The kinds of one version as a list: drain asks so whether pods can be evicted. */
const resourceList = (all: readonly Resource[], group: string, version: string): JsonObject => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: group === '' ? version : `${group}/${version}`,
  resources: all
    .filter((one) => one.group === group && one.versions.includes(version))
    .flatMap((one) => [
      {
        name: one.name,
        singularName: one.singular,
        namespaced: one.namespaced,
        kind: one.kind,
        verbs: one.verbs,
        shortNames: one.shortNames,
        categories: one.categories,
      },
      ...Object.entries(subresourcesOf(one)).map(([subresource, verbs]) => ({
        name: `${one.name}/${subresource}`,
        singularName: '',
        namespaced: one.namespaced,
        kind: one.kind,
        ...SPEAKS[subresource],
        verbs,
      })),
    ]),
});

const V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** The answer to a path of discovery; null when it is none. */
export const discovery = (all: readonly Resource[], path: string, accept: string): Discovered | null => {
  if (path === '/version')
    return { body: { major: '1', minor: '36', gitVersion: GIT_VERSION, goVersion: 'none', platform: 'linux/amd64' } };
  const version = /v=(v2beta1|v2)\b/.exec(accept)?.[1] ?? 'v2';
  const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  const groups = groupsOf(all);
  if (path === '/api') return { body: aggregated(all, [''], version), contentType };
  if (path === '/apis')
    return {
      body: aggregated(
        all,
        groups.filter((group) => group !== ''),
        version,
      ),
      contentType,
    };
  if (path === '/openapi/v2') return { body: openApiV2(), contentType: V2 };
  for (const group of groups) {
    for (const served of versionsOf(all, group)) {
      const base = group === '' ? `api/${served}` : `apis/${group}/${served}`;
      if (path === `/${base}`) return { body: resourceList(all, group, served) };
      if (path === `/openapi/v3/${base}`) return { body: openApi(all, group, served, base) };
    }
  }
  if (path === '/openapi/v3') return { body: index(all, groups) };
  return null;
};

const index = (all: readonly Resource[], groups: readonly string[]): JsonObject => {
  const paths: Record<string, Json> = {};
  for (const group of groups)
    for (const version of versionsOf(all, group)) {
      const base = group === '' ? `api/${version}` : `apis/${group}/${version}`;
      paths[base] = { serverRelativeURL: `/openapi/v3/${base}` };
    }
  return { paths };
};
