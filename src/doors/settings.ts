// The settings of a gate, read from the environment (contract section 3); each theme of them has its file in settings/.
import type { Flags } from '../core/decision/decide.ts';
import type { Lang } from '../core/text/words/lang.ts';
import type { Secret } from '../ports/secret.ts';
import { type ListenSettings, readHosts, readListen, readOwnUrl } from './settings/addresses.ts';
import { type ChatSettings, readChats } from './settings/chats.ts';
import { type Env, readFlag, readSwitch, readVariable, secretOf } from './settings/environment.ts';
import { type ForgeSettings, readForge } from './settings/forge.ts';
import { type AdmissionSettings, type ProxySettings, readAdmission, readProxy } from './settings/guards.ts';
import { type LoginSettings, readLogin } from './settings/login.ts';
import { dataDirOf, type RetentionSettings, readRetention, readStoreUrl, type StorePlace } from './settings/store.ts';
import { readTraces, type TraceSettings } from './settings/traces.ts';

export interface Settings extends StorePlace {
  readonly flags: Flags;
  /** null: no forge is configured; people are asked by chat and console. */
  readonly forge: ForgeSettings | null;
  /** Empty: people hear nothing by themselves. */
  readonly chats: readonly ChatSettings[];
  /** What a forge proves itself by at /hooks/…; null: nothing is heard there. */
  readonly hookSecret: Secret | null;
  /** Refuses to start on a database that acknowledges what only one machine has. */
  readonly storeRequiresSync: boolean;
  /** null: everything stays. */
  readonly retention: RetentionSettings | null;
  readonly listen: ListenSettings;
  /** Where people reach the gate and its console (BLASTGATE_URL); null: it is not said. */
  readonly url: string | null;
  /** Host names, beside loopback and addresses, by which web pages and MCP clients may call the gate. */
  readonly hosts: readonly string[];
  readonly login: LoginSettings;
  readonly peopleFile: string | null;
  readonly policyFile: string | null;
  /** Of the bearer token for the Prometheus of the policy, read for each query; null: it wants none. */
  readonly prometheusTokenFile: string | null;
  readonly lang: Lang;
  /** KUBECONFIG; null means in-cluster, else the client's own default. */
  readonly kubeconfig: string | null;
  /** clusters.yaml, where the gate looks after several; null: the one of KUBECONFIG. */
  readonly clustersFile: string | null;
  /** The cluster that proxy and admission stand before; null: the only one. */
  readonly guardedCluster: string | null;
  /** null: agents have no proxy. */
  readonly proxy: ProxySettings | null;
  /** null: the API server asks nobody. */
  readonly admission: AdmissionSettings | null;
  /** null: nobody is sent traces. */
  readonly traces: TraceSettings | null;
}

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly string[] };

const flagsIn = (env: Env, problems: string[]): Flags => ({
  blastRadiusCheck: readFlag(env, 'AIOPS_P5_BLAST_RADIUS_CHECK', problems),
  gitopsPr: readFlag(env, 'AIOPS_P5_GITOPS_PR', problems),
});

/** The two flags alone, for a door that judges without a gate. */
export function readFlagSettings(
  env: Env,
): { readonly ok: true; readonly flags: Flags } | { readonly ok: false; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const flags = flagsIn(env, problems);
  return problems.length === 0 ? { ok: true, flags } : { ok: false, problems };
}

/** Reads and checks every setting of the gate; all problems are returned together, each saying what to do. */
export function readSettings(env: Env): SettingsResult {
  const problems: string[] = [];
  const read = (name: string) => readVariable(env, name, problems);
  const place = { dataDir: dataDirOf(env), storeUrl: readStoreUrl(read('BLASTGATE_STORE'), problems) };
  const settings: Settings = {
    ...place,
    flags: flagsIn(env, problems),
    forge: readForge(read, problems),
    chats: readChats(read, problems),
    hookSecret: secretOf(read('BLASTGATE_HOOK_SECRET')),
    storeRequiresSync: readSwitch(env, 'BLASTGATE_STORE_REQUIRE_SYNC', problems),
    retention: readRetention(place, read, problems),
    listen: readListen('BLASTGATE_LISTEN', read('BLASTGATE_LISTEN') ?? '127.0.0.1:8448', problems),
    url: readOwnUrl(read('BLASTGATE_URL'), problems),
    hosts: readHosts(read('BLASTGATE_HOSTS') ?? '', problems),
    login: readLogin(read, problems),
    peopleFile: read('BLASTGATE_PEOPLE'),
    policyFile: read('BLASTGATE_POLICY'),
    prometheusTokenFile: read('PROMETHEUS_TOKEN_FILE'),
    lang: readLang(read('BLASTGATE_LANG') ?? 'en', problems),
    kubeconfig: read('KUBECONFIG'),
    clustersFile: read('BLASTGATE_CLUSTERS'),
    guardedCluster: read('BLASTGATE_GUARDED_CLUSTER'),
    proxy: readProxy(read, problems),
    admission: readAdmission(read, problems),
    traces: readTraces(read, problems),
  };
  return problems.length === 0 ? { ok: true, settings } : { ok: false, problems };
}

const readLang = (text: string, problems: string[]): Lang => {
  if (text === 'en' || text === 'zh-TW') return text;
  problems.push(`BLASTGATE_LANG is "${text}"; the languages are en and zh-TW`);
  return 'en';
};
