// A real Kubernetes control plane on loopback: etcd, API server, controller manager, scheduler, and KWOK in the place of
// nodes and kubelets. For tests only: its data is thrown away, its tokens are written to disk.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.ts';
import { type ApiAnswer, callApi } from './kubernetes-api.ts';
import {
  type ClusterUser,
  kubeletArguments,
  type Program,
  prepareSite,
  programFlags,
  readSite,
  type Site,
} from './kubernetes-site.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { freePort, type ServerProcess, startProcess, whenReady } from './server-process.ts';

/** One API call as that user; `path` as in `/api/v1/nodes?limit=1`. Answers every status, throws only when unheard. */
export type ClusterRequest = (
  user: ClusterUser,
  method: string,
  path: string,
  body?: unknown,
  contentType?: string,
) => Promise<ApiAnswer>;

/** A running control plane. `folder` holds its logs, kubeconfigs and audit log; `stop` may be called twice. */
export type ControlPlane = {
  readonly url: string;
  readonly version: string;
  readonly folder: string;
  readonly caPath: string;
  /** Where its etcd answers, for what no API takes any more; null where the plane is shared. */
  readonly etcdUrl: string | null;
  readonly auditLogPath: string;
  readonly kubectlPath: string;
  readonly adminToken: string;
  readonly pids: readonly number[];
  readonly token: (user: ClusterUser) => string;
  readonly kubeconfigPath: (user: ClusterUser) => string;
  readonly request: ClusterRequest;
  readonly stop: () => Promise<void>;
};

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok', 'kubectl'] as const;

/** Names the folder of a control plane that all files of a run share (run-real.ts). */
export const SHARED_CONTROL_PLANE = 'BLASTGATE_TEST_CONTROL_PLANE';

/**
 * The control plane of this run, for a file that keeps to namespaces of its own names: it changes no role, node, CRD or
 * webhook, and judges the audit log by namespace. `stop` leaves it running. Started alone, the file gets one to itself.
 */
export async function sharedControlPlane(): Promise<ControlPlane> {
  const folder = process.env[SHARED_CONTROL_PLANE];
  if (folder === undefined) return startControlPlane();
  const built = await ensureBuilt(PROGRAMS);
  return handleOf(readSite(folder), built, { etcdUrl: null, pids: [] }, async () => {});
}

/**
 * Starts a control plane and answers when its three nodes are ready and the namespace `default` can take pods. Builds
 * what is not built yet. `dir` names a folder to keep everything in; without it a temporary folder is used and removed by
 * `stop()`. In the folder of a plane that has ended it starts again: same address, authority and tokens, and what its etcd
 * kept; without its `etcd` it is another cluster in the same place. `apiServerFlags` go to the API server beside its own. A
 * failed start ends what was started, keeps the folder, and shows the guilty log.
 */
export async function startControlPlane(
  options: { readonly dir?: string; readonly apiServerFlags?: readonly string[] } = {},
): Promise<ControlPlane> {
  const built = await ensureBuilt(PROGRAMS);
  const folder = options.dir ?? mkdtempSync(join(tmpdir(), 'blastgate-kubernetes-'));
  mkdirSync(folder, { recursive: true });
  const site = existsSync(join(folder, 'tokens.csv')) ? readSite(folder) : prepareSite(folder, await freePort());
  const etcdPort = await freePort();
  const kubeletPort = await freePort();
  const flags = programFlags(site, etcdPort, kubeletPort);
  const request = requestTo(site);
  const running: ServerProcess[] = [];
  const start = (program: Program): void => {
    const logPath = join(folder, `${program}.log`);
    const more = program === 'kube-apiserver' ? (options.apiServerFlags ?? []) : [];
    running.unshift(startProcess(built[program].executable, [...flags[program], ...more], { logPath, cwd: folder }));
  };
  // Clients before their servers, the last started first: an API server without its etcd does not end by itself.
  const endAll = async (): Promise<void> => {
    for (const one of running) await one.stop();
  };
  try {
    start('etcd');
    start('kube-apiserver');
    await whenReady('the Kubernetes API server', running, () => answers(request, '/readyz'));
    start('kube-controller-manager');
    start('kube-scheduler');
    await createObjects(request);
    const kubeletLog = { logPath: join(folder, 'kubelet.log'), cwd: folder };
    running.unshift(startProcess(process.execPath, kubeletArguments(site, kubeletPort), kubeletLog));
    start('kwok');
    await whenReady('the nodes', running, () => everyNodeReady(request));
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await whenReady('the default service account', running.toReversed(), () => answers(request, account));
  } catch (error) {
    await endAll();
    throw error;
  }
  const pids = running.map((one) => one.pid);
  return handleOf(site, built, { etcdUrl: `http://127.0.0.1:${etcdPort}`, pids }, async () => {
    await endAll();
    if (options.dir === undefined) rmSync(folder, { recursive: true, force: true });
  });
}

const requestTo =
  (site: Site): ClusterRequest =>
  (user, ...call) =>
    callApi({ ...site, token: site.token(user) }, ...call);

const handleOf = (
  site: Site,
  built: Awaited<ReturnType<typeof ensureBuilt<(typeof PROGRAMS)[number]>>>,
  own: Pick<ControlPlane, 'etcdUrl' | 'pids'>,
  stop: () => Promise<void>,
): ControlPlane => ({
  ...site,
  version: built['kube-apiserver'].version,
  kubectlPath: built.kubectl.executable,
  adminToken: site.token('admin'),
  ...own,
  request: requestTo(site),
  stop,
});

const answers = async (request: ClusterRequest, path: string): Promise<boolean> =>
  (await request('admin', 'GET', path)).status === 200;

const collections: Readonly<Record<string, string>> = {
  Node: '/api/v1/nodes',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

async function createObjects(request: ClusterRequest): Promise<void> {
  const nodes = readManifest(join(import.meta.dirname, 'kubernetes/cluster.yaml'));
  for (const object of [...nodes, ...gateRoles()]) {
    const answer = await request('admin', 'POST', collections[object.kind] ?? '', object);
    // One that has started again has them.
    if (answer.status !== 201 && answer.status !== 409)
      throw new Error(`${object.kind} refused: ${JSON.stringify(answer.body)}`);
  }
}

/** The published roles, bound to the user `gate` beside those for whom they are meant: every real test proves them. */
function gateRoles(): readonly Manifest[] {
  const gate = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'gate' };
  return readManifest(join(import.meta.dirname, '../../deploy/rbac.yaml'))
    .filter(({ kind }) => kind === 'ClusterRole' || kind === 'ClusterRoleBinding')
    .map((one) => (one.kind === 'ClusterRole' ? one : { ...one, subjects: [...(one.subjects ?? []), gate] }));
}

async function everyNodeReady(request: ClusterRequest): Promise<boolean> {
  const { body } = await request('admin', 'GET', '/api/v1/nodes');
  // as: a NodeList of core/v1.
  const { items } = body as { readonly items: readonly ApiNode[] };
  return items.every(
    ({ spec, status }) =>
      (spec.taints ?? []).length === 0 &&
      status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true,
  );
}

type ApiNode = {
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};
