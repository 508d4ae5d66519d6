// The gate's own CA: what it issues is taken by a TLS client for what it is for, and by nobody for anything else.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type ConnectionOptions, connect, createServer, type TlsOptions } from 'node:tls';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { openAuthority } from './authority.ts';

const DAY = 86_400;
const root = mkdtempSync(join(tmpdir(), 'blastgate-ca-'));
after(() => rmSync(root, { recursive: true, force: true }));
const folder = (): string => mkdtempSync(join(root, 'data-'));

/** Whether a client and a server take each other: null, or the code of the one that did not. */
const handshake = async (server: TlsOptions, client: ConnectionOptions): Promise<string | null> => {
  const listening = createServer(server, (socket) => socket.end('hello'));
  let refusedBy: string | null = null;
  listening.on('tlsClientError', (error: NodeJS.ErrnoException) => {
    refusedBy ??= error.code ?? error.message;
  });
  await once(listening.listen(0, '127.0.0.1'), 'listening');
  try {
    return await new Promise((done) => {
      const socket = connect({ host: '127.0.0.1', port: (listening.address() as AddressInfo).port, ...client });
      let heard = '';
      socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
      socket.on('error', (error: NodeJS.ErrnoException) => done(refusedBy ?? error.code ?? error.message));
      socket.on('close', () => done(heard === 'hello' ? null : (refusedBy ?? 'closed')));
    });
  } finally {
    listening.close();
  }
};

test('a server certificate is taken for each of its names and addresses, and for no other', async () => {
  const authority = await openAuthority(folder());
  const { certPem, keyPem } = await authority.leafFor(['gate.blastgate.svc', '127.0.0.1', '::1']);
  const server = { cert: certPem, key: keyPem };
  const trusting = { ca: authority.caPem };
  assert.equal(await handshake(server, { ...trusting, servername: 'gate.blastgate.svc' }), null);
  assert.equal(await handshake(server, trusting), null);
  assert.equal(await handshake(server, { ...trusting, servername: 'other.svc' }), 'ERR_TLS_CERT_ALTNAME_INVALID');
  assert.match(new X509Certificate(certPem).subjectAltName ?? '', /IP Address:0:0:0:0:0:0:0:1/);
});

test('whoever trusts another CA does not take it', async () => {
  const [authority, other] = [await openAuthority(folder()), await openAuthority(folder())];
  const { certPem, keyPem } = await authority.leafFor(['127.0.0.1']);
  assert.notEqual(await handshake({ cert: certPem, key: keyPem }, { ca: other.caPem }), null);
});

test('a client is known by its certificate; a server certificate is none, and neither is that of another CA', async () => {
  const [authority, other] = [await openAuthority(folder()), await openAuthority(folder())];
  const { certPem, keyPem } = await authority.leafFor(['127.0.0.1']);
  const server: TlsOptions = {
    cert: certPem,
    key: keyPem,
    ca: authority.caPem,
    requestCert: true,
    rejectUnauthorized: true,
  };
  const as = async (leaf: { readonly certPem: string; readonly keyPem: string } | null) =>
    handshake(server, { ca: authority.caPem, ...(leaf === null ? {} : { cert: leaf.certPem, key: leaf.keyPem }) });
  assert.equal(await as(await authority.clientLeaf('kube-apiserver')), null);
  assert.notEqual(await as(null), null);
  assert.notEqual(await as({ certPem, keyPem }), null);
  assert.notEqual(await as(await other.clientLeaf('kube-apiserver')), null);
});

test('lives: the CA three years, a server seven days, a client one year; two thirds are the time to renew', async () => {
  const clock = fakeClock();
  const authority = await openAuthority(folder(), clock);
  const daysLeft = (ms: number) => Math.round((ms - clock.now()) / 1000 / DAY);
  assert.equal(daysLeft(authority.life.endsAt), 1095);
  assert.equal(daysLeft(authority.life.renewAt), 730);
  const leaf = await authority.leafFor(['127.0.0.1']);
  const { validFromDate, validToDate } = new X509Certificate(leaf.certPem);
  assert.equal((validToDate.getTime() - validFromDate.getTime()) / 1000 / DAY, 7);
  assert.equal(validFromDate.getTime(), clock.now() - 300_000);
  assert.ok(Math.abs((leaf.renewAt - clock.now()) / 1000 - (14 / 3) * DAY) < 400);
  assert.equal(daysLeft((await authority.clientLeaf('x')).endsAt), 365);
  clock.pass(1093 * DAY);
  assert.ok((await authority.leafFor(['a'])).endsAt <= authority.life.endsAt, 'it outlasts its CA');
});

