// The way back: whether everything returns, what does not, and how it is done.
import type { ReactElement } from 'react';
import type { Proposal } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { useLang, useWords } from '../words/words.ts';
import { Section } from './section.tsx';

export function Rollback({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const lang = useLang();
  const { rollbackPlan } = proposal.spec;
  const told = proposal.told?.[lang]?.rollback;
  const loses = told?.loses ?? rollbackPlan.loses;
  const none = told?.none ?? rollbackPlan.none;
  const tone = { exact: 'good', partial: 'warn', none: 'bad' }[rollbackPlan.fidelity];
  return (
    <Section title={words.proposal.rollback} testid="rollback">
      <p>
        <span className={`pill tone-${tone}`}>{rollbackPlan.fidelity}</span>{' '}
        {words.proposal.fidelity[rollbackPlan.fidelity]}
      </p>
      {none !== null && <p>{plain(none)}</p>}
      {rollbackPlan.command !== null && <pre className="code">{plain(rollbackPlan.command)}</pre>}
      {loses.length > 0 && (
        <>
          <h3>{words.proposal.loses}</h3>
          <ul>
            {loses.map((one) => (
              <li key={one}>{plain(one)}</li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}
