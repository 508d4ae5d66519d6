// A listener's certificate is replaced while it listens: at two thirds of its life, and when the CA changes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { memoryLog } from '../../../test/fakes/log.ts';
import type { Clock } from '../../ports/clock.ts';
import { openAuthority } from './authority.ts';
import { startRenewal } from './renewal.ts';

const DAY = 86_400;
const root = mkdtempSync(join(tmpdir(), 'blastgate-renewal-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A listener that renews itself on a clock of its own, and the serial number that it shows. */
const stage = async (t: TestContext) => {
  const data = mkdtempSync(join(root, 'data-'));
  const clock = fakeClock();
  const authority = await openAuthority(data, clock);
  const log = memoryLog();
  let sleeps = (): void => {};
  const watched: Clock = {
    now: () => clock.now(),
    sleep: (ms, signal) => {
      const slept = clock.sleep(ms, signal);
      sleeps();
      return slept;
    },
  };
  const renewal = await startRenewal(authority, ['127.0.0.1'], { clock: watched, log, clientCa: null });
  const server = createServer(renewal.context, (socket) => socket.end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const ending = new AbortController();
  const kept = renewal.keep(server, ending.signal);
  const shown = (): Promise<string> =>
    new Promise((done, fail) => {
      const { port } = server.address() as AddressInfo;
      // Whether it is good by its dates is asked of the certificate itself: the clock of this test is not the machine's.
      const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
        const { serialNumber, valid_to: end, valid_from: start } = socket.getPeerCertificate();
        assert.ok(Date.parse(start) <= clock.now() && clock.now() < Date.parse(end), 'its time is over');
        socket.end();
        done(serialNumber);
      });
      socket.on('error', fail);
    });
  /** The clock moves on, and the listener has looked at it. */
  const pass = async (seconds: number): Promise<void> => {
    const looked = new Promise<void>((done) => {
      sleeps = done;
    });
    clock.pass(seconds);
    await looked;
  };
  t.after(async () => {
    ending.abort();
    await kept;
    server.close();
  });
  return { data, clock, authority, log, shown, pass };
};

test('two months go by, a few days at a time: the certificate is always good, and replaced at two thirds', async (t) => {
  const { shown, pass } = await stage(t);
  const serials = new Set<string>();
  for (let day = 0; day < 60; day += 2) {
    serials.add(await shown());
    await pass(2 * DAY);
  }
  // 14/3 days from one to the next, looked at every two days: each third time.
  assert.equal(serials.size, 10);
});

test('the CA is switched beside the running listener: it shows a certificate of the new one', async (t) => {
  const { data, clock, authority, shown, pass } = await stage(t);
  const before = await shown();
  await pass(60);
  assert.equal(await shown(), before, 'nothing has changed');
  const operator = await openAuthority(data, clock);
  await operator.prepareNext();
  operator.takeNext();
  await pass(60);
  assert.notEqual(await shown(), before);
  assert.equal(authority.caPem, operator.caPem);
});

test('a CA that cannot be read is told, the listener goes on, and renews when it is back', async (t) => {
  const { data, log, shown, pass } = await stage(t);
  const before = await shown();
  const file = join(data, 'ca', 'current.pem');
  renameSync(file, `${file}.away`);
  await pass(5 * DAY);
  assert.equal(await shown(), before);
  assert.ok(log.lines.some(({ event }) => event === 'certificate_not_renewed'));
  renameSync(`${file}.away`, file);
  await pass(60);
  assert.notEqual(await shown(), before);
});
