// A real Kubernetes control plane on loopback: etcd, API server, controller manager, scheduler, and KWOK in the place of
// nodes and kubelets. For tests only: its data is thrown away, its tokens are written to disk.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ensureBuilt } from './build.ts';
import { type ApiAnswer, callApi } from './kubernetes-api.ts';
import { freePort, type ServerProcess, startProcess, whenReady } from './server-process.ts';

/** Who may call the cluster: an administrator, the gate with its few rights, and two people without any. */
export type ClusterUser = 'admin' | 'gate' | 'ana' | 'ben';

/** A running control plane. `request` is one API call as that user; `folder` holds logs, kubeconfigs and the audit log. */
export type ControlPlane = {
  readonly url: string;
  readonly version: string;
  readonly folder: string;
  readonly caPath: string;
  readonly auditLogPath: string;
  readonly adminToken: string;
  readonly kubectlPath: string;
  readonly pids: readonly number[];
  readonly token: (user: ClusterUser) => string;
  readonly kubeconfigPath: (user: ClusterUser) => string;
  readonly request: (
    user: ClusterUser,
    method: string,
    path: string,
    body?: unknown,
    contentType?: string,
  ) => Promise<ApiAnswer>;
  readonly stop: () => Promise<void>;
};

const systemUsers = {
  'system:kube-controller-manager': '',
  'system:kube-scheduler': '',
  kwok: 'system:masters',
} as const;
const users: Readonly<Record<ClusterUser | keyof typeof systemUsers, string>> = {
  admin: 'system:masters',
  gate: '',
  ana: '',
  ben: '',
  ...systemUsers,
};
type UserName = keyof typeof users;

type Site = {
  readonly folder: string;
  readonly url: string;
  readonly caPath: string;
  readonly auditLogPath: string;
  readonly token: (user: UserName) => string;
  readonly kubeconfigPath: (user: UserName) => string;
};

/**
 * Starts a control plane and answers when its three nodes are ready and the namespace `default` can take pods. Builds
 * what is not built yet. `dir` names an empty or missing folder to keep everything in; without it a temporary folder is
 * used and removed by `stop()`. A failed start ends what was started, keeps the folder, and shows the guilty log.
 */
export async function startControlPlane(options: { readonly dir?: string } = {}): Promise<ControlPlane> {
  const [etcd, apiServer, controllerManager, scheduler, kwok, kubectl] = await ensureBuilt([
    'etcd',
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'kwok',
    'kubectl',
  ]).then((built) => built.map((one) => one.executable) as [string, string, string, string, string, string]);
  const folder = options.dir ?? mkdtempSync(join(tmpdir(), 'blastgate-kubernetes-'));
  mkdirSync(folder, { recursive: true });
  const running: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.stop()));
    if (options.dir === undefined) rmSync(folder, { recursive: true, force: true });
  };
  const start = (executable: string, argv: readonly string[], name: string): ServerProcess => {
    const one = startProcess(executable, argv, { logPath: join(folder, `${name}.log`), cwd: folder });
    running.unshift(one);
    return one;
  };
  try {
    const site = await prepare(folder);
    const etcdPort = await freePort();
    const database = start(etcd, etcdFlags(folder, etcdPort), 'etcd');
    const api = start(apiServer, apiServerFlags(site, etcdPort), 'kube-apiserver');
    const request = (user: ClusterUser, ...call: CallArguments): Promise<ApiAnswer> =>
      callApi({ url: site.url, caPath: site.caPath, token: site.token(user) }, ...call);
    await whenReady('the Kubernetes API server', [api, database], async () =>
      (await request('admin', 'GET', '/readyz')).status === 200 ? true : null,
    );
    const controllers = start(controllerManager, controllerManagerFlags(site), 'kube-controller-manager');
    const placing = start(scheduler, schedulerFlags(site), 'kube-scheduler');
    await createObjects(request);
    const nodes = start(kwok, kwokFlags(site), 'kwok');
    await whenReady('the nodes', [nodes, controllers, placing, api, database], () => everyNodeReady(request));
    await whenReady('the default service account', [controllers, nodes, placing, api, database], async () =>
      (await request('admin', 'GET', '/api/v1/namespaces/default/serviceaccounts/default')).status === 200
        ? true
        : null,
    );
    return {
      ...site,
      version: 'v1.36.3',
      adminToken: site.token('admin'),
      kubectlPath: kubectl,
      pids: running.map((one) => one.pid),
      request,
      stop,
    };
  } catch (error) {
    await Promise.all(running.map((one) => one.stop()));
    throw error;
  }
}

type CallArguments = [method: string, path: string, body?: unknown, contentType?: string];
type Request = (user: ClusterUser, ...call: CallArguments) => Promise<ApiAnswer>;

