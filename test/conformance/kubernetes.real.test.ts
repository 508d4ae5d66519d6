// The conformance suite against a real control plane: what it claims of Kubernetes is shown there.
import { readFileSync } from 'node:fs';
import { sharedControlPlane } from '../servers/kubernetes.ts';
import { conformanceSuite } from './suite.ts';

conformanceSuite(
  'Kubernetes behaves as the conformance suite says',
  async () => {
    const plane = await sharedControlPlane();
    const ca = readFileSync(plane.caPath, 'utf8');
    return { server: { url: plane.url, token: plane.adminToken, ca }, stop: plane.stop };
  },
  { concurrency: 4 },
);
