// The review issue in English.
import type { ReviewWords } from './review.ts';

export const reviewEn = {
  title: (score, incident) => `[AI-Repair] High-risk remediation review (Blast=${score}) — ${incident}`,
  headings: {
    request: 'AI remediation review request',
    plan: 'Repair plan',
    constraints: 'Safety constraints',
    rollback: 'Rollback plan',
    reasons: 'How the blast radius was scored',
    diagnosis: 'Diagnosis summary',
    steps: 'Review steps',
  },
  incident: 'Incident',
  blastRadius: 'Blast radius',
  tier: 'Tier',
  tiers: { auto: 'auto', human: 'human', dual: 'dual', blocked: 'blocked' },
  mustApprove: (people, conditions) => {
    const whom = people === 1 ? 'One person' : `${people === 2 ? 'Two' : 'Three'} people`;
    return `${whom} must approve before it runs${conditions}.`;
  },
  targetState: 'Target state',
  command: 'Command',
  namespace: 'Namespace',
  clusterScoped: 'none (cluster-scoped)',
  target: 'Target',
  dryRun: 'Dry run needed',
  yes: 'yes ✅',
  no: 'no ⬜',
  noConstraints: 'No additional constraints.',
  noRollback: 'There is no automatic rollback:',
  proposersWords: "The proposer's own words, which the gate has not checked and does not act on:",
  changes: 'What it changes, by a dry run on the API server',
  impact: 'What it would hit',
  noDiagnosis: 'None given.',
  proposer: 'Proposed by',
  agentOf: (agent, owner) => `${agent} (agent of ${owner})`,
  cluster: 'Cluster',
  clusterUnknown: 'not known',
  approvers: (needed, people) => `May approve (${needed} of ${people})`,
  nobody: 'nobody',
  morePeople: (count) => `${count} more`,
  notice: {
    missing: (error) => `There is no review issue. ${error}`,
    awaited: 'The review issue does not exist yet.',
    held: 'Policy (`review: required`) holds the action back until it exists.',
  },
  steps: (ways) => [
    'First SRE: is the diagnosis right, is the plan sound?',
    'Second SRE: cross-check. Does the rollback hold?',
    `Both ${ways}; then it runs by itself.`,
  ],
  closing: (digest, expiresAt, auditHead) =>
    `Made by Blastgate, the safety gate of the AIOps platform (Phase 5, ADR-086) · digest ${digest} · approvals count until ${expiresAt} · audit head ${auditHead}`,
} as const satisfies ReviewWords;
