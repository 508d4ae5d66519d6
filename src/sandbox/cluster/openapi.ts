// As much OpenAPI v3 as kubectl asks for before it sends a manifest: which kinds exist and that writes take dryRun,
// fieldValidation and fieldManager. No schemas: kubectl then uses the types that it was built with.

import { VERSION } from './discovery.ts';
import { apiVersionOf, KINDS } from './kinds.ts';
import { openApiV2 } from './openapi-v2.ts';
import type { Answer, HttpRequest } from './request.ts';
import { servedVersions } from './request.ts';
import { notAcceptable } from './status-error.ts';

function pathOf(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`;
}

const V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** The answer to an OpenAPI path, or null when the path is none. Version 2 is served as protobuf only. */
export function describeApi(http: HttpRequest): Answer | null {
  if (http.path === '/openapi/v3') return { type: 'json', code: 200, body: index() };
  if (http.path === '/openapi/v2') {
    const { accept = '' } = http.headers;
    if (!accept.includes('protobuf') && !accept.includes('*/*')) throw notAcceptable([V2]);
    return { type: 'bytes', contentType: V2, body: openApiV2() };
  }
  for (const [group, versions] of servedVersions()) {
    for (const version of versions) {
      if (http.path === `/openapi/v3/${pathOf(group, version)}`)
        return { type: 'json', code: 200, body: document(group, version) };
    }
  }
  return null;
}

function index(): unknown {
  const paths: Record<string, unknown> = {};
  for (const [group, versions] of servedVersions()) {
    for (const version of versions) {
      const path = pathOf(group, version);
      paths[path] = { serverRelativeURL: `/openapi/v3/${path}?hash=${VERSION.minor}` };
    }
  }
  return { paths };
}

const PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}));

function document(group: string, version: string): unknown {
  const kinds = KINDS.filter((kind) => kind.group === group && [kind.version, ...kind.alsoServed].includes(version));
  const base = `/${pathOf(group, version)}`;
  const paths = kinds.map((kind) => {
    const gvk = { group, version, kind: kind.kind };
    const operation = (action: string): unknown => ({
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': gvk,
      parameters: PARAMETERS,
      responses: { 200: { description: 'OK' } },
    });
    const path = `${base}${kind.namespaced ? '/namespaces/{namespace}' : ''}/${kind.resource}/{name}`;
    return [path, { patch: operation('patch'), put: operation('put') }] as const;
  });
  return {
    openapi: '3.0.0',
    info: { title: `Kubernetes (sandbox) ${apiVersionOf(group, version)}`, version: VERSION.gitVersion },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}
