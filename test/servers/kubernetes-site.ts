// What lies in the folder of a control plane before it starts (keys, tokens, kubeconfigs), and the flags that point its
// programs there. Starts nothing.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The programs of a control plane, in the order in which they can start. */
export type Program = 'etcd' | 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kwok';

/** Who may call the cluster: an administrator, the gate with its few rights, two people without any, and an agent by its group. */
export type ClusterUser = 'admin' | 'gate' | 'ana' | 'ben' | 'healer';

type UserName = ClusterUser | 'system:kube-controller-manager' | 'system:kube-scheduler' | 'kwok';

const groupOf: Readonly<Record<UserName, string>> = {
  admin: 'system:masters',
  gate: '',
  ana: '',
  ben: '',
  healer: 'blastgate:agents',
  'system:kube-controller-manager': '',
  'system:kube-scheduler': '',
  kwok: 'system:masters',
};

/** A prepared folder: where its API server will answer, and what its users present. */
export type Site = {
  readonly folder: string;
  readonly url: string;
  readonly caPath: string;
  readonly auditLogPath: string;
  readonly token: (user: UserName) => string;
  readonly kubeconfigPath: (user: UserName) => string;
};

/** Fills an empty folder for an API server on `port`, which makes its own certificate there; that file is the CA too. */
export function prepareSite(folder: string, port: number): Site {
  // as: the keys of a record over UserName.
  const names = Object.keys(groupOf) as readonly UserName[];
  const tokens = new Map(names.map((name) => [name, randomBytes(16).toString('hex')]));
  const site = siteAt(folder, `https://127.0.0.1:${port}`, tokens);
  const secret = { mode: 0o600 };
  const lines = names.map((name) => `${site.token(name)},${name},${name},"${groupOf[name]}"\n`);
  writeFileSync(join(folder, 'tokens.csv'), lines.join(''), secret);
  for (const name of names) writeFileSync(site.kubeconfigPath(name), kubeconfig(site, name), secret);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'service-accounts.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), secret);
  writeFileSync(join(folder, 'service-accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  return site;
}

/** The site that another process prepared in this folder. */
export function readSite(folder: string): Site {
  const lines = readFileSync(join(folder, 'tokens.csv'), 'utf8').trim().split('\n');
  const tokens = new Map(lines.map((line): [string, string] => [line.split(',')[1] ?? '', line.split(',')[0] ?? '']));
  // as: what `kubeconfig` below wrote.
  const { clusters } = JSON.parse(readFileSync(join(folder, 'admin.kubeconfig'), 'utf8')) as {
    readonly clusters: readonly [{ readonly cluster: { readonly server: string } }];
  };
  return siteAt(folder, clusters[0].cluster.server, tokens);
}

const siteAt = (folder: string, url: string, tokens: ReadonlyMap<string, string>): Site => ({
  folder,
  url,
  caPath: join(folder, 'apiserver.crt'),
  auditLogPath: join(folder, 'audit.log'),
  token: (name) => tokens.get(name) ?? '',
  kubeconfigPath: (name) => join(folder, `${name.replace(':', '-')}.kubeconfig`),
});

// JSON, which is YAML.
const kubeconfig = (site: Site, user: UserName): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': user,
    clusters: [{ name: 'real', cluster: { server: site.url, 'certificate-authority': site.caPath } }],
    users: [{ name: user, user: { token: site.token(user) } }],
    contexts: [{ name: user, context: { cluster: 'real', user, namespace: 'default' } }],
  });

/** The command line of the kubelet of all nodes, run by Node; its certificate is the API server's, which asks it for no other. */
export function kubeletArguments(site: Site, port: number): readonly string[] {
  const [certificate, key] = ['apiserver.crt', 'apiserver.key'].map((file) => join(site.folder, file));
  return [join(import.meta.dirname, 'kubelet.ts'), `${port}`, certificate ?? '', key ?? ''];
}

/** The command line of each program of the site. Everything listens on 127.0.0.1 only. */
export function programFlags(
  site: Site,
  etcdPort: number,
  kubeletPort: number,
): Readonly<Record<Program, readonly string[]>> {
  const serviceAccountKey = join(site.folder, 'service-accounts.key');
  return {
    etcd: [
      `--data-dir=${join(site.folder, 'etcd')}`,
      '--unsafe-no-fsync',
      `--listen-client-urls=http://127.0.0.1:${etcdPort}`,
      `--advertise-client-urls=http://127.0.0.1:${etcdPort}`,
      '--listen-peer-urls=http://127.0.0.1:0',
    ],
    'kube-apiserver': [
      `--etcd-servers=http://127.0.0.1:${etcdPort}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${new URL(site.url).port}`,
      `--cert-dir=${site.folder}`,
      '--endpoint-reconciler-type=none',
      '--kubelet-preferred-address-types=InternalIP',
      '--allow-privileged=true',
      '--service-cluster-ip-range=10.96.0.0/16',
      '--authorization-mode=Node,RBAC',
      `--token-auth-file=${join(site.folder, 'tokens.csv')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${join(site.folder, 'service-accounts.pub')}`,
      `--service-account-signing-key-file=${serviceAccountKey}`,
      `--audit-policy-file=${join(import.meta.dirname, 'kubernetes/audit-policy.yaml')}`,
      `--audit-log-path=${site.auditLogPath}`,
      // Megabytes: at the default of 100 a long test loses what it has not read yet.
      '--audit-log-maxsize=4096',
    ],
    // With a service account for each controller the audit log names the controller, as in a real cluster; at the
    // default of 20 requests a second making them takes five seconds.
    'kube-controller-manager': [
      `--kubeconfig=${site.kubeconfigPath('system:kube-controller-manager')}`,
      '--secure-port=0',
      '--leader-elect=false',
      '--use-service-account-credentials',
      '--kube-api-qps=1000',
      '--kube-api-burst=1000',
      `--service-account-private-key-file=${serviceAccountKey}`,
      `--root-ca-file=${site.caPath}`,
    ],
    'kube-scheduler': [
      `--kubeconfig=${site.kubeconfigPath('system:kube-scheduler')}`,
      '--secure-port=0',
      '--leader-elect=false',
    ],
    kwok: [
      `--kubeconfig=${site.kubeconfigPath('kwok')}`,
      `--config=${join(import.meta.dirname, 'kwok/stages.yaml')}`,
      '--manage-all-nodes=true',
      // One kubelet for all nodes (kubelet.ts): kwok says where it is, and listens somewhere else itself.
      '--node-ip=127.0.0.1',
      `--node-port=${kubeletPort}`,
      '--server-address=127.0.0.1:0',
      '--node-lease-duration-seconds=40',
    ],
  };
}
