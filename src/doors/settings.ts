// The settings of a gate, read from the environment (contract section 3).
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Flags } from '../core/decision/decide.ts';
import type { Lang } from '../core/text/words/lang.ts';
import { MOST_WAIT_SECONDS } from '../flow/requests/patience.ts';
import { Secret } from '../ports/secret.ts';
import { readTraces, type TraceSettings } from './trace-settings.ts';

/** Where reviews are made (house rule 10: a brand is named in its adapter, here, and in open-<wing>.ts). */
export type ForgeSettings =
  | {
      readonly channel: 'gitea';
      readonly apiUrl: string;
      readonly token: Secret;
      readonly owner: string;
      readonly repo: string;
    }
  | { readonly channel: 'github'; readonly apiUrl: string; readonly token: Secret; readonly repository: string }
  | { readonly channel: 'gitlab'; readonly apiUrl: string; readonly token: Secret; readonly project: string };

/** A chat where people are told and answer. */
export type ChatSettings =
  /** `webhook`: where Telegram sends, and the secret that proves it; null: the gate polls. */
  | {
      readonly channel: 'telegram';
      readonly token: Secret;
      readonly chats: readonly string[];
      readonly apiRoot: string;
      readonly webhook: { readonly url: string; readonly secret: Secret } | null;
    }
  /** `hears`: by a connection of the gate's own (socket mode), or at /hooks/slack. */
  | {
      readonly channel: 'slack';
      readonly token: Secret;
      readonly chats: readonly string[];
      readonly apiUrl: string;
      readonly hears:
        | { readonly kind: 'socket'; readonly appToken: Secret }
        | { readonly kind: 'http'; readonly signingSecret: Secret };
    };

/** The proxy in front of the Kubernetes API. */
export interface ProxySettings {
  readonly listen: { readonly host: string; readonly port: number };
  /** How agents reach it: what `blastgate kubeconfig` prints, and the certificate names. */
  readonly url: string;
  /** Files of a certificate with its chain, and its key; null: the gate is its own authority. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** The account that reads for agents, never the one that writes; null: clusters.yaml names one for each cluster. */
  readonly kubeconfig: string | null;
  /** The account that passes writes on as the agents in shadow mode; null: there is no shadow mode. */
  readonly shadowKubeconfig: string | null;
  /** Seconds until a write that nobody decides is turned away. */
  readonly waitSeconds: number;
}

/** Where API servers ask before the gate's own account writes. */
export interface AdmissionSettings {
  readonly listen: { readonly host: string; readonly port: number };
  /** How they reach it, with its path: what `blastgate guard-executor` prints, and the certificate names. */
  readonly url: string;
}

/** Where what the gate remembers lies: a folder, or a database. */
export type StorePlace = Pick<Settings, 'dataDir' | 'storeUrl'>;
/** How people log in to the console. */
export interface LoginSettings {
  /** `links` is BLASTGATE_LOGIN; else one-time links are taken on loopback alone. */
  readonly links: 'links' | 'on-loopback';
  /** null: nobody logs in by an issuer. */
  readonly oidc: OidcSettings | null;
}

/** An OpenID Connect issuer that vouches for people. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, by PKCE alone. */
  readonly clientSecret: Secret | null;
  /** https://HOST/login/callback */
  readonly redirectUrl: string;
}

