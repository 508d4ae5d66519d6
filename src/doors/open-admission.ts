// The settings of /admission and a gate become its listener, under the gate's own CA.
import { openAuthority } from '../adapters/certificates/authority.ts';
import { startRenewal } from '../adapters/certificates/renewal.ts';
import { generatedName } from '../adapters/cluster/mutation-write.ts';
import { hostOf } from '../core/model/host.ts';
import type { Gate } from '../flow/gate.ts';
import { createAdmissionCheck } from '../flow/requests/admit.ts';
import type { Trials } from '../flow/requests/trials.ts';
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

/** Throws AdapterError where the CA cannot be used, AdmissionCannotListen where the address cannot. */
export async function openAdmission(
  gate: Gate,
  trials: Trials,
  dataDir: string,
  { listen, url }: AdmissionSettings,
): Promise<OpenedAdmission> {
  const { clock, log } = gate;
  const authority = await openAuthority(dataDir, clock);
  if (clock.now() >= authority.life.renewAt)
    log.warn('certificate_authority_ends', {
      ends: new Date(authority.life.endsAt).toISOString(),
      remedy: 'make the next one with `blastgate guard-executor --next-ca` (docs/operate.md, "In the path")',
    });
  const hosts = [hostOf(new URL(url))];
  const renewal = await startRenewal(authority, hosts, { clock, log, clientCa: () => authority.caPem });
  const admission = createAdmissionCheck(gate, trials, generatedName);
  const listening = await listenForAdmission(admission, listen, renewal.context);
  // A context that is set later asks for clients' certificates as the first did: what is set is the certificate and whom it trusts.
  return {
    url: listening.url,
    life: () => renewal.life(),
    keep: (signal) => renewal.keep(listening.server, signal),
    close: () => listening.close(),
  };
}
