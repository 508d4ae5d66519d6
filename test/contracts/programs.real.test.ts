// Programs in containers, on a real control plane whose kubelet runs them; and debug containers beside kubectl.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { DEBUG_PROFILES } from '../../src/core/model/mutation.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { Neighbourhood, permitFor, portsOf, signal, until, watchedOf } from '../support/cluster-under-test.ts';
import { openLine } from '../support/line.ts';
import { programsContract } from './programs.ts';

const run = promisify(execFile);
const INTENT = { at: '2026-11-22T19:25:14.000Z' };

programsContract(
  'a real control plane',
  async () => {
    const plane = await sharedControlPlane();
    const { port } = new URL(plane.url);
    const line = await openLine(Number(port));
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-programs-'));
    const through = async (user: 'gate' | 'ana') => {
      const kubeconfig = join(folder, `${user}.kubeconfig`);
      writeFileSync(kubeconfig, readFileSync(plane.kubeconfigPath(user), 'utf8').replace(`:${port}`, `:${line.port}`));
      return openCluster({ kubeconfig, serviceHost: null });
    };
    return {
      client: await through('gate'),
      call: (...call) => plane.request('admin', ...call),
      cut: () => line.cut(),
      stranger: await through('ana'),
      stop: async () => {
        await line.close();
        rmSync(folder, { recursive: true, force: true });
        await plane.stop();
      },
    };
  },
  'checked',
);

// biome-ignore lint/suspicious/noExplicitAny: objects of a cluster, read by tests only
type Any = any;

/** What debug leaves, but for the name that kubectl draws by lot. */
const plain = (value: Any): string => JSON.stringify(value).replaceAll(/debugger-[a-z0-9]+/g, 'debugger');

describe('debug beside kubectl', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let reader: ClusterReader;
  let writer: ClusterWriter;
  before(async () => {
    plane = await sharedControlPlane();
    shop = new Neighbourhood((...one) => plane.request('admin', ...one), 'debugging');
    await shop.open();
    ({ reader, writer } = portsOf(await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null })));
  });
  after(() => plane?.stop());

  const kubectl = (argv: readonly string[]) =>
    run(plane.kubectlPath, ['--kubeconfig', plane.kubeconfigPath('admin'), '-n', shop.namespace, ...argv]);
  const argvOf = (line: string): readonly string[] =>
    [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", '')).slice(1);

  const EPHEMERAL = [
    ...DEBUG_PROFILES.map((profile) => `--image=x:1 --profile=${profile} -- sleep 5`),
    '--image=x:1 -- true',
    '--image=x:1 -c looking --target=web -- true',
    '--image=x:1 --arguments-only -- a b',
    "--image=x:1 --env=A=b --image-pull-policy=Never -- sh -c 'echo $A'",
    '--image=x:1',
  ];
  for (const [i, words] of EPHEMERAL.entries())
    test(`kubectl debug POD ${words} leaves the same ephemeral container, and nothing takes it back`, async () => {
      const [ours, theirs] = [`ours-${i}`, `them-${i}`];
      for (const name of [ours, theirs]) await shop.barePod(name);
      const spec = await shop.seal(reader, `kubectl debug ${ours} ${words}`, writer);
      assert.equal(spec.rehearsed, 'passed', `${spec.rehearsedWhy}`);
      assert.deepEqual([spec.rollbackPlan.steps, spec.rollbackPlan.fidelity], [[], 'none']);
      const permit = permitFor(spec, 'forward');
      assert.equal((await writer.write(permit, INTENT, signal())).outcome, 'written');
      assert.equal(await writer.wasWritten(permit, INTENT, signal()), 'all');
      assert.equal((await writer.write(permit, INTENT, signal())).outcome, 'written', 'asked again');
      await kubectl(argvOf(`kubectl debug ${theirs} ${words}`));
      const left = async (name: string) => (await shop.read('pods', name)).spec.ephemeralContainers;
      assert.equal(plain(await left(ours)), plain(await left(theirs)));
      assert.equal((await left(ours)).length, 1);
      const [seen] = await reader.sample(watchedOf(spec), signal());
      assert.ok(seen?.seen === 'object' && seen.health.is === 'healthy', JSON.stringify(seen));
    });

  const COPIES = [
    ...DEBUG_PROFILES.map((profile) => `--copy-to=COPY --image=x:1 --profile=${profile} -- sleep 5`),
    '--copy-to=COPY --set-image=web=web:2',
    "--copy-to=COPY --set-image='*=web:2' --keep-labels",
    '--copy-to=COPY -c web -- sleep 1',
    '--copy-to=COPY --image=x:1 --share-processes=false --same-node --keep-annotations -- true',
  ];
  for (const [i, words] of COPIES.entries())
    test(`kubectl debug POD ${words} leaves the same copy, which goes again by the way back`, async () => {
      const [ours, theirs] = [`pod-${i}-a`, `pod-${i}-b`];
      for (const name of [ours, theirs]) await shop.barePod(name);
      const spec = await shop.seal(reader, `kubectl debug ${ours} ${words.replace('COPY', `copy-${i}-a`)}`, writer);
      assert.equal(spec.rehearsed, 'passed', `${spec.rehearsedWhy}`);
      assert.equal((await writer.write(permitFor(spec, 'forward'), INTENT, signal())).outcome, 'written');
      await kubectl(argvOf(`kubectl debug ${theirs} ${words.replace('COPY', `copy-${i}-b`)}`));
      const left = async (name: string) => {
        const { spec: own, metadata } = await shop.read('pods', name);
        // Where the scheduler puts it is no part of the command.
        const { nodeName: _, ...rest } = own;
        const { 'topology.kubernetes.io/zone': _zone, ...labels } = metadata.labels ?? {};
        const texts = plain({ rest, labels, annotations: metadata.annotations });
        return texts.replaceAll(/kube-api-access-\w+/g, 'access').replaceAll(theirs, ours);
      };
      assert.equal(await left(`copy-${i}-a`), await left(`copy-${i}-b`));
      assert.equal((await writer.write(permitFor(spec, 'back'), INTENT, signal())).outcome, 'written');
      const gone = async () => (await shop.call('GET', shop.path('pods', `copy-${i}-a`))).status === 404;
      await until('the copy gone', gone);
    });
});
