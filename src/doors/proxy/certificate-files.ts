// The files of an operator's certificate → what the listener shows, kept fresh: whoever renews the files restarts nothing.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ProxyContext } from './listen.ts';

export interface KeptCertificate {
  readonly context: ProxyContext;
  /** Of what is shown now, milliseconds since the epoch: when a third of its life is left, and when it ends. */
  life(): { readonly renewAt: number; readonly endsAt: number };
  /** Looks at the files again and again until the signal; never rejects. */
  keep(server: { setSecureContext(context: ProxyContext): void }, signal: AbortSignal): Promise<void>;
}

const LOOK_MS = 10_000;

/** Throws an Error that says which file cannot be used, and why. */
export function certificateFromFiles(
  { certFile, keyFile }: { readonly certFile: string; readonly keyFile: string },
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): KeptCertificate {
  const read = (): { readonly cert: string; readonly key: string } => {
    const [cert, key] = [textOf('BLASTGATE_TLS_CERT', certFile), textOf('BLASTGATE_TLS_KEY', keyFile)];
    try {
      createSecureContext({ cert, key });
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown';
      throw new Error(`BLASTGATE_TLS_CERT and BLASTGATE_TLS_KEY do not make a certificate: ${why}`);
    }
    return { cert, key };
  };
  let shown = read();
  return {
    context: shown,
    life: () => lifeOf(shown.cert),
    keep: async (server, signal) => {
      while (!signal.aborted) {
        await clock.sleep(LOOK_MS, signal);
        try {
          const now = read();
          if (now.cert === shown.cert && now.key === shown.key) continue;
          shown = now;
          server.setSecureContext({ ...now, minVersion: 'TLSv1.2' });
          log.info('certificate_renewed', { file: certFile });
        } catch (error) {
          // They are being written, or broken: what is shown stays.
          log.warn('certificate_not_renewed', { error: error instanceof Error ? error.message : 'unknown' });
        }
      }
    },
  };
}

const lifeOf = (cert: string): { readonly renewAt: number; readonly endsAt: number } => {
  const { validFrom, validTo } = new X509Certificate(cert);
  const [from, endsAt] = [Date.parse(validFrom), Date.parse(validTo)];
  return { renewAt: endsAt - (endsAt - from) / 3, endsAt };
};

const textOf = (name: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${name} names a file that cannot be read: ${file}`);
  }
};
