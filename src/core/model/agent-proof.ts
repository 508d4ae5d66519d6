// What an agent could do in the cluster past the gate: found out with its own credentials.

/** `disproven`: it can write past the gate. `not-proven`: nothing was found, and not everything could be looked at. */
export type ProofVerdict = 'proven' | 'not-proven' | 'disproven';

/** Why a right that is no write by its name is one all the same. */
export const DISGUISES = [
  'becomes-another',
  'grants-more',
  'mints-tokens',
  'runs-programs',
  'reaches-kubelets',
  'signs-identities',
  'unlocks-admission',
  'reads-credentials',
] as const;
export type Disguise = (typeof DISGUISES)[number];

/** One right of the agent that changes something, as the rule that grants it words it; "*" is every one. */
export interface AgentPower {
  readonly verb: string;
  /** "deployments.apps/scale" */
  readonly resource: string;
  /** null: in all of them, or of the cluster. */
  readonly namespace: string | null;
  /** Only objects of these names; []: all. */
  readonly names: readonly string[];
  /** null: it is a write by its name. */
  readonly disguise: Disguise | null;
  /** "ClusterRole edit", "Role deployer -n shop"; null: not readable, or granted by another authorizer than RBAC. */
  readonly role: string | null;
  /** "RoleBinding agents -n shop"; null likewise. */
  readonly binding: string | null;
  /** Whether a guard of the cluster refuses what the right allows: shown by a trial, believed by its rules alone, or not at all. */
  readonly guarded: boolean;
}

export const GAPS = [
  'rules-incomplete',
  'rules-unreadable',
  'namespaces-unreadable',
  'too-many-namespaces',
  'kinds-unreadable',
  'identity-unreadable',
  'access-unanswered',
  'credentials-unreadable',
  'guard-untried',
] as const;
/** What could not be looked at. */
export interface ProofGap {
  readonly code: (typeof GAPS)[number];
  readonly about: string;
}

export interface AgentProof {
  readonly verdict: ProofVerdict;
  /** "https://10.0.0.1:6443" */
  readonly server: string;
  /** Who the cluster says it is; null where it does not say. */
  readonly user: string | null;
  readonly groups: readonly string[];
  /** Empty, or what stands against it and what a guard holds back; those that nothing holds first. */
  readonly powers: readonly AgentPower[];
  readonly gaps: readonly ProofGap[];
  /** The policy that refused every trial; null: none was met. */
  readonly guard: string | null;
}

/** How many rights with which it could change the cluster itself the roles of an identity give it. */
export interface PowerCount {
  /** A guard would refuse these. */
  readonly guardable: number;
  /** These no guard can hold. */
  readonly beyondGuard: number;
}

/** From what was found, and no more: a gap is no answer, whatever else was found. */
export function verdictOf(powers: readonly AgentPower[], gaps: readonly ProofGap[]): ProofVerdict {
  if (powers.some(({ guarded }) => !guarded)) return 'disproven';
  return gaps.length > 0 ? 'not-proven' : 'proven';
}
