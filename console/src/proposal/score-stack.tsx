// The score as a stack of reasons that adds up before the reader's eyes.
import type { ReactElement } from 'react';
import type { Proposal } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { TierPill } from '../ui/pills.tsx';
import { useLang, useWords } from '../words/words.ts';
import { Section } from './section.tsx';

interface Step {
  readonly code: string;
  readonly points: number;
  readonly message: string;
  /** The sum with it. */
  readonly sum: number;
}

/** The gate's sentences where it tells them in both languages; else the sealed English ones, whose points stand in `reasons`. */
const stepsOf = ({ spec, told }: Proposal, lang: 'en' | 'zh-TW'): readonly Step[] => {
  let sum = 0;
  return spec.reasons.map(({ code, points, subject }, at) => {
    sum += points;
    const message =
      told?.[lang]?.reasons?.[at]?.message ?? spec.blastReason[at]?.replace(/^[+-]\d+ /, '') ?? subject ?? code;
    return { code, points, message, sum };
  });
};

export function ScoreStack({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const steps = stepsOf(proposal, useLang());
  const { score, tier } = proposal;
  const whole = Math.max(100, score ?? 0);
  return (
    <Section title={words.proposal.reasons}>
      <div className="stack" aria-hidden="true">
        {steps.map((step, at) => (
          <span
            key={`${step.code} ${step.sum}`}
            className={`stack-part part-${at % 6}`}
            style={{ width: `${(Math.max(0, step.points) / whole) * 100}%` }}
            title={`${step.points} ${step.message}`}
          />
        ))}
        {[10, 50, 99].map((border) => (
          <span key={border} className="stack-border" style={{ left: `${border}%` }} />
        ))}
      </div>
      <table className="reasons" data-testid="reasons">
        <tbody>
          {steps.map((step, at) => (
            <tr key={`${step.code} ${step.sum}`}>
              <td className="points">{step.points >= 0 ? `+${step.points}` : step.points}</td>
              <td>
                <span className={`swatch part-${at % 6}`} aria-hidden="true" />
                {plain(step.message)} <code className="muted">{plain(step.code)}</code>
              </td>
              <td className="running muted">{step.sum}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td className="points">{score ?? '?'}</td>
            <td>
              {words.proposal.sum} <TierPill tier={tier} /> {words.tier[tier]}
            </td>
            <td />
          </tr>
        </tfoot>
      </table>
    </Section>
  );
}
