// Finds the cluster: a kubeconfig as kubectl reads it, or the pod's own service account.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { readPeerUrl } from '../peer-url.ts';

/** Where to look, as the doors found it in flags and settings. */
export interface ClusterSource {
  /** --kubeconfig or KUBECONFIG (several paths joined as in PATH); null: in-cluster, else ~/.kube/config. */
  readonly kubeconfig: string | null;
  /** KUBERNETES_SERVICE_HOST: set inside a pod. */
  readonly serviceHost: string | null;
  /** Context of the kubeconfig; absent: its current one. */
  readonly context?: string;
  /** An account by its files, which are read again as they change; it comes before all else. */
  readonly account?: {
    readonly server: string;
    readonly tokenFile: string;
    readonly caFile: string;
    readonly namespace: string;
  };
  /** What stands in front of the folder that a pod finds its service account in; nothing but in tests. */
  readonly podRoot?: string;
}

/** Where Kubernetes mounts the service account of a pod. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface FoundCluster {
  readonly config: KubeConfig;
  /** "https://10.0.0.1:6443" */
  readonly server: string;
  /** The namespace of the current context; "default" when it names none. */
  readonly namespace: string;
  /** What an operator should know: TLS that is not verified, programs that give credentials. */
  readonly warnings: readonly string[];
}

const filesOf = (source: ClusterSource): readonly string[] => {
  if (source.kubeconfig !== null) return source.kubeconfig.split(delimiter).filter((path) => path !== '');
  const own = join(homedir(), '.kube', 'config');
  return existsSync(own) ? [own] : [];
};

const load = async (source: ClusterSource): Promise<KubeConfig> => {
  // Half a second and 90 MB: only where a cluster is touched.
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (source.account !== undefined) {
    config.loadFromOptions(accountOptions(source.account));
    return config;
  }
  if (source.kubeconfig === null && source.serviceHost !== null) {
    const root = source.podRoot ?? '';
    for (const file of ['token', 'ca.crt']) {
      if (!existsSync(`${root}${SERVICE_ACCOUNT}/${file}`)) {
        throw new Error(
          `This is a pod without a service account: ${SERVICE_ACCOUNT}/${file} is not there. ` +
            'Give the pod one (serviceAccountName, automountServiceAccountToken: true), or set KUBECONFIG.',
        );
      }
    }
    config.loadFromCluster(root);
    return config;
  }
  const files = filesOf(source);
  const [first, ...others] = files;
  if (first === undefined) {
    throw new Error('No cluster is configured. Set KUBECONFIG, pass --kubeconfig, or run inside a cluster.');
  }
  const read = (path: string): KubeConfig => {
    const one = new KubeConfig();
    try {
      one.loadFromFile(path);
      readTokenFiles(one, path);
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      throw new Error(`The kubeconfig ${path} cannot be read: ${why}. Check the path and the file.`);
    }
    return one;
  };
  config.mergeConfig(read(first));
  for (const path of others) if (existsSync(path)) config.mergeConfig(read(path), true);
  if (source.context !== undefined) config.setCurrentContext(source.context);
  return config;
};

/** As a pod's own account is loaded (@kubernetes/client-node, loadFromCluster), with other files and another server. */
const accountOptions = ({ server, tokenFile, caFile, namespace }: NonNullable<ClusterSource['account']>) => {
  for (const path of [tokenFile, caFile])
    if (!existsSync(path)) throw new Error(`${path} is not there: name the files of the service account.`);
  const name = 'account';
  return {
    clusters: [{ name, server, caFile, skipTLSVerify: false }],
    users: [{ name, authProvider: { name: 'tokenFile', config: { tokenFile } } }],
    contexts: [{ name, cluster: name, user: name, namespace }],
    currentContext: name,
  };
};

/** The library knows `tokenFile` of a user by another name alone, and would be nobody without a word (kubernetes-client/javascript). */
const readTokenFiles = (config: KubeConfig, path: string): void => {
  // as: a kubeconfig, which the library has just read; of it only what is text is used.
  const { users } = parse(readFileSync(path, 'utf8')) as {
    readonly users?: readonly { readonly name?: unknown; readonly user?: { readonly tokenFile?: unknown } | null }[];
  };
  config.users = config.users.map((known) => {
    const file = users?.find(({ name }) => name === known.name)?.user?.tokenFile;
    if (typeof file !== 'string' || file === '') return known;
    const { token: _, ...user } = known;
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(dirname(path), file) } } };
  });
};

/** Loads the configuration and checks that it names a cluster; throws an Error that says what to do. */
export async function findCluster(source: ClusterSource): Promise<FoundCluster> {
  const config = await load(source);
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const contexts = config.getContexts().map(({ name }) => name);
    throw new Error(
      `The kubeconfig has no usable current context (contexts: ${contexts.join(', ') || 'none'}). ` +
        'Choose one with `kubectl config use-context`.',
    );
  }
  const server = readPeerUrl(`The server of the cluster "${cluster.name}"`, cluster.server);
  // Plain HTTP, on loopback alone, has no TLS to verify; the library wants to hear that in its own words.
  if (server.startsWith('http:')) {
    config.clusters = config.clusters.map((one) => (one.name === cluster.name ? { ...one, skipTLSVerify: true } : one));
  }
  const exec = config.getCurrentUser()?.exec?.command;
  return {
    config,
    server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    warnings: [
      ...(cluster.skipTLSVerify === true
        ? [`insecure-skip-tls-verify is set for ${server}: whoever is in between can pose as the cluster.`]
        : []),
      ...(typeof exec === 'string' ? [`The kubeconfig runs the program ${exec} for its credentials.`] : []),
    ],
  };
}
