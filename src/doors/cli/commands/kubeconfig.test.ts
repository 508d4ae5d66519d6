// The kubeconfig that an agent gets: where, whom to trust, as whom; and nothing that would not work.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse } from 'yaml';
import { openAuthority } from '../../../adapters/certificates/authority.ts';
import { CommandFailed, UsageError } from '../../terminal/command.ts';
import { kubeconfigCommand } from './kubeconfig.ts';

let data: string;
before(async () => {
  data = mkdtempSync(join(tmpdir(), 'blastgate-kubeconfig-'));
  await openAuthority(data);
});
after(() => rmSync(data, { recursive: true, force: true }));

const run = async (words: readonly string[], values: Record<string, string>, env: Record<string, string> = {}) => {
  const said = { out: '', err: '' };
  const whole = {
    BLASTGATE_DATA: data,
    BLASTGATE_PROXY_LISTEN: '127.0.0.1:8449',
    BLASTGATE_PROXY_KUBECONFIG: 'reader.kubeconfig',
    ...env,
  };
  const terminal = {
    env: whole,
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
  };
  // as: what the command uses of its input and terminal.
  await kubeconfigCommand.run({ words, values } as never, terminal as never);
  return said;
};

interface Config {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly { readonly user: { readonly token: string } }[];
}

test('address, authority and token', async () => {
  const { out, err } = await run(['healer'], {}, { BLASTGATE_TOKEN: 'bgt_1' });
  const { clusters, users } = parse(out) as Config;
  assert.equal(clusters[0]?.cluster.server, 'https://127.0.0.1:8449');
  const ca = Buffer.from(clusters[0]?.cluster['certificate-authority-data'] ?? '', 'base64').toString();
  assert.equal(ca, (await openAuthority(data)).caPem);
  assert.equal(users[0]?.user.token, 'bgt_1');
  assert.equal(err, '');
});

test('with an incident its writes belong to it', async () => {
  const { out } = await run(['healer'], { incident: 'INC-7' }, { BLASTGATE_PROXY_URL: 'https://gate.example' });
  assert.equal((parse(out) as Config).clusters[0]?.cluster.server, 'https://gate.example/incidents/INC-7');
});

test('each cluster that the proxy stands before has a context; the one without a name stays, and is the current one', async () => {
  const file = join(data, 'clusters.yaml');
  const rows = ['eu-1', 'blastgate'].map(
    (name) => `  - { name: ${name}, kubeconfig: w-${name}, proxy: { kubeconfig: r-${name} } }`,
  );
  writeFileSync(file, `clusters:\n${rows.join('\n')}\n  - { name: bare, kubeconfig: w }\n`);
  const env = { BLASTGATE_CLUSTERS: file, BLASTGATE_PROXY_KUBECONFIG: '' };
  // as: a kubeconfig.
  const of = async (values: Record<string, string>, more: Record<string, string> = {}) =>
    parse((await run(['healer'], values, { ...env, ...more })).out) as Config & {
      readonly 'current-context': string;
      readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string } }[];
    };
  const all = await of({ incident: 'INC-7' });
  assert.deepEqual(
    all.clusters.map(({ cluster }) => cluster.server.replace('https://127.0.0.1:8449', '')),
    ['/incidents/INC-7', '/clusters/eu-1/incidents/INC-7', '/clusters/blastgate/incidents/INC-7'],
  );
  assert.deepEqual(
    all.contexts.map(({ name, context }) => [name, context.cluster]),
    ['blastgate', 'blastgate-eu-1', 'blastgate-blastgate'].map((name) => [name, name]),
  );
  assert.equal(all['current-context'], 'blastgate');
  const one = await of({ cluster: 'eu-1' });
  assert.deepEqual([one.contexts.length, one['current-context']], [1, 'blastgate-eu-1']);
  await assert.rejects(of({ cluster: 'bare' }), /stands before no cluster "bare"; it stands before eu-1, blastgate/);
  await assert.rejects(run(['healer'], { cluster: 'eu-1' }), /there is one cluster without BLASTGATE_CLUSTERS/);
  const guarded = await of({}, { BLASTGATE_GUARDED_CLUSTER: 'bare', BLASTGATE_PROXY_KUBECONFIG: 'r' });
  assert.equal(guarded.contexts.length, 4);
});

test('without a token there is a place for it, and a word about it', async () => {
  const { out, err } = await run(['healer'], {});
  assert.match(out, /put-the-token/);
  assert.match(err, /BLASTGATE_TOKEN is not set/);
});

test('what would not work is not printed', async () => {
  await assert.rejects(run([], {}), UsageError);
  await assert.rejects(run(['healer'], { incident: 'a/b' }), UsageError);
  await assert.rejects(run(['healer'], {}, { BLASTGATE_DATA: join(data, 'none') }), /start the gate once/);
  await assert.rejects(
    run(['healer'], {}, { BLASTGATE_TLS_CERT: '/nonexistent', BLASTGATE_TLS_KEY: 'k' }),
    CommandFailed,
  );
  await assert.rejects(
    run(['healer'], {}, { BLASTGATE_PROXY_LISTEN: '', BLASTGATE_PROXY_KUBECONFIG: '' }),
    /there is no proxy/,
  );
});
