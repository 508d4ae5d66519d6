import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { storeName } from './settings/store.ts';
import { readSettings } from './settings.ts';

const gitea = {
  GITEA_API_URL: 'https://git.example/api/v1/',
  GITEA_API_TOKEN: 'gitea-secret',
  GITEA_REPO_OWNER: 'sre',
  GITEA_REPO_NAME: 'reviews',
};
const telegram = { TELEGRAM_BOT_TOKEN: '1:bot-secret', TELEGRAM_CHAT_ID: '-100200, 42' };

const settingsOf = (env: Record<string, string>) => {
  const result = readSettings(env);
  assert.ok(result.ok, JSON.stringify(result));
  return result.settings;
};

test('without any variable the gate listens on loopback, with both flags on', () => {
  const settings = settingsOf({});
  assert.deepEqual(settings.listen, { host: '127.0.0.1', port: 8448 });
  assert.equal(settings.flags.blastRadiusCheck, 'on');
  assert.equal(settings.flags.gitopsPr, 'on');
  assert.equal(settings.forge, null);
  assert.deepEqual(settings.chats, []);
});

test('a full set is read', () => {
  const settings = settingsOf({
    ...gitea,
    ...telegram,
    BLASTGATE_LISTEN: '[::1]:9000',
    BLASTGATE_LANG: 'zh-TW',
    AIOPS_P5_GITOPS_PR: '0',
  });
  assert.equal(settings.forge?.apiUrl, 'https://git.example/api/v1');
  assert.equal(settings.forge?.token.reveal(), 'gitea-secret');
  assert.deepEqual(settings.chats[0]?.chats, ['-100200', '42']);
  assert.deepEqual(settings.listen, { host: '::1', port: 9000 });
  assert.equal(settings.flags.gitopsPr, 'off');
  assert.equal(settings.lang, 'zh-TW');
});

const proxy = {
  BLASTGATE_PROXY_LISTEN: '0.0.0.0:8449',
  BLASTGATE_PROXY_KUBECONFIG: '/etc/blastgate/reader.kubeconfig',
};

test('a proxy has its own account, waits five minutes, and is reached by the address it listens on', () => {
  assert.deepEqual(settingsOf(proxy).proxy, {
    listen: { host: '0.0.0.0', port: 8449 },
    url: 'https://localhost:8449',
    tls: null,
    kubeconfig: '/etc/blastgate/reader.kubeconfig',
    shadowKubeconfig: null,
    waitSeconds: 300,
  });
  const { proxy: other } = settingsOf({
    ...proxy,
    BLASTGATE_PROXY_URL: 'https://gate.example:443/',
    BLASTGATE_PROXY_WAIT: '60',
    BLASTGATE_TLS_CERT: 'a',
    BLASTGATE_TLS_KEY: 'b',
  });
  assert.deepEqual(other?.tls, { certFile: 'a', keyFile: 'b' });
  assert.deepEqual([other?.url, other?.waitSeconds], ['https://gate.example:443', 60]);
  assert.equal(settingsOf({}).proxy, null);
});

test('a proxy that could write, that nobody could reach, or that waits too long is refused at the start', () => {
  const { BLASTGATE_PROXY_LISTEN: listen, BLASTGATE_PROXY_KUBECONFIG: kubeconfig } = proxy;
  const ROWS: readonly (readonly [env: Record<string, string>, says: RegExp])[] = [
    [{ BLASTGATE_PROXY_LISTEN: listen }, /needs BLASTGATE_PROXY_KUBECONFIG/],
    [{ ...proxy, KUBECONFIG: kubeconfig }, /the account that writes must not read for agents/],
    [{ BLASTGATE_SHADOW_KUBECONFIG: 'shadow' }, /no proxy without BLASTGATE_PROXY_LISTEN/],
    [
      { ...proxy, BLASTGATE_SHADOW_KUBECONFIG: kubeconfig },
      /BLASTGATE_SHADOW_KUBECONFIG must be of an account of its own/,
    ],
    [{ ...proxy, KUBECONFIG: 'w', BLASTGATE_SHADOW_KUBECONFIG: 'w' }, /must be of an account of its own/],
    [{ ...proxy, BLASTGATE_PROXY_WAIT: '301' }, /BLASTGATE_PROXY_WAIT is "301"; write whole seconds from 1 to 300/],
    [{ ...proxy, BLASTGATE_PROXY_WAIT: '0' }, /BLASTGATE_PROXY_WAIT is "0"/],
    [{ ...proxy, BLASTGATE_PROXY_WAIT: '1e2' }, /BLASTGATE_PROXY_WAIT is "1e2"/],
    [{ ...proxy, BLASTGATE_PROXY_URL: 'http://127.0.0.1:8449' }, /must be https/],
    [{ ...proxy, BLASTGATE_TLS_CERT: 'a' }, /belong together/],
    [{ ...proxy, BLASTGATE_PROXY_LISTEN: 'here' }, /BLASTGATE_PROXY_LISTEN is "here"; write HOST:PORT/],
    [{ BLASTGATE_PROXY_WAIT: '60' }, /there is no proxy without BLASTGATE_PROXY_LISTEN/],
  ];
  for (const [env, says] of ROWS) {
    const result = readSettings(env);
    assert.ok(!result.ok, JSON.stringify(env));
    assert.match(result.problems.join('\n'), says);
  }
});

