// Blastgate as a plugin of the real kubectl: it is found, runs, is completed, and the kubeconfig's credentials stay where they are.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../servers/build.ts';

const BIN = fileURLToPath(new URL('../../bin', import.meta.url));
const PLUGINS = ['kubectl-blastgate', 'kubectl_complete-blastgate'];
const KUBECONFIG_TOKEN = 'token-of-the-kubeconfig';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A server that keeps what it was asked and answers an empty list. */
const recorder = async (): Promise<{ server: Server; url: string; asked: IncomingMessage[] }> => {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.setHeader('content-type', 'application/json').end('{"proposals": [], "next": null}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // as: it listens on a port.
  return { server, asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
};

describe('the plugin of a real kubectl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-plugin-'));
  let kubectl: string;
  before(async () => {
    kubectl = (await ensureBuilt(['kubectl'])).kubectl.executable;
    // As npm lays them into node_modules/.bin.
    for (const name of PLUGINS) symlinkSync(join(BIN, `${name}.js`), join(folder, name));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (argv: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
    new Promise((done) => {
      const path = [folder, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
      execFile(kubectl, [...argv], { env: { PATH: path, HOME: folder, ...env } }, (error, out, err) =>
        done({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });

  test('kubectl finds it, and nothing of it hides another plugin', async () => {
    const { code, out, err } = await run(['plugin', 'list']);
    assert.equal(code, 0, err);
    assert.match(out, /\/kubectl-blastgate$/m);
    assert.doesNotMatch(`${out}${err}`, /overshadowed|not executable/);
  });

  test('it answers as the program itself, with its exit code', async () => {
    const { code, out, err } = await run([
      'blastgate',
      'score',
      '-o',
      'json',
      '--',
      'kubectl',
      'delete',
      'deployment',
      'web',
      '-n',
      'production',
    ]);
    assert.equal(err, '');
    assert.equal(code, 20);
    assert.partialDeepStrictEqual(JSON.parse(out), { score: 68, tier: 'dual' });
    assert.equal((await run(['blastgate', 'score', '--command', 'kubectl delete ns shop'])).code, 30);
  });

  test('its help names it as it was called', async () => {
    const { code, out } = await run(['blastgate', 'propose', '--help']);
    assert.equal(code, 0);
    assert.match(out, /^ {2}kubectl blastgate propose --incident INC/m);
    const wrong = await run(['blastgate', 'scor']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /kubectl blastgate: there is no command "scor"\. Did you mean "score"\?/);
  });

  test('kubectl completes its commands, options and values', async () => {
    const completed = async (...words: readonly string[]) =>
      (await run(['__complete', 'blastgate', ...words])).out.trimEnd().split('\n');
    assert.deepEqual(await completed('sco'), [
      'score\twork out the blast radius of a command, without a cluster',
      ':4',
    ]);
    assert.deepEqual(await completed('score', '-o', ''), ['text', 'json', ':4']);
    assert.deepEqual(await completed('list', '--state', 'aw'), ['awaiting-approval', ':4']);
    assert.deepEqual(await completed('score', '--policy', ''), [':0']);
  });

  test('the credentials of a kubeconfig go nowhere, and none of ours to a cluster', async () => {
    const [gate, cluster] = [await recorder(), await recorder()];
    try {
      const kubeconfig = join(folder, 'kubeconfig');
      const named = { name: 'c', cluster: 'c', user: 'u' };
      writeFileSync(
        kubeconfig,
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
          clusters: [{ name: 'c', cluster: { server: cluster.url } }],
          users: [{ name: 'u', user: { token: KUBECONFIG_TOKEN } }],
          contexts: [{ name: 'c', context: named }],
        }),
      );
      const env = { KUBECONFIG: kubeconfig };
      const without = await run(['blastgate', 'list'], { ...env, BLASTGATE_URL: gate.url });
      assert.equal(without.code, 1);
      assert.match(without.err, /BLASTGATE_TOKEN is not set/);
      assert.deepEqual([gate.asked.length, cluster.asked.length], [0, 0], 'no token, no request');
      const listed = await run(['blastgate', 'list'], { ...env, BLASTGATE_URL: gate.url, BLASTGATE_TOKEN: 'ours' });
      assert.equal(listed.code, 0, listed.err);
      assert.deepEqual(
        gate.asked.map(({ headers }) => headers.authorization),
        ['Bearer ours'],
      );
      assert.equal(cluster.asked.length, 0);
      const seen = JSON.stringify(gate.asked.map(({ url, rawHeaders }) => [url, rawHeaders]));
      assert.ok(!seen.includes(KUBECONFIG_TOKEN), seen);
      const scored = await run(['blastgate', 'score', '--command', 'kubectl get pods'], env);
      assert.equal(scored.code, 0);
      assert.equal(cluster.asked.length, 0, 'a score asks nobody');
    } finally {
      gate.server.close();
      cluster.server.close();
    }
  });
});
