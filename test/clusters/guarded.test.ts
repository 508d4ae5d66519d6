// The proxy before several clusters of one gate: which of them an address leads to, which start no gate, and a dead one that takes up
// nothing of the others.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openAuthority } from '../../src/adapters/certificates/authority.ts';
import { DEFAULT_TUNING } from '../../src/doors/compose/tuning.ts';
import { composeGate, type RunningGate } from '../../src/doors/compose.ts';
import { newCast } from '../../src/doors/demo/cast.ts';
import { readSettings } from '../../src/doors/settings.ts';
import { type SandboxCluster, startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { kubeconfigFor } from '../../src/sandbox/cluster/kubeconfig.ts';
import { memoryLog } from '../fakes/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'blastgate-guarded-'));
const { peopleYaml, tokens } = newCast();
const sockets = new Set<Socket>();
let clusters: readonly SandboxCluster[];
/** Takes connections and never answers. */
let silent: Server;
let deadUrl: string;

before(async () => {
  clusters = await Promise.all([startSandboxCluster(), startSandboxCluster()]);
  silent = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  // as: a server that listens on a port has an address of this kind.
  deadUrl = `http://127.0.0.1:${(silent.address() as { readonly port: number }).port}`;
  writeFileSync(join(folder, 'people.yaml'), peopleYaml);
});
after(async () => {
  await Promise.all(clusters.map((one) => one.stop()));
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => silent.close(done));
  rmSync(folder, { recursive: true, force: true });
});

/** Two files for the accounts of a cluster, which the sandbox does not tell apart. */
const accountsOf = (name: string, text: string): { readonly writer: string; readonly reader: string } => {
  const [writer, reader] = [join(folder, `${name}-writer`), join(folder, `${name}-reader`)];
  for (const path of [writer, reader]) writeFileSync(path, text);
  return { writer, reader };
};

interface Row {
  readonly name: string;
  readonly writer: string;
  readonly reader: string | null;
}

let started = 0;
const start = async (rows: readonly Row[], more: Readonly<Record<string, string>> = {}): Promise<RunningGate> => {
  started += 1;
  const [file, data] = [join(folder, `clusters-${started}.yaml`), join(folder, `data-${started}`)];
  const lines = rows.map(
    ({ name, writer, reader }) =>
      `  - { name: ${name}, kubeconfig: "${writer}"${reader === null ? '' : `, proxy: { kubeconfig: "${reader}" }`} }`,
  );
  writeFileSync(file, `clusters:\n${lines.join('\n')}\n`);
  mkdirSync(data, { mode: 0o700 });
  const read = readSettings({
    BLASTGATE_DATA: data,
    BLASTGATE_LISTEN: '127.0.0.1:0',
    BLASTGATE_PROXY_LISTEN: '127.0.0.1:0',
    BLASTGATE_PEOPLE: join(folder, 'people.yaml'),
    BLASTGATE_CLUSTERS: file,
    ...more,
  });
  assert.ok(read.ok, JSON.stringify(read));
  return composeGate(read.settings, DEFAULT_TUNING, memoryLog());
};

const sandboxAt = (place: number): SandboxCluster => {
  const found = clusters[place];
  assert.ok(found);
  return found;
};

/** Asks the proxy as the agent; resolves with the head, the body read. */
const ask = async (
  gate: RunningGate,
  path: string,
  signal?: AbortSignal,
): Promise<{ status: number; text: string }> => {
  const { caPem: ca } = await openAuthority(join(folder, `data-${started}`));
  return new Promise((done, fail) => {
    const sent = request(
      `${gate.proxyUrl}${path}`,
      {
        ca,
        agent: false,
        headers: { authorization: `Bearer ${tokens.healer}` },
        ...(signal === undefined ? {} : { signal }),
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => done({ status: answer.statusCode ?? 0, text }));
      },
    );
    sent.on('error', fail);
    sent.end();
  });
};
const WEB = '/apis/apps/v1/namespaces/production/deployments';

test('the cluster of BLASTGATE_GUARDED_CLUSTER goes without a name; one without an account is told apart from one that is none', async () => {
  const [eu, us] = [accountsOf('eu', sandboxAt(0).kubeconfig()), accountsOf('us', sandboxAt(1).kubeconfig())];
  const gate = await start(
    [
      { name: 'eu', writer: eu.writer, reader: null },
      { name: 'us', writer: us.writer, reader: null },
    ],
    { BLASTGATE_GUARDED_CLUSTER: 'us', BLASTGATE_PROXY_KUBECONFIG: us.reader },
  );
  try {
    const [bare, named] = [await ask(gate, WEB), await ask(gate, `/clusters/us${WEB}`)];
    assert.deepEqual([bare.status, named.status], [200, 200], bare.text);
    assert.deepEqual(JSON.parse(named.text), JSON.parse(bare.text));
    for (const [path, code] of [
      [`/clusters/eu${WEB}`, 'cluster-unproxied'],
      [`/clusters/asia${WEB}`, 'unknown-cluster'],
    ] as const) {
      const { status, text } = await ask(gate, path);
      assert.equal(status, 403);
      // as: a Status of the proxy.
      const said = JSON.parse(text) as { details: { causes: readonly { reason: string }[] } };
      assert.equal(said.details.causes[0]?.reason, code);
    }
  } finally {
    await gate.stop();
  }
});

test('an account that reads another cluster than is written to starts no gate', async () => {
  const [eu, us] = [accountsOf('eu', sandboxAt(0).kubeconfig()), accountsOf('us', sandboxAt(1).kubeconfig())];
  const other = accountsOf('other', sandboxAt(1).kubeconfig());
  await assert.rejects(
    start([
      { name: 'eu', writer: eu.writer, reader: other.reader },
      { name: 'us', writer: us.writer, reader: us.reader },
    ]),
    /proxy of eu in BLASTGATE_CLUSTERS: the account that reads leads to us/,
  );
});

test('an agent that has all it may open at a dead cluster still has all of it at the others', async () => {
  const eu = accountsOf('eu', sandboxAt(0).kubeconfig());
  const dead = accountsOf('dead', kubeconfigFor(deadUrl, null, 'default'));
  const gate = await start([
    { name: 'dead', writer: dead.writer, reader: dead.reader },
    { name: 'eu', writer: eu.writer, reader: eu.reader },
  ]);
  const ending = new AbortController();
  try {
    let refused = 0;
    const hanging = Array.from({ length: 210 }, () =>
      ask(gate, `/clusters/dead${WEB}`, ending.signal).then(
        ({ status }) => {
          if (status === 429) refused += 1;
        },
        () => undefined,
      ),
    );
    while (refused < 10) await new Promise((done) => setTimeout(done, 20));
    assert.equal((await ask(gate, `/clusters/eu${WEB}`)).status, 200);
    assert.equal((await ask(gate, `/clusters/dead${WEB}`)).status, 429);
    ending.abort();
    await Promise.all(hanging);
  } finally {
    ending.abort();
    await gate.stop();
  }
});
