// What the review issue says, language by language: the shape that each language fills.
import type { Tier } from '../../model/tier.ts';

/** Plain Markdown without variables, or functions of what is already escaped. */
export interface ReviewWords {
  readonly title: (score: string, incident: string) => string;
  readonly headings: {
    readonly request: string;
    readonly plan: string;
    readonly constraints: string;
    readonly rollback: string;
    readonly reasons: string;
    readonly diagnosis: string;
    readonly steps: string;
  };
  readonly incident: string;
  readonly blastRadius: string;
  readonly tier: string;
  readonly tiers: { readonly [T in Tier]: string };
  /** `conditions`: what else is asked of them, or nothing. */
  readonly mustApprove: (people: number, conditions: string) => string;
  readonly targetState: string;
  readonly command: string;
  readonly namespace: string;
  readonly clusterScoped: string;
  readonly target: string;
  readonly dryRun: string;
  readonly yes: string;
  readonly no: string;
  readonly noConstraints: string;
  readonly noRollback: string;
  readonly proposersWords: string;
  readonly noDiagnosis: string;
  /** Above the difference that a dry run has shown. */
  readonly changes: string;
  /** Above the drawing of what is touched and what depends on it. */
  readonly impact: string;
  readonly proposer: string;
  /** An agent and its owner, both quoted. */
  readonly agentOf: (agent: string, owner: string) => string;
  readonly cluster: string;
  readonly clusterUnknown: string;
  /** How many must approve, and who may. */
  readonly approvers: (needed: number, people: number) => string;
  readonly nobody: string;
  readonly morePeople: (count: number) => string;
  /** `ways`: how to answer, as half sentences. */
  readonly steps: (ways: string) => readonly [string, string, string];
  /** What a proposal's readers are told while it lacks its issue. */
  readonly notice: {
    readonly missing: (error: string) => string;
    readonly awaited: string;
    readonly held: string;
  };
  readonly closing: (digest: string, expiresAt: string, auditHead: string) => string;
}
