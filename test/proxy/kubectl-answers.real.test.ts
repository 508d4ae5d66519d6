// What a real kubectl makes of each answer of the proxy: how often it sends, what it prints, how it ends. The gate is scripted, the
// cluster is the sandbox; so is shown that no answer of ours is taken for a success, and that a wait ends as it should.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import type { AnsweredWrite, ArrivedWrite } from '../../src/doors/proxy/arrived-write.ts';
import { writeTarget } from '../../src/doors/proxy/request-target.ts';
import { statusAnswer } from '../../src/doors/proxy/status.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { ensureBuilt } from '../servers/build.ts';
import type { ServerName } from '../servers/inventory.ts';
import { type OpenedProxy, openProxy } from '../support/proxy.ts';
import { seedOf } from '../support/sample.ts';

const GREETER = `apiVersion: apps/v1
kind: Deployment
metadata: { name: NAME, namespace: shop }
spec:
  replicas: 1
  selector: { matchLabels: { app: NAME } }
  template:
    metadata: { labels: { app: NAME } }
    spec: { containers: [{ name: NAME, image: "registry.example/a:1" }] }
`;

/** The commands of an everyday; NAME is the row's own object, which is made before where the command needs it. */
const COMMANDS = {
  scale: 'scale deployment/NAME --replicas=2 -n shop',
  apply: 'apply --validate=false -f FILE',
  'apply --server-side': 'apply --validate=false --server-side --force-conflicts -f FILE',
  create: 'create --validate=false -f FILE',
  delete: 'delete deployment NAME -n shop --wait=false',
  'set image': 'set image deployment/NAME NAME=registry.example/a:2 -n shop',
  patch: `patch deployment NAME -n shop --type=merge -p {"spec":{"paused":true}}`,
  'rollout restart': 'rollout restart deployment/NAME -n shop',
  label: 'label deployment NAME a=b -n shop',
} as const;
type Command = keyof typeof COMMANDS;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly arrivals: number;
}

/** kubectls of older versions beside the one of this machine (kubectl.1.27, …); all of them in the long suite, none else. */
const older = (): readonly string[] => {
  if (seedOf(process.env) !== null) return [];
  const own = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'kubectl'))
    .find(existsSync);
  if (own === undefined) return [];
  const folder = dirname(realpathSync(own));
  return readdirSync(folder)
    .filter((name) => /^kubectl[.-]?v?1\.\d+/.test(name))
    .map((name) => join(folder, name));
};

/** The built ones by name: of CI's version always, the older ones in the long suite. */
const built = (): readonly ServerName[] =>
  seedOf(process.env) === null ? ['kubectl', 'kubectl-1.35', 'kubectl-1.34'] : ['kubectl'];

const isBuilt = (given: string): given is ServerName => !given.includes('/');

