// Who has agreed, who is still needed, and for how long approvals count.
import type { ReactElement } from 'react';
import type { Proposal } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { Ago, absoluteText, clockText, useNow } from '../ui/time.tsx';
import { useLang, useWords } from '../words/words.ts';

export function Votes({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const lang = useLang();
  const { needed, votes, told, state } = proposal;
  const isOpen = state === 'awaiting-approval';
  return (
    <div data-testid="votes">
      <p className="needed">
        {needed.approvals === 0 ? words.proposal.neededNone : words.proposal.needed(needed.have, needed.approvals)}
        <span className="slots" aria-hidden="true">
          {Array.from({ length: needed.approvals }, (_, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: places, not things.
            <span key={at} className={at < needed.have ? 'slot filled' : 'slot'} />
          ))}
        </span>
      </p>
      {isOpen && (told?.[lang]?.needed ?? '') !== '' && <p className="muted">{plain(told?.[lang]?.needed)}</p>}
      {votes.length === 0 && needed.approvals > 0 && <p className="muted">{words.proposal.noVotes}</p>}
      <ul className="votes">
        {votes.map((vote) => (
          <li key={`${vote.person} ${vote.at}`}>
            <strong>{plain(vote.person)}</strong>{' '}
            <span className={vote.decision === 'approve' ? 'good-text' : 'bad-text'}>
              {vote.decision === 'approve' ? words.proposal.approved : words.proposal.rejected}
            </span>{' '}
            <span className="muted">
              {words.proposal.via} {words.channel[vote.channel] ?? plain(vote.channel)}, <Ago at={vote.at} />
              {vote.digest !== proposal.digest && `, ${words.proposal.notCounted}`}
            </span>
            {vote.reason !== null && <q>{plain(vote.reason)}</q>}
          </li>
        ))}
      </ul>
      {isOpen && <Countdown expiresAt={proposal.expiresAt} title={absoluteText(proposal.expiresAt, lang)} />}
    </div>
  );
}

/** Soon is the last ten minutes. */
const SOON_MS = 600_000;

const Countdown = ({ expiresAt, title }: { expiresAt: string; title: string }): ReactElement => {
  const words = useWords();
  const left = Date.parse(expiresAt) - useNow(1_000);
  return (
    <p data-testid="countdown" role="timer" title={title} className={left < SOON_MS ? 'warn-text' : 'muted'}>
      {left <= 0 ? words.proposal.expired : `${words.proposal.expires} ${clockText(left)}`}
    </p>
  );
};
