// The settings of the proxy become a listener in front of the Kubernetes API: certificate, accounts, door.
import type { Authority } from '../adapters/certificates/authority.ts';
import { startRenewal } from '../adapters/certificates/renewal.ts';
import type { ClusterSource } from '../adapters/cluster/kubeconfig.ts';
import { decodeBody } from '../adapters/request-body/decode-body.ts';
import { hostOf } from '../core/model/host.ts';
import type { Gate } from '../flow/gate.ts';
import { HOLD_SECONDS } from '../flow/requests/patience.ts';
import type { Trials } from '../flow/requests/trials.ts';
import type { CertificateLife } from './certificate-life.ts';
import { connectShadow, connectUpstream } from './open-upstream.ts';
import { certificateFromFiles } from './proxy/certificate-files.ts';
import { createProxyCounts, type RouteKind } from './proxy/counts.ts';
import { withKnownDryRuns } from './proxy/known-dry-runs.ts';
import { listenAsProxy } from './proxy/listen.ts';
import { createProxy, type ProxyState } from './proxy/proxy.ts';
import { createShadowWrites } from './proxy/shadow.ts';
import { createWrites } from './proxy/writes.ts';
import type { ProxySettings } from './settings/guards.ts';

export interface ProxyPeers {
  /** Where the account that writes is: dry runs go by it. */
  readonly writing: ClusterSource;
  /** Where its dry runs are known while they last. */
  readonly trials: Trials;
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

/** Listens. Throws an Error that says what to set. */
export async function openProxy(gate: Gate, settings: ProxySettings, peers: ProxyPeers): Promise<OpenedProxy> {
  const { writing, trials, ending } = peers;
  const certificate = await certificateFor(gate, settings, peers);
  const bare = await connectUpstream({ kubeconfig: settings.kubeconfig, serviceHost: null }, writing);
  const upstream = withKnownDryRuns(bare, trials);
  const counts = createProxyCounts(peers.timed);
  const patience = { waitSeconds: settings.waitSeconds, holdSeconds: HOLD_SECONDS };
  const write = createWrites(gate, { upstream, counts, patience, ending, decode: decodeBody });
  const door = createProxy(gate, { upstream, write, ...(await shadowOf(gate, settings)), counts, ending });
  const listening = await listenAsProxy(door, settings.listen, certificate.context);
  return {
    url: listening.url,
    counts: () => counts.text(),
    life: () => certificate.life(),
    keep: (signal) => certificate.keep(listening.server, signal),
    close: (graceMs) => listening.close(graceMs),
  };
}

/** Shadow mode, where the account for it is set. */
const shadowOf = async (gate: Gate, { shadowKubeconfig }: ProxySettings): Promise<Pick<ProxyState, 'shadow'>> => {
  if (shadowKubeconfig === null) return {};
  const send = await connectShadow({ kubeconfig: shadowKubeconfig, serviceHost: null });
  return { shadow: createShadowWrites(gate, { send, decode: decodeBody }) };
};

/** The operator's files, else one of the gate's own authority for every name by which agents reach it. */
const certificateFor = async (gate: Gate, { tls, url, listen }: ProxySettings, { authority }: ProxyPeers) => {
  if (tls !== null) return certificateFromFiles(tls, gate);
  const hosts = new Set([hostOf(new URL(url)), 'localhost', '127.0.0.1', listen.host]);
  for (const any of ['0.0.0.0', '::']) hosts.delete(any);
  return startRenewal(await authority(), [...hosts], { clock: gate.clock, log: gate.log, clientCa: null });
};
