// Integers that JavaScript rounds, in objects of a real cluster: none is ever written rounded, and what would have to be has no way back.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Resource } from '../../src/core/model/resource.ts';
import type { DeclarativeSpec } from '../../src/core/sealed-spec/declarative-spec.ts';
import { describeNoRollback } from '../../src/core/text/describe.ts';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import { until } from '../support/cluster-under-test.ts';
import { Trap } from './trap.ts';

/** The largest of 64 bits, which means "unlimited" in many a custom resource; as a number of JavaScript it is 9223372036854775808. */
const UNLIMITED = '9223372036854775807';
const PATH = '/apis/example.org/v1/namespaces/banks/vaults';

const VAULTS: Resource = {
  name: 'vaults',
  singular: 'vault',
  shortNames: [],
  kind: 'Vault',
  group: 'example.org',
  versions: ['v1'],
  namespaced: true,
  categories: [],
  verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
};

const number = { type: 'integer', format: 'int64' };
const spec = {
  type: 'object',
  properties: {
    limit: number,
    size: number,
    quotas: { type: 'array', items: { type: 'object', properties: { most: number, who: { type: 'string' } } } },
  },
};
const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'vaults.example.org' },
  spec: {
    group: 'example.org',
    scope: 'Namespaced',
    names: { plural: 'vaults', singular: 'vault', kind: 'Vault' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      },
    ],
  },
};

const vault = (name: string, spec: object): object => ({
  apiVersion: 'example.org/v1',
  kind: 'Vault',
  metadata: { name },
  spec,
});
/** As JSON.stringify writes it (V8: JSON.rawJSON, which the types do not know yet). */
const exactly = (digits: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);
const full = (name: string): object =>
  vault(name, { limit: exactly(UNLIMITED), size: 1, quotas: [{ who: 'ana', most: exactly(UNLIMITED) }] });

describe('integers beyond 2^53 in a custom resource', () => {
  let plane: ControlPlane;
  let trap: Trap;
  before(async () => {
    plane = await startControlPlane();
    trap = await Trap.open(plane, 'banks', 'admin');
    trap.shop.customResources = [VAULTS];
    await trap.shop.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', CRD);
    await until('vaults are served', async () => {
      const { status } = await plane.request('admin', 'POST', PATH, full('first'));
      return status === 201;
    });
  });
  after(() => plane?.stop());

  /** As etcd keeps it, digit by digit. */
  const kept = async (name: string): Promise<string> => {
    const key = Buffer.from(`/registry/example.org/vaults/banks/${name}`).toString('base64');
    const response = await fetch(`${plane.etcdUrl}/v3/kv/range`, { method: 'POST', body: JSON.stringify({ key }) });
    const { kvs = [] } = (await response.json()) as { readonly kvs?: readonly { readonly value: string }[] };
    return Buffer.from(kvs[0]?.value ?? '', 'base64').toString('utf8');
  };
  const stand = async (name: string): Promise<void> => {
    await trap.shop.ask('POST', PATH, full(name));
    assert.match(await kept(name), new RegExp(`"limit":${UNLIMITED}[,}]`), 'the test itself sends it exactly');
  };
  const hasNoWayBack = (sealed: DeclarativeSpec): void => {
    assert.equal(sealed.rehearsed, 'passed', `${sealed.rehearsedWhy}`);
    assert.equal(sealed.rollbackPlan.command, null);
    assert.match(describeNoRollback(sealed, 'en') ?? '', /an integer beyond 2\^53/);
  };
  const manifest = (object: object): ReadonlyMap<string, string> => new Map([['vault.json', JSON.stringify(object)]]);

  const BESIDE: readonly (readonly [
    says: string,
    command: (name: string) => string,
    file?: (name: string) => object,
  ])[] = [
    ['patch', (name) => `kubectl patch vault ${name} --type=merge -p '{"spec":{"size":2}}'`],
    [
      'patch by operations',
      (name) => `kubectl patch vault ${name} --type=json -p '[{"op":"replace","path":"/spec/size","value":2}]'`,
    ],
    ['label', (name) => `kubectl label vault ${name} tier=gold`],
    ['apply', () => 'kubectl apply -f vault.json', (name) => vault(name, { size: 2 })],
  ];
  for (const [at, [says, command, file]] of BESIDE.entries())
    test(`${says} beside it leaves every digit, there and back`, async () => {
      const name = `beside-${at}`;
      await stand(name);
      const sealed = await trap.seal(command(name), file === undefined ? undefined : manifest(file(name)));
      for (const direction of ['forward', 'back'] as const) {
        await trap.done(sealed, direction);
        assert.equal((await kept(name)).split(UNLIMITED).length, 3, `${direction}: ${await kept(name)}`);
      }
      assert.match(await kept(name), /"size":1[,}]/);
    });

  const OVER: readonly (readonly [says: string, command: (name: string) => string, file?: (name: string) => object])[] =
    [
      ['a patch of the number', (name) => `kubectl patch vault ${name} --type=merge -p '{"spec":{"limit":5}}'`],
      [
        'a patch of the list that holds it',
        (name) => `kubectl patch vault ${name} --type=merge -p '{"spec":{"quotas":[]}}'`,
      ],
      ['replace by an object without it', () => 'kubectl replace -f vault.json', (name) => vault(name, { size: 2 })],
      ['delete', (name) => `kubectl delete vault ${name}`],
    ];
  for (const [at, [says, command, file]] of OVER.entries())
    test(`${says} can be done, and has no way back`, async () => {
      const name = `over-${at}`;
      await stand(name);
      const sealed = await trap.seal(command(name), file === undefined ? undefined : manifest(file(name)));
      hasNoWayBack(sealed);
      await trap.done(sealed);
      assert.doesNotMatch(await kept(name), /922337203685477580[08]|9223372036854776000/);
    });
});
