import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClusters } from './read-clusters.ts';

const good = `
clusters:
  - name: eu-1
    kubeconfig: /etc/blastgate/eu-1.yaml
    context: admin@eu
    proxy: { kubeconfig: /etc/blastgate/eu-1-proxy.yaml, shadowKubeconfig: /etc/blastgate/eu-1-shadow.yaml }
    namespaceClass: production
    budgets: { cluster: 20 }
    freezes: [{ name: sale, from: "2026-12-20T00:00", to: "2027-01-02T00:00", timezone: UTC, allow: [scale] }]
  - name: us-1
    serviceAccount: { server: "https://10.0.0.1:6443", tokenFile: /run/us/token, caFile: /run/us/ca.crt }
`;

test('clusters are read with their way in and what is their own', () => {
  assert.deepEqual(readClusters(good), {
    ok: true,
    clusters: [
      {
        name: 'eu-1',
        access: { kind: 'kubeconfig', path: '/etc/blastgate/eu-1.yaml', context: 'admin@eu' },
        proxy: {
          kubeconfig: '/etc/blastgate/eu-1-proxy.yaml',
          context: null,
          shadowKubeconfig: '/etc/blastgate/eu-1-shadow.yaml',
        },
        namespaceClass: 'production',
        budgets: { cluster: 20 },
        freezes: [
          { name: 'sale', from: '2026-12-20T00:00', to: '2027-01-02T00:00', timezone: 'UTC', allow: ['scale'] },
        ],
      },
      {
        name: 'us-1',
        access: {
          kind: 'service-account',
          server: 'https://10.0.0.1:6443',
          tokenFile: '/run/us/token',
          caFile: '/run/us/ca.crt',
          namespace: 'default',
        },
        proxy: null,
        namespaceClass: null,
        budgets: {},
        freezes: [],
      },
    ],
  });
});

const wrong: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['no cluster', 'clusters: []', /name one cluster at least/],
  ['a name twice', good.replace('us-1', 'eu-1'), /eu-1 stands twice/],
  ['a name with capitals', good.replace('eu-1', 'EU'), /small letters/],
  ['two ways in', good.replace('    serviceAccount', '    kubeconfig: /x\n    serviceAccount'), /exactly one of them/],
  ['no way in', 'clusters: [{ name: a }]', /exactly one of them/],
  [
    'a context without a kubeconfig',
    good.replace('    serviceAccount', '    context: x\n    serviceAccount'),
    /context/,
  ],
  [
    'a proxy without an account',
    good.replace('proxy: { kubeconfig: /etc/blastgate/eu-1-proxy.yaml, ', 'proxy: { '),
    /kubeconfig/,
  ],
  ['an unknown key of the proxy', good.replace('shadowKubeconfig', 'shadow'), /unknown key shadow/],
  ['plain http', good.replace('https://10', 'http://10'), /begins with https/],
  ['an unknown class', good.replace('production', 'best'), /write one of control-plane/],
  ['an unknown scope of a budget', good.replace('{ cluster: 20 }', '{ pod: 20 }'), /pod/],
  ['a freeze that ends before it begins', good.replace('2027-01-02', '2025-01-02'), /it must end after it begins/],
  ['a freeze without a zone', good.replace(', timezone: UTC', ''), /timezone/],
  ['an unknown key', good.replace('context:', 'contxt:'), /unknown key contxt/],
  ['an empty file', '', /^the file: nothing stands here: write keys with their values \(KEY: VALUE\)$/],
  ['a file of comments', '# none yet\n', /^the file: nothing stands here/],
  ['a file that is a list', '- name: a', /^the file: write keys with their values/],
  ['no list of clusters', 'clusters:', /^clusters: nothing stands here: write a list/],
  [
    'a year in place of a time',
    good.replace('"2027-01-02T00:00"', '2026'),
    /^clusters\.0\.freezes\.0\.to: write a time as/,
  ],
  ['a name that is a number', good.replace('us-1', '7'), /^clusters\.1\.name: write a text; .* needs quotes/],
  ['no YAML', 'clusters: {', /./],
];
for (const [what, text, says] of wrong)
  test(`${what} is refused with its place`, () => {
    const read = readClusters(text);
    assert.ok(!read.ok);
    assert.match(read.problems.map(({ message }) => message).join('\n'), says);
    assert.ok(read.problems.every(({ line, column }) => line > 0 && column > 0));
    assert.doesNotMatch(read.problems.map(({ message }) => message).join('\n'), /Invalid|expected|received/);
  });

test('a value of the wrong kind is named where it stands', () => {
  const read = readClusters(good.replace('"2027-01-02T00:00"', '2026'));
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map(({ line, column, at }) => [line, column, at]),
    [[9, 59, 'clusters.0.freezes.0.to']],
  );
});
