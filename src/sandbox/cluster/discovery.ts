// What the API server says about itself: /version, /api, /apis, resource lists, aggregated discovery, OpenAPI indexes.
// Everything is derived from the table of kinds; nothing here touches an object.
import { apiVersionOf, KINDS, type Kind } from './kinds.ts';
import type { Answer, HttpRequest } from './request.ts';
import { servedVersions } from './request.ts';

/** The version that the sandbox claims; what it knows of Kubernetes was taken from this release. */
const GIT_VERSION = 'v1.36.3';

export const VERSION = {
  major: '1',
  minor: '36',
  gitVersion: `${GIT_VERSION}+blastgate-sandbox`,
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: `${process.platform}/${process.arch}`,
};

/** The answer to a discovery path, or null when the path is none. */
export function discover(http: HttpRequest): Answer | null {
  const path = http.path.replace(/\/$/, '');
  if (path === '/version') return json(VERSION);
  if (path === '/api') return aggregated(http, ['']) ?? json(coreVersions());
  if (path === '/apis')
    return (
      aggregated(http, groups()) ?? json({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(groupBody) })
    );
  if (path === '')
    return json({ paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'] });
  const group = /^\/apis\/([^/]+)$/.exec(path)?.[1];
  if (group !== undefined && groups().includes(group))
    return json({ kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) });
  const list = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  const [, listed = '', version = ''] = list ?? [];
  if (list !== null && servedVersions().get(listed)?.includes(version)) return json(resourceList(listed, version));
  return null;
}

function json(body: unknown, contentType?: string): Answer {
  return contentType === undefined ? { type: 'json', code: 200, body } : { type: 'json', code: 200, body, contentType };
}

function groups(): readonly string[] {
  return [...servedVersions().keys()].filter((group) => group !== '');
}

function coreVersions(): unknown {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }],
  };
}

function groupBody(name: string): {
  readonly name: string;
  readonly versions: unknown;
  readonly preferredVersion: unknown;
} {
  const versions = (servedVersions().get(name) ?? []).map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }));
  return { name, versions, preferredVersion: versions[0] };
}

function kindsIn(group: string, version: string): readonly Kind[] {
  return KINDS.filter(
    (kind) => kind.group === group && (kind.version === version || kind.alsoServed.includes(version)),
  );
}

function resourceList(group: string, version: string): unknown {
  const resources = kindsIn(group, version).flatMap((kind) => [
    {
      name: kind.resource,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
      ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    },
    ...Object.entries(kind.subresources).map(([name, sub]) => ({
      name: `${kind.resource}/${name}`,
      singularName: '',
      namespaced: kind.namespaced,
      ...(sub.speaks === undefined || (sub.speaks.group === group && sub.speaks.version === version)
        ? {}
        : { group: sub.speaks.group, version: sub.speaks.version }),
      kind: sub.speaks?.kind ?? kind.kind,
      verbs: sub.verbs,
    })),
  ]);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(group, version), resources };
}

/** Aggregated discovery where the client accepts it, in the version that it names first. */
function aggregated(http: HttpRequest, names: readonly string[]): Answer | null {
  const accept = String(http.headers['accept'] ?? '');
  const version = /as=APIGroupDiscoveryList/.test(accept) ? /v=(v2beta1|v2)\b/.exec(accept)?.[1] : undefined;
  if (version === undefined) return null;
  const body = {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: names.map((name) => ({
      metadata: { name, creationTimestamp: null },
      versions: (servedVersions().get(name) ?? []).map((served) => ({
        version: served,
        freshness: 'Current',
        resources: kindsIn(name, served).map((kind) => discovered(kind)),
      })),
    })),
  };
  return json(body, `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
}

function discovered(kind: Kind): unknown {
  // The real server leaves group and version of its own kinds empty here; clients take them from around it.
  const responseKind = { group: '', version: '', kind: kind.kind };
  const subresources = Object.entries(kind.subresources).map(([subresource, sub]) => ({
    subresource,
    responseKind: sub.speaks ?? responseKind,
    verbs: sub.verbs,
  }));
  return {
    resource: kind.resource,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: kind.verbs,
    ...(kind.shortNames.length > 0 ? { shortNames: kind.shortNames } : {}),
    ...(kind.categories.length > 0 ? { categories: kind.categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}
