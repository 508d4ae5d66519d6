// A judged action and the flags become what it leads to: blocked, refused, people asked, or run. One table.
import type { Tier } from '../model/tier.ts';
import type { ApprovalRequirement } from './approval-rules.ts';

/** AIOPS_P5_BLAST_RADIUS_CHECK and AIOPS_P5_GITOPS_PR (design section 1). */
export interface Flags {
  readonly blastRadiusCheck: 'on' | 'off';
  readonly gitopsPr: 'on' | 'off';
}

/** How many different people must say yes. */
export type Approvals = 0 | 1 | 2 | 3;

/** What the table asks about an action that was understood and judged. */
export interface Judged {
  readonly hardRule: 'fired' | 'passed';
  readonly command: 'executable' | 'not-executable';
  /** `failed`: the calculation threw or gave no score. */
  readonly score: 'measured' | 'failed';
  readonly tier: Tier;
  /** The tier below which this action may not fall whatever its score (scoring section 6). */
  readonly floor: 'dual' | 'lower';
}

export interface Decision {
  readonly leadsTo: 'blocked' | 'refused' | 'awaiting-approval' | 'approved';
  /** The tier that is applied; it is what the spec shows. */
  readonly tier: Tier;
  readonly approvals: Approvals;
  readonly reviewIssue: 'wanted' | 'none';
  /** What rules of the policy ask for besides; absent: nothing. */
  readonly requirement?: ApprovalRequirement;
  /** Which row decided. */
  readonly row: Row['row'];
}

interface Row {
  readonly row:
    | 'hard-rule'
    | 'not-executable'
    | 'check-off-dual-floor'
    | 'check-off'
    | 'calculation-failed-dual-floor'
    | 'calculation-failed'
    | 'auto'
    | 'human'
    | 'dual'
    | 'not-runnable';
  readonly when: (judged: Judged, flags: Flags) => boolean;
  /** null: the tier as judged. */
  readonly tier: Tier | null;
  readonly leadsTo: Decision['leadsTo'];
  readonly approvals: Approvals;
  readonly reviewIssue: Decision['reviewIssue'];
}

const ask = { leadsTo: 'awaiting-approval' } as const;

/** The first row that fits decides. */
const TABLE: readonly Row[] = [
  {
    row: 'hard-rule',
    when: ({ hardRule, tier }) => hardRule === 'fired' || tier === 'blocked',
    tier: 'blocked',
    leadsTo: 'blocked',
    approvals: 0,
    reviewIssue: 'none',
  },
  {
    row: 'not-executable',
    when: ({ command }) => command === 'not-executable',
    tier: null,
    leadsTo: 'refused',
    approvals: 0,
    reviewIssue: 'none',
  },
  {
    row: 'check-off-dual-floor',
    when: ({ floor }, flags) => flags.blastRadiusCheck === 'off' && floor === 'dual',
    tier: 'dual',
    ...ask,
    approvals: 2,
    reviewIssue: 'none',
  },
  {
    row: 'check-off',
    when: (_, flags) => flags.blastRadiusCheck === 'off',
    tier: 'human',
    ...ask,
    approvals: 1,
    reviewIssue: 'none',
  },
  {
    row: 'calculation-failed-dual-floor',
    when: ({ score, floor }) => score === 'failed' && floor === 'dual',
    tier: 'dual',
    ...ask,
    approvals: 2,
    reviewIssue: 'wanted',
  },
  {
    row: 'calculation-failed',
    when: ({ score }) => score === 'failed',
    tier: 'human',
    ...ask,
    approvals: 1,
    reviewIssue: 'none',
  },
  { row: 'dual', when: ({ tier }) => tier === 'dual', tier: 'dual', ...ask, approvals: 2, reviewIssue: 'wanted' },
  // A dual floor under a lower tier would be a bug of the score; two people are asked all the same.
  { row: 'dual', when: ({ floor }) => floor === 'dual', tier: 'dual', ...ask, approvals: 2, reviewIssue: 'wanted' },
  { row: 'human', when: ({ tier }) => tier === 'human', tier: 'human', ...ask, approvals: 1, reviewIssue: 'none' },
  {
    row: 'auto',
    when: ({ tier }) => tier === 'auto',
    tier: 'auto',
    leadsTo: 'approved',
    approvals: 0,
    reviewIssue: 'none',
  },
];

/**
 * The decision manager, after the safety guard and before any approval is asked for. With the check off every change
 * needs one person (two where a dual floor applies) and gets no issue; the hard rules hold under every flag.
 */
export function decide(judged: Judged, flags: Flags): Decision {
  const row = TABLE.find(({ when }) => when(judged, flags));
  if (row === undefined) throw new Error(`no row for ${JSON.stringify(judged)} (this is a bug)`);
  const { leadsTo, approvals, reviewIssue } = row;
  return { leadsTo, approvals, reviewIssue, tier: row.tier ?? judged.tier, row: row.row };
}

/** What becomes of an action that was decided and that the gate would not run: nobody is asked. The tier stays as it was. */
export function refuseAsNotRunnable({ tier }: Decision): Decision {
  return { leadsTo: 'refused', tier, approvals: 0, reviewIssue: 'none', row: 'not-runnable' };
}

/** How many approvals a tier can never do without, whatever else was decided. */
export function approvalsOf(tier: Tier): Approvals {
  return tier === 'auto' ? 0 : tier === 'human' ? 1 : 2;
}
