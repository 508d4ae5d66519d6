// A data folder becomes a certificate authority of the gate's own: what to trust, and short-lived certificates under it.
import { X509Certificate } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';
import { systemClock } from '../system/clock.ts';
import { authorityFiles } from './authority-files.ts';
import { issueAuthority, issueLeaf, type KeyPairPem, type LeafUse } from './issue.ts';

/** A certificate in memory, with its key. Times are milliseconds since the epoch. */
export interface Leaf extends KeyPairPem {
  /** When to replace it: two thirds of its life are over. */
  readonly renewAt: number;
  readonly endsAt: number;
}

export interface Authority {
  /** Every CA certificate to trust: the one in use, the next where one is made, and the last until it ends. Read anew each time. */
  readonly caPem: string;
  /** Until when the CA in use is good, and from when on a next one is due (two thirds). */
  readonly life: { readonly renewAt: number; readonly endsAt: number };
  /** A server certificate for these host names and addresses, for 7 days, signed by the CA that is in use now. */
  leafFor(hosts: readonly string[]): Promise<Leaf>;
  /** A client certificate with this common name, for a year: one that stands in a file of another machine. `cluster`: whose it is alone. */
  clientLeaf(name: string, cluster?: string): Promise<Leaf>;
  /** Makes the next CA unless there is one: from now on it is trusted beside the one in use. */
  prepareNext(): Promise<void>;
  /** The next CA is used from now on. False: none is made. */
  takeNext(): boolean;
}

const DAY_MS = 86_400_000;
const CA_DAYS = 3 * 365;
const LEAF_DAYS = 7;
const CLIENT_DAYS = 365;
/** Clocks of a cluster differ: what is issued now is good already for one that is late. */
const SKEW_MS = 5 * 60_000;

/**
 * Opens the authority in `dataDir`/ca, and makes it where there is none. Throws AdapterError where a file of it cannot be
 * read or is damaged: it is never replaced, since whoever trusts it would be cut off.
 */
export async function openAuthority(dataDir: string, clock: Pick<Clock, 'now'> = systemClock): Promise<Authority> {
  const files = authorityFiles(dataDir);
  const newCa = () => issueAuthority(validityFrom(clock.now(), CA_DAYS));
  if (files.read('current') === null) files.keepFirst('current', await newCa());
  const current = (): KeyPairPem => {
    const found = files.read('current');
    if (found === null) throw new Error(`the CA in ${dataDir}/ca has been removed while the gate runs`);
    return found;
  };
  const issue = async (use: LeafUse, days: number): Promise<Leaf> => {
    const pair = await issueLeaf(current(), use, validityFrom(clock.now(), days));
    return { ...pair, ...lifeOf(pair.certPem) };
  };
  return {
    get caPem() {
      const certificates = [current().certPem, files.read('next')?.certPem ?? null, files.readPrevious()];
      return trusted(certificates, clock.now()).join('');
    },
    get life() {
      return lifeOf(current().certPem);
    },
    leafFor: (hosts) => issue({ kind: 'server', hosts }, LEAF_DAYS),
    clientLeaf: (name, cluster) => issue({ kind: 'client', name, cluster: cluster ?? null }, CLIENT_DAYS),
    prepareNext: async () => {
      if (files.read('next') === null) files.keepFirst('next', await newCa());
    },
    takeNext: () => {
      if (files.read('next') === null) return false;
      files.takeNext(current());
      return true;
    },
  };
}

const validityFrom = (now: number, days: number) => ({ from: now - SKEW_MS, until: now - SKEW_MS + days * DAY_MS });

const lifeOf = (certPem: string): { readonly renewAt: number; readonly endsAt: number } => {
  const { validFrom, validTo } = new X509Certificate(certPem);
  const [from, endsAt] = [Date.parse(validFrom), Date.parse(validTo)];
  return { renewAt: from + Math.floor(((endsAt - from) * 2) / 3), endsAt };
};

/** Each once, without what has ended; the one in use stays in any case, so that the bundle is never empty. */
const trusted = (certificates: readonly (string | null)[], now: number): readonly string[] => {
  const [inUse, ...others] = new Set(certificates.filter((one) => one !== null));
  return inUse === undefined ? [] : [inUse, ...others.filter((one) => lifeOf(one).endsAt > now)];
};
