// What is warned of at the start and in doctor: who else can read or write what a gate relies on.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { exposures } from './exposure.ts';
import { readSettings } from './settings.ts';

const settingsOf = (env: NodeJS.ProcessEnv) => {
  const read = readSettings({ BLASTGATE_DATA: '/nonexistent', ...env });
  assert.ok(read.ok);
  return read.settings;
};

test('plain HTTP beyond loopback is warned of, wherever it listens', () => {
  const listens: readonly (readonly [listen: string, warned: RegExp | null])[] = [
    ['127.0.0.1:8448', null],
    ['127.9.9.9:1', null],
    ['localhost:8448', null],
    ['[::1]:8448', null],
    [':8448', null],
    ['0.0.0.0:8448', /plain HTTP on 0\.0\.0\.0:8448: tokens/],
    ['[::]:8448', /plain HTTP on \[::\]:8448/],
    ['10.0.0.7:80', /plain HTTP on 10\.0\.0\.7:80/],
    ['gate.example:8448', /plain HTTP on gate\.example:8448/],
    ['127.0.0.1.example:8448', /plain HTTP/],
  ];
  for (const [listen, warned] of listens) {
    const found = exposures(settingsOf({ BLASTGATE_LISTEN: listen })).filter(({ check }) => check === 'listen');
    assert.equal(found.length, warned === null ? 0 : 1, listen);
    if (warned !== null) assert.match(found[0]?.message ?? '', warned);
  }
});

test('a database beyond this machine without TLS is warned of, without its password', () => {
  const stores: readonly (readonly [url: string, isWarned: boolean])[] = [
    ['sqlite', false],
    ['postgres://gate:pw@127.0.0.1/gate', false],
    ['postgres://gate:pw@localhost:5433/gate', false],
    ['postgres://gate:pw@[::1]/gate', false],
    ['postgres://gate:pw@%2Fvar%2Frun%2Fpostgresql/gate', false],
    ['postgres:///gate?host=/var/run/postgresql', false],
    ['postgres://gate:pw@db.example/gate', true],
    ['postgres://gate:pw@[2001:db8::1]/gate', true],
    ['postgres://gate:pw@localhost/gate?host=db.example', true],
    ['postgres://gate:pw@db.example/gate?sslmode=disable', true],
    ['postgres://gate:pw@db.example/gate?ssl=false', true],
    ['postgres://gate:pw@db.example/gate?ssl=true', false],
    ['postgres://gate:pw@db.example/gate?sslmode=require', false],
    ['postgres://gate:pw@db.example/gate?sslmode=verify-full&sslrootcert=/ca.crt', false],
  ];
  for (const [url, isWarned] of stores) {
    const found = exposures(settingsOf({ BLASTGATE_STORE: url })).filter(({ check }) => check === 'store');
    assert.equal(found.length, isWarned ? 1 : 0, url);
    assert.doesNotMatch(JSON.stringify(found), /pw/);
  }
});

test('what others may write is warned of: data folder, people, policy, and the folders that hold them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-exposure-'));
  try {
    const [data, held] = [join(folder, 'data'), join(folder, 'held')];
    for (const one of [data, held]) mkdirSync(one, { mode: 0o700 });
    const [people, policy] = [join(held, 'people.yaml'), join(held, 'policy.yaml')];
    for (const one of [people, policy]) writeFileSync(one, '', { mode: 0o600 });
    const settings = settingsOf({ BLASTGATE_DATA: data, BLASTGATE_PEOPLE: people, BLASTGATE_POLICY: policy });
    const warned = () => exposures(settings).map(({ message, remedy }) => `${message} → ${remedy}`);
    assert.deepEqual(warned(), []);
    for (const [path, mode, count] of [
      [data, 0o777, 1],
      [data, 0o770, 0],
      [data, 0o755, 0],
      [people, 0o666, 1],
      [people, 0o660, 0],
      [people, 0o644, 0],
      [policy, 0o602, 1],
      [held, 0o777, 2],
      [held, 0o1777, 0],
      [held, 0o755, 0],
    ] as const) {
      chmodSync(path, mode);
      const found = warned();
      assert.equal(found.length, count, `${path} ${mode.toString(8)}: ${found.join()}`);
      for (const line of found) assert.match(line, /may be written by others \(0\d{3}\) → chmod /);
      chmodSync(path, 0o700);
    }
    assert.deepEqual(exposures(settingsOf({})), []);
    if (process.getuid?.() !== 0) return;
    // Another group's right is one of others; only root may give a file away.
    chownSync(people, 0, 4711);
    chmodSync(people, 0o660);
    assert.match(warned().join(), /people\.yaml may be written by others \(0660\)/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
