// A TLS server and an authority: the server always has a certificate with a third of its life left, without a restart.
import type { Server, TlsOptions } from 'node:tls';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Authority } from './authority.ts';

/** What a listener shows and whom it trusts: options of node:tls, for the start and for `setSecureContext`. */
export type ServerContext = Pick<TlsOptions, 'cert' | 'key' | 'ca' | 'minVersion'>;

export interface Renewal {
  /** The context to start the server with. */
  readonly context: ServerContext;
  /** Of the certificate that is shown now, milliseconds since the epoch: when it is to be renewed, and when it ends. */
  life(): { readonly renewAt: number; readonly endsAt: number };
  /** Keeps the server's certificate fresh until the signal; never rejects. New connections get the new one, old ones live on. */
  keep(server: Pick<Server, 'setSecureContext'>, signal: AbortSignal): Promise<void>;
}

/** An operator may change the CA beside the running gate, so it is looked at this often. */
const LOOK_MS = 10_000;

/**
 * Issues the first certificate for `hosts`. `clientCa`: also trust clients with a certificate of these authorities (PEM), read
 * anew each time. Throws what the authority throws.
 */
export async function startRenewal(
  authority: Pick<Authority, 'caPem' | 'leafFor'>,
  hosts: readonly string[],
  { clock, log, clientCa }: { readonly clock: Clock; readonly log: Log; readonly clientCa: (() => string) | null },
): Promise<Renewal> {
  const issue = async () => {
    const [leaf, trust, clients] = [await authority.leafFor(hosts), authority.caPem, clientCa?.() ?? null];
    const ca = clients === null ? {} : { ca: clients };
    return {
      leaf,
      trust,
      clients,
      context: { cert: leaf.certPem, key: leaf.keyPem, minVersion: 'TLSv1.2', ...ca },
    } as const;
  };
  let shown = await issue();
  const isDue = () =>
    clock.now() >= shown.leaf.renewAt || authority.caPem !== shown.trust || (clientCa?.() ?? null) !== shown.clients;
  return {
    context: shown.context,
    life: () => ({ renewAt: shown.leaf.renewAt, endsAt: shown.leaf.endsAt }),
    keep: async (server, signal) => {
      while (!signal.aborted) {
        try {
          if (isDue()) {
            shown = await issue();
            server.setSecureContext(shown.context);
            log.info('certificate_renewed', { hosts: [...hosts], ends: new Date(shown.leaf.endsAt).toISOString() });
          }
        } catch (error) {
          // The old certificate has a third of its life left, and this is tried again.
          log.warn('certificate_not_renewed', { error: error instanceof Error ? error.message : 'unknown' });
        }
        await clock.sleep(LOOK_MS, signal);
      }
    },
  };
}
