// The way back: whether everything returns, what does not, and how it is done.
import { type ReactElement, useMemo } from 'react';
import { changeDiff } from '../../../src/core/text/change-diff.ts';
import type { Proposal } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { useLang, useWords } from '../words/words.ts';
import { ObjectTable } from './diff.tsx';
import { objectDiffs, takenBack } from './diff-lines.ts';
import { Section } from './section.tsx';

export function Rollback({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const lang = useLang();
  const { rollbackPlan, changes } = proposal.spec;
  const told = proposal.told?.[lang]?.rollback;
  const loses = told?.loses ?? rollbackPlan.loses;
  const none = told?.none ?? rollbackPlan.none;
  // Only where every field comes back is the way back the change turned round.
  const isExact = rollbackPlan.fidelity === 'exact';
  const back = useMemo(() => (isExact ? takenBack(objectDiffs(changeDiff(changes ?? []))) : []), [changes, isExact]);
  const tone = { exact: 'good', partial: 'warn', none: 'bad' }[rollbackPlan.fidelity];
  return (
    <Section title={words.proposal.rollback} testid="rollback">
      <p>
        <span className={`pill tone-${tone}`}>{words.proposal.fidelityName[rollbackPlan.fidelity]}</span>{' '}
        {words.proposal.fidelity[rollbackPlan.fidelity]}
      </p>
      {none !== null && <p>{plain(none)}</p>}
      {rollbackPlan.command !== null && <pre className="code">{plain(rollbackPlan.command)}</pre>}
      {back.length > 0 && (
        <details>
          <summary>{words.proposal.wayBackDiff}</summary>
          {back.map((diff) => (
            <ObjectTable key={`${diff.op} ${diff.name}`} diff={diff} layout="inline" />
          ))}
        </details>
      )}
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
