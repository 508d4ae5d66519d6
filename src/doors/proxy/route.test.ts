// What the proxy makes of an address: passed on, tried, proposed, refused. Subresources before verbs, and no second reading.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readTarget, writeTarget } from './request-target.ts';
import { routeOf } from './route.ts';

const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';

/** "refused CODE", or the kind of the route; "unreadable" where the target has no one meaning. */
const becomes = (method: string, raw: string): string => {
  const target = readTarget(raw);
  if (target === null) return 'unreadable';
  const route = routeOf(method, target);
  return route.kind === 'refused' ? `refused ${route.code}` : route.kind;
};

const ROWS: readonly (readonly [method: string, raw: string, is: string])[] = [
  ['GET', '/api', 'read'],
  ['GET', '/apis', 'read'],
  ['GET', '/api/v1', 'read'],
  ['GET', '/apis/apps/v1', 'read'],
  ['GET', '/version/', 'read'],
  ['GET', '/openapi/v3/apis/apps/v1?hash=1', 'read'],
  ['GET', '/openapi/v2', 'read'],
  ['GET', '/healthz', 'read'],
  ['GET', '/readyz/etcd', 'read'],
  ['GET', WEB, 'read'],
  ['HEAD', WEB, 'read'],
  ['GET', '/api/v1/pods?watch=true', 'read'],
  ['GET', '/api/v1/namespaces/shop', 'read'],
  ['GET', '/api/v1/namespaces/shop/status', 'read'],
  ['GET', '/api/v1/namespaces/shop/pods/a/log?follow=true', 'read'],
  ['GET', `${WEB}/scale`, 'read'],
  ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:node', 'read'],
  ['GET', '/apis/metrics.k8s.io/v1beta1/nodes', 'read'],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', 'self-review'],
  ['POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', 'self-review'],
  ['POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', 'self-review'],
  ['POST', '/apis/authentication.k8s.io/v1/tokenreviews', 'write'],
  ['POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', 'write'],
  ['POST', '/apis/evil.example/v1/selfsubjectaccessreviews', 'write'],
  ['PATCH', WEB, 'write'],
  ['PUT', WEB, 'write'],
  ['DELETE', WEB, 'write'],
  ['DELETE', '/api/v1/namespaces/shop/pods', 'write'],
  ['POST', '/api/v1/namespaces/shop/pods/a/eviction', 'write'],
  ['POST', '/api/v1/namespaces/shop/serviceaccounts/a/token?dryRun=All', 'write'],
  ['PUT', '/api/v1/namespaces/shop/finalize', 'write'],
  ['PATCH', `${WEB}?dryRun=All`, 'dry-run'],
  ['PATCH', `${WEB}?dryRun%3DAll`, 'write'],
  ['PATCH', `${WEB}?dryRun=%41ll`, 'dry-run'],
  ['PATCH', `${WEB}?dryRun=all`, 'write'],
  ['PATCH', `${WEB}?dryRun=`, 'write'],
  ['PATCH', `${WEB}?dryRun=All&dryRun=All`, 'refused path-refused'],
  ['PATCH', `${WEB}?dryRun=All&dryRun=`, 'refused path-refused'],
  ['PATCH', `${WEB}?dryrun=All`, 'refused path-refused'],
  ['PATCH', `${WEB}?dryRun=All;x=1`, 'unreadable'],
  ['PATCH', '/api/v1/namespaces/shop/secrets/a?dryRun=All', 'refused secret-read'],
  ['GET', '/apis/apps/v1/NAMESPACES/shop/deployments', 'refused path-refused'],
  ['PUT', '/api/v1/namespaces/shop/FINALIZE', 'refused path-refused'],
  ['GET', '/api/v1/secrets', 'refused secret-read'],
  ['GET', '/api/v1/namespaces/shop/secrets', 'refused secret-read'],
  ['GET', '/api/v1/namespaces/shop/secrets/a', 'refused secret-read'],
  ['GET', '/api/v1/namespaces/shop/%73ecrets/a', 'refused secret-read'],
  ['GET', '/api/v1/secrets?watch=true&allowWatchBookmarks=true', 'refused secret-read'],
  ['HEAD', '/api/v1/namespaces/shop/secrets/a', 'refused secret-read'],
  ['GET', '/api/v1/watch/secrets', 'refused path-refused'],
  ['GET', '/api/v1/watch/namespaces/shop/pods', 'refused path-refused'],
  ['GET', '/apis/apps/v1/watch/deployments', 'refused path-refused'],
  ['GET', '/api/v1/proxy/nodes/n/pods', 'refused path-refused'],
  ['GET', '/api/v1/namespaces/shop/pods/a/exec?command=ls', 'refused stream-refused'],
  ['POST', '/api/v1/namespaces/shop/pods/a/exec?command=ls&dryRun=All', 'refused stream-refused'],
  ['GET', '/api/v1/namespaces/shop/pods/a/Exec', 'refused stream-refused'],
  ['GET', '/api/v1/namespaces/shop/pods/a/attach', 'refused stream-refused'],
  ['GET', '/api/v1/namespaces/shop/pods/a/portforward', 'refused stream-refused'],
  ['GET', '/api/v1/namespaces/shop/services/a:80/proxy/x/y', 'refused stream-refused'],
  ['GET', '/api/v1/nodes/n/proxy/runningpods', 'refused stream-refused'],
  ['GET', '/api/v1/nodes/n/proxy', 'refused stream-refused'],
  ['GET', '/api/v1/namespaces/shop/pods/a/secretstuff', 'refused path-refused'],
  ['GET', '/metrics', 'refused path-refused'],
  ['GET', '/debug/pprof/profile', 'refused path-refused'],
  ['GET', '/logs/kube-apiserver.log', 'refused path-refused'],
  ['GET', '/api/v1/Secrets', 'refused path-refused'],
  ['POST', '/healthz', 'refused path-refused'],
  ['OPTIONS', WEB, 'refused path-refused'],
  ['TRACE', WEB, 'refused path-refused'],
  ['get', WEB, 'refused path-refused'],
  ['GET', 'http://kubernetes/api/v1/pods', 'unreadable'],
  ['GET', '//api/v1/secrets', 'unreadable'],
  ['GET', '/api//v1/pods', 'unreadable'],
  ['GET', '/api/v1/../v1/secrets', 'unreadable'],
  ['GET', '/api/v1/%2e%2e/secrets', 'unreadable'],
  ['GET', '/api/v1/./pods', 'unreadable'],
  ['GET', '/api/v1%2fsecrets', 'unreadable'],
  ['GET', '/api/v1/pods%252fx', 'unreadable'],
  ['GET', '/api/v1/pods/%00', 'unreadable'],
  ['GET', '/api/v1/pods/%zz', 'unreadable'],
  ['GET', '/api/v1/pods#/x', 'unreadable'],
  ['GET', '/api\\v1\\pods', 'unreadable'],
  ['GET', '*', 'unreadable'],
  ['GET', '', 'unreadable'],
];

