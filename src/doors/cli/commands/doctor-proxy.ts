// The proxy's settings → findings: its certificate, and that the account that reads for agents can write nothing.
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostOf } from '../../../core/model/host.ts';
import { resourceOf } from '../../../ports/cluster-rights.ts';
import { loadClusters, type NamedCluster } from '../../clusters-file.ts';
import { type AccountSource, guardedClusters, type ProxyAccounts } from '../../guarded-clusters.ts';
import { OPEN } from '../../open-peers.ts';
import type { Settings } from '../../settings.ts';
import { type Finding, finding } from './finding.ts';

const PATIENCE_MS = 10_000;
const DAY_MS = 86_400_000;
/** Days before its end at which a certificate is worth a word: renewers leave a third of ninety. */
const SOON = 14;
const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const MOST_NAMED = 8;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** [] where there is no proxy. `now` in milliseconds. */
export async function proxyFindings(settings: Settings, now: number): Promise<readonly Finding[]> {
  const { proxy, dataDir } = settings;
  const { clusters, problems: unreadable } = loadClusters(settings, null);
  // What is wrong with the file is said of the clusters.
  if (unreadable.length > 0) return [];
  const { guarded, problems } = guardedClusters(clusters, settings);
  if (problems.length > 0)
    return problems.map((problem) => finding('proxy', 'fail', problem, 'set it as docs/proxy.md says'));
  if (proxy === null) return [];
  const certificate = proxy.tls === null ? ownAuthority(dataDir) : givenCertificate(proxy.tls.certFile, proxy.url, now);
  const found = clusters.map((one, at) => clusterFindings(one, guarded.accounts[at] ?? null, clusters.length > 1));
  return [certificate, ...(await Promise.all(found)).flat()];
}

/** Of the accounts at one cluster, by its name where there are several. */
const clusterFindings = async (
  cluster: NamedCluster,
  accounts: ProxyAccounts | null,
  isOneOfSeveral: boolean,
): Promise<readonly Finding[]> => {
  if (accounts === null)
    return [
      finding(
        'proxy',
        'warn',
        `${cluster.name}: the proxy does not stand before it: whatever agents may do there, they do past the gate`,
        'name an account that reads there: proxy in BLASTGATE_CLUSTERS (docs/proxy.md)',
      ),
    ];
  const findings = [...(await accountFindings(accounts.reading)), ...(await placeFindings(cluster, accounts.reading))];
  return isOneOfSeveral ? findings.map((one) => ({ ...one, message: `${cluster.name}: ${one.message}` })) : findings;
};

/** Whether the account leads to the cluster that is written to, as far as it may say so; [] where nothing tells them apart. */
const placeFindings = async (cluster: NamedCluster, reading: AccountSource): Promise<readonly Finding[]> => {
  const uidOf = async (opened: ReturnType<typeof OPEN.cluster>): Promise<string | null> =>
    (await opened).uid(AbortSignal.timeout(PATIENCE_MS));
  // What cannot be asked is said by other lines; an account that reads as its agents alone may not ask for the uid.
  const unknown = (): null => null;
  const [own, other] = await Promise.all([
    uidOf(OPEN.namedCluster(cluster)).catch(unknown),
    uidOf(OPEN.cluster(reading)).catch(unknown),
  ]);
  if (own === null || other === null || own === other) return [];
  return [
    finding(
      'proxy',
      'fail',
      `its account reads another cluster (uid of kube-system ${other}) than is written to (${own})`,
      'name a kubeconfig of the same cluster',
    ),
  ];
};

const ownAuthority = (dataDir: string): Finding =>
  existsSync(join(dataDir, 'ca'))
    ? finding('proxy', 'ok', 'its certificate is of the authority in the data folder, and renewed by itself')
    : finding('proxy', 'ok', 'its certificate will be of an authority in the data folder, made at the first start');

const givenCertificate = (file: string, url: string, now: number): Finding => {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readFileSync(file, 'utf8'));
  } catch (error) {
    return finding('proxy', 'fail', `BLASTGATE_TLS_CERT: ${messageOf(error)}`, 'name a PEM file with a certificate');
  }
  const host = hostOf(new URL(url));
  const left = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS);
  if (left < 0) return finding('proxy', 'fail', `its certificate ended on ${certificate.validTo}`, 'renew it');
  if (certificate.checkHost(host) === undefined && certificate.checkIP(host) === undefined)
    return finding(
      'proxy',
      'fail',
      `its certificate is not for ${host}`,
      'issue it for the host of BLASTGATE_PROXY_URL',
    );
  return left < SOON
    ? finding('proxy', 'warn', `its certificate ends in ${left} days`, 'renew it; the gate reads the file again')
    : finding('proxy', 'ok', `its certificate is for ${host} and good for ${left} days`);
};

/** Rights that the account must not have, told by the cluster; one of the whole cluster each. */
const accountFindings = async (source: AccountSource): Promise<readonly Finding[]> => {
  try {
    const { rights, server } = await OPEN.cluster(source);
    const missing = new Set(await rights.missing(AbortSignal.timeout(PATIENCE_MS)));
    const held = rights.needed.filter((right) => !READS.has(right.verb) && !missing.has(right));
    const named = [...new Set(held.map((right) => `${right.verb} ${resourceOf(right)}`))];
    if (named.length > 0)
      return [
        finding(
          'proxy',
          'fail',
          `its account may write: ${named.slice(0, MOST_NAMED).join(', ')}${named.length > MOST_NAMED ? ', …' : ''}`,
          'give the proxy an account that has deploy/proxy.yaml alone (docs/proxy.md)',
        ),
      ];
    return [
      finding(
        'proxy',
        'ok',
        `its account asks ${server} and may write none of what the gate writes; \`blastgate doctor --agent ${source.kubeconfig}\` lists all that it may (docs/proxy.md)`,
      ),
    ];
  } catch (error) {
    return [
      finding(
        'proxy',
        'fail',
        `its account: ${messageOf(error)}`,
        'check BLASTGATE_PROXY_KUBECONFIG, or proxy in BLASTGATE_CLUSTERS',
      ),
    ];
  }
};
