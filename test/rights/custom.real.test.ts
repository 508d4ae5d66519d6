// Custom kinds as docs/operate.md lists them: refused without that role, carried out and taken back with it, and nothing else.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import { openCluster } from '../../src/adapters/cluster/client.ts';
import { discoverKinds } from '../../src/adapters/cluster/discovery.ts';
import type { Resource } from '../../src/core/model/resource.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { Neighbourhood, permitFor, portsOf, signal, until } from '../support/cluster-under-test.ts';
import { WIDGET_CRD } from '../support/widgets.ts';

const INTENT = { at: '2026-11-22T19:25:14.000Z' };
const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/operate.md'), 'utf8');
const [, PUBLISHED = ''] = /```yaml\n([^`]*blastgate\.io\/custom[^`]*)```/.exec(GUIDE) ?? [];

const widget = (name: string, size: number) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name },
  spec: { replicas: 1, size },
});

describe('custom kinds', () => {
  let plane: ControlPlane;
  let shop: Neighbourhood;
  let ports: ReturnType<typeof portsOf>;
  let kinds: readonly Resource[];
  const path = (name: string): string =>
    `/apis/example.com/v1/namespaces/custom/widgets${name === '' ? '' : `/${name}`}`;
  const files = new Map([
    ['new.json', JSON.stringify(widget('new', 1))],
    ['old.json', JSON.stringify(widget('old', 7))],
  ]);
  before(async () => {
    plane = await startControlPlane();
    shop = new Neighbourhood((...call) => plane.request('admin', ...call), 'custom');
    await shop.open();
    await shop.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', WIDGET_CRD);
    await until('widgets are served', async () => (await shop.call('GET', path(''))).status === 200);
    await shop.ask('POST', path(''), widget('old', 1));
    const client = await openCluster({ kubeconfig: plane.kubeconfigPath('gate'), serviceHost: null });
    ports = portsOf(client);
    kinds = await until('discovery', async () => {
      const { resources } = await discoverKinds(client, signal());
      return resources.some(({ name }) => name === 'widgets') ? resources : null;
    });
  });
  after(() => plane?.stop());

  const seal = (command: string) => shop.seal(ports.reader, command, ports.writer, files, kinds);

  const COMMANDS = [
    'kubectl create -f new.json',
    `kubectl patch widget old --type=merge -p '{"spec":{"size":2}}'`,
    'kubectl apply -f old.json',
    'kubectl replace -f old.json',
    'kubectl scale widget old --replicas=3',
    'kubectl scale widget old --replicas=3 --current-replicas=1',
    'kubectl label widget old a=b',
    'kubectl delete widget old',
  ];

  test('without a role of the operator none is carried out', async () => {
    for (const command of COMMANDS) {
      const { rehearsed, rehearsedWhy, facts } = await seal(command);
      // What is to be deleted has to be read first: then there is nothing to try.
      if (command.includes(' delete ')) {
        assert.deepEqual(facts, []);
        continue;
      }
      assert.equal(rehearsed, 'not-possible', command);
      assert.match(rehearsedWhy ?? '', /cannot \w+ resource "widgets(?:\/scale)?" in API group "example.com"/, command);
    }
  });

  test('with the role of the guide each is, and comes back', async () => {
    await shop.ask('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', parse(PUBLISHED));
    await until(
      'the role is gathered',
      async () => (await seal('kubectl label widget old a=b')).rehearsed === 'passed',
    );
    const specOf = async () => (await shop.ask('GET', path('old'))).spec;
    const first = await specOf();
    for (const command of COMMANDS) {
      const spec = await seal(command);
      assert.equal(spec.rehearsed, 'passed', `${command}: ${spec.rehearsedWhy}`);
      for (const direction of ['forward', 'back'] as const) {
        const intent = { ...INTENT, revealed: shop.revealed };
        const written = await ports.writer.write(permitFor(spec, direction), intent, signal());
        assert.equal(written.outcome, 'written', `${command}, ${direction}: ${JSON.stringify(written)}`);
      }
      assert.deepEqual(await specOf(), first, command);
      assert.equal((await shop.call('GET', path('new'))).status, 404);
    }
  });
});
