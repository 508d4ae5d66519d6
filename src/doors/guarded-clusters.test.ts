// Before which clusters the proxy stands, by which accounts, and where an address without a name leads; what cannot be is said.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NamedCluster } from './clusters-file.ts';
import { guardedClusters } from './guarded-clusters.ts';
import type { Settings } from './settings.ts';

const cluster = (name: string | null, proxy: string | null, shadow: string | null = null): NamedCluster => ({
  name,
  access: name === null ? { kind: 'found', kubeconfig: 'w' } : { kind: 'kubeconfig', path: `w-${name}`, context: null },
  proxy: proxy === null ? null : { kubeconfig: proxy, context: null, shadowKubeconfig: shadow },
  policyOf: (document) => document,
  freezes: [],
});

const proxyBy = (kubeconfig: string | null, shadowKubeconfig: string | null = null): Settings['proxy'] => ({
  listen: { host: '127.0.0.1', port: 8449 },
  url: 'https://127.0.0.1:8449',
  tls: null,
  kubeconfig,
  shadowKubeconfig,
  waitSeconds: 300,
});

const guard = (clusters: readonly NamedCluster[], proxy: Settings['proxy'], guardedCluster: string | null = null) => {
  const { guarded, problems } = guardedClusters(clusters, { proxy, admission: null, guardedCluster });
  const readings = guarded.accounts.map((one) => one?.reading.kubeconfig ?? null);
  return {
    unnamed: guarded.unnamed,
    readings,
    shadows: guarded.accounts.map((one) => one?.shadow?.kubeconfig),
    problems,
  };
};
const [EU, US] = [cluster('eu', 'r-eu', 's-eu'), cluster('us', 'r-us')];

test('the only cluster goes without a name, by the account of the settings or of the file', () => {
  const only = guard([cluster(null, null)], proxyBy('r', 's'));
  assert.deepEqual(only, { unnamed: 0, readings: ['r'], shadows: ['s'], problems: [] });
  assert.deepEqual(guard([EU], proxyBy(null)), { unnamed: 0, readings: ['r-eu'], shadows: ['s-eu'], problems: [] });
});

test('of several each has its own accounts, and an address must name one; where one is set apart, it goes without', () => {
  const both = { readings: ['r-eu', 'r-us'], shadows: ['s-eu', undefined], problems: [] };
  assert.deepEqual(guard([EU, US], proxyBy(null)), { unnamed: null, ...both });
  assert.deepEqual(guard([EU, US], proxyBy(null), 'us'), { unnamed: 1, ...both });
  const before = guard([cluster('eu', null), cluster('us', null)], proxyBy('r', 's'), 'us');
  assert.deepEqual(before, { unnamed: 1, readings: [null, 'r'], shadows: [undefined, 's'], problems: [] });
});

test('without a proxy nothing is before any cluster', () => {
  assert.deepEqual(guard([cluster('eu', null), cluster('us', null)], null).readings, [null, null]);
});

const bare = cluster('us', null);
const REFUSED: readonly (readonly [string, readonly NamedCluster[], Settings['proxy'], string | null, RegExp])[] = [
  [
    'a cluster that is none',
    [EU, US],
    proxyBy(null),
    'asia',
    /BLASTGATE_GUARDED_CLUSTER is "asia"; write one of eu, us/,
  ],
  ['a name for the only cluster, which has none', [cluster(null, null)], proxyBy('r'), 'eu', /"eu"; remove it/],
  ['no listener', [EU, US], null, null, /proxy of eu, us in BLASTGATE_CLUSTERS: .*BLASTGATE_PROXY_LISTEN/],
  ['an account of the settings, and nobody says whose', [EU, US], proxyBy('r'), null, /are of one cluster/],
  ['the same of shadow mode', [EU, US], proxyBy(null, 's'), null, /are of one cluster/],
  ['two accounts for one', [EU, US], proxyBy('r'), 'eu', /and proxy of eu in BLASTGATE_CLUSTERS: keep one/],
  [
    'two words on shadow mode of one',
    [EU, US],
    proxyBy(null, 's'),
    'us',
    /^BLASTGATE_SHADOW_KUBECONFIG, and proxy of us in BLASTGATE_CLUSTERS: keep one/,
  ],
  [
    'the same of an only cluster of the file',
    [EU],
    proxyBy(null, 's'),
    null,
    /^BLASTGATE_SHADOW_KUBECONFIG, and proxy of eu in BLASTGATE_CLUSTERS: keep one/,
  ],
  ['no account at all', [bare, cluster('asia', null)], proxyBy(null), null, /needs an account that reads/],
  ['none for the one without a name', [EU, bare], proxyBy(null), 'us', /needs an account that reads/],
  ['the account that writes', [cluster('eu', 'w-eu'), US], proxyBy(null), null, /w-eu is used twice \(eu\)/],
  [
    'the account that writes elsewhere',
    [cluster('eu', 'w-us'), US],
    proxyBy(null),
    null,
    /w-us is used twice \(eu, us\)/,
  ],
  ['one account for two clusters', [EU, cluster('us', 'r-eu')], proxyBy(null), null, /r-eu is used twice \(eu, us\)/],
  ['shadow by the account that reads', [cluster('eu', 'r', 'r'), US], proxyBy(null), null, /r is used twice \(eu\)/],
];
for (const [what, clusters, proxy, name, wanted] of REFUSED)
  test(`${what}: no start`, () => assert.match(guard(clusters, proxy, name).problems.join('\n'), wanted));

test('contexts of one file are different accounts', () => {
  const [eu, us] = ['eu', 'us'].map(
    (name): NamedCluster => ({
      ...cluster(name, null),
      access: { kind: 'kubeconfig', path: 'all', context: `write-${name}` },
      proxy: { kubeconfig: 'all', context: `read-${name}`, shadowKubeconfig: null },
    }),
  );
  assert.ok(eu && us);
  assert.deepEqual(guard([eu, us], proxyBy(null)).problems, []);
});