/** Writes keys, tokens and kubeconfigs. The API server makes its own certificate; its file ends with the authority's. */
async function prepare(folder: string): Promise<Site> {
  const url = `https://127.0.0.1:${await freePort()}`;
  const caPath = join(folder, 'apiserver.crt');
  const names = Object.keys(users) as readonly UserName[];
  const tokens = new Map(names.map((name) => [name, randomBytes(16).toString('hex')]));
  const token = (name: UserName): string => tokens.get(name) ?? '';
  const kubeconfigPath = (name: UserName): string => join(folder, `${name.replace(':', '-')}.kubeconfig`);
  const secret = { mode: 0o600 };
  writeFileSync(
    join(folder, 'tokens.csv'),
    names.map((name) => `${token(name)},${name},${name},"${users[name]}"\n`).join(''),
    secret,
  );
  for (const name of names) writeFileSync(kubeconfigPath(name), kubeconfig(url, caPath, name, token(name)), secret);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'service-accounts.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), secret);
  writeFileSync(join(folder, 'service-accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  for (const file of ['kubernetes/audit-policy.yaml', 'kwok/stages.yaml']) {
    copyFileSync(join(import.meta.dirname, file), join(folder, file.replace(/.*\//, '')));
  }
  return { folder, url, caPath, auditLogPath: join(folder, 'audit.log'), token, kubeconfigPath };
}

function kubeconfig(url: string, caPath: string, user: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': user,
    clusters: [{ name: 'real', cluster: { server: url, 'certificate-authority': caPath } }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: user, context: { cluster: 'real', user, namespace: 'default' } }],
  });
}

const etcdFlags = (folder: string, port: number): readonly string[] => [
  `--data-dir=${join(folder, 'etcd')}`,
  '--unsafe-no-fsync',
  `--listen-client-urls=http://127.0.0.1:${port}`,
  `--advertise-client-urls=http://127.0.0.1:${port}`,
  '--listen-peer-urls=http://127.0.0.1:0',
];

const apiServerFlags = (site: Site, etcdPort: number): readonly string[] => [
  `--etcd-servers=http://127.0.0.1:${etcdPort}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${new URL(site.url).port}`,
  `--cert-dir=${site.folder}`,
  '--endpoint-reconciler-type=none',
  '--service-cluster-ip-range=10.96.0.0/16',
  '--authorization-mode=Node,RBAC',
  `--token-auth-file=${join(site.folder, 'tokens.csv')}`,
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${join(site.folder, 'service-accounts.pub')}`,
  `--service-account-signing-key-file=${join(site.folder, 'service-accounts.key')}`,
  `--audit-policy-file=${join(site.folder, 'audit-policy.yaml')}`,
  `--audit-log-path=${site.auditLogPath}`,
  '--audit-log-mode=blocking-strict',
];

// With a service account for each controller the audit log names the controller, as in a real cluster.
const controllerManagerFlags = (site: Site): readonly string[] => [
  `--kubeconfig=${site.kubeconfigPath('system:kube-controller-manager')}`,
  '--secure-port=0',
  '--leader-elect=false',
  '--use-service-account-credentials',
  `--service-account-private-key-file=${join(site.folder, 'service-accounts.key')}`,
  `--root-ca-file=${site.caPath}`,
];

const schedulerFlags = (site: Site): readonly string[] => [
  `--kubeconfig=${site.kubeconfigPath('system:kube-scheduler')}`,
  '--secure-port=0',
  '--leader-elect=false',
];

const kwokFlags = (site: Site): readonly string[] => [
  `--kubeconfig=${site.kubeconfigPath('kwok')}`,
  `--config=${join(site.folder, 'stages.yaml')}`,
  '--manage-all-nodes=true',
  '--node-lease-duration-seconds=40',
];

const collections: Readonly<Record<string, string>> = {
  Node: '/api/v1/nodes',
  ClusterRole: '/apis/rbac.authorization.k8s.io/v1/clusterroles',
  ClusterRoleBinding: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
};

async function createObjects(request: Request): Promise<void> {
  const text = readFileSync(join(import.meta.dirname, 'kubernetes/cluster.yaml'), 'utf8');
  for (const document of parseAllDocuments(text)) {
    // as: our own file, of which only the kind is read here; the API server checks the rest.
    const object = document.toJS() as { readonly kind: string };
    const answer = await request('admin', 'POST', collections[object.kind] ?? '', object);
    if (answer.status !== 201) throw new Error(`cluster.yaml: ${object.kind} refused: ${JSON.stringify(answer.body)}`);
  }
}

async function everyNodeReady(request: Request): Promise<true | null> {
  const { body } = await request('admin', 'GET', '/api/v1/nodes');
  // as: a NodeList of core/v1.
  const { items } = body as { readonly items: readonly ApiNode[] };
  const ready = items.filter(
    ({ spec, status }) =>
      !spec.taints?.length && status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
  );
  return ready.length === 3 ? true : null;
}

type ApiNode = {
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};
