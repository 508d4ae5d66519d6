// What `doctor` says of a PostgreSQL: it names the database and the setting that is wrong, and never the gate's folder in its place.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { databaseError } from '../../src/adapters/store/postgres/errors.ts';
import { openPostgresStore } from '../../src/adapters/store/postgres/open.ts';
import { storeFindings } from '../../src/doors/cli/commands/doctor-store.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { startPostgres } from '../support/postgres.ts';

const database = await startPostgres();
const folder = mkdtempSync(join(tmpdir(), 'doctor-store-'));
after(async () => {
  await database.stop();
  rmSync(folder, { recursive: true });
});

const say = async (url: string): Promise<readonly string[]> => {
  const read = readSettings({ BLASTGATE_DATA: join(folder, 'data'), BLASTGATE_STORE: url });
  assert.ok(read.ok);
  return (await storeFindings(read.settings)).map(({ state, message, remedy }) => `${state} ${message} → ${remedy}`);
};
const changed = (url: string, parts: Partial<Record<'pathname' | 'port' | 'username', string>>): string =>
  Object.assign(new URL(url), parts).href;

test('an empty database is as good as an empty folder, and one that a gate has filled says nothing more', async () => {
  const url = await database.fresh();
  const [known, standby, empty] = await say(url);
  assert.match(known ?? '', /^ok PostgreSQL/);
  assert.match(standby ?? '', /^warn no synchronous standby/);
  assert.equal(empty, 'ok the database is empty: the first start fills it → null');
  await (await openPostgresStore(url)).close();
  assert.equal((await say(url)).length, 2);
});

test('what is wrong is the database: its name, its address, its account, TLS that it does not offer', async () => {
  const url = await database.fresh();
  const wrong: readonly (readonly [string, RegExp])[] = [
    [changed(url, { pathname: '/nosuch' }), /^fail The database does not exist: create it/],
    [changed(url, { port: '1' }), /^fail The database cannot be reached: check that it runs/],
    [changed(url, { username: 'nobody_at_all' }), /^fail The database refuses the account/],
    [`${url}?sslmode=verify-full`, /^fail The database offers no TLS, which sslmode in BLASTGATE_STORE asks for/],
  ];
  for (const [address, expected] of wrong) {
    const found = await say(address);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', expected);
    assert.match(found[0] ?? '', / → correct BLASTGATE_STORE, or the database/);
  }
});

test('a certificate that is not believed, and a file of it that is not there, are no database that cannot be reached', () => {
  const say = (message: string, more: object): string => {
    const error = databaseError(Object.assign(new Error(message), more));
    return error instanceof Error ? error.message : '';
  };
  for (const code of ['DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'CERT_HAS_EXPIRED'])
    assert.match(
      say('certificate', { code }),
      /^The database shows a certificate that is not trusted: .*sslrootcert=FILE/,
    );
  assert.match(say('altnames', { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }), /and the host as the certificate does/);
  assert.match(
    say('open /nope', { code: 'ENOENT', syscall: 'open' }),
    /^The database is not asked: a file .* BLASTGATE_STORE/,
  );
  assert.match(say('connect /run', { code: 'ENOENT', syscall: 'connect' }), /^The database cannot be reached/);
});
