// The difference as people read it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ObjectChange } from '../model/object-change.ts';
import { changeDiff } from './change-diff.ts';

const HASH = `hmac-sha256:${'ab'.repeat(32)}`;
const web = (fields: ObjectChange['fields'], op: ObjectChange['op'] = 'update'): ObjectChange => ({
  object: 'deployments.apps shop/web',
  uid: 'u',
  op,
  fields,
});

/** [what, the change, its lines without the two heads]. */
const CASES: readonly (readonly [string, ObjectChange, string])[] = [
  ['a value', web([{ path: '/spec/replicas', before: 2, after: 3 }]), ' spec:\n-  replicas: 2\n+  replicas: 3'],
  ['a value that comes', web([{ path: '/spec/paused', after: true }]), '+spec:\n+  paused: true'],
  [
    'an image, beside the name of its container',
    web([{ path: '/spec/template/spec/containers/1/image', keys: ['name=web'], before: 'web:1', after: 'web:2' }]),
    ' spec:\n   template:\n     spec:\n       containers:\n         - name: web\n-          image: "web:1"\n+          image: "web:2"',
  ],
  [
    'an element that goes',
    web([{ path: '/spec/taints/0', keys: ['key=spot/NoSchedule'], before: { key: 'spot', effect: 'NoSchedule' } }]),
    '-spec:\n-  taints:\n-    - key: spot\n-      effect: NoSchedule',
  ],
  [
    'what is hidden, and what the server decides',
    web([
      { path: '/data/password', hidden: { before: HASH, after: null } },
      { path: '/metadata/annotations/at', generated: true },
    ]),
    '-data:\n-  password: (hidden, hmac-sha256:abababab)\n+metadata:\n+  annotations:\n+    at: (the server decides)',
  ],
  [
    'text that YAML would read otherwise, and control characters',
    web([{ path: '/metadata/labels/a~1b', before: 'yes', after: '1\u202E2' }]),
    ' metadata:\n   labels:\n-    a/b: "yes"\n+    a/b: "1\\\\u{202E}2"',
  ],
];

const TEXT = ['a text of several lines', web([{ path: '/data/conf', before: 'a\nb\n', after: 'a\nc\n' }])] as const;

describe('a difference', () => {
  test(`of ${TEXT[0]}, line by line`, () => {
    assert.deepEqual(changeDiff([TEXT[1]]).slice(2), [' data:', '   conf: |', '     a', '-    b', '+    c']);
  });

  for (const [what, change, expected] of CASES)
    test(`of ${what}`, () => {
      const [before, after, ...lines] = changeDiff([change]);
      assert.deepEqual([before, after], ['--- deployments.apps shop/web', '+++ deployments.apps shop/web']);
      assert.equal(lines.join('\n'), expected);
    });

  test('of what comes, of what goes, and of nothing', () => {
    assert.deepEqual(changeDiff([web([{ path: '/kind', after: 'Deployment' }], 'create')]), [
      '--- /dev/null',
      '+++ deployments.apps shop/web',
      '+kind: Deployment',
    ]);
    assert.deepEqual(changeDiff([web([], 'delete')]), ['--- deployments.apps shop/web', '+++ /dev/null']);
    assert.deepEqual(changeDiff([web([])]), []);
  });
});
