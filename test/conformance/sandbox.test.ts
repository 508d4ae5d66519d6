// The conformance suite against the sandbox cluster: what the demo and the fast tests stand on.
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { conformanceSuite } from './suite.ts';

conformanceSuite(
  'the sandbox cluster behaves as Kubernetes does',
  async () => {
    const cluster = await startSandboxCluster({ speed: 40 });
    return { server: { url: cluster.url }, stop: cluster.stop };
  },
  { concurrency: 8 },
);
