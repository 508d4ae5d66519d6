// A Kubernetes API server that knows every built-in kind, has every object and writes down what it is asked.
// It must never keep state: each answer is made from the path alone.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BUILT_IN } from '../../src/core/kubectl/resolve.ts';
import type { Resource } from '../../src/core/kubectl/resource.ts';
import type { Sent } from './compare.ts';

export interface RecordingServer {
  readonly url: string;
  /** What was asked since the last call, discovery left out. */
  readonly take: () => readonly Sent[];
  readonly close: () => void;
}

const versionOf = (resource: Resource): string => resource.versions[0] ?? 'v1';
const groupVersionOf = (resource: Resource): string =>
  resource.group === '' ? versionOf(resource) : `${resource.group}/${versionOf(resource)}`;

const SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  pods: ['log', 'exec', 'attach', 'portforward', 'eviction', 'ephemeralcontainers', 'status', 'binding'],
  deployments: ['scale', 'status'],
  statefulsets: ['scale', 'status'],
  replicasets: ['scale', 'status'],
  replicationcontrollers: ['scale', 'status'],
  serviceaccounts: ['token'],
  certificatesigningrequests: ['approval', 'status'],
  namespaces: ['finalize', 'status'],
};

const resourceList = (groupVersion: string): unknown => {
  const members = BUILT_IN.filter((resource) => groupVersionOf(resource) === groupVersion);
  const resources = members.flatMap((resource) => {
    const main = {
      name: resource.name,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: resource.verbs,
      shortNames: resource.shortNames,
      categories: resource.categories,
    };
    const subs = (SUBRESOURCES[resource.name] ?? []).map((name) => ({
      name: `${resource.name}/${name}`,
      singularName: '',
      namespaced: resource.namespaced,
      kind: name === 'scale' ? 'Scale' : name === 'eviction' ? 'Eviction' : resource.kind,
      ...(name === 'scale' ? { group: 'autoscaling', version: 'v1' } : {}),
      ...(name === 'eviction' ? { group: 'policy', version: 'v1' } : {}),
      verbs: ['get', 'patch', 'update', 'create'],
    }));
    return [main, ...subs];
  });
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
};

const groups = (): unknown => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: [...new Set(BUILT_IN.map(({ group }) => group))]
    .filter((group) => group !== '')
    .map((name) => {
      const found = [...new Set(BUILT_IN.filter(({ group }) => group === name).map(groupVersionOf))];
      const versions = found.map((groupVersion) => ({ groupVersion, version: groupVersion.split('/')[1] }));
      return { name, versions, preferredVersion: versions[0] };
    }),
});

/** Says of every kind that it knows dry runs and field validation: kubectl asks before it sends either. */
const openApi = (groupVersion: string): unknown => {
  const prefix = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  const parameters = ['dryRun', 'fieldValidation'].map((name) => ({ name, in: 'query', schema: { type: 'string' } }));
  const paths = BUILT_IN.filter((resource) => groupVersionOf(resource) === groupVersion).map((resource) => {
    const gvk = { group: resource.group, version: versionOf(resource), kind: resource.kind };
    return [`${prefix}/${resource.name}/{name}`, { patch: { parameters, 'x-kubernetes-group-version-kind': gvk } }];
  });
  return { openapi: '3.0.0', info: { title: 'recording', version: '1' }, paths: Object.fromEntries(paths) };
};

