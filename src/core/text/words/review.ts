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
  readonly twoPeople: string;
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
  /** Above the drawing of what is touched and what depends on it. */
  readonly impact: string;
  readonly steps: (approve: string) => readonly [string, string, string];
  readonly closing: (digest: string, expiresAt: string, auditHead: string) => string;
}