test('retention is whole days, and says where old lines go', () => {
  const [days, store] = ['BLASTGATE_RETENTION_DAYS', 'BLASTGATE_STORE'];
  assert.equal(settingsOf({}).retention, null);
  assert.deepEqual(settingsOf({ [days]: '90', BLASTGATE_DATA: '/data' }).retention, {
    days: 90,
    folder: '/data/archive',
  });
  const database = { [days]: '8', [store]: 'postgres://u:p@h:1/d' };
  assert.deepEqual(settingsOf({ ...database, BLASTGATE_ARCHIVE: '/old' }).retention, { days: 8, folder: '/old' });
  for (const [env, says] of [
    [{ [days]: '7' }, /write a whole number from 8 to 36500/],
    [{ [days]: '90d' }, /BLASTGATE_RETENTION_DAYS is "90d"/],
    [{ [days]: '-9' }, /BLASTGATE_RETENTION_DAYS is "-9"/],
    [database, /needs BLASTGATE_ARCHIVE/],
    [{ BLASTGATE_ARCHIVE: '/old' }, /set both or neither/],
  ] as const) {
    const result = readSettings(env);
    assert.ok(!result.ok, JSON.stringify(env));
    assert.match(result.problems.join('\n'), says);
  }
});

test('where the store lies is said without its account and its parameters', () => {
  for (const [store, said] of [
    ['sqlite', 'sqlite'],
    ['postgres://gate:secret@db.example:6432/blastgate?sslmode=verify-full', 'postgres://db.example:6432/blastgate'],
    ['postgresql://gate:secret@db.example/blastgate', 'postgres://db.example:5432/blastgate'],
    [
      'postgres:///blastgate?host=/run/postgresql&user=gate&password=secret',
      'postgres:///run/postgresql:5432/blastgate',
    ],
  ] as const)
    assert.equal(storeName(settingsOf({ BLASTGATE_STORE: store })), said);
});

test('a password whose "/" is not written as %2F is no part of the address that is told', () => {
  const read = readSettings({ BLASTGATE_STORE: 'postgres://gate:2026/secret@db.example/blastgate' });
  assert.ok(!read.ok);
  assert.match(read.problems.join(), /^BLASTGATE_STORE is neither .* "\/" as %2F/);
  assert.doesNotMatch(read.problems.join(), /secret/);
});

test('secrets do not print', () => {
  const settings = settingsOf({ ...gitea, ...telegram });
  for (const text of [JSON.stringify(settings), inspect(settings, { depth: 9 }), String(settings.forge?.token)])
    assert.doesNotMatch(text, /secret/);
});

