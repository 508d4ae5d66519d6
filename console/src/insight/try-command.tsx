// A command judged from its text alone: score, tier, reasons, refusals with what to do instead.
import { type ReactElement, useState } from 'react';
import { Trouble } from '../api/client.ts';
import { useAsk } from '../api/gate.ts';
import type { ScoreAnswer } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { TierPill } from '../ui/pills.tsx';
import { useWords } from '../words/words.ts';

type Judged =
  | { readonly is: 'nothing' | 'busy' }
  | { readonly is: 'answer'; readonly answer: ScoreAnswer }
  | { readonly is: 'trouble'; readonly trouble: Trouble };

export function TryCommand(): ReactElement {
  const words = useWords();
  const request = useAsk();
  const [command, setCommand] = useState('');
  const [judged, setJudged] = useState<Judged>({ is: 'nothing' });
  const judge = async (): Promise<void> => {
    setJudged({ is: 'busy' });
    try {
      const answer = await request<ScoreAnswer>('/v1/score', { method: 'POST', body: { command } });
      setJudged({ is: 'answer', answer });
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      setJudged({ is: 'trouble', trouble: error });
    }
  };
  return (
    <section className="part">
      <h2>{words.policy.try}</h2>
      <p className="muted">{words.policy.tryHint}</p>
      <form
        className="try"
        onSubmit={(event) => {
          event.preventDefault();
          if (command.trim() !== '') void judge();
        }}
      >
        <input
          value={command}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder="kubectl delete deployment web -n production"
          aria-label={words.policy.command}
          onChange={(event) => setCommand(event.target.value)}
        />
        <button type="submit" className="primary" disabled={judged.is === 'busy' || command.trim() === ''}>
          {words.policy.tryButton}
        </button>
      </form>
      <div aria-live="polite">
        {judged.is === 'answer' && <Answer answer={judged.answer} />}
        {judged.is === 'trouble' && (
          <p className="banner bad">
            {plain(judged.trouble.message)} {plain(judged.trouble.remedy)}
          </p>
        )}
      </div>
    </section>
  );
}

const Answer = ({ answer }: { answer: ScoreAnswer }): ReactElement => {
  const words = useWords();
  return (
    <>
      <p className={`score-big tier-${answer.tier}`}>
        {answer.score ?? '?'} <span className="muted">/ 100</span> <TierPill tier={answer.tier} />{' '}
        <span className="muted small-text">{words.tier[answer.tier]}</span>
      </p>
      <table className="reasons">
        <tbody>
          {answer.reasons.map(({ code, points, message }) => (
            <tr key={`${code} ${message}`}>
              <td className="points">{points >= 0 ? `+${points}` : points}</td>
              <td>
                {plain(message)} <code className="muted">{plain(code)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {answer.hardRule !== null && <p className="banner bad">{plain(answer.hardRule.message)}</p>}
      {answer.refusals.map(({ code, message, remedy }) => (
        <p key={code + message} className="banner bad">
          {plain(message)} {remedy === null ? '' : plain(remedy)}
        </p>
      ))}
      <p className="muted">
        {answer.runnable.is ? words.policy.runnable : words.policy.notRunnable} {plain(answer.runnable.why)}
      </p>
    </>
  );
};
