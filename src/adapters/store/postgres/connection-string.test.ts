import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import pg from 'pg';
import { connectionStringOf } from './connection-string.ts';

const DATABASE = 'postgres://gate:a&sslmode=require@db.example:5432/blastgate';
const STRICT = `${DATABASE}?sslmode=verify-full`;

test('a mode of TLS that the driver takes for verify-full is written out, and no other is touched', () => {
  for (const [given, expected] of [
    [DATABASE, DATABASE],
    ...['prefer', 'require', 'verify-ca', 'verify-full'].map((mode) => [`${DATABASE}?sslmode=${mode}`, STRICT]),
    [`${DATABASE}?a=b&sslmode=require&sslrootcert=/ca.crt`, `${DATABASE}?a=b&sslmode=verify-full&sslrootcert=/ca.crt`],
    ...['disable', 'no-verify', 'require&uselibpqcompat=true'].map((mode) => {
      const url = `${DATABASE}?sslmode=${mode}`;
      return [url, url];
    }),
  ])
    assert.equal(connectionStringOf(given ?? ''), expected);
});

test('the driver warns of none of them', async () => {
  const warnings: Error[] = [];
  const hear = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', hear);
  const made = (connectionString: string): pg.Client => new pg.Client({ connectionString });
  for (const mode of ['prefer', 'require', 'verify-ca'])
    made(connectionStringOf(`postgres://gate@db.example/blastgate?sslmode=${mode}`));
  await setImmediate();
  assert.equal(warnings.length, 0, String(warnings[0]));
  process.off('warning', hear);
});
