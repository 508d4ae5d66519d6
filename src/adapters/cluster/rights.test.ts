// What is made of the cluster's own words about rights. That they are its words is shown on a real one in test/rights.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json, JsonObject } from '../../core/model/json.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterClient } from './client.ts';
import { missingFact } from './find-objects.ts';
import { clusterRights, deniedIn, NEEDED_RIGHTS } from './rights.ts';

const CANNOT = 'GET /x: 403 x is forbidden: User "gate" cannot';

test('a denial names verb, kind and subresource; other words name nothing', () => {
  for (const [message, said] of [
    [`${CANNOT} list resource "pods" in API group "" at the cluster scope`, 'list pods'],
    [
      `${CANNOT} patch resource "deployments/scale" in API group "apps" in the namespace "shop"`,
      'patch deployments.apps/scale',
    ],
    [
      `${CANNOT} get resource "endpointslices" in API group "discovery.k8s.io" in the namespace "a"`,
      'get endpointslices.discovery.k8s.io',
    ],
    ['GET /x: 403 pods is forbidden: quota exceeded', null],
    ['GET /x: 403 no reason given', null],
    [`${CANNOT} get path "/metrics"`, null],
  ] as const)
    assert.equal(deniedIn(message), said, message);
});

const PODS = { resource: 'pods', object: null, part: null };

test('only a refusal for want of a right names one', () => {
  const message = `${CANNOT} list resource "pods" in API group "" at the cluster scope`;
  const missing = (status: number): object => missingFact(PODS, new AdapterError('refused', message, { status }));
  assert.deepEqual(missing(403), { ...PODS, right: 'list pods', why: 'forbidden' });
  assert.deepEqual(missing(503), { ...PODS, right: null, why: 'unreachable' });
});

const scale = NEEDED_RIGHTS.filter(({ role }) => role === 'blastgate-scale');
const ALL = { verbs: ['get', 'patch'], apiGroups: ['apps', ''] };

/** Namespaces in which the rights to scale are found when the cluster tells these rules everywhere. */
const found = (...resourceRules: readonly Json[]): Promise<readonly string[]> => {
  const send = async (request: { readonly method: string }): Promise<JsonObject> =>
    request.method === 'GET'
      ? { items: [{ metadata: { name: 'shop' } }, { metadata: { name: 'cart' } }] }
      : { status: { resourceRules } };
  const client: ClusterClient = {
    server: 'https://127.0.0.1',
    namespace: 'default',
    warnings: [],
    send,
    watch: () => {
      throw new Error('nothing is watched here');
    },
    runProgram: () => Promise.reject(new Error('no program is run here')),
  };
  return clusterRights(client).namespacesWith(scale, AbortSignal.timeout(1000));
};

test('rules are read as RBAC reads them: any verb, group and resource by a star', async () => {
  const both = ['cart', 'shop'];
  assert.deepEqual(await found({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }), both);
  assert.deepEqual(await found({ ...ALL, resources: ['*/scale'] }), both);
  const each = scale.map(({ group, resource }) => ({
    verbs: ['get', 'patch'],
    apiGroups: [group],
    resources: [`${resource}/scale`],
  }));
  assert.deepEqual(await found(...each), both);
  assert.deepEqual(await found(...each.slice(2)), []);
});

test('the right on named objects, on the object itself or of another verb is not the right', async () => {
  assert.deepEqual(await found({ ...ALL, resources: ['*/scale'], resourceNames: ['web'] }), []);
  assert.deepEqual(
    await found({ ...ALL, resources: ['deployments', 'statefulsets', 'replicasets', 'replicationcontrollers'] }),
    [],
  );
  assert.deepEqual(await found({ ...ALL, verbs: ['update'], resources: ['*/scale'] }), []);
  assert.deepEqual(await found({ ...ALL, apiGroups: ['apps'], resources: ['*/scale'] }), []);
  assert.deepEqual(await found(), []);
});
