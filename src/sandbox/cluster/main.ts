// Runs the sandbox cluster alone: prints its URL and a kubeconfig, and stays until it is told to end.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSandboxCluster } from './cluster.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    speed: { type: 'string', default: '1' },
    token: { type: 'string' },
    kubeconfig: { type: 'string' },
  },
});

const cluster = await startSandboxCluster({
  port: Number(values.port),
  speed: Number(values.speed),
  ...(values.token === undefined ? {} : { token: values.token }),
});
const path = values.kubeconfig ?? join(mkdtempSync(join(tmpdir(), 'blastgate-sandbox-')), 'kubeconfig');
writeFileSync(path, cluster.kubeconfig(), { mode: 0o600 });
console.log(`sandbox cluster  ${cluster.url}`);
console.log(`kubeconfig       ${path}`);
console.log(`try              kubectl --kubeconfig ${path} get pods -A`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void cluster.stop().then(() => process.exit(0));
  });
}
