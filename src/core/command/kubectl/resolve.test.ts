// Which kind a word names.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BUILT_IN } from '../../model/built-in-resources.ts';
import type { Resource } from '../../model/resource.ts';
import { parseGroupVersion, resolveKind, resolveResource, unknownResource } from './resolve.ts';
import { resolveTargets, resolveType } from './targets.ts';

const custom = (
  name: string,
  group: string,
  shortNames: readonly string[] = [],
  categories: readonly string[] = [],
): Resource => ({
  name,
  singular: name.slice(0, -1),
  shortNames,
  kind: name.charAt(0).toUpperCase() + name.slice(1, -1),
  group,
  versions: ['v1', 'v1beta1'],
  namespaced: true,
  categories,
  verbs: ['get', 'delete'],
});

const CUSTOM = [
  custom('gateways', 'networking.istio.io', ['gw']),
  custom('certs', 'x.io', ['po'], ['all']),
  custom('pods', 'evil.io'),
];

const shown = (word: string, resources: readonly Resource[] = []): string => {
  const found = resolveResource(word, resources);
  return found === null ? 'unknown' : `${found.resource.name}.${found.resource.group}`;
};

describe('a word names a kind', () => {
  for (const [word, kind] of [
    ['pods', 'pods.'],
    ['PODS', 'pods.'],
    ['Pod', 'pods.'],
    ['po', 'pods.'],
    ['PO', 'unknown'],
    ['deploy', 'deployments.apps'],
    ['DEPLOY', 'unknown'],
    ['Deployment', 'deployments.apps'],
    ['deployments.apps', 'deployments.apps'],
    ['deployments.v1.apps', 'deployments.apps'],
    ['deployments.v2.apps', 'unknown'],
    ['deploy.app', 'deployments.apps'],
    ['deploy.v9.apps', 'deployments.apps'],
    ['hpa.auto', 'horizontalpodautoscalers.autoscaling'],
    ['hpa.v1.autoscaling', 'horizontalpodautoscalers.autoscaling'],
    ['pods.v1.', 'pods.'],
    ['ns.', 'namespaces.'],
    ['namespaces.v1.', 'namespaces.'],
    ['ingresses.networking.k8s.io', 'ingresses.networking.k8s.io'],
    ['ingress.v1.networking.k8s.io', 'ingresses.networking.k8s.io'],
    ['ev', 'events.'],
    ['events', 'events.'],
    ['events.events.k8s.io', 'events.events.k8s.io'],
    ['sa', 'serviceaccounts.'],
    ['crd', 'customresourcedefinitions.apiextensions.k8s.io'],
    ['quota', 'resourcequotas.'],
    ['clusterrole', 'clusterroles.rbac.authorization.k8s.io'],
    ['pods.apps', 'unknown'],
    ['all', 'unknown'],
    ['', 'unknown'],
    ['constructor', 'unknown'],
    ['__proto__', 'unknown'],
  ] as const)
    test(`${word} → ${kind}`, () => assert.equal(shown(word), kind));

  test('every built-in kind by each of its names, with its group', () => {
    for (const { name, singular, kind, group } of BUILT_IN)
      for (const word of [name, singular, kind]) assert.equal(shown(`${word}.${group}`), `${name}.${group}`);
  });

  test('a custom kind never takes the name of a built-in one', () => {
    assert.equal(shown('pods', CUSTOM), 'pods.');
    assert.equal(shown('po', CUSTOM), 'pods.');
    assert.equal(shown('pods.evil.io', CUSTOM), 'pods.evil.io');
    assert.equal(shown('gw', CUSTOM), 'gateways.networking.istio.io');
    assert.equal(resolveResource('gateways', CUSTOM)?.known, 'custom');
  });

  test('an object names its kind exactly', () => {
    assert.equal(resolveKind('apps', 'Deployment', [])?.resource.name, 'deployments');
    assert.equal(resolveKind('', 'Namespace', [])?.resource.name, 'namespaces');
    assert.equal(resolveKind('', 'namespace', []), null);
    assert.equal(resolveKind('', 'Deployment', []), null);
    assert.equal(resolveKind('x.io', 'Cert', CUSTOM)?.known, 'custom');
  });

  test('an apiVersion is taken apart as Kubernetes does', () => {
    assert.deepEqual(parseGroupVersion('v1'), { group: '', version: 'v1' });
    assert.deepEqual(parseGroupVersion('/v1'), { group: '', version: 'v1' });
    assert.deepEqual(parseGroupVersion('apps/v1'), { group: 'apps', version: 'v1' });
    assert.deepEqual(parseGroupVersion('apps/'), { group: 'apps', version: '' });
    assert.deepEqual(parseGroupVersion(''), { group: '', version: '' });
    assert.equal(parseGroupVersion('a/b/c'), null);
    assert.equal(parseGroupVersion('//'), null);
  });

  test('an unknown word says as much as it can', () => {
    assert.deepEqual([unknownResource('Foos.v1.x.io').name, unknownResource('Foos.v1.x.io').group], ['foos', 'x.io']);
    assert.deepEqual([unknownResource('foos.x.io').name, unknownResource('foos.x.io').group], ['foos', 'x.io']);
  });
});

describe('arguments name targets', () => {
  const targets = (line: string, resources: readonly Resource[] = []): readonly string[] =>
    resolveTargets(line === '' ? [] : line.split(' '), resources).map(
      ({ resource, name }) => `${resource.name}/${name}`,
    );

  for (const [line, expected] of [
    ['', []],
    ['pods', ['pods/*']],
    ['pod a b', ['pods/a', 'pods/b']],
    ['po,svc', ['pods/*', 'services/*']],
    ['po,pod', ['pods/*', 'pods/*']],
    ['po,svc a b', ['pods/a', 'pods/b', 'services/a', 'services/b']],
    ['pod a,b', ['pods/a,b']],
    ['ns/prod pv/data', ['namespaces/prod', 'persistentvolumes/data']],
    ['foo.x.io/a', ['foo/a']],
    ['pod ns/x', ['namespaces/x', 'pods/*']],
  ] as const)
    test(`${line} → ${expected.join(' ')}`, () => assert.deepEqual(targets(line), expected));

  test('"all" is nine kinds, and those that join it', () => {
    assert.deepEqual(
      resolveType('all', []).map(({ resource }) => resource.name),
      [
        'pods',
        'replicationcontrollers',
        'services',
        'daemonsets',
        'deployments',
        'replicasets',
        'statefulsets',
        'horizontalpodautoscalers',
        'cronjobs',
        'jobs',
      ],
    );
    assert.ok(targets('all', CUSTOM).includes('certs/*'));
    assert.equal(resolveType('ALL', [])[0]?.known, 'unknown');
  });
});