test('keys lie in files of their owner alone, however they were; server certificates lie nowhere', async () => {
  const data = folder();
  await openAuthority(data);
  const file = join(data, 'ca', 'current.pem');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(join(data, 'ca')).mode & 0o777, 0o700);
  chmodSync(file, 0o644);
  const authority = await openAuthority(data);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await authority.leafFor(['127.0.0.1']);
  assert.deepEqual(readdirSync(join(data, 'ca')), ['current.pem']);
});

test('the same data folder is the same CA, also for two who open it at once', async () => {
  const data = folder();
  const all = await Promise.all([1, 2, 3, 4].map(() => openAuthority(data)));
  assert.equal(new Set(all.map(({ caPem }) => caPem)).size, 1);
  assert.equal((await openAuthority(data)).caPem, all[0]?.caPem);
});

test('the next CA is trusted before it is used, and the old one after it', async () => {
  const data = folder();
  const authority = await openAuthority(data);
  const first = authority.caPem;
  const before = await authority.leafFor(['127.0.0.1']);
  assert.equal(authority.takeNext(), false);
  await authority.prepareNext();
  const both = authority.caPem;
  assert.ok(both.startsWith(first) && both.length > first.length);
  await authority.prepareNext();
  assert.equal(authority.caPem, both, 'asked twice, it makes one');
  const between = await authority.leafFor(['127.0.0.1']);
  for (const { certPem: cert, keyPem: key } of [before, between])
    assert.equal(await handshake({ cert, key }, { ca: first }), null, 'who has the old bundle alone still takes it');

  // Another process, such as the command of the operator, switches it.
  assert.equal((await openAuthority(data)).takeNext(), true);
  const { certPem: cert, keyPem: key } = await authority.leafFor(['127.0.0.1']);
  assert.equal(await handshake({ cert, key }, { ca: both }), null);
  assert.notEqual(await handshake({ cert, key }, { ca: first }), null);
  assert.deepEqual(authority.caPem.split('-----BEGIN').toSorted(), both.split('-----BEGIN').toSorted());
  assert.deepEqual(readdirSync(join(data, 'ca')).toSorted(), ['current.pem', 'previous.pem']);
  assert.doesNotMatch(readFileSync(join(data, 'ca', 'previous.pem'), 'utf8'), /PRIVATE/);
});

test('a CA that has ended leaves the bundle, once another is in use', async () => {
  const clock = fakeClock();
  const authority = await openAuthority(folder(), clock);
  clock.pass(1000 * DAY);
  await authority.prepareNext();
  authority.takeNext();
  assert.equal(authority.caPem.split('BEGIN').length - 1, 2);
  clock.pass(96 * DAY);
  assert.equal(authority.caPem.split('BEGIN').length - 1, 1);
});

test('what is damaged, foreign or a link is refused with what to do, and stays as it is', async () => {
  const [data, other] = [folder(), folder()];
  await openAuthority(data);
  await openAuthority(other);
  const file = join(data, 'ca', 'current.pem');
  const whole = readFileSync(file, 'utf8');
  const foreign = readFileSync(join(other, 'ca', 'current.pem'), 'utf8');
  const key = /-----BEGIN PRIVATE[\s\S]+?-----END PRIVATE KEY-----\n/;
  const leaf = await (await openAuthority(data)).leafFor(['a']);
  const damaged: Readonly<Record<string, string>> = {
    empty: '',
    'cut off': whole.slice(0, -60),
    'no key': whole.replace(key, ''),
    'the key of another': whole.replace(key, key.exec(foreign)?.[0] ?? ''),
    'no authority': `${leaf.keyPem}${leaf.certPem}`,
    'a word': 'hello',
  };
  for (const [what, text] of Object.entries(damaged)) {
    writeFileSync(file, text);
    await assert.rejects(
      openAuthority(data),
      (error: unknown) =>
        error instanceof AdapterError && /backup/.test(error.message) && !error.message.includes('BEGIN'),
      what,
    );
    assert.equal(readFileSync(file, 'utf8'), text, what);
  }
  writeFileSync(file, whole);
  renameSync(file, join(data, 'elsewhere.pem'));
  symlinkSync(join(data, 'elsewhere.pem'), file);
  await assert.rejects(openAuthority(data), /symbolic link/);
});
