// Whether a guard of deploy/ holds in the cluster.

/** `open`: it is there and refuses nothing: it only watches, or lets pass whatever it fails at. */
export type GuardState = 'holds' | 'open' | 'missing';
