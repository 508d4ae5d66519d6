// Two kubeconfigs, of the account that reads for agents and of the one that writes, become what the proxy asks.
import { openCluster } from '../adapters/cluster/client.ts';
import type { ClusterSource } from '../adapters/cluster/kubeconfig.ts';
import { isServedElsewhere } from '../adapters/cluster/other-servers.ts';
import { dryRunsOnly, impersonation, openPassage } from '../adapters/cluster/passage.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { type SendAsAgent, TakesNoDryRun, type Upstream } from './upstream.ts';

/** Where an account leads to: "https://10.0.0.1:6443". */
interface Leading {
  readonly server: string;
}

/** `server`: where the account that reads leads to. Nothing is sent yet. Throws an Error that says what to set. */
export async function connectUpstream(reading: ClusterSource, writing: ClusterSource): Promise<Upstream & Leading> {
  const now = (): number => systemClock.elapsed();
  const [reads, writes] = [await openPassage(reading, now), await openPassage(writing, now)];
  const reader = await openCluster(reading);
  const mayActAs = impersonation(reader, now);
  const dryRuns = dryRunsOnly(writes);
  const writer = await openCluster(writing);
  return {
    server: reader.server,
    read: async (request, as, signal) => reads.send(request, (await mayActAs(as, signal)) ? as : null, signal),
    dryRun: async (request, signal) => {
      const [, , group = ''] = request.path.split('?')[0]?.split('/') ?? [];
      if (request.path.startsWith('/apis/') && (await isServedElsewhere(writer, decodeURIComponent(group), signal)))
        throw new TakesNoDryRun(`another server answers for ${group}`);
      return dryRuns.send(request, null, signal);
    },
  };
}

/** The third account, of shadow mode: it acts as agents, and what it sends it sends once. Throws an Error that says what to set. */
export async function connectShadow(source: ClusterSource): Promise<Leading & { readonly send: SendAsAgent }> {
  const passage = await openPassage(source, () => systemClock.elapsed(), 'fresh');
  const { server } = await openCluster(source);
  return { server, send: (request, as, signal) => passage.send(request, as, signal) };
}
