// State, tier and score as small marks whose words carry the meaning, not their colour alone.
import type { ReactElement } from 'react';
import { useWords } from '../words/words.ts';

const TONE: Readonly<Record<string, string>> = {
  'awaiting-approval': 'wait',
  approved: 'run',
  executing: 'run',
  verifying: 'run',
  'rolling-back': 'warn',
  uncertain: 'warn',
  succeeded: 'good',
  'rolled-back': 'warn',
  failed: 'bad',
  'rollback-failed': 'bad',
  'handed-over': 'bad',
  blocked: 'bad',
  refused: 'bad',
  rejected: 'bad',
};

export function StatePill({ state }: { state: string }): ReactElement {
  const words = useWords();
  return <span className={`pill tone-${TONE[state] ?? 'quiet'}`}>{words.state[state] ?? state}</span>;
}

export function TierPill({ tier }: { tier: string }): ReactElement {
  const words = useWords();
  return (
    <span className={`pill tier-${tier}`}>
      {words.tierName[tier] ?? tier}
      <span className="visually-hidden">: {words.tier[tier] ?? ''}</span>
    </span>
  );
}

/** The score in the colour of its tier. */
export function ScoreMark({ score, tier }: { score: number | null; tier: string }): ReactElement {
  const words = useWords();
  return (
    <span
      className={`score-mark tier-${tier}`}
      title={`${words.proposal.score} ${score ?? '?'} / 100, ${words.tierName[tier] ?? tier}`}
    >
      {score ?? '?'}
    </span>
  );
}
