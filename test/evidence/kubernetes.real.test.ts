// Live evidence on a real control plane: each code appears with its cause and vanishes with it.
import assert from 'node:assert/strict';
import { type ControlPlane, startControlPlane } from '../servers/kubernetes.ts';
import type { MakeAs } from './scene.ts';
import { evidenceSuite } from './suite.ts';

interface Role {
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources?: readonly string[] }[] | null;
}

const ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const reads = ({ rules }: Role): boolean => rules?.some(({ resources }) => resources?.includes(BUDGETS)) === true;
const BUDGETS = 'poddisruptionbudgets';

/** Takes the right out of the roles that the gate has (the control plane's own roles are not the gate's). */
const withhold = async ({ request }: ControlPlane): Promise<() => Promise<void>> => {
  const write = async ({ metadata }: Role, rules: Role['rules']): Promise<void> => {
    const type = 'application/merge-patch+json';
    assert.equal((await request('admin', 'PATCH', `${ROLES}/${metadata.name}`, { rules }, type)).status, 200);
  };
  const { body } = await request('admin', 'GET', ROLES);
  // as: a ClusterRoleList.
  const { items } = body as { readonly items: readonly Role[] };
  const own = items.filter((role) => role.metadata.name.startsWith('blastgate') && reads(role));
  assert.ok(own.length > 0, 'a role of the gate reads PodDisruptionBudgets');
  for (const role of own)
    await write(
      role,
      role.rules?.filter(({ resources }) => resources?.includes(BUDGETS) !== true),
    );
  return async () => {
    for (const role of own) await write(role, role.rules);
  };
};

evidenceSuite(
  'live evidence on a real control plane',
  async () => {
    const cluster = await startControlPlane();
    const makeAs: MakeAs = (path, manager, object) =>
      cluster.request('admin', 'POST', `${path}?fieldManager=${manager}`, object);
    return {
      call: (method, path, body, type) => cluster.request('admin', method, path, body, type),
      kubeconfig: cluster.kubeconfigPath('gate'),
      makeAs,
      withhold: () => withhold(cluster),
      stop: () => cluster.stop(),
    };
  },
  4,
);