for (const given of [...built(), ...older()])
  describe(`kubectl and the answers of the proxy: ${given}`, () => {
    let kubectl: string;
    let cluster: SandboxCluster;
    let proxy: OpenedProxy;
    let folder: string;
    let counter = 0;
    /** By the name of the object: how an arrival is answered, and how often it has arrived. */
    const scripts = new Map<string, (arrival: number, write: ArrivedWrite) => Promise<AnsweredWrite> | AnsweredWrite>();
    const arrivals = new Map<string, number>();

    /** Carried out by the cluster; a server-side apply, which the sandbox has not, is answered with the object as it is. */
    const admitted = async (write: ArrivedWrite): Promise<AnsweredWrite> => {
      const isApplied = write.contentType?.startsWith('application/apply-patch') === true;
      const answer = await fetch(`${cluster.url}${writeTarget(write.target)}`, {
        method: isApplied ? 'GET' : write.method,
        headers: { 'content-type': write.contentType ?? 'application/json' },
        ...(isApplied || write.body.length === 0 ? {} : { body: new Uint8Array(write.body) }),
      });
      const headers = { 'content-type': 'application/json', warning: '299 - "blastgate: p-1, score 7, auto"' };
      return { status: answer.status, headers, body: await answer.text() };
    };
    const write = async (arrived: ArrivedWrite): Promise<AnsweredWrite> => {
      const text = `${arrived.target.segments.join('/')} ${arrived.body.toString()}`;
      const name = [...scripts.keys()].find((one) => text.includes(one)) ?? '';
      const arrival = (arrivals.get(name) ?? 0) + 1;
      arrivals.set(name, arrival);
      return (scripts.get(name) ?? (() => statusAnswer({ status: 500, message: 'no script' })))(arrival, arrived);
    };

    before(async () => {
      kubectl = isBuilt(given) ? (await ensureBuilt([given]))[given].executable : given;
      cluster = await startSandboxCluster();
      proxy = await openProxy(cluster.url, { write });
      folder = mkdtempSync(join(tmpdir(), 'blastgate-kubectl-'));
      writeFileSync(
        join(folder, 'config'),
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          clusters: [
            {
              name: 'c',
              cluster: { server: proxy.url, 'certificate-authority-data': Buffer.from(proxy.ca).toString('base64') },
            },
          ],
          users: [{ name: 'u', user: { token: 'healer' } }],
          contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
          'current-context': 'c',
        }),
      );
    });
    after(async () => {
      await proxy?.close();
      await cluster?.stop();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    });

    const run = async (
      command: Command,
      script: (arrival: number, write: ArrivedWrite) => Promise<AnsweredWrite> | AnsweredWrite,
      more: readonly string[] = [],
    ): Promise<Ended> => {
      counter += 1;
      const name = `row-${counter}-x`;
      const manifest = GREETER.replaceAll('NAME', name);
      if (command !== 'create') {
        const made = await fetch(`${cluster.url}/apis/apps/v1/namespaces/shop/deployments`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(parse(manifest)),
        });
        assert.equal(made.status, 201);
      }
      const file = join(folder, `${name}.yaml`);
      writeFileSync(file, manifest.replace('replicas: 1', 'replicas: 2'));
      scripts.set(name, script);
      const words = COMMANDS[command].replaceAll('NAME', name).replaceAll('FILE', file).split(' ');
      const ended = await new Promise<Omit<Ended, 'arrivals'>>((done) =>
        execFile(
          kubectl,
          [...words, ...more],
          { env: { KUBECONFIG: join(folder, 'config'), HOME: folder }, timeout: 120_000 },
          (error, out, err) => done({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
        ),
      );
      return { ...ended, arrivals: arrivals.get(name) ?? 0 };
    };

    const denied = statusAnswer({
      status: 403,
      code: 'approval-required',
      reason: 'ApprovalRequired',
      message: 'blastgate: nobody agreed to p-1',
    });
    const later = statusAnswer({ status: 429, retryAfterSeconds: 1, message: 'blastgate: p-1 waits for one person' });

    // as: the keys of the table itself.
    for (const command of Object.keys(COMMANDS) as readonly Command[]) {
      test(`${command}: 403 is sent once, ends 1, and its words are printed`, async () => {
        const { code, err, arrivals: sent } = await run(command, () => denied);
        assert.deepEqual([code, sent], [1, 1], err);
        assert.match(err, /nobody agreed to p-1/);
      });

      test(`${command}: come again twice, then admitted: three arrivals, the usual output, exit 0`, async () => {
        const {
          code,
          out,
          err,
          arrivals: sent,
        } = await run(command, (arrival, arrived) => (arrival < 3 ? later : admitted(arrived)));
        assert.deepEqual([code, sent], [0, 3], `${out}${err}`);
        assert.match(
          out,
          /scaled|configured|serverside-applied|created|deleted|image updated|patched|restarted|labeled/,
        );
        assert.match(err, /Warning: blastgate: p-1, score 7, auto/);
      });
    }

    test('what nobody decides is sent eleven times and no more, and is no success', { timeout: 60_000 }, async () => {
      const { code, err, arrivals: sent } = await run('scale', () => later);
      assert.deepEqual([code, sent], [1, 11]);
      assert.match(err, /p-1 waits for one person/);
    });

    test('one that is held open comes out right', async () => {
      const { code } = await run('scale', async (_, arrived) => {
        await new Promise((done) => setTimeout(done, 3_000));
        return admitted(arrived);
      });
      assert.equal(code, 0);
    });

    test('a client that gives up hangs up, and does not come again', async () => {
      const { code, arrivals: sent } = await run(
        'scale',
        () => new Promise<AnsweredWrite>((done) => setTimeout(() => done(later), 5_000)),
        ['--request-timeout=2s'],
      );
      assert.deepEqual([code, sent], [1, 1]);
    });

    test('reads, watches and dry runs are those of the cluster', async () => {
      const asked = async (...words: readonly string[]): Promise<string> =>
        new Promise((done, fail) =>
          execFile(kubectl, words, { env: { KUBECONFIG: join(folder, 'config'), HOME: folder } }, (error, out, err) =>
            error === null ? done(out) : fail(new Error(err)),
          ),
        );
      assert.match(await asked('get', 'deployments', '-n', 'shop'), /web +3\/3/);
      assert.match(
        await asked('scale', 'deployment/web', '--replicas=9', '-n', 'shop', '--dry-run=server'),
        /scaled \(server dry run\)/,
      );
      assert.match(
        await asked('delete', 'deployment', 'web', '-n', 'shop', '--dry-run=server'),
        /deleted .*\(server dry run\)|deleted \(server dry run\)/,
      );
      await assert.rejects(asked('get', 'secrets', '-n', 'shop'), /Secrets are not read through the proxy/);
      await assert.rejects(
        asked('exec', '-n', 'shop', 'deploy/web', '--', 'ls'),
        /do not go through the proxy|stream-refused/,
      );
      assert.match(await asked('get', 'deployment', 'web', '-n', 'shop'), /web +3\/3/);
    });

    test('a token of nobody is said to be one', async () => {
      const ended = await new Promise<string>((done) =>
        execFile(
          kubectl,
          ['get', 'pods', '--token=bgt_other', '-n', 'shop'],
          { env: { KUBECONFIG: join(folder, 'config'), HOME: folder } },
          (_, __, err) => done(err),
        ),
      );
      assert.match(ended, /You must be logged in to the server/);
    });
  });
