// The clusters of a gate and its settings → before which of them the proxy stands, by which accounts, and which one an address without
// a name means (docs/decisions/0023-one-address-for-each-cluster.md).
import type { NamedCluster } from './clusters-file.ts';
import type { Settings } from './settings.ts';

/** An account by its kubeconfig, as whoever opens a cluster takes it. */
export interface AccountSource {
  readonly kubeconfig: string;
  readonly serviceHost: null;
  /** Absent: the current one. */
  readonly context?: string;
}

/** The accounts by which the proxy asks a cluster, beside the one that writes. */
export interface ProxyAccounts {
  /** Reads for agents. */
  readonly reading: AccountSource;
  /** Passes writes on in shadow mode; null: there is none at this cluster. */
  readonly shadow: AccountSource | null;
}

export interface GuardedClusters {
  /** The place of the cluster that an address without a name means; null: an address must name one. */
  readonly unnamed: number | null;
  /** At the place of each cluster; null: the proxy does not stand before it. */
  readonly accounts: readonly (ProxyAccounts | null)[];
}

type GuardSettings = Pick<Settings, 'guardedCluster' | 'proxy' | 'admission'>;

/** Nothing is opened. Problems say what to set. */
export function guardedClusters(
  clusters: readonly NamedCluster[],
  settings: GuardSettings,
): { readonly guarded: GuardedClusters; readonly problems: readonly string[] } {
  const { guardedCluster, proxy } = settings;
  const names = clusters.map(({ name }) => name);
  const place = guardedCluster === null ? (clusters.length === 1 ? 0 : -1) : names.indexOf(guardedCluster);
  const unnamed = place < 0 ? null : place;
  const accounts = clusters.map((one, at) => (proxy === null ? null : accountsOf(one, at === unnamed ? proxy : null)));
  const unknown =
    guardedCluster !== null && unnamed === null
      ? [`BLASTGATE_GUARDED_CLUSTER is "${guardedCluster}"; ${nameOneOf(clusters)}`]
      : [];
  const problems = unknown.length > 0 ? unknown : proxyProblems(clusters, settings, { unnamed, accounts });
  return { guarded: { unnamed, accounts }, problems };
}

const nameOneOf = (clusters: readonly NamedCluster[]): string => {
  const names = clusters.flatMap(({ name }) => name ?? []);
  return names.length === 0 ? 'remove it: there is one cluster, without a name' : `write one of ${names.join(', ')}`;
};

/** Those of the file, else those of BLASTGATE_PROXY_KUBECONFIG, which is of the cluster without a name. */
const accountsOf = ({ proxy: own }: Pick<NamedCluster, 'proxy'>, common: Settings['proxy']): ProxyAccounts | null => {
  const kubeconfig = own?.kubeconfig ?? common?.kubeconfig ?? null;
  if (kubeconfig === null) return null;
  const shadow = own === null ? (common?.shadowKubeconfig ?? null) : own.shadowKubeconfig;
  return {
    reading: { kubeconfig, serviceHost: null, ...(own?.context == null ? {} : { context: own.context }) },
    shadow: shadow === null ? null : { kubeconfig: shadow, serviceHost: null },
  };
};

const proxyProblems = (
  clusters: readonly NamedCluster[],
  { proxy }: GuardSettings,
  { unnamed, accounts }: GuardedClusters,
): readonly string[] => {
  const own = clusters.filter((one) => one.proxy !== null).map(({ name }) => name);
  if (proxy === null)
    return own.length === 0
      ? []
      : [
          `proxy of ${own.join(', ')} in BLASTGATE_CLUSTERS: there is no proxy without BLASTGATE_PROXY_LISTEN (HOST:PORT)`,
        ];
  if (unnamed === null && (proxy.kubeconfig !== null || proxy.shadowKubeconfig !== null))
    return [
      'BLASTGATE_PROXY_KUBECONFIG and BLASTGATE_SHADOW_KUBECONFIG are of one cluster: name it with BLASTGATE_GUARDED_CLUSTER, or write them as proxy of each cluster into BLASTGATE_CLUSTERS',
    ];
  const twice = unnamed === null || clusters.at(unnamed)?.proxy === null ? [] : ownSettings(proxy);
  if (twice.length > 0)
    return [
      `${twice.join(' and ')}, and proxy of ${clusters.at(unnamed ?? 0)?.name} in BLASTGATE_CLUSTERS: keep one of them (kubeconfig and shadowKubeconfig there)`,
    ];
  const lacking = unnamed === null ? accounts.every((one) => one === null) : accounts.at(unnamed) === null;
  if (lacking)
    return [
      'the proxy needs an account that reads at each cluster it stands before: write proxy: { kubeconfig: FILE } to the clusters in BLASTGATE_CLUSTERS (docs/proxy.md)',
    ];
  return sameAccounts(clusters, accounts);
};

/** The settings that say by which accounts. */
const ownSettings = ({
  kubeconfig,
  shadowKubeconfig,
}: Pick<NonNullable<Settings['proxy']>, 'kubeconfig' | 'shadowKubeconfig'>): readonly string[] => [
  ...(kubeconfig === null ? [] : ['BLASTGATE_PROXY_KUBECONFIG']),
  ...(shadowKubeconfig === null ? [] : ['BLASTGATE_SHADOW_KUBECONFIG']),
];

/** An account of two uses: the one that writes would read for agents, or two clusters would be asked as one. */
const sameAccounts = (clusters: readonly NamedCluster[], accounts: GuardedClusters['accounts']): readonly string[] => {
  const uses = clusters.flatMap(({ name, access }, at) => {
    const { reading = null, shadow = null } = accounts[at] ?? {};
    const writing = access.kind === 'kubeconfig' ? { kubeconfig: access.path, context: access.context } : null;
    return [writing, reading, shadow].flatMap((one) =>
      one === null ? [] : [{ cluster: name ?? 'the cluster', key: `${one.kubeconfig} ${one.context ?? ''}` }],
    );
  });
  return [...Map.groupBy(uses, ({ key }) => key)]
    .filter(([, same]) => same.length > 1)
    .map(
      ([key, same]) =>
        `${key.trim()} is used twice (${[...new Set(same.map(({ cluster }) => cluster))].join(', ')}): to write, to read for agents and for shadow mode each cluster needs an account of its own`,
    );
};