export interface Settings {
  readonly flags: Flags;
  /** null: no forge is configured; people are asked by chat and console. */
  readonly forge: ForgeSettings | null;
  /** Empty: people hear nothing by themselves. */
  readonly chats: readonly ChatSettings[];
  /** What a forge proves itself by at /hooks/…; null: nothing is heard there. */
  readonly hookSecret: Secret | null;
  readonly dataDir: string;
  /** A PostgreSQL database that gates beside each other share; null: a SQLite file in dataDir, for one gate. */
  readonly storeUrl: Secret | null;
  /** Refuses to start on a database that acknowledges what only one machine has. */
  readonly storeRequiresSync: boolean;
  /** After how many days what is over goes into the archive, and its folder; null: everything stays. */
  readonly retention: { readonly days: number; readonly folder: string } | null;
  readonly listen: { readonly host: string; readonly port: number };
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

type Env = Readonly<Record<string, string | undefined>>;

/** Every secret may come as NAME_FILE; these are the secrets. */
const SECRETS = [
  'OTEL_EXPORTER_OTLP_HEADERS',
  'GITEA_API_TOKEN',
  'GITHUB_TOKEN',
  'GITLAB_TOKEN',
  'TELEGRAM_BOT_TOKEN',
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'BLASTGATE_TOKEN',
  'BLASTGATE_HOOK_SECRET',
  'OIDC_CLIENT_SECRET',
  'BLASTGATE_STORE',
] as const;

/** Off where it is not set. */
const readSwitch = (env: Env, name: string, problems: string[]): boolean =>
  (env[name] ?? '') !== '' && readFlag(env, name, problems) === 'on';

const readFlag = (env: Env, name: string, problems: string[]): 'on' | 'off' => {
  const text = readVariable(env, name, problems) ?? 'true';
  if (text === 'true' || text === '1') return 'on';
  if (text !== 'false' && text !== '0') problems.push(`${name} is "${text}"; write true, false, 1 or 0`);
  return 'off';
};

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
    chats: [readTelegram(read, problems), readSlack(read, problems)].filter((one) => one !== null),
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

/** Where the gate keeps its database: BLASTGATE_DATA, else the XDG state folder. */
export function dataDirOf(env: Env): string {
  const named = env['BLASTGATE_DATA'];
  if (named !== undefined && named !== '') return named;
  const state = env['XDG_STATE_HOME'];
  return join(state !== undefined && state !== '' ? state : join(homedir(), '.local', 'state'), 'blastgate');
}

/** Where what the gate remembers lies, for a command that asks nothing else of the settings. */
export function readStoreSettings(env: Env): {
  readonly dataDir: string;
  readonly storeUrl: Secret | null;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const storeUrl = readStoreUrl(readVariable(env, 'BLASTGATE_STORE', problems), problems);
  return { dataDir: dataDirOf(env), storeUrl, problems };
}

const readStoreUrl = (text: string | null, problems: string[]): Secret | null => {
  if (text === null || text === 'sqlite') return null;
  if (URL.canParse(text) && /^postgres(?:ql)?:$/.test(new URL(text).protocol)) return new Secret(text);
  // Without its text: a password may stand in it.
  problems.push('BLASTGATE_STORE is neither sqlite nor postgres://USER:PASSWORD@HOST:PORT/DATABASE; set one of them');
  return null;
};

/** Scores look at what failed in the last seven days: those are kept at least, with a day to spare. */
const [LEAST_DAYS, MOST_DAYS] = [8, 36_500];

const readRetention = (
  { dataDir, storeUrl }: StorePlace,
  read: (name: string) => string | null,
  problems: string[],
): Settings['retention'] => {
  const [text, folder] = [read('BLASTGATE_RETENTION_DAYS'), read('BLASTGATE_ARCHIVE')];
  if (text === null) {
    if (folder !== null)
      problems.push('BLASTGATE_ARCHIVE is set without BLASTGATE_RETENTION_DAYS: set both or neither');
    return null;
  }
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days < LEAST_DAYS || days > MOST_DAYS)
    problems.push(`BLASTGATE_RETENTION_DAYS is "${text}"; write a whole number from ${LEAST_DAYS} to ${MOST_DAYS}`);
  if (folder === null && storeUrl !== null)
    problems.push('BLASTGATE_RETENTION_DAYS on a database needs BLASTGATE_ARCHIVE, the folder where old lines go');
  return { days, folder: folder ?? join(dataDir, 'archive') };
};

/** A token for a client command: BLASTGATE_TOKEN or the file that BLASTGATE_TOKEN_FILE names. */
export function readClientSettings(env: Env): {
  readonly url: string;
  readonly token: Secret | null;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const token = readVariable(env, 'BLASTGATE_TOKEN', problems);
  const url = readVariable(env, 'BLASTGATE_URL', problems) ?? 'http://127.0.0.1:8448';
  checkUrl('BLASTGATE_URL', url, problems);
  return { url: url.replace(/\/+$/, ''), token: token === null ? null : new Secret(token), problems };
}

