// Doctor looks at the clusters that `serve` would open: each of clusters.yaml by its name, or the only one.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type SandboxCluster, startSandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { clusterFindings } from './doctor.ts';

let folder: string;
let sandbox: SandboxCluster;
const kubeconfig = () => join(folder, 'kubeconfig');
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'blastgate-doctor-'));
  sandbox = await startSandboxCluster();
  writeFileSync(kubeconfig(), sandbox.kubeconfig());
});
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const found = async (clusters: string | null) => {
  const clustersFile = clusters === null ? null : join(folder, 'clusters.yaml');
  if (clusters !== null) writeFileSync(join(folder, 'clusters.yaml'), clusters);
  const all = await clusterFindings({ clustersFile, kubeconfig: clusters === null ? kubeconfig() : null });
  return all.map(({ check, state, message }) => `${state} ${check} ${message}`);
};

test('each cluster of the file is asked, by its name; one that cannot be opened fails alone', async () => {
  const lines = await found(
    `clusters:\n  - { name: eu-1, kubeconfig: "${kubeconfig()}" }\n  - { name: us-1, kubeconfig: "${folder}/none" }\n`,
  );
  assert.ok(lines.some((line) => line.startsWith(`ok cluster eu-1: ${sandbox.url}, uid of kube-system `)));
  assert.deepEqual(
    lines.filter((line) => line.startsWith('fail')).map((line) => line.slice(0, 'fail cluster us-1: '.length)),
    ['fail cluster us-1: '],
  );
});

test('the freezes of one cluster are said by its name', async () => {
  const sale = '{ name: sale, from: "2020-01-01T00:00", to: "2099-01-01T00:00", timezone: UTC }';
  const lines = await found(`clusters:\n  - { name: eu-1, kubeconfig: "${kubeconfig()}", freezes: [${sale}] }\n`);
  assert.ok(lines.includes('warn freezes eu-1: sale is on until 2099-01-01T00:00:00.000Z'), lines.join('\n'));
});

test('two names of one cluster are a failure: each would have its own class, budgets and pause', async () => {
  const two = `  - { name: eu-1, kubeconfig: "${kubeconfig()}", namespaceClass: production }\n  - { name: eu-old, kubeconfig: "${kubeconfig()}" }\n`;
  const failed = (await found(`clusters:\n${two}`)).filter((line) => line.startsWith('fail'));
  assert.equal(failed.length, 1);
  assert.match(failed[0] ?? '', /^fail clusters eu-1 and eu-old are one cluster \(uid of kube-system /);
});

test('a file that cannot be read as one is said with its place', async () => {
  const [line, ...more] = await found('clusters:\n  - { nam: eu-1 }\n');
  assert.match(line ?? '', /^fail clusters .*clusters\.yaml:2:\d+: /);
  assert.ok(more.every((other) => other.startsWith('fail clusters ')));
});

test('the only one has no name before it', async () => {
  assert.ok((await found(null)).some((line) => line.startsWith(`ok cluster ${sandbox.url}, uid of kube-system `)));
});
