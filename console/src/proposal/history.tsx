// Earlier actions on the same target, as the gate remembers them.
import type { ReactElement } from 'react';
import { useResource } from '../api/gate.ts';
import type { OutcomePage, Proposal } from '../api/types.ts';
import { Link } from '../ui/link.tsx';
import { plain } from '../ui/others-words.ts';
import { StatePill } from '../ui/pills.tsx';
import { Ago } from '../ui/time.tsx';
import { useWords } from '../words/words.ts';
import { Section } from './section.tsx';

/** Shown at most. */
const MOST = 8;

export function TargetHistory({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const { spec, id } = proposal;
  const past = useResource<OutcomePage>(
    '/v1/outcomes?limit=200',
    ({ proposal: one, from, to }) => one === id && from !== to,
  );
  const touched = new Set((spec.changes ?? []).map(({ object }): string => object));
  const same =
    past.is === 'ready'
      ? past.value.outcomes.filter(
          (one) =>
            one.proposal !== id &&
            ((one.target === spec.target && one.namespace === spec.namespace) ||
              (one.objects ?? []).some((object) => touched.has(object))),
        )
      : [];
  return (
    <Section title={words.proposal.history}>
      {same.length === 0 && <p className="muted">{words.proposal.noHistory}</p>}
      <ul className="history">
        {same.slice(0, MOST).map((one) => (
          <li key={one.key}>
            <StatePill state={one.state} />{' '}
            <Link href={`/proposals/${encodeURIComponent(one.proposal)}`}>{plain(one.incident)}</Link>{' '}
            <code>{plain(one.action)}</code>{' '}
            <span className="muted">
              <Ago at={one.times.ended} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
