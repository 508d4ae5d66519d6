// The places of secrets in values of JSON: of a Secret all, elsewhere by name, shape, and the program that reads them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../model/json.ts';
import { secretFields } from './secret-fields.ts';

/** What sounds like a secret, and names one. */
const PLAIN: readonly Json[] = [
  { tolerations: [{ key: 'dedicated', operator: 'Exists' }] },
  { spec: { taints: [{ key: 'auth', value: 'on', effect: 'NoSchedule' }] } },
  { env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }] },
  { imagePullSecrets: [{ name: 'regcred' }], serviceAccountName: 'robot', automountServiceAccountToken: false },
  { volumes: [{ secret: { secretName: 'db' } }], tokenExpirationSeconds: 3600 },
  { data: { 'nginx.conf': 'server { listen 80; }' } },
  { kind: 'Secret', metadata: { name: 'db', labels: { token: 'yes' } }, type: 'Opaque' },
];

test('what only names a secret is none', () => {
  for (const value of PLAIN) assert.deepEqual(secretFields(value, false, null), [], JSON.stringify(value));
});

const HELD: readonly (readonly [Json, boolean, readonly string[]])[] = [
  [{ kind: 'Secret', data: { a: 'x', 'b/c~d': 'y' } }, false, ['/data/a', '/data/b~1c~0d']],
  [{ data: { a: 'x' } }, true, ['/data/a']],
  [[{ op: 'add', path: '/data/a', value: { deep: ['x'] } }], true, ['/0/value/deep/0']],
  [[{ op: 'add', path: '/metadata/labels/a', value: 'x' }], true, []],
  [{ kind: 'ConfigMap', data: { db_password: 'x', port: 'y' } }, false, ['/data/db_password']],
  [{ env: [{ name: 'JWT', value: 'x' }] }, false, ['/env/0/value']],
  [{ spec: { url: 'postgres://app:hunter2@db/shop' } }, false, ['/spec/url']],
  [{ containers: [{ command: ['mysql', '-phunter2'] }] }, false, ['/containers/0/command/1']],
  [{ containers: [{ args: ['--token', 'x1y2'] }] }, false, ['/containers/0/args/1']],
  [{ data: { AKIAABCDEFGHIJKLMNOP: 'x' } }, false, ['/data']],
];

test('a secret is found by its place, its name, its shape', () => {
  for (const [value, aboutSecrets, pointers] of HELD)
    assert.deepEqual(secretFields(value, aboutSecrets, null), pointers, JSON.stringify(value));
});

test('a text of 64 KiB is read in one go', () => {
  for (const text of [
    'a'.repeat(65536),
    'a='.repeat(32768),
    ' \t'.repeat(32768),
    '"a'.repeat(32768),
    '-'.repeat(65536),
  ])
    assert.ok((secretFields({ text }, false, null) ?? []).length <= 1);
});