const openApiIndex = (): unknown => ({
  paths: Object.fromEntries(
    [...new Set(BUILT_IN.map(groupVersionOf))].map((groupVersion) => {
      const key = groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`;
      return [key, { serverRelativeURL: `/openapi/v3/${key}` }];
    }),
  ),
});

const discovery = (path: string): unknown => {
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
  if (path === '/apis') return groups();
  if (path === '/openapi/v3') return openApiIndex();
  const api = /^\/openapi\/v3\/apis?\/(.+)$/.exec(path)?.[1];
  if (api !== undefined) return openApi(api);
  const list = /^\/(?:api\/(v1)|apis\/([^/]+\/[^/]+))$/.exec(path);
  return list === null ? undefined : resourceList(list[1] ?? list[2] ?? '');
};

const POD_SPEC = { securityContext: {}, containers: [{ name: 'main', image: 'image:1' }] };

/** One object that has what kubectl looks for in any of them. */
const objectOf = (resource: Resource, namespace: string | null, name: string): unknown => ({
  apiVersion: groupVersionOf(resource),
  kind: resource.kind,
  metadata: {
    name,
    ...(namespace === null ? {} : { namespace }),
    uid: `uid-${name}`,
    resourceVersion: '1',
    labels: { app: name },
    annotations: { 'deployment.kubernetes.io/revision': '1' },
  },
  ...(resource.kind === 'Secret' || resource.kind === 'ConfigMap' ? { data: {} } : {}),
  ...(/Role$/.test(resource.kind) ? { rules: [] } : {}),
  ...(/RoleBinding$/.test(resource.kind)
    ? { subjects: [], roleRef: { kind: 'ClusterRole', name: 'view', apiGroup: 'rbac.authorization.k8s.io' } }
    : {}),
  ...(/^(?:Secret|ConfigMap|.*Role|.*Binding|ServiceAccount)$/.test(resource.kind)
    ? {}
    : {
        spec: {
          ...(resource.kind === 'Pod' ? POD_SPEC : {}),
          ...(resource.kind === 'Node' && name.startsWith('cordoned') ? { unschedulable: true } : {}),
          ...(resource.kind === 'Service' ? { ports: [{ port: 80 }], selector: { app: name } } : {}),
          ...(/^(?:Deployment|StatefulSet|DaemonSet|ReplicaSet|Job)$/.test(resource.kind)
            ? {
                replicas: 2,
                selector: { matchLabels: { app: name } },
                template: { metadata: { labels: { app: name } }, spec: POD_SPEC },
              }
            : {}),
          ...(resource.kind === 'CronJob' ? { jobTemplate: { spec: { template: { spec: POD_SPEC } } } } : {}),
        },
      }),
  ...(resource.kind === 'Pod' ? { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } } : {}),
});

const answer = (method: string, path: string, query: URLSearchParams, body: unknown): unknown => {
  const parts = path.split('/').filter((part) => part !== '');
  let rest = parts.slice(parts[0] === 'api' ? 2 : 3);
  const inside = rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'finalize' && rest[2] !== 'status';
  const namespace = inside ? (rest[1] ?? null) : null;
  if (inside) rest = rest.slice(2);
  const group = parts[0] === 'api' ? '' : parts[1];
  const resource = BUILT_IN.find((one) => one.name === rest[0] && one.group === group);
  if (resource === undefined) return undefined;
  if (rest[2] === 'token')
    return { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', status: { token: 't' } };
  if (rest[2] === 'scale')
    return {
      apiVersion: 'autoscaling/v1',
      kind: 'Scale',
      metadata: { name: rest[1], namespace },
      spec: { replicas: 2 },
    };
  if (typeof body === 'object' && body !== null && rest[2] !== undefined) return body;
  const home = resource.namespaced ? (namespace ?? 'default') : null;
  if (rest[1] !== undefined) return objectOf(resource, home, rest[1]);
  if (typeof body === 'object' && body !== null) return body;
  // a body that is no JSON
  if (method === 'POST') return objectOf(resource, home, 'made');
  const only = /^metadata\.name=(.+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const names = only === undefined ? [`${resource.singular}-a`, `${resource.singular}-b`] : [only];
  return {
    apiVersion: groupVersionOf(resource),
    kind: `${resource.kind}List`,
    metadata: { resourceVersion: '1' },
    items: names.map((name) => objectOf(resource, home, name)),
  };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const respond = (response: ServerResponse, value: unknown): void => {
  const missing = {
    kind: 'Status',
    apiVersion: 'v1',
    status: 'Failure',
    reason: 'NotFound',
    message: 'not found',
    code: 404,
  };
  response.writeHead(value === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value ?? missing));
};

/** Starts the server on a free port of the loopback. A deleted object is gone for whoever waits for it. */
export const startRecordingServer = async (): Promise<RecordingServer> => {
  let sent: Sent[] = [];
  const deleted = new Set<string>();
  const reply = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const found = method === 'GET' ? discovery(url.pathname) : undefined;
    if (found !== undefined || url.pathname.startsWith('/openapi')) {
      respond(response, found);
      return;
    }
    const body = parsed(text);
    sent.push({ method, path: url.pathname, query: Object.fromEntries(url.searchParams), body });
    if (method === 'DELETE') deleted.add(url.pathname);
    if (url.pathname.endsWith('/eviction')) deleted.add(url.pathname.slice(0, -'/eviction'.length));
    const gone = method === 'GET' && deleted.has(url.pathname);
    if (url.searchParams.get('watch') === 'true') response.writeHead(200, { 'content-type': 'application/json' }).end();
    else
      respond(
        response,
        gone ? undefined : answer(method, url.pathname, url.searchParams, method === 'GET' ? undefined : body),
      );
  };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
    request.on('end', () => reply(request, response, text));
  });
  server.on('upgrade', (request, socket) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    sent.push({ method: request.method ?? 'GET', path: url.pathname, query: {}, upgrade: 'stream' });
    socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    take: () => {
      const taken = sent;
      sent = [];
      deleted.clear();
      return taken;
    },
    close: () => server.close(),
  };
};
