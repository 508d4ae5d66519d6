// The settings of the proxy become one listener in front of the API of each cluster: certificate, accounts, doors.
import type { Authority } from '../adapters/certificates/authority.ts';
import { startRenewal } from '../adapters/certificates/renewal.ts';
import type { ClusterSource } from '../adapters/cluster/kubeconfig.ts';
import { decodeBody } from '../adapters/request-body/decode-body.ts';
import { hostOf } from '../core/model/host.ts';
import type { Gate } from '../flow/gate.ts';
import { HOLD_SECONDS } from '../flow/requests/patience.ts';
import type { Trials } from '../flow/requests/trials.ts';
import type { CertificateLife } from './certificate-life.ts';
import type { ProxyAccounts } from './guarded-clusters.ts';
import { connectShadow, connectUpstream } from './open-upstream.ts';
import { certificateFromFiles } from './proxy/certificate-files.ts';
import { createProxyCounts, type ProxyCounts, type RouteKind } from './proxy/counts.ts';
import { createDoorOf, type ProxyDoor } from './proxy/door-of.ts';
import { withKnownDryRuns } from './proxy/known-dry-runs.ts';
import { listenAsProxy } from './proxy/listen.ts';
import { createProxy } from './proxy/proxy.ts';
import { createShadowWrites } from './proxy/shadow.ts';
import { createWrites } from './proxy/writes.ts';
import type { ProxySettings } from './settings/guards.ts';

/** A cluster that the proxy stands before. */
export interface ProxiedCluster {
  readonly gate: Gate;
  readonly accounts: ProxyAccounts;
  /** Where the account that writes is: dry runs go by it. */
  readonly writing: ClusterSource;
  /** Where its dry runs are known while they last. */
  readonly trials: Trials;
}

export interface ProxyPeers {
  readonly clusters: readonly ProxiedCluster[];
  /** The one that an address without a cluster leads to; null: an address must name one. */
  readonly unnamed: ProxiedCluster | null;
  /** Of every cluster of the gate, its name and where the account that writes leads to. */
  readonly servers: readonly { readonly name: string | null; readonly server: string }[];
  /** The gate's own authority, asked where the operator gives no certificate. */
  readonly authority: () => Promise<Authority>;
  /** Aborts when the gate ends: streams and waits end with it. */
  readonly ending: AbortSignal;
  /** Hears how long each answer took. */
  readonly timed?: (kind: RouteKind, seconds: number) => void;
}

export interface OpenedProxy {
  /** "https://127.0.0.1:8449" */
  readonly url: string;
  /** What it has done, as Prometheus text. */
  counts(): string;
  /** Of its certificate, milliseconds since the epoch. */
  life(): CertificateLife;
  /** Keeps its certificate fresh until the signal. */
  keep(signal: AbortSignal): Promise<void>;
  close(graceMs: number): Promise<void>;
}

/** `gate`: of any cluster, for what they share. Listens. Throws an Error that says what to set. */
export async function openProxy(gate: Gate, settings: ProxySettings, peers: ProxyPeers): Promise<OpenedProxy> {
  const { clusters, unnamed, servers, ending } = peers;
  const certificate = await certificateFor(gate, settings, peers);
  const names = servers.flatMap(({ name }) => name ?? []);
  // Rows of each cluster where there are several; else there is nothing to tell apart.
  const counts = createProxyCounts(peers.timed, servers.length > 1 ? names : []);
  const opened = new Map<ProxiedCluster, ProxyDoor>();
  for (const one of clusters) opened.set(one, await doorTo(one, settings, counts.of(one.gate.clusterName), peers));
  const doorOf = createDoorOf([...opened.values()], unnamed === null ? null : (opened.get(unnamed) ?? null), names);
  const proxy = createProxy(gate, { doorOf, counts, ending });
  const listening = await listenAsProxy(proxy, settings.listen, certificate.context);
  return {
    url: listening.url,
    counts: () => counts.text(),
    life: () => certificate.life(),
    keep: (signal) => certificate.keep(listening.server, signal),
    close: (graceMs) => listening.close(graceMs),
  };
}

/** One cluster's: connections, waits and limits of its own, so that a dead one keeps no other waiting. */
const doorTo = async (
  { gate, accounts, writing, trials }: ProxiedCluster,
  { waitSeconds }: ProxySettings,
  counts: ProxyCounts,
  { ending, servers }: ProxyPeers,
): Promise<ProxyDoor> => {
  const { clusterName: cluster } = gate;
  const bare = await connectUpstream(accounts.reading, writing);
  requireOwn('the account that reads', bare.server, cluster, servers);
  const upstream = withKnownDryRuns(bare, trials);
  const patience = { waitSeconds, holdSeconds: HOLD_SECONDS };
  const write = createWrites(gate, { upstream, counts, patience, ending, decode: decodeBody });
  const door = { cluster, upstream, write, counts };
  if (accounts.shadow === null) return door;
  const { send, server } = await connectShadow(accounts.shadow);
  requireOwn('the account of shadow mode', server, cluster, servers);
  return { ...door, shadow: createShadowWrites(gate, { send, decode: decodeBody }) };
};

/** One cluster may have several addresses; that of another cluster is none of them. Throws an Error that says which account. */
const requireOwn = (account: string, server: string, cluster: string | null, servers: ProxyPeers['servers']): void => {
  const other = servers.find((one) => one.server === server);
  if (other === undefined || other.name === cluster) return;
  throw new Error(
    `proxy of ${cluster} in BLASTGATE_CLUSTERS: ${account} leads to ${other.name} (${server}); name a kubeconfig of ${cluster}`,
  );
};

/** The operator's files, else one of the gate's own authority for every name by which agents reach it. */
const certificateFor = async (gate: Gate, { tls, url, listen }: ProxySettings, { authority }: ProxyPeers) => {
  if (tls !== null) return certificateFromFiles(tls, gate);
  const hosts = new Set([hostOf(new URL(url)), 'localhost', '127.0.0.1', listen.host]);
  for (const any of ['0.0.0.0', '::']) hosts.delete(any);
  return startRenewal(await authority(), [...hosts], { clock: gate.clock, log: gate.log, clientCa: null });
};