const readVariable = (env: Env, name: string, problems: string[]): string | null => {
  const direct = env[name] === '' ? undefined : env[name];
  const file = (SECRETS as readonly string[]).includes(name) ? env[`${name}_FILE`] : undefined;
  if (file === undefined || file === '') return direct ?? null;
  if (direct !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set; keep one`);
    return null;
  }
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text === '') problems.push(`${name}_FILE names an empty file: ${file}`);
    return text === '' ? null : text;
  } catch {
    problems.push(`${name}_FILE names a file that cannot be read: ${file}`);
    return null;
  }
};

/** One of three: two forges that are set would leave open where people look. */
const readForge = (read: (name: string) => string | null, problems: string[]): ForgeSettings | null => {
  const named = [
    readGitea(read, problems),
    readSingle(read, problems, {
      token: 'GITHUB_TOKEN',
      place: 'GITHUB_REPOSITORY',
      url: 'GITHUB_API_URL',
      otherwise: 'https://api.github.com',
      made: (apiUrl, token, repository) => ({ channel: 'github', apiUrl, token, repository }),
    }),
    readSingle(read, problems, {
      token: 'GITLAB_TOKEN',
      place: 'GITLAB_PROJECT',
      url: 'GITLAB_API_URL',
      otherwise: 'https://gitlab.com/api/v4',
      made: (apiUrl, token, project) => ({ channel: 'gitlab', apiUrl, token, project }),
    }),
  ].filter((one) => one !== null);
  if (named.length > 1)
    problems.push(
      'more than one forge is set (GITEA_*, GITHUB_*, GITLAB_*): reviews are made in one, keep one of them',
    );
  return named[0] ?? null;
};

/** A forge that needs a token and the place of the reviews, and has an address of its own where none is named. */
const readSingle = (
  read: (name: string) => string | null,
  problems: string[],
  forge: {
    readonly token: string;
    readonly place: string;
    readonly url: string;
    readonly otherwise: string;
    readonly made: (apiUrl: string, token: Secret, place: string) => ForgeSettings;
  },
): ForgeSettings | null => {
  const [token, place, url] = [read(forge.token), read(forge.place), read(forge.url)];
  if (token === null && place === null && url === null) return null;
  // Every job there finds the repository of its workflow in its environment.
  if (token === null && read('GITHUB_ACTIONS') === 'true') return null;
  if (token === null || place === null) {
    problems.push(`the review repository is only half set: ${token === null ? forge.token : forge.place} is missing`);
    return null;
  }
  const apiUrl = (url ?? forge.otherwise).replace(/\/+$/, '');
  checkUrl(forge.url, apiUrl, problems);
  return forge.made(apiUrl, new Secret(token), place);
};

const readGitea = (read: (name: string) => string | null, problems: string[]): ForgeSettings | null => {
  const names = ['GITEA_API_URL', 'GITEA_API_TOKEN', 'GITEA_REPO_OWNER', 'GITEA_REPO_NAME'] as const;
  const [apiUrl, token, owner, repo] = [read(names[0]), read(names[1]), read(names[2]), read(names[3])];
  const missing = names.filter((_, i) => [apiUrl, token, owner, repo][i] === null);
  if (missing.length === names.length) return null;
  if (apiUrl === null || token === null || owner === null || repo === null) {
    problems.push(
      `the review repository is only half set: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
    return null;
  }
  const trimmed = apiUrl.replace(/\/+$/, '');
  if (!trimmed.endsWith('/api/v1')) problems.push(`GITEA_API_URL must end in /api/v1, this is "${apiUrl}"`);
  checkUrl('GITEA_API_URL', trimmed, problems);
  return { channel: 'gitea', apiUrl: trimmed, token: new Secret(token), owner, repo };
};

const secretOf = (text: string | null): Secret | null => (text === null ? null : new Secret(text));

