// Dry runs that another server would carry out: before anybody has agreed none is sent there.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterClient, ClusterRequest } from '../../src/adapters/cluster/client.ts';
import { isServedElsewhere } from '../../src/adapters/cluster/other-servers.ts';
import { rehearse } from '../../src/adapters/cluster/rehearse.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { apiRequestOf } from '../../src/core/model/api-request.ts';
import type { JsonObject } from '../../src/core/model/json.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { effectsOf } from '../../src/core/model/understanding.ts';
import { understandRequest } from '../../src/core/request/understand-request.ts';
import { readTarget } from '../../src/doors/proxy/request-target.ts';
import { routeOf } from '../../src/doors/proxy/route.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';

const NEVER = new AbortController().signal;
const ELSEWHERE = 'shop.example.com';
const CUSTOM = 'crd.example.com';
const SERVICES = {
  items: [
    { spec: { group: ELSEWHERE, version: 'v1', service: { namespace: 'a', name: 'b' } } },
    { spec: { group: CUSTOM, version: 'v1' } },
  ],
};

/** A cluster that has nothing, and takes down what is sent to it. */
const clusterOf = (services: JsonObject | number): { client: ClusterClient; sent: ClusterRequest[] } => {
  const sent: ClusterRequest[] = [];
  const client: Partial<ClusterClient> = {
    send: (request) => {
      sent.push(request);
      if (request.path.endsWith('/apiservices') && typeof services !== 'number') return Promise.resolve(services);
      const [, group] = /^\/apis\/([^/]+)$/.exec(request.path) ?? [];
      if (group !== undefined) return Promise.resolve({ preferredVersion: { groupVersion: `${group}/v1` } });
      const status = typeof services === 'number' ? services : 404;
      if (request.method === 'GET') return Promise.reject(new AdapterError('refused', 'no', { status }));
      return Promise.resolve({ ...(request.body?.value as JsonObject) });
    },
  };
  // as: nothing else of it is asked.
  return { client: client as ClusterClient, sent };
};

const kind = (group: string): Resource => ({
  name: 'widgets',
  singular: 'widget',
  shortNames: [],
  kind: 'Widget',
  group,
  versions: ['v1'],
  namespaced: true,
  categories: [],
  verbs: ['create'],
});

const creating = (group: string) => {
  const path = `/apis/${group}/v1/namespaces/shop/widgets`;
  const body = { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'a' } };
  const request = apiRequestOf({ method: 'POST', path, contentType: 'application/json', body });
  assert.ok(request !== null);
  const customResources = [kind(group)];
  return effectsOf(understandRequest(request, { namespace: 'shop', files: new Map(), customResources, readDocuments }));
};

suite('what is rehearsed before it is decided', () => {
  const rehearsed = (group: string, client: ClusterClient) =>
    rehearse(client, creating(group), [], () => 'hmac-sha256:0', NEVER);

  test('is sent to the API server', async () => {
    const { client, sent } = clusterOf(SERVICES);
    assert.deepEqual((await rehearsed(CUSTOM, client)).forward, { is: 'passed' });
    const tried = sent.filter(({ method }) => method !== 'GET');
    assert.ok(tried.length > 0 && tried.every(({ query }) => query['dryRun'] === 'All'));
  });

  test('is sent to no other', async () => {
    const { client, sent } = clusterOf(SERVICES);
    assert.equal((await rehearsed(ELSEWHERE, client)).forward.is, 'not-possible');
    assert.deepEqual(
      sent.filter(({ method }) => method !== 'GET'),
      [],
    );
  });

  test('is not sent where nobody can tell', async () => {
    const { client, sent } = clusterOf(403);
    assert.notEqual((await rehearsed(ELSEWHERE, client)).forward.is, 'passed');
    assert.deepEqual(
      sent.filter(({ method }) => method !== 'GET'),
      [],
    );
  });

  test('of what Kubernetes itself serves nothing is asked', async () => {
    const { client, sent } = clusterOf(403);
    assert.equal(await isServedElsewhere(client, 'apps', NEVER), false);
    assert.deepEqual(sent, []);
  });
});

test('a subresource that Kubernetes itself does not have is not tried by the proxy', () => {
  for (const path of [
    '/apis/subresources.kubevirt.io/v1/namespaces/shop/virtualmachines/vm/stop',
    '/api/v1/namespaces/shop/pods/web/restart',
    '/api/v1/namespaces/shop/serviceaccounts/web/token',
  ]) {
    const target = readTarget(`${path}?dryRun=All`);
    assert.ok(target !== null);
    assert.equal(routeOf('PUT', target).kind, 'write');
  }
});
