// The path that an API server asks at, and its certificate → the cluster whose writes it may ask about, or why none.
import type { PeerCertificate } from 'node:tls';
import type { AdmissionCheck } from '../../flow/requests/admit.ts';

/** `any`: a certificate from before there were several clusters. `unknown`: the certificate says nothing that can be read. */
export type AdmissionClient =
  | { readonly kind: 'of'; readonly cluster: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'unknown' };

export interface AdmissionCaller {
  /** The cluster that the path names; null: it names none. */
  readonly cluster: string | null;
  readonly client: AdmissionClient;
}

/** `why`: English words, which the API server passes on. */
export type FoundCheck =
  | { readonly ok: true; readonly admit: AdmissionCheck }
  | { readonly ok: false; readonly why: string };
export type FindCheck = (caller: AdmissionCaller) => FoundCheck;

/** /admission, or /admission/NAME as clusters.yaml spells names; null: neither. */
export function reviewPathOf(url: string): Pick<AdmissionCaller, 'cluster'> | null {
  const match = /^\/admission(?:\/([a-z0-9][a-z0-9.-]{0,62}))?$/.exec(url.split('?', 1)[0] ?? '');
  return match === null ? null : { cluster: match[1] ?? null };
}

/** As `blastgate guard-executor --client` issues them: the organization is the name of the cluster. */
export function clientOf({ subject }: Partial<Pick<PeerCertificate, 'subject'>>): AdmissionClient {
  // as: @types/node leaves out that a part may stand several times, or be missing.
  const { CN, O } = (subject ?? {}) as { readonly CN?: string | string[]; readonly O?: string | string[] };
  if (typeof CN !== 'string') return { kind: 'unknown' };
  if (O === undefined) return { kind: 'any' };
  return typeof O === 'string' ? { kind: 'of', cluster: O } : { kind: 'unknown' };
}

/** One cluster and what it asks. `name` null: nobody named it. */
export interface AskingCluster {
  readonly name: string | null;
  readonly admit: AdmissionCheck;
}

/**
 * The check of the cluster that path and certificate both are for. `unnamed`: the cluster of a path without a name, which takes
 * certificates without one too; null: there is none.
 */
export function createFindCheck(clusters: readonly AskingCluster[], unnamed: AskingCluster | null): FindCheck {
  const byName = new Map(clusters.map((one) => [one.name, one] as const));
  return ({ cluster, client }) => {
    const asked = cluster === null ? unnamed : (byName.get(cluster) ?? null);
    if (asked === null) return { ok: false, why: cluster === null ? NO_NAME : `${cluster}: ${NO_CLUSTER}` };
    const isProven =
      (client.kind === 'of' && client.cluster === asked.name) || (client.kind === 'any' && asked === unnamed);
    return isProven
      ? { ok: true, admit: asked.admit }
      : { ok: false, why: `${asked.name ?? '/admission'}: ${NOT_PROVEN}` };
  };
}

const NO_NAME =
  'this gate looks after several clusters and the webhook names none: print it with blastgate guard-executor --cluster NAME';
const NO_CLUSTER =
  'this gate looks after no cluster of that name: print the webhook again with blastgate guard-executor --cluster NAME';
const NOT_PROVEN =
  'the client certificate of this API server is of another cluster: print its own with blastgate guard-executor --client --cluster NAME';
