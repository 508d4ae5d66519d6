// What is tried at once is tried on the object that the facts were made from; whatever came in between shows all the same.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type ClusterClient, type ClusterRequest, openCluster } from '../../src/adapters/cluster/client.ts';
import { createClusterReader } from '../../src/adapters/cluster/reader.ts';
import { rehearse } from '../../src/adapters/cluster/rehearse.ts';
import { keyedHash, newHashKey } from '../../src/adapters/system/keyed-hash.ts';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { understand } from '../../src/core/command/understand.ts';
import type { JsonObject } from '../../src/core/model/json.ts';
import type { Rehearsal } from '../../src/core/model/object-change.ts';
import { effectsOf } from '../../src/core/model/understanding.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { shop } from '../../src/sandbox/cluster/seed.ts';

const signal = new AbortController().signal;
const HASH = keyedHash(newHashKey());
const WEB = '/apis/apps/v1/namespaces/production/deployments/web';

let client: ClusterClient;
let stop: () => Promise<void>;
const folder = mkdtempSync(join(tmpdir(), 'blastgate-just-read-'));
before(async () => {
  const sandbox = await startSandboxCluster({ seed: shop });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig());
  client = await openCluster({ kubeconfig, serviceHost: null });
  stop = () => sandbox.stop();
});
after(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const effectsFor = (argv: readonly string[]) =>
  effectsOf(
    understand(
      { kind: 'argv', argv },
      { namespace: 'production', files: new Map(), customResources: [], readDocuments },
    ),
  );

/** Somebody else writes to it. */
const patch = (path: string, value: JsonObject) =>
  client.send({ method: 'PATCH', path, query: {}, body: { type: 'application/merge-patch+json', value } }, signal);

interface Played {
  readonly rehearsal: Rehearsal;
  /** What the trial sent, as "GET path" or "PATCH path". */
  readonly sent: readonly string[];
}

/** Facts are read, `meanwhile` happens, and the command is tried with them. */
const play = async (
  argv: readonly string[],
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  refuses: (request: ClusterRequest, nth: number) => void = () => undefined,
  pass: <T>(targets: T) => T = (targets) => targets,
): Promise<Played> => {
  const effects = effectsFor(argv);
  const { targets } = await createClusterReader(client).readFacts(effects, signal);
  await meanwhile();
  const sent: string[] = [];
  const tapped: ClusterClient = {
    ...client,
    send: async (request, until) => {
      sent.push(`${request.method} ${request.path}`);
      refuses(request, sent.length);
      return client.send(request, until);
    },
  };
  return { rehearsal: await rehearse(tapped, effects, pass(targets), HASH, signal), sent };
};

const SCALE = ['kubectl', 'scale', 'deployment', 'web', '--replicas=7'];
const ENV = ['kubectl', 'set', 'env', 'deployment/web', 'MODE=fast'];
const DELETE = ['kubectl', 'delete', 'deployment', 'web'];
const EXEC = ['kubectl', 'exec', 'deploy/web', '--', 'ls', '/tmp'];

const twiceTo = (path: string) => [`PATCH ${path}`, `PATCH ${path}`];

suite('what is tried with facts that were read a moment ago', () => {
  const COMMANDS: readonly (readonly [what: string, argv: readonly string[], sent: readonly string[]])[] = [
    ['a scale', SCALE, twiceTo(`${WEB}/scale`)],
    ['a patch', ENV, twiceTo(WEB)],
    ['a deletion', DELETE, [`DELETE ${WEB}`, 'POST /apis/apps/v1/namespaces/production/deployments']],
    ['a program, which nothing tries', EXEC, []],
  ];
  for (const [what, argv, expected] of COMMANDS)
    test(`${what} reads no object a second time, and comes to what it comes to when all is read anew`, async () => {
      const { rehearsal, sent } = await play(argv);
      assert.deepEqual(sent, expected);
      // A copy of a fact is not what the reader gave out.
      const anew = await play(argv, undefined, undefined, structuredClone);
      assert.equal(anew.sent.length, expected.length + 1);
      assert.deepEqual(rehearsal, anew.rehearsal);
      assert.ok(rehearsal.changes.length > 0);
    });

  test('reads what was found in a list once more: there it said no kind', async () => {
    const argv = ['kubectl', 'annotate', 'deployments', '-l', 'app=web', 'note=read'];
    const { rehearsal, sent } = await play(argv);
    assert.deepEqual(sent, [`GET ${WEB}`, ...twiceTo(WEB)]);
    assert.deepEqual(rehearsal, (await play(argv, undefined, undefined, structuredClone)).rehearsal);
    assert.deepEqual(
      rehearsal.changes.flatMap(({ fields }) => fields.map(({ path }) => path)),
      ['/metadata/annotations/note'],
    );
  });

  test('shows what somebody else has written meanwhile', async () => {
    const moved = () =>
      patch(WEB, { metadata: { annotations: { moved: `${performance.now()}` } }, spec: { replicas: 4 } });
    const { rehearsal, sent } = await play(SCALE, moved);
    assert.deepEqual(sent, [`PATCH ${WEB}/scale`, `GET ${WEB}`, ...twiceTo(`${WEB}/scale`)]);
    const [field] = rehearsal.changes.flatMap(({ fields }) => fields);
    assert.deepEqual([rehearsal.forward.is, field?.before, field?.after], ['passed', 4, 7]);
  });

  test('sees that it is gone, and that another has its name', async () => {
    const copy = async () => {
      const { metadata, spec } = await client.send({ method: 'GET', path: WEB, query: {}, body: null }, signal);
      const { labels } = metadata as JsonObject;
      return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', labels: labels ?? {} }, spec };
    };
    const value = (await copy()) as JsonObject;
    const remove = () => client.send({ method: 'DELETE', path: WEB, query: {}, body: null }, signal);
    const make = () =>
      client.send(
        {
          method: 'POST',
          path: WEB.replace(/\/web$/, ''),
          query: {},
          body: { type: 'application/json', value },
        },
        signal,
      );
    const gone = await play(SCALE, remove);
    assert.equal(gone.rehearsal.forward.is, 'refused');
    await make();
    const another = await play(SCALE, async () => {
      await remove();
      await make();
    });
    assert.equal(another.rehearsal.forward.is, 'refused');
  });

  test('believes no refusal before it has read the object anew', async () => {
    for (const status of [403, 404, 409, 422]) {
      const { rehearsal, sent } = await play(ENV, undefined, (_, nth) => {
        if (nth === 1) throw new AdapterError('refused', 'not so', { status });
      });
      assert.deepEqual(sent, [`PATCH ${WEB}`, `GET ${WEB}`, ...twiceTo(WEB)], `${status}`);
      assert.equal(rehearsal.forward.is, 'passed', `${status}`);
    }
    const always = await play(ENV, undefined, ({ method }) => {
      if (method === 'PATCH') throw new AdapterError('refused', 'not so', { status: 422 });
    });
    assert.equal(always.rehearsal.forward.is, 'refused');
    assert.equal(always.sent.length, 3);
  });
});
