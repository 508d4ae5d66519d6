// One incident from its proposal to its end, as data.

import type { ReasonCode } from '../../core/model/reason.ts';
import type { Tier } from '../../core/model/tier.ts';
import type { State } from '../../core/remediation/state.ts';

/** Who there is in every story: three people, and the agent that the first of them answers for. */
/** `account`: of the chat. */
export const CAST = {
  ana: { name: 'Ana Lima', account: 1001 },
  ben: { name: 'Ben Koch', account: 1002 },
  mei: { name: 'Mei Tanaka', account: 1003 },
} as const;
export type PersonName = keyof typeof CAST;
export const PEOPLE_NAMES = Object.keys(CAST) as readonly PersonName[];
export const AGENT = { id: 'healer', owner: 'ana' } as const satisfies { id: string; owner: PersonName };

/** One person's yes. `ignored`: the gate must not count it; a story shows that too. */
export interface StoryVote {
  readonly by: PersonName;
  readonly through: 'chat' | 'http';
  readonly is: 'counted' | 'ignored';
}

/** What must be seen in the cluster at the end, compared with what was seen before. */
export type Ending =
  /** As many pods as before, every one of them new; the image is the same. */
  | { readonly kind: 'restarted' }
  | { readonly kind: 'scaled'; readonly to: number }
  /** The image is that of before and all pods are ready, two revisions later: it was tried and undone. */
  | { readonly kind: 'restored' }
  /** The config map holds what it held, and the pods that read it are ready again. */
  | { readonly kind: 'given-back' }
  /** As many pods as before, all of them new and on another node. */
  | { readonly kind: 'drained'; readonly from: string }
  /** The namespace and each workload in it are the objects they were. */
  | { readonly kind: 'untouched' };

export interface Story {
  readonly incident: string;
  readonly title: string;
  /** What is going on, for the reader. */
  readonly situation: string;
  /** What the agent claims; no decision reads it. */
  readonly diagnosis: string;
  readonly argv: readonly string[];
  /** The workload that the ending speaks of; null: the whole namespace. `configMap`: the settings that it reads, where they matter. */
  readonly place: { readonly namespace: string; readonly deployment: string | null; readonly configMap: string | null };
  readonly tier: Tier;
  readonly score: number;
  /** Each line of the score, worked out by hand from the rules of scoring; they add up to `score`. */
  readonly reasons: readonly (readonly [code: ReasonCode, points: number])[];
  readonly votes: readonly StoryVote[];
  /** The states that it passes through, in order. */
  readonly path: readonly State[];
  readonly reviewIssue: 'made' | 'none';
  readonly ending: Ending;
}