const readTelegram = (read: (name: string) => string | null, problems: string[]): ChatSettings | null => {
  const [token, chats] = [read('TELEGRAM_BOT_TOKEN'), read('TELEGRAM_CHAT_ID')];
  const apiRoot = (read('TELEGRAM_API_ROOT') ?? 'https://api.telegram.org').replace(/\/+$/, '');
  if (token === null && chats === null) return null;
  if (token === null || chats === null) {
    problems.push(
      `the chat is only half set: ${token === null ? 'TELEGRAM_BOT_TOKEN' : 'TELEGRAM_CHAT_ID'} is missing`,
    );
    return null;
  }
  const named = chats.split(/[\s,]+/).filter((id) => id !== '');
  for (const id of named) {
    if (!/^-?\d+$/.test(id)) problems.push(`TELEGRAM_CHAT_ID holds "${id}"; chat ids are whole numbers`);
  }
  checkUrl('TELEGRAM_API_ROOT', apiRoot, problems);
  return {
    channel: 'telegram',
    token: new Secret(token),
    chats: named,
    apiRoot,
    webhook: readTelegramHook(read, problems),
  };
};

const readTelegramHook = (
  read: (name: string) => string | null,
  problems: string[],
): { readonly url: string; readonly secret: Secret } | null => {
  const [url, secret] = [read('TELEGRAM_WEBHOOK_URL'), read('BLASTGATE_HOOK_SECRET')];
  if (url === null) return null;
  checkUrl('TELEGRAM_WEBHOOK_URL', url, problems);
  if (!url.endsWith('/hooks/telegram'))
    problems.push(`TELEGRAM_WEBHOOK_URL is "${url}"; write the address of this gate, ending in /hooks/telegram`);
  if (secret === null || !/^[A-Za-z0-9_-]{1,256}$/.test(secret)) {
    problems.push('TELEGRAM_WEBHOOK_URL needs BLASTGATE_HOOK_SECRET: 1 to 256 letters, digits, "_" and "-"');
    return null;
  }
  return { url, secret: new Secret(secret) };
};

/** Names alone would not do: a channel may be renamed, its ID stays. */
const SLACK_CHANNEL_ID = /^[CG][A-Z0-9]{2,30}$/;

const readSlack = (read: (name: string) => string | null, problems: string[]): ChatSettings | null => {
  const [token, channels] = [read('SLACK_BOT_TOKEN'), read('SLACK_CHANNEL')];
  const [appToken, signingSecret] = [read('SLACK_APP_TOKEN'), read('SLACK_SIGNING_SECRET')];
  const apiUrl = (read('SLACK_API_URL') ?? 'https://slack.com/api').replace(/\/+$/, '');
  if ([token, channels, appToken, signingSecret].every((one) => one === null)) return null;
  const missing = [
    ...(token === null ? ['SLACK_BOT_TOKEN'] : []),
    ...(channels === null ? ['SLACK_CHANNEL'] : []),
    ...(appToken === null && signingSecret === null ? ['SLACK_APP_TOKEN (socket mode) or SLACK_SIGNING_SECRET'] : []),
  ];
  if (missing.length > 0 || token === null || channels === null) {
    problems.push(`Slack is only half set: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`);
    return null;
  }
  if (appToken !== null && signingSecret !== null)
    problems.push('SLACK_APP_TOKEN and SLACK_SIGNING_SECRET are both set: the gate listens in one way, keep one');
  const named = channels.split(/[\s,]+/).filter((id) => id !== '');
  for (const id of named)
    if (!SLACK_CHANNEL_ID.test(id))
      problems.push(`SLACK_CHANNEL holds "${id}"; write the channel's ID, as in C02AB3CDE ("Copy link" ends in it)`);
  checkUrl('SLACK_API_URL', apiUrl, problems);
  const hears =
    appToken !== null
      ? ({ kind: 'socket', appToken: new Secret(appToken) } as const)
      : ({ kind: 'http', signingSecret: new Secret(signingSecret ?? '') } as const);
  return { channel: 'slack', token: new Secret(token), chats: named, apiUrl, hears };
};