describe('routes', () => {
  for (const [method, raw, is] of ROWS) test(`${method} ${raw} → ${is}`, () => assert.equal(becomes(method, raw), is));

  test('an incident in front of the path belongs to no path', () => {
    const target = readTarget(`/incidents/INC-7${WEB}?a=b`);
    assert.equal(target?.incident, 'INC-7');
    assert.equal(target && writeTarget(target), `${WEB}?a=b`);
    assert.equal(becomes('GET', '/incidents/INC-7/api/v1/secrets'), 'refused secret-read');
  });

  test('a cluster stands before the incident, and is a name as it was sent: what it means is for whoever knows the clusters', () => {
    const named = (raw: string) => {
      const target = readTarget(raw);
      return target && [target.cluster, target.incident, writeTarget(target)];
    };
    assert.deepEqual(named(`/clusters/eu-1${WEB}?a=b`), ['eu-1', null, `${WEB}?a=b`]);
    assert.deepEqual(named(`/clusters/eu-1/incidents/INC-7${WEB}`), ['eu-1', 'INC-7', WEB]);
    assert.deepEqual(named('/clusters/%65u/api'), ['eu', null, '/api']);
    assert.deepEqual(named('/clusters/eu/clusters/us/api'), ['eu', null, '/clusters/us/api']);
    assert.deepEqual(named('/incidents/INC-7/clusters/eu/api'), [null, 'INC-7', '/clusters/eu/api']);
    assert.deepEqual(named('/clusters/__proto__/api'), ['__proto__', null, '/api']);
    for (const odd of [
      '/clusters//api',
      '/clusters/../api',
      '/clusters/%2e%2e/api',
      '/clusters/eu%2fus/api',
      '/clusters/%00/api',
    ])
      assert.equal(named(odd), null, odd);
    assert.equal(becomes('GET', '/clusters/eu/api/v1/secrets'), 'refused secret-read');
    assert.equal(becomes('GET', '/clusters/eu/clusters/us/api/v1/pods'), 'refused path-refused');
  });

  test('what is sent on is read as what was decided about', () => {
    const word = fc.string({
      unit: fc.constantFrom('a', 'Z', '0', '-', '.', ':', '%', '/', '2', 'f', 'e', '?', '&', '=', ';', '+'),
    });
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (words) => {
        const first = readTarget(`/${words.join('/')}`);
        if (first === null) return;
        const again = readTarget(writeTarget(first));
        assert.deepEqual(again === null ? null : { ...again, cluster: null, incident: null }, {
          ...first,
          cluster: null,
          incident: null,
        });
        const path = writeTarget(first).split('?', 1)[0] ?? '';
        assert.doesNotMatch(path, /%2f|%25|%5c|\/\/|\/\.{1,2}(?:\/|$)/i);
      }),
    );
  });
});
