// Behaviours of a cluster: what a server says about itself.
import assert from 'node:assert/strict';
import { type Behaviour, ok } from '../behaviour.ts';
import type { Json } from '../client.ts';

const DISCOVERY_V2 = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

function named(items: readonly Json[], name: string): Json {
  return items.find((one) => one.name === name);
}

const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export const DISCOVERY: readonly Behaviour[] = [
  {
    area: 'discovery',
    name: 'the version, the core versions and the groups are told',
    check: async ({ call }) => {
      const version = ok(await call('GET', '/version'));
      assert.deepEqual([version.major, version.minor.replace(/\+$/, '')], ['1', '36']);
      assert.deepEqual(ok(await call('GET', '/api')).versions, ['v1']);
      const groups = ok(await call('GET', '/apis'));
      assert.equal(groups.kind, 'APIGroupList');
      const apps = named(groups.groups, 'apps');
      assert.deepEqual(apps.preferredVersion, { groupVersion: 'apps/v1', version: 'v1' });
      const autoscaling = named(groups.groups, 'autoscaling');
      assert.deepEqual(
        autoscaling.versions.map((one: Json) => one.version),
        ['v2', 'v1'],
      );
    },
  },
  {
    area: 'discovery',
    name: 'a resource list names kinds, short names, verbs and subresources',
    check: async ({ call }) => {
      const { resources } = ok(await call('GET', '/apis/apps/v1'));
      const { storageVersionHash: _hash, ...deployments } = named(resources, 'deployments');
      assert.deepEqual(deployments, {
        name: 'deployments',
        singularName: 'deployment',
        namespaced: true,
        kind: 'Deployment',
        verbs: ALL_VERBS,
        shortNames: ['deploy'],
        categories: ['all'],
      });
      assert.deepEqual(named(resources, 'deployments/scale'), {
        name: 'deployments/scale',
        singularName: '',
        namespaced: true,
        group: 'autoscaling',
        version: 'v1',
        kind: 'Scale',
        verbs: ['get', 'patch', 'update'],
      });
      const core = ok(await call('GET', '/api/v1')).resources;
      assert.deepEqual(named(core, 'pods/eviction'), {
        name: 'pods/eviction',
        singularName: '',
        namespaced: true,
        group: 'policy',
        version: 'v1',
        kind: 'Eviction',
        verbs: ['create'],
      });
    },
  },
  {
    area: 'discovery',
    name: 'aggregated discovery says the same in one answer',
    check: async ({ call }) => {
      const answer = await call('GET', '/apis', { accept: DISCOVERY_V2 });
      assert.equal(answer.contentType, DISCOVERY_V2);
      const apps = ok(answer).items.find((one: Json) => one.metadata.name === 'apps');
      const deployments = apps.versions[0].resources.find((one: Json) => one.resource === 'deployments');
      assert.deepEqual(
        [deployments.scope, deployments.singularResource, deployments.responseKind],
        ['Namespaced', 'deployment', { group: '', version: '', kind: 'Deployment' }],
      );
      assert.deepEqual(deployments.subresources.map((one: Json) => one.subresource).sort(), ['scale', 'status']);
    },
  },
];
