// What doctor says of the proxy: its certificate, and an account that could write.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openAuthority } from '../../../adapters/certificates/authority.ts';
import { type SandboxCluster, startSandboxCluster } from '../../../sandbox/cluster/cluster.ts';
import { readSettings } from '../../settings.ts';
import { proxyFindings } from './doctor-proxy.ts';

let folder: string;
let sandbox: SandboxCluster;
const DAY = 86_400_000;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'blastgate-doctor-'));
  sandbox = await startSandboxCluster();
  writeFileSync(join(folder, 'kubeconfig'), sandbox.kubeconfig());
  const { certPem, keyPem } = await (await openAuthority(folder)).leafFor(['gate.example']);
  writeFileSync(join(folder, 'cert.pem'), certPem);
  writeFileSync(join(folder, 'key.pem'), keyPem);
});
after(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true, force: true });
});

const findings = async (more: Readonly<Record<string, string>>, now = Date.now()) => {
  const read = readSettings({
    BLASTGATE_DATA: folder,
    BLASTGATE_PROXY_LISTEN: '127.0.0.1:8449',
    BLASTGATE_PROXY_KUBECONFIG: join(folder, 'kubeconfig'),
    ...more,
  });
  assert.ok(read.ok, JSON.stringify(read));
  return (await proxyFindings(read.settings, now)).map(({ state, message }) => `${state} ${message}`);
};
const GIVEN = {
  get BLASTGATE_TLS_CERT() {
    return join(folder, 'cert.pem');
  },
  get BLASTGATE_TLS_KEY() {
    return join(folder, 'key.pem');
  },
};

test('an account that could write is named with what it could', async () => {
  const said = await findings({});
  assert.match(said[0] ?? '', /^ok its certificate is of the authority/);
  assert.match(said[1] ?? '', /^fail its account may write: .*delete pods/);
});

test('an account that cannot be asked', async () => {
  const said = await findings({ BLASTGATE_PROXY_KUBECONFIG: join(folder, 'none') });
  assert.match(said[1] ?? '', /^fail its account: The kubeconfig .* cannot be read/);
});

test('a certificate of the operator: its host, its end', async () => {
  const url = { BLASTGATE_PROXY_URL: 'https://gate.example' };
  assert.match((await findings({ ...GIVEN, ...url }))[0] ?? '', /^warn its certificate ends in [567] days/);
  assert.match((await findings({ ...GIVEN, ...url }, Date.now() + 9 * DAY))[0] ?? '', /^fail its certificate ended/);
  assert.match((await findings(GIVEN))[0] ?? '', /^fail its certificate is not for 127.0.0.1/);
  assert.match((await findings({ ...GIVEN, BLASTGATE_TLS_CERT: '/none' }))[0] ?? '', /^fail BLASTGATE_TLS_CERT/);
});

test('of several clusters each is looked at by its name: its account, whose cluster it reads, and that the proxy is not before one', async () => {
  const [other, moved] = await Promise.all([startSandboxCluster(), startSandboxCluster()]);
  const file = join(folder, 'clusters.yaml');
  const at = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const rows = [
    ['eu', at('w-eu', sandbox.kubeconfig()), at('r-eu', sandbox.kubeconfig())],
    ['us', at('w-us', other.kubeconfig()), at('r-us', moved.kubeconfig())],
    ['bare', at('w-bare', moved.kubeconfig()), null],
  ].map(
    ([name, w, r]) => `  - { name: ${name}, kubeconfig: "${w}"${r === null ? '' : `, proxy: { kubeconfig: "${r}" }`} }`,
  );
  writeFileSync(file, `clusters:\n${rows.join('\n')}\n`);
  const several = { BLASTGATE_CLUSTERS: file, BLASTGATE_PROXY_KUBECONFIG: '' };
  const said = await findings(several);
  const of = (name: string) => said.filter((line) => line.includes(` ${name}: `));
  assert.deepEqual([of('eu').length, of('us').length, of('bare').length], [1, 2, 1], said.join('\n'));
  assert.match(
    of('us')[1] ?? '',
    /^fail us: its account reads another cluster \(uid of kube-system \S+\) than is written to/,
  );
  assert.match(of('bare')[0] ?? '', /^warn bare: the proxy does not stand before it/);
  const unset = await findings({ ...several, BLASTGATE_PROXY_KUBECONFIG: join(folder, 'kubeconfig') });
  assert.match(unset.join(), /^fail BLASTGATE_PROXY_KUBECONFIG and .* are of one cluster/);
  await Promise.all([other.stop(), moved.stop()]);
});

test('without a proxy nothing is said', async () => {
  const read = readSettings({ BLASTGATE_DATA: folder });
  assert.ok(read.ok);
  assert.deepEqual(await proxyFindings(read.settings, Date.now()), []);
});
