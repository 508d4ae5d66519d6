// Who there is: persons and agents, their rights and proven accounts. It must never hold a token, only its hash.

export type Right = 'read' | 'propose' | 'approve' | 'admin';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly rights: readonly Right[];
  readonly accounts: { readonly telegram: string | null; readonly gitea: string | null };
  /** "sha256:" and hex of each token. */
  readonly tokens: readonly string[];
}

export interface Agent {
  readonly id: string;
  /** The person who answers for it; does not count among its approvers. */
  readonly owner: string;
  readonly rights: readonly Right[];
  readonly tokens: readonly string[];
}

export interface People {
  readonly people: readonly Person[];
  readonly agents: readonly Agent[];
}

/** Who proposed: a person by id, or an agent by id with its owner. */
export type Proposer =
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'agent'; readonly id: string; readonly owner: string };
