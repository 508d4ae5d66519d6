// The sandbox's own tables against a real control plane: each resource it names, each verb, each printed column.
// It may serve less than Kubernetes; what it serves must be told in the same words.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { type ControlPlane, sharedControlPlane } from '../servers/kubernetes.ts';
import { base, ok, TABLE } from './behaviour.ts';
import { type Client, clientOf, type Json } from './client.ts';

let plane: ControlPlane;
let stopSandbox: () => Promise<void>;
let real: Client;
let sandbox: Client;

before(async () => {
  plane = await sharedControlPlane();
  const cluster = await startSandboxCluster();
  stopSandbox = cluster.stop;
  real = clientOf({ url: plane.url, token: plane.adminToken, ca: readFileSync(plane.caPath, 'utf8') });
  sandbox = clientOf({ url: cluster.url });
});

after(async () => {
  await stopSandbox();
  await plane.stop();
});

async function versions(): Promise<readonly string[]> {
  const { groups } = ok(await sandbox.call('GET', '/apis'));
  return ['v1', ...groups.flatMap((group: Json) => group.versions.map((one: Json) => one.groupVersion))];
}

async function resources(client: Client, version: string): Promise<ReadonlyMap<string, Json>> {
  const list = ok(await client.call('GET', base(version)));
  return new Map(list.resources.map(({ storageVersionHash: _hash, ...one }: Json) => [one.name, one]));
}

test('every resource of the sandbox is named as Kubernetes names it', async () => {
  let compared = 0;
  for (const version of await versions()) {
    const theirs = await resources(real, version);
    for (const [name, ours] of await resources(sandbox, version)) {
      const both = theirs.get(name);
      // what extends the API server is listed and never taken: the sandbox has no extension
      const served = ours.categories?.includes('api-extensions')
        ? { ...both, verbs: both.verbs.filter((verb: string) => ours.verbs.includes(verb)) }
        : both;
      assert.deepEqual(ours, served, `${version} ${name}`);
      compared += 1;
    }
  }
  assert.ok(compared > 40, `compared only ${compared}`);
});

function columns(table: Json): readonly string[] {
  return table.columnDefinitions.map(
    ({ name, type, format, priority }: Json) => `${name} (${type}${format === '' ? '' : ` ${format}`}, ${priority})`,
  );
}

test('every kind of the sandbox is printed in the columns of Kubernetes', async () => {
  const ours = new Map<string, readonly string[]>();
  const theirs = new Map<string, readonly string[]>();
  for (const version of await versions()) {
    for (const [name, { verbs }] of await resources(sandbox, version)) {
      if (name.includes('/') || !verbs.includes('list')) continue;
      const path = `${base(version)}/${name}?limit=1`;
      ours.set(path, columns(ok(await sandbox.call('GET', path, { accept: TABLE }))));
      theirs.set(path, columns(ok(await real.call('GET', path, { accept: TABLE }))));
    }
  }
  assert.deepEqual(Object.fromEntries(ours), Object.fromEntries(theirs));
  assert.ok(ours.size > 25, `compared only ${ours.size}`);
});
