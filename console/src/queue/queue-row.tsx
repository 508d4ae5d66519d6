// One remediation as a row of the queue: the effect in words first.
import type { ReactElement } from 'react';
import { useGate } from '../api/gate.ts';
import { Link } from '../ui/link.tsx';
import { plain } from '../ui/others-words.ts';
import { ScoreMark, StatePill, TierPill } from '../ui/pills.tsx';
import { Ago, clockText } from '../ui/time.tsx';
import { useLang, useWords } from '../words/words.ts';
import type { Row } from './groups.ts';

/** `now`: milliseconds, for the countdown. */
export function QueueRow({ row, index, now }: { row: Row; index: number; now: number }): ReactElement {
  const words = useWords();
  const lang = useLang();
  // The page's head names the one cluster of a gate that has one; of several, each row names its own.
  const { session } = useGate();
  const waits = row.state === 'awaiting-approval';
  return (
    <Link
      className="row"
      href={`/proposals/${encodeURIComponent(row.id)}`}
      data-testid="queue-row"
      data-id={row.id}
      data-row={index}
    >
      <ScoreMark score={row.score} tier={row.tier} />
      <span className="row-words">
        <span className="row-effect">{plain(row.effect[lang])}</span>
        <span className="row-about muted">
          <strong>{plain(row.incident)}</strong>
          {row.cluster !== null && row.cluster !== session.cluster && (
            <strong className="row-cluster" data-testid="row-cluster">
              {plain(row.cluster)}
            </strong>
          )}
          <span className="row-target">{plain(row.target)}</span>
          <span className="row-by">
            {words.queue.by} {plain(row.proposer)}
          </span>
          <Ago at={row.createdAt} />
        </span>
      </span>
      <span className="row-state">
        <span className="row-pills">
          <TierPill tier={row.tier} />
          {row.state !== row.tier && <StatePill state={row.state} />}
        </span>
        {waits && (
          <span className="row-needed muted">
            {words.queue.approvals(row.have, row.needed)}
            <span className="clock">
              {clockText(Date.parse(row.expiresAt) - now)} {words.queue.left}
            </span>
          </span>
        )}
      </span>
    </Link>
  );
}
