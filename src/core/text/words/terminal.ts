// The titles and fixed lines of what the command line prints about a score, a spec or a proposal.
import type { CodeKind } from './dictionary.ts';

export interface TerminalWords {
  readonly score: {
    readonly blastRadius: string;
    readonly effects: string;
    readonly noEffects: string;
    readonly hardRule: string;
    readonly dryRun: string;
    readonly onlyTried: string;
    readonly executable: string;
    readonly yes: string;
    readonly no: (refusal: string) => string;
    readonly runnable: string;
    /** null: it cannot be executed at all, and the line above says why. */
    readonly notRunnable: (why: string | null) => string;
    readonly evidence: string;
    readonly noEvidence: string;
    readonly allNamespaces: string;
    readonly namedByServer: string;
    readonly allThatMatch: string;
    readonly where: (selector: string) => string;
  };
  readonly spec: {
    readonly targetState: string;
    readonly rollback: string;
    readonly dryRun: string;
    readonly dryRunFirst: string;
    readonly noDryRun: string;
    readonly constraints: string;
    readonly none: string;
    readonly review: string;
    readonly reviewIssue: string;
    readonly noReviewIssue: string;
    readonly objects: string;
    readonly noneRead: string;
    readonly digest: string;
    readonly impact: string;
    readonly impactUnknown: string;
    readonly impactNone: string;
  };
  /** What `pause` and `resume` have done; null: to the whole gate. */
  readonly pause: {
    readonly paused: (cluster: string | null) => string;
    readonly resumed: (cluster: string | null) => string;
    /** Nothing was done: it stood so already. */
    readonly pausedBefore: (cluster: string | null) => string;
    readonly notPaused: (cluster: string | null) => string;
    /** Clusters that are paused by themselves; `one` of them, for the command. */
    readonly stillPaused: (clusters: string, one: string) => string;
    /** A cluster was resumed while the whole gate is paused. */
    readonly gatePaused: string;
  };
  readonly proposal: {
    readonly noProposals: string;
    /** Behind the id of a damaged row. */
    readonly unreadable: string;
    readonly id: string;
    readonly incident: string;
    readonly state: string;
    readonly score: string;
    readonly digest: string;
    readonly approvals: string;
    readonly approvalsOf: (have: string, needed: string) => string;
    readonly why: string;
    readonly next: string;
    readonly plan: string;
    readonly rollback: (plan: string) => string;
    readonly blastRadius: string;
    readonly impact: string;
    readonly votes: string;
    /** Before who stood for all missing votes, and why. */
    readonly breakGlass: string;
    /** Behind a yes that came within seconds of being shown. */
    readonly hasty: string;
    readonly reviewIssue: string;
    readonly events: string;
    readonly diagnosis: string;
    readonly proposer: string;
    readonly cluster: string;
    readonly created: string;
    /** Until when it may be approved, or since when it has been in its state. */
    readonly expires: string;
    readonly since: string;
    readonly verdict: string;
    readonly rollbackVerdict: string;
    /** What a program printed, and how it ended. */
    readonly output: {
      readonly title: (exitCode: string) => string;
      readonly stderr: string;
      readonly nothing: string;
      readonly truncated: string;
      readonly lost: string;
    };
    /** What a write or a look is about. */
    readonly directions: { readonly forward: string; readonly back: string };
    /** Looks in a row that led nowhere else: how many, from when to when. */
    readonly looks: (count: number, until: string) => string;
    /** How many steps of a write are done, of how many. */
    readonly progress: (done: string, of: string) => string;
    readonly first: string;
    readonly last: string;
    readonly keptAs: (id: string) => string;
    readonly columns: {
      readonly [C in
        | 'cluster'
        | 'id'
        | 'incident'
        | 'state'
        | 'age'
        | 'score'
        | 'tier'
        | 'proposer'
        | 'action'
        | 'target'
        | 'namespace']: string;
    };
  };
  readonly outcomes: {
    readonly none: string;
    /** Above the actions one by one, newest first; and above what they come to. */
    readonly each: (shown: number, all: number) => string;
    readonly summary: string;
    readonly columns: {
      readonly [C in
        | 'ended'
        | 'incident'
        | 'proposal'
        | 'state'
        | 'score'
        | 'action'
        | 'objects'
        | 'target'
        | 'runs'
        | 'succeeded'
        | 'rolledBack'
        | 'failed'
        | 'medianWait'
        | 'lastRun']: string;
    };
  };
  readonly fallback: (language: string) => string;
  /** Said to a person who starts what a program speaks to. */
  readonly forPrograms: string;
  readonly explain: {
    readonly kinds: { readonly [K in CodeKind]: string };
    readonly remedy: (remedy: string) => string;
    /** What no policy can lower, and what a policy may. */
    readonly coreRule: string;
    readonly extendedRule: string;
  };
}
