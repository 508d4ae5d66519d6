// The settings of /admission and the gates of all clusters become its listener, under the gate's own CA.
import { openAuthority } from '../adapters/certificates/authority.ts';
import { startRenewal } from '../adapters/certificates/renewal.ts';
import { generatedName } from '../adapters/cluster/mutation-write.ts';
import { hostOf } from '../core/model/host.ts';
import type { Gate } from '../flow/gate.ts';
import { type AdmissionCheck, createAdmissionCheck } from '../flow/requests/admit.ts';
import type { Trials } from '../flow/requests/trials.ts';
import type { Log } from '../ports/log.ts';
import { createFindCheck, type FindCheck } from './admission/caller.ts';
import { listenForAdmission } from './admission/listen.ts';
import type { CertificateLife } from './certificate-life.ts';
import type { AdmissionSettings } from './settings/guards.ts';

export interface OpenedAdmission {
  readonly url: string;
  /** Of its certificate, milliseconds since the epoch. */
  life(): CertificateLife;
  /** Keeps its certificate fresh until the signal; never rejects. */
  keep(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** One cluster that may ask. */
export interface AskingGate {
  readonly gate: Gate;
  /** Where the dry runs of its account are known while they last. */
  readonly trials: Trials;
}

export interface AskingGates {
  readonly clusters: readonly [AskingGate, ...AskingGate[]];
  /** The one that a path without a name means; null: a path must name one. */
  readonly unnamed: AskingGate | null;
}

/**
 * Throws AdapterError where the CA cannot be used,
 * AdmissionCannotListen where the address cannot.
 */
export async function openAdmission(
  { clusters, unnamed }: AskingGates,
  dataDir: string,
  { listen, url }: AdmissionSettings,
): Promise<OpenedAdmission> {
  const { clock, log } = clusters[0].gate;
  const authority = await openAuthority(dataDir, clock);
  if (clock.now() >= authority.life.renewAt)
    log.warn('certificate_authority_ends', {
      ends: new Date(authority.life.endsAt).toISOString(),
      remedy: 'make the next one with `blastgate guard-executor --next-ca` (docs/operate.md, "In the path")',
    });
  const hosts = [hostOf(new URL(url))];
  const renewal = await startRenewal(authority, hosts, { clock, log, clientCa: () => authority.caPem });
  const asking = clusters.map((one) => ({ one, name: one.gate.clusterName, admit: checkOf(one) }));
  const checks = createFindCheck(asking, asking.find(({ one }) => one === unnamed) ?? null);
  const listening = await listenForAdmission(told(checks, log), listen, renewal.context);
  // A context that is set later asks for clients' certificates as the first did: what is set is the certificate and whom it trusts.
  return {
    url: listening.url,
    life: () => renewal.life(),
    keep: (signal) => renewal.keep(listening.server, signal),
    close: () => listening.close(),
  };
}

const checkOf = ({ gate, trials }: AskingGate): AdmissionCheck => createAdmissionCheck(gate, trials, generatedName);

/** Who asks about another cluster than its own is an alarm, as one who asks for what nobody approved. */
const told =
  (find: FindCheck, log: Log): FindCheck =>
  (caller) => {
    const found = find(caller);
    if (!found.ok) log.warn('write_not_admitted', { cluster: caller.cluster, why: found.why });
    return found;
  };