/** Tokens travel in clear over http, so it is accepted for loopback alone (contract section 3). */
const checkUrl = (name: string, text: string, problems: string[]): void => {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    problems.push(`${name} is not an http(s) address: "${text}"`);
    return;
  }
  const loopback = url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
  if (url.protocol === 'http:' && !loopback) problems.push(`${name} must be https unless it is loopback: "${text}"`);
  if (url.username !== '' || url.password !== '') problems.push(`${name} must not hold a user name or password`);
};

/** The gate's own address, as people reach it: it is only shown to them, so http is taken within a network of one's own. */
const readOwnUrl = (text: string | null, problems: string[]): string | null => {
  if (text === null) return null;
  const url = URL.parse(text);
  const isAddress = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isAddress || url.username !== '' || url.password !== '') {
    problems.push(`BLASTGATE_URL is no http(s) address, or holds a user name: "${text}"`);
    return null;
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
};

const readListen = (name: string, text: string, problems: string[]): { host: string; port: number } => {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3] ?? Number.NaN);
  if (match === null || port > 65_535) {
    problems.push(`${name} is "${text}"; write HOST:PORT, for example 127.0.0.1:8448`);
    return { host: '127.0.0.1', port: 8448 };
  }
  return { host: (match[1] ?? match[2] ?? '') || '127.0.0.1', port };
};

/** The rest of the settings means nothing without a listener, and says so rather than be forgotten. */
const PROXY_ONLY = [
  'BLASTGATE_TLS_CERT',
  'BLASTGATE_TLS_KEY',
  'BLASTGATE_PROXY_URL',
  'BLASTGATE_PROXY_KUBECONFIG',
  'BLASTGATE_PROXY_WAIT',
  'BLASTGATE_SHADOW_KUBECONFIG',
] as const;

const readProxy = (read: (name: string) => string | null, problems: string[]): ProxySettings | null => {
  const address = read('BLASTGATE_PROXY_LISTEN');
  if (address === null) {
    const alone = PROXY_ONLY.filter((name) => read(name) !== null);
    if (alone.length > 0)
      problems.push(`${alone.join(', ')}: there is no proxy without BLASTGATE_PROXY_LISTEN (HOST:PORT)`);
    return null;
  }
  const listen = readListen('BLASTGATE_PROXY_LISTEN', address, problems);
  const [certFile, keyFile] = [read('BLASTGATE_TLS_CERT'), read('BLASTGATE_TLS_KEY')];
  if ((certFile === null) !== (keyFile === null))
    problems.push('BLASTGATE_TLS_CERT and BLASTGATE_TLS_KEY belong together: set both, or neither');
  const kubeconfig = read('BLASTGATE_PROXY_KUBECONFIG');
  const isOfOne = read('BLASTGATE_CLUSTERS') === null;
  if (kubeconfig === null && isOfOne)
    problems.push(
      'BLASTGATE_PROXY_LISTEN needs BLASTGATE_PROXY_KUBECONFIG: a kubeconfig of an account that may only read (deploy/proxy.yaml)',
    );
  else if (isOfOne && kubeconfig === read('KUBECONFIG'))
    problems.push('BLASTGATE_PROXY_KUBECONFIG is KUBECONFIG: the account that writes must not read for agents');
  const shadowKubeconfig = read('BLASTGATE_SHADOW_KUBECONFIG');
  if (shadowKubeconfig !== null && [kubeconfig, read('KUBECONFIG')].includes(shadowKubeconfig))
    problems.push(
      'BLASTGATE_SHADOW_KUBECONFIG must be of an account of its own, which may act as the agents and do nothing else (deploy/shadow.yaml)',
    );
  const host = ['0.0.0.0', '::'].includes(listen.host) ? 'localhost' : listen.host;
  const url = (
    read('BLASTGATE_PROXY_URL') ?? `https://${host.includes(':') ? `[${host}]` : host}:${listen.port}`
  ).replace(/\/+$/, '');
  checkUrl('BLASTGATE_PROXY_URL', url, problems);
  if (!url.startsWith('https:')) problems.push('BLASTGATE_PROXY_URL must be https: kubectl sends no token without it');
  return {
    listen,
    url,
    tls: certFile === null || keyFile === null ? null : { certFile, keyFile },
    kubeconfig,
    shadowKubeconfig,
    waitSeconds: readWait(read('BLASTGATE_PROXY_WAIT') ?? '300', problems),
  };
};

