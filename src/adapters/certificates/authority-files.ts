// The files of the gate's certificate authority: the key and certificate of the CA in use, of the next, and what was used before.
import { X509Certificate } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AdapterError } from '../../ports/adapter-error.ts';
import { belongTogether, type KeyPairPem } from './issue.ts';

/** `next` is trusted already and signs nothing; `previous` has a certificate alone, trusted until it ends. */
export type CaSlot = 'current' | 'next';

export interface AuthorityFiles {
  /** null: there is none. Throws AdapterError where the file cannot be read or is no key with its certificate. */
  read(slot: CaSlot): KeyPairPem | null;
  /** The certificate that was used before, PEM. */
  readPrevious(): string | null;
  /** Keeps the pair unless another process was faster; answers with the one that is kept. */
  keepFirst(slot: CaSlot, pair: KeyPairPem): KeyPairPem;
  /** The next CA becomes the one in use; the certificate of the old one stays trusted. */
  takeNext(current: KeyPairPem): void;
}

/** The folder `ca` of a data folder, made where it is missing; its owner alone may open what is in it. */
export function authorityFiles(dataDir: string): AuthorityFiles {
  const folder = join(dataDir, 'ca');
  const pathOf = (name: CaSlot | 'previous') => join(folder, `${name}.pem`);
  return {
    read: (slot) => {
      const text = readPrivate(pathOf(slot));
      return text === null ? null : pairIn(text, pathOf(slot));
    },
    readPrevious: () => readPrivate(pathOf('previous')),
    keepFirst: (slot, pair) => {
      guarded(folder, () => {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        chmodSync(folder, 0o700);
      });
      const draft = writeDraft(folder, `${pair.keyPem}${pair.certPem}`);
      try {
        linkSync(draft, pathOf(slot));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw unusable(pathOf(slot), error);
      } finally {
        rmSync(draft, { force: true });
      }
      const text = readPrivate(pathOf(slot));
      return text === null ? pair : pairIn(text, pathOf(slot));
    },
    takeNext: (current) =>
      guarded(folder, () => {
        // In this order a process that dies between the two leaves every certificate trusted.
        renameSync(writeDraft(folder, current.certPem), pathOf('previous'));
        renameSync(pathOf('next'), pathOf('current'));
      }),
  };
}

/** The text of a file that its owner alone may open from now on; null where there is none. Never through a symbolic link. */
const readPrivate = (path: string): string | null =>
  guarded(path, () => {
    let file: number;
    try {
      file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    try {
      fchmodSync(file, 0o600);
      return readFileSync(file, 'utf8');
    } finally {
      closeSync(file);
    }
  });

/** A file with this text and a name of its own, on the disk before anything points to it. */
const writeDraft = (folder: string, text: string): string =>
  guarded(folder, () => {
    const path = join(folder, `.draft-${process.pid}-${crypto.randomUUID()}`);
    const file = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return path;
  });

const pairIn = (text: string, path: string): KeyPairPem => {
  const certPem = blockOf(text, 'CERTIFICATE');
  const keyPem = blockOf(text, 'PRIVATE KEY');
  if (certPem === null || keyPem === null) throw unreadable(path);
  try {
    if (belongTogether({ certPem, keyPem }) && new X509Certificate(certPem).ca) return { certPem, keyPem };
  } catch {
    // Neither key nor certificate is told: a damaged key is a key all the same.
  }
  throw unreadable(path);
};

const blockOf = (text: string, label: 'CERTIFICATE' | 'PRIVATE KEY'): string | null => {
  const [found] = new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`).exec(text) ?? [];
  return found === undefined ? null : `${found}\n`;
};

const unreadable = (path: string): AdapterError =>
  new AdapterError(
    'invalid-answer',
    `${path} does not hold a CA certificate and its private key. Put back the file from a backup; or remove it, start the gate, and install the new CA wherever the old one is trusted.`,
  );

const unusable = (path: string, error: unknown): AdapterError =>
  new AdapterError(
    'refused',
    `${path} cannot be used: ${error instanceof Error ? error.message : 'unknown error'}. Give the gate its data folder for itself, not through a symbolic link.`,
  );

const guarded = <T>(path: string, use: () => T): T => {
  try {
    return use();
  } catch (error) {
    throw error instanceof AdapterError ? error : unusable(path, error);
  }
};
