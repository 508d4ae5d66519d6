// Every peer, and how it is opened: the cluster, the store, forges, chats, whoever vouches for people.
import type { ClusterSource } from '../adapters/cluster/kubeconfig.ts';
import type { Json } from '../core/model/json.ts';
import type { Gate } from '../flow/gate.ts';
import type { SteadyClock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Secret } from '../ports/secret.ts';
import type { Store } from '../ports/store.ts';
import type { NamedCluster } from './clusters-file.ts';
import type { AskingGates } from './open-admission.ts';
import type { ProxyPeers } from './open-proxy.ts';
import type { ShareSettings } from './open-share.ts';
import type { ChatSettings } from './settings/chats.ts';
import type { ForgeSettings } from './settings/forge.ts';
import type { AdmissionSettings, ProxySettings } from './settings/guards.ts';
import type { OidcSettings } from './settings/login.ts';
import type { StorePlace } from './settings/store.ts';
import type { TraceSettings } from './settings/traces.ts';

/**
 * Every peer and how it is opened, for the gate and for each command that asks one. A peer's code loads when it is opened:
 * a command pays for what it uses.
 */
export const OPEN = {
  cluster: async (source: ClusterSource, hash?: (value: Json) => string) =>
    (await import('./open-cluster.ts')).connectCluster(source, hash),
  namedCluster: async ({ access }: NamedCluster) => {
    const { connectCluster, sourceOf } = await import('./open-cluster.ts');
    return connectCluster(sourceOf(access));
  },
  share: async (cluster: NamedCluster, settings: ShareSettings, log: Log) =>
    (await import('./open-share.ts')).openShare(cluster, settings, log),
  agentProof: async (agent: ClusterSource, observer: ClusterSource | null, signal: AbortSignal) =>
    (await import('./open-cluster.ts')).proveAgentOf(agent, observer, signal),
  store: async ({ dataDir, storeUrl }: StorePlace) => (await import('./open-store.ts')).openStore(dataDir, storeUrl),
  clock: async (store: Store, machine: SteadyClock) => (await import('./open-store.ts')).openClock(store, machine),
  trail: async ({ dataDir, storeUrl }: StorePlace) => (await import('./open-store.ts')).openTrail(dataDir, storeUrl),
  storeCopy: async (from: StorePlace, to: StorePlace, signal: AbortSignal) =>
    (await import('./open-store.ts')).copyStore(from, to, signal),
  archive: async (folder: string) => (await import('../adapters/trail-archive/folder.ts')).archiveFolder(folder),
  storeFacts: async (url: Secret) => (await import('./open-store.ts')).readStoreFacts(url),
  forge: async (settings: ForgeSettings) => (await import('./open-forge.ts')).openForge(settings),
  forgeHook: async (channel: ForgeSettings['channel'], secret: Secret, wake: () => void) =>
    (await import('./open-forge.ts')).openForgeHook(channel, secret, wake),
  chat: async (settings: ChatSettings, warn?: (what: string) => void) =>
    (await import('./open-chat.ts')).openChat(settings, warn),
  proxy: async (gate: Gate, settings: ProxySettings, peers: ProxyPeers) =>
    (await import('./open-proxy.ts')).openProxy(gate, settings, peers),
  admission: async (asking: AskingGates, dataDir: string, settings: AdmissionSettings) =>
    (await import('./open-admission.ts')).openAdmission(asking, dataDir, settings),
  traces: async (settings: TraceSettings, log: Log) => (await import('./open-traces.ts')).openTraces(settings, log),
  loginLinks: async (dataDir: string) => (await import('../adapters/login-links/folder.ts')).loginLinkFolder(dataDir),
  identity: async (settings: OidcSettings) => (await import('./open-login.ts')).openIdentityProvider(settings),
  authority: async (dataDir: string) => (await import('../adapters/certificates/authority.ts')).openAuthority(dataDir),
} as const;
