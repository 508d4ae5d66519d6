// Paths of the API as the API server takes them apart, and those that nobody can tell.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPath, readQuery } from './api-path.ts';

const shown = (raw: string): string => {
  const read = readPath(raw);
  if (read.kind !== 'object') return read.kind === 'other' ? `other ${read.path}` : 'unreadable';
  const { group, version, resource, namespace, name, subresource, prefix } = read.path;
  return [prefix, `${group}/${version}`, namespace, resource, name, subresource].map((one) => one ?? '-').join(' ');
};

const PATHS: readonly (readonly [raw: string, read: string])[] = [
  ['/api/v1/pods', '- /v1 - pods - -'],
  ['/api/v1/namespaces/shop/pods', '- /v1 shop pods - -'],
  ['/api/v1/namespaces/shop/pods/web-0', '- /v1 shop pods web-0 -'],
  ['/api/v1/namespaces/shop/pods/web-0/', '- /v1 shop pods web-0 -'],
  ['/api/v1/namespaces/shop/pods/web-0/exec', '- /v1 shop pods web-0 exec'],
  ['/api/v1/namespaces/shop/pods/web-0/EXEC', '- /v1 shop pods web-0 exec'],
  ['/api/v1/namespaces/shop/services/web:80/proxy/admin/x', '- /v1 shop services web:80 proxy'],
  ['/apis/apps/v1/namespaces/shop/deployments/web/scale', '- apps/v1 shop deployments web scale'],
  ['/apis/apps/v1/namespaces/shop/deployments/w%65b', '- apps/v1 shop deployments web -'],
  // a Namespace itself
  ['/api/v1/namespaces', '- /v1 - namespaces - -'],
  ['/api/v1/namespaces/shop', '- /v1 - namespaces shop -'],
  ['/api/v1/namespaces/shop/status', '- /v1 - namespaces shop status'],
  ['/api/v1/namespaces/shop/finalize', '- /v1 - namespaces shop finalize'],
  // the old forms, which decide before any verb
  ['/api/v1/watch/namespaces/shop/pods/web-0', 'watch /v1 shop pods web-0 -'],
  ['/api/v1/proxy/namespaces/shop/services/web', 'proxy /v1 shop services web -'],
  // no kind
  ['/', 'other /'],
  ['/version', 'other /version'],
  ['/api/v1', 'other /api/v1'],
  ['/apis/apps/v1', 'other /apis/apps/v1'],
  ['/logs/kubelet.log', 'other /logs/kubelet.log'],
  // whoever decodes once more, or less often, sees another path
  ['/api/v1/namespaces/shop/pods/..%2fsecrets', 'unreadable'],
  ['/api/v1/namespaces/shop/../kube-system/pods', 'unreadable'],
  ['/api/v1/namespaces/shop/%2e%2e/pods', 'unreadable'],
  ['/api/v1/namespaces/./pods', 'unreadable'],
  ['/api/v1//pods', 'unreadable'],
  ['/api/v1/pods%252fexec', 'unreadable'],
  ['/api/v1/pods\\x', 'unreadable'],
  ['/api/v1/pods%5cx', 'unreadable'],
  ['/api/v1/pods/a%00b', 'unreadable'],
  ['/api/v1/pods/a;b', 'unreadable'],
  ['/api/v1/pods?watch=1', 'unreadable'],
  ['/api/v1/pods#a', 'unreadable'],
  ['/api/v1/pods/%zz', 'unreadable'],
  ['/api/v1/pods/a%20b', 'unreadable'],
  ['/api/v1/pods/\u0440od', 'unreadable'],
  ['http://other/api/v1/pods', 'unreadable'],
  ['', 'unreadable'],
];

describe('a path', () => {
  for (const [raw, read] of PATHS) test(raw === '' ? 'of nothing' : raw, () => assert.equal(shown(raw), read));
});

describe('a query', () => {
  const QUERIES: readonly (readonly [text: string, pairs: ReturnType<typeof readQuery>])[] = [
    ['', []],
    ['dryRun=All', [['dryRun', 'All']]],
    ['dry%52un=%41ll', [['dryRun', 'All']]],
    ['a=1&a=2', [['a', '1'], ['a', '2']]], // biome-ignore format: one pair beside the other
    ['labelSelector=app%3Dweb+x', [['labelSelector', 'app=web x']]],
    ['watch', [['watch', '']]],
    ['a=b=c', [['a', 'b=c']]],
    ['&&a=1', [['a', '1']]],
    // Go leaves such pairs out; another server may not
    ['a=%zz', null],
    ['a=1;dryRun=All', null],
  ];
  for (const [text, pairs] of QUERIES)
    test(text === '' ? 'of nothing' : text, () => assert.deepEqual(readQuery(text), pairs));
});

test('a path is plain where the API server knows each word of it', () => {
  const isPlain = (raw: string): boolean | null => {
    const read = readPath(raw);
    return read.kind === 'object' ? read.path.isPlain : null;
  };
  assert.deepEqual(
    ['pods/a', 'pods/A', 'pods/a/log', 'Pods/a', 'pods/a/Log', 'pods/a/log/x'].map((one) =>
      isPlain(`/api/v1/namespaces/shop/${one}`),
    ),
    [true, true, true, false, false, false],
  );
  assert.equal(isPlain('/api/v1/Namespaces/shop/pods'), false);
  assert.equal(isPlain('/apis/custom.metrics.k8s.io/v1beta1/namespaces/shop/pods/a/Requests'), true);
});
