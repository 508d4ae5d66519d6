// The proxy's settings → findings: its certificate, and that the account that reads for agents can write nothing.
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostOf } from '../../../core/model/host.ts';
import { resourceOf } from '../../../ports/cluster-rights.ts';
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
export async function proxyFindings({ proxy, dataDir }: Settings, now: number): Promise<readonly Finding[]> {
  if (proxy === null) return [];
  const certificate = proxy.tls === null ? ownAuthority(dataDir) : givenCertificate(proxy.tls.certFile, proxy.url, now);
  const account = await accountFindings({ kubeconfig: proxy.kubeconfig, serviceHost: null });
  return [certificate, ...account];
}

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
const accountFindings = async (source: {
  readonly kubeconfig: string;
  readonly serviceHost: null;
}): Promise<readonly Finding[]> => {
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
          'give BLASTGATE_PROXY_KUBECONFIG an account that has deploy/proxy.yaml alone',
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
    return [finding('proxy', 'fail', `its account: ${messageOf(error)}`, 'check BLASTGATE_PROXY_KUBECONFIG')];
  }
};