const readAdmission = (read: (name: string) => string | null, problems: string[]): AdmissionSettings | null => {
  const [address, named] = [read('BLASTGATE_ADMISSION_LISTEN'), read('BLASTGATE_ADMISSION_URL')];
  if (address === null) {
    if (named !== null)
      problems.push('BLASTGATE_ADMISSION_URL means nothing without BLASTGATE_ADMISSION_LISTEN (HOST:PORT)');
    return null;
  }
  const listen = readListen('BLASTGATE_ADMISSION_LISTEN', address, problems);
  const isEverywhere = ['0.0.0.0', '::'].includes(listen.host);
  const host = isEverywhere ? 'blastgate.blastgate.svc' : listen.host;
  const url = named ?? `https://${host.includes(':') ? `[${host}]` : host}:${listen.port}/admission`;
  checkUrl('BLASTGATE_ADMISSION_URL', url, problems);
  if (!url.startsWith('https:') || URL.parse(url)?.pathname !== '/admission')
    problems.push(`BLASTGATE_ADMISSION_URL is "${url}"; write https://HOST:PORT/admission`);
  return { listen, url };
};

/** Beyond 300 s kubectl's ten repetitions do not cover it (contract-2, section 8). */
const readWait = (text: string, problems: string[]): number => {
  const seconds = Number(text);
  if (/^\d{1,3}$/.test(text) && seconds >= 1 && seconds <= MOST_WAIT_SECONDS) return seconds;
  problems.push(`BLASTGATE_PROXY_WAIT is "${text}"; write whole seconds from 1 to ${MOST_WAIT_SECONDS}`);
  return MOST_WAIT_SECONDS;
};

/** Names alone: by whatever port a gate is reached, it is the same gate. */
const readHosts = (text: string, problems: string[]): readonly string[] => {
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  for (const name of names) {
    if (!/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name))
      problems.push(`BLASTGATE_HOSTS holds "${name}"; write host names without scheme or port, as gate.example.org`);
  }
  return names.map((name) => name.toLowerCase());
};

const readLogin = (read: (name: string) => string | null, problems: string[]): LoginSettings => {
  const text = read('BLASTGATE_LOGIN');
  if (text !== null && text !== 'links')
    problems.push(`BLASTGATE_LOGIN is "${text}"; write links, or leave it out: then links are taken on loopback alone`);
  const oidc = readOidc(read, problems);
  if (oidc !== null && text === 'links')
    problems.push('BLASTGATE_LOGIN=links beside OIDC_ISSUER: a link would be a way past the issuer; keep one');
  return { links: text === 'links' ? 'links' : 'on-loopback', oidc };
};

const readOidc = (read: (name: string) => string | null, problems: string[]): OidcSettings | null => {
  const names = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_REDIRECT_URL'] as const;
  const [issuer, clientId, redirectUrl] = [read(names[0]), read(names[1]), read(names[2])];
  const clientSecret = read('OIDC_CLIENT_SECRET');
  if (issuer === null && clientId === null && redirectUrl === null && clientSecret === null) return null;
  const missing = names.filter((_, i) => [issuer, clientId, redirectUrl][i] === null);
  if (issuer === null || clientId === null || redirectUrl === null) {
    problems.push(
      `the login by OIDC is only half set: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
    return null;
  }
  checkUrl('OIDC_ISSUER', issuer, problems);
  checkUrl('OIDC_REDIRECT_URL', redirectUrl, problems);
  if (URL.parse(redirectUrl)?.pathname !== '/login/callback')
    problems.push(`OIDC_REDIRECT_URL is "${redirectUrl}"; write https://HOST/login/callback`);
  return { issuer, clientId, clientSecret: clientSecret === null ? null : new Secret(clientSecret), redirectUrl };
};

const readLang = (text: string, problems: string[]): Lang => {
  if (text === 'en' || text === 'zh-TW') return text;
  problems.push(`BLASTGATE_LANG is "${text}"; the languages are en and zh-TW`);
  return 'en';
};
