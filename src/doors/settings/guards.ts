// The settings of what stands before the Kubernetes API: the proxy for agents, and the listener that API servers ask.
import { authorityOf } from '../../core/model/host.ts';
import { MOST_WAIT_SECONDS } from '../../flow/requests/patience.ts';
import { checkUrl, type ListenSettings, readListen } from './addresses.ts';
import type { ReadVariable } from './environment.ts';

/** The proxy in front of the Kubernetes API. */
export interface ProxySettings {
  readonly listen: ListenSettings;
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
  readonly listen: ListenSettings;
  /** How they reach it, with its path: what `blastgate guard-executor` prints, and the certificate names. */
  readonly url: string;
}

/** The rest of the settings means nothing without a listener, and says so rather than be forgotten. */
const PROXY_ONLY = [
  'BLASTGATE_TLS_CERT',
  'BLASTGATE_TLS_KEY',
  'BLASTGATE_PROXY_URL',
  'BLASTGATE_PROXY_KUBECONFIG',
  'BLASTGATE_PROXY_WAIT',
  'BLASTGATE_SHADOW_KUBECONFIG',
] as const;

/** null: agents have no proxy. */
export function readProxy(read: ReadVariable, problems: string[]): ProxySettings | null {
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
  const url = (read('BLASTGATE_PROXY_URL') ?? `https://${authorityOf({ host, port: listen.port })}`).replace(
    /\/+$/,
    '',
  );
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
}

/** Beyond 300 s kubectl's ten repetitions do not cover it (contract-2, section 8). */
const readWait = (text: string, problems: string[]): number => {
  const seconds = Number(text);
  if (/^\d{1,3}$/.test(text) && seconds >= 1 && seconds <= MOST_WAIT_SECONDS) return seconds;
  problems.push(`BLASTGATE_PROXY_WAIT is "${text}"; write whole seconds from 1 to ${MOST_WAIT_SECONDS}`);
  return MOST_WAIT_SECONDS;
};

/** null: API servers ask nobody. */
export function readAdmission(read: ReadVariable, problems: string[]): AdmissionSettings | null {
  const [address, named] = [read('BLASTGATE_ADMISSION_LISTEN'), read('BLASTGATE_ADMISSION_URL')];
  if (address === null) {
    if (named !== null)
      problems.push('BLASTGATE_ADMISSION_URL means nothing without BLASTGATE_ADMISSION_LISTEN (HOST:PORT)');
    return null;
  }
  const listen = readListen('BLASTGATE_ADMISSION_LISTEN', address, problems);
  const isEverywhere = ['0.0.0.0', '::'].includes(listen.host);
  const host = isEverywhere ? 'blastgate.blastgate.svc' : listen.host;
  const url = named ?? `https://${authorityOf({ host, port: listen.port })}/admission`;
  checkUrl('BLASTGATE_ADMISSION_URL', url, problems);
  if (!url.startsWith('https:') || URL.parse(url)?.pathname !== '/admission')
    problems.push(`BLASTGATE_ADMISSION_URL is "${url}"; write https://HOST:PORT/admission`);
  return { listen, url };
}