test('a secret may come from a file, and not from both', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settings-'));
  try {
    const file = join(folder, 'token');
    writeFileSync(file, 'from-file\n');
    const { GITEA_API_TOKEN: token, ...rest } = gitea;
    assert.equal(settingsOf({ ...rest, GITEA_API_TOKEN_FILE: file }).forge?.token.reveal(), 'from-file');
    const both = readSettings({ ...rest, GITEA_API_TOKEN: token, GITEA_API_TOKEN_FILE: file });
    assert.ok(!both.ok && both.problems.some((problem) => problem.includes('both set')));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const refused: readonly (readonly [env: Record<string, string>, names: RegExp])[] = [
  [{ AIOPS_P5_BLAST_RADIUS_CHECK: 'yes' }, /AIOPS_P5_BLAST_RADIUS_CHECK is "yes"/],
  [{ AIOPS_P5_GITOPS_PR: 'False' }, /AIOPS_P5_GITOPS_PR/],
  [{ GITEA_API_TOKEN: 'x' }, /GITEA_API_URL, GITEA_REPO_OWNER, GITEA_REPO_NAME are missing/],
  [{ ...gitea, GITEA_API_URL: 'https://git.example' }, /must end in \/api\/v1/],
  [{ ...gitea, GITEA_API_URL: 'http://git.example/api/v1' }, /must be https/],
  [{ ...gitea, GITEA_API_URL: 'https://user:pw@git.example/api/v1' }, /must not hold a user name/],
  [{ TELEGRAM_BOT_TOKEN: '1:x' }, /TELEGRAM_CHAT_ID is missing/],
  [{ ...telegram, TELEGRAM_CHAT_ID: 'ops' }, /whole numbers/],
  [{ BLASTGATE_LISTEN: '8448' }, /HOST:PORT/],
  [{ BLASTGATE_LISTEN: '127.0.0.1:99999' }, /HOST:PORT/],
  [{ BLASTGATE_ADMISSION_LISTEN: '8450' }, /BLASTGATE_ADMISSION_LISTEN is "8450"/],
  [{ BLASTGATE_ADMISSION_URL: 'https://gate.example/admission' }, /means nothing without BLASTGATE_ADMISSION_LISTEN/],
  [
    { BLASTGATE_ADMISSION_LISTEN: '127.0.0.1:8450', BLASTGATE_ADMISSION_URL: 'https://gate.example/' },
    /write https:\/\/HOST:PORT\/admission/,
  ],
  [{ BLASTGATE_URL: 'gate.example' }, /BLASTGATE_URL is no http\(s\) address/],
  [{ BLASTGATE_URL: 'https://ben:pw@gate.example' }, /or holds a user name/],
  [{ BLASTGATE_LANG: 'de' }, /en and zh-TW/],
  [{ GITEA_API_TOKEN_FILE: '/nowhere/token' }, /cannot be read/],
];
for (const [env, names] of refused) {
  test(`refused: ${JSON.stringify(env)}`, () => {
    const result = readSettings(env);
    assert.ok(!result.ok);
    assert.match(result.problems.join('; '), names);
  });
}

test('where people reach the gate is said without a slash at its end, or not at all', () => {
  assert.equal(settingsOf({}).url, null);
  assert.equal(settingsOf({ BLASTGATE_URL: 'https://gate.example/' }).url, 'https://gate.example');
  assert.equal(
    settingsOf({ BLASTGATE_URL: 'http://gate.internal:8448/ops/?x=1' }).url,
    'http://gate.internal:8448/ops',
  );
});

test('API servers ask at the address that is listened on, or at the one that is named', () => {
  const urlOf = (listen: string, url?: string) =>
    settingsOf({
      BLASTGATE_ADMISSION_LISTEN: listen,
      ...(url === undefined ? {} : { BLASTGATE_ADMISSION_URL: url }),
    }).admission?.url;
  assert.equal(settingsOf({}).admission, null);
  assert.equal(urlOf('127.0.0.1:8450'), 'https://127.0.0.1:8450/admission');
  assert.equal(urlOf('[::1]:8450'), 'https://[::1]:8450/admission');
  assert.equal(urlOf('0.0.0.0:8450'), 'https://blastgate.blastgate.svc:8450/admission');
  assert.equal(urlOf('0.0.0.0:8450', 'https://gate.example/admission'), 'https://gate.example/admission');
});

test('all problems are named at once', () => {
  const result = readSettings({ AIOPS_P5_GITOPS_PR: 'x', BLASTGATE_LANG: 'x', BLASTGATE_LISTEN: 'x' });
  assert.ok(!result.ok);
  assert.equal(result.problems.length, 3);
});

const oidc = {
  OIDC_ISSUER: 'https://login.example',
  OIDC_CLIENT_ID: 'blastgate',
  OIDC_CLIENT_SECRET: 'oidc-secret',
  OIDC_REDIRECT_URL: 'https://gate.example.org/login/callback',
};

test('people log in by an issuer where all of it is set; its secret prints as stars', () => {
  const { login } = settingsOf(oidc);
  assert.equal(login.oidc?.issuer, 'https://login.example');
  assert.equal(login.oidc?.clientSecret?.reveal(), 'oidc-secret');
  assert.doesNotMatch(inspect(login), /oidc-secret/);
  assert.deepEqual(settingsOf({}).login, { links: 'on-loopback', oidc: null });
  assert.equal(settingsOf({ BLASTGATE_LOGIN: 'links' }).login.links, 'links');
});

const WRONG_LOGINS: readonly (readonly [env: Record<string, string>, problem: RegExp])[] = [
  [{ BLASTGATE_LOGIN: 'yes' }, /BLASTGATE_LOGIN is "yes"/],
  [{ ...oidc, BLASTGATE_LOGIN: 'links' }, /a way past the issuer/],
  [{ OIDC_ISSUER: oidc.OIDC_ISSUER }, /OIDC_CLIENT_ID, OIDC_REDIRECT_URL are missing/],
  [{ OIDC_CLIENT_SECRET: 'x' }, /half set/],
  [{ ...oidc, OIDC_ISSUER: 'http://login.example' }, /OIDC_ISSUER must be https/],
  [{ ...oidc, OIDC_REDIRECT_URL: 'https://gate.example.org/' }, /write https:\/\/HOST\/login\/callback/],
  [{ ...oidc, OIDC_REDIRECT_URL: 'http://gate.example.org/login/callback' }, /must be https/],
];
for (const [env, problem] of WRONG_LOGINS)
  test(`a login that is set wrong says so: ${String(problem)}`, () => {
    const result = readSettings(env);
    assert.ok(!result.ok);
    assert.match(result.problems.join('\n'), problem);
  });
