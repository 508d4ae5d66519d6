// Live evidence on the sandbox cluster: the fast half of the same table.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandboxCluster } from '../../src/sandbox/cluster/cluster.ts';
import { bare } from '../../src/sandbox/cluster/seed.ts';
import { clientOf } from '../conformance/client.ts';
import type { Call, MakeAs } from './scene.ts';
import { evidenceSuite } from './suite.ts';

/** "spec.replicas" as managedFields write it; a container goes by its name. */
const fieldsV1 = (path: string): object => {
  const [first = '', ...rest] = path
    .split('.')
    .map((word, at, all) => (all[at - 1] === 'containers' ? `k:${JSON.stringify({ name: word })}` : `f:${word}`));
  return rest.length === 0 ? { [first]: {} } : { [first]: nested(rest) };
};
const nested = ([first = '', ...rest]: readonly string[]): object => ({
  [first]: rest.length === 0 ? {} : nested(rest),
});

evidenceSuite(
  'live evidence on the sandbox cluster',
  async () => {
    const cluster = await startSandboxCluster({ speed: 40, seed: bare });
    const folder = mkdtempSync(join(tmpdir(), 'blastgate-evidence-'));
    const kubeconfig = join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, cluster.kubeconfig(), { mode: 0o600 });
    const client = clientOf({ url: cluster.url });
    const call: Call = (method, path, body, type) =>
      client.call(method, path, { ...(body === undefined ? {} : { body }), ...(type === undefined ? {} : { type }) });
    // The sandbox keeps managedFields and works none out.
    const makeAs: MakeAs = (path, manager, { metadata, ...object }, fields) => {
      const managedFields = fields.map((field) => ({
        manager,
        operation: 'Update',
        apiVersion: object.apiVersion,
        fieldsType: 'FieldsV1',
        fieldsV1: fieldsV1(field),
      }));
      return call('POST', path, { ...object, metadata: { ...metadata, managedFields } });
    };
    return {
      call,
      kubeconfig,
      makeAs,
      withhold: async () => {
        cluster.inject({
          fault: { kind: 'status', code: 403 },
          method: 'GET',
          path: '/poddisruptionbudgets',
          times: Number.MAX_SAFE_INTEGER,
        });
        return async () => cluster.clearFaults();
      },
      stop: async () => {
        await cluster.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
  8,
);
