// How actions went: rates and times at a glance, then outcome by outcome.
import { type ReactElement, useState } from 'react';
import { Trouble } from '../api/client.ts';
import { type Resource, useAsk, useResource } from '../api/gate.ts';
import type { Insight, Outcome, OutcomePage } from '../api/types.ts';
import { go, useAddress, withQuery } from '../router.ts';
import { Link } from '../ui/link.tsx';
import { Loading, Notice, TroubleNotice } from '../ui/notice.tsx';
import { plain } from '../ui/others-words.ts';
import { ScoreMark, StatePill } from '../ui/pills.tsx';
import { Ago, spanText } from '../ui/time.tsx';
import { useWords } from '../words/words.ts';
import { ExportedHead } from './exported-head.tsx';

export function OutcomesPage(): ReactElement {
  const words = useWords();
  const first = useResource<OutcomePage>('/v1/outcomes?limit=200', ({ from, to }) => from !== to);
  const summed = useResource<Insight>('/v1/insight', ({ from, to }) => from !== to);
  const [older, setOlder] = useState<OutcomePage | null>(null);
  if (first.is === 'trouble')
    return (
      <Page>
        <TroubleNotice trouble={first.trouble} again={first.again} />
      </Page>
    );
  if (first.is === 'loading')
    return (
      <Page>
        <Loading rows={8} />
      </Page>
    );
  const keys = new Set(first.value.outcomes.map(({ key }) => key));
  const outcomes = [...first.value.outcomes, ...(older?.outcomes ?? []).filter(({ key }) => !keys.has(key))];
  const next = older === null ? first.value.next : older.next;
  if (outcomes.length === 0)
    return (
      <Page>
        <Notice title={words.outcomes.empty}>{words.outcomes.emptyHint}</Notice>
      </Page>
    );
  return (
    <Page>
      <Summary summed={summed} />
      <OutcomeTable outcomes={outcomes} />
      {next !== null && (
        <More
          next={next}
          onMore={(page) => setOlder({ ...page, outcomes: [...(older?.outcomes ?? []), ...page.outcomes] })}
        />
      )}
    </Page>
  );
}

const Page = ({ children }: { children: React.ReactNode }): ReactElement => {
  const words = useWords();
  return (
    <main id="content" className="insight">
      <ExportedHead title={words.outcomes.title} name="outcomes" />
      {children}
    </main>
  );
};

const More = ({ next, onMore }: { next: string; onMore: (page: OutcomePage) => void }): ReactElement => {
  const words = useWords();
  const request = useAsk();
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const more = async (): Promise<void> => {
    setBusy(true);
    try {
      onMore(await request<OutcomePage>(`/v1/outcomes?limit=200&cursor=${encodeURIComponent(next)}`));
      setTrouble(null);
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      setTrouble(error);
    }
    setBusy(false);
  };
  return (
    <p>
      <button type="button" disabled={isBusy} onClick={() => void more()}>
        {words.outcomes.more}
      </button>{' '}
      {trouble !== null && <span className="bad-text">{trouble.message}</span>}
    </p>
  );
};

/** What the gate sums up itself. The list beside it stands by itself: neither waits for the other. */
const Summary = ({ summed }: { summed: Resource<Insight> }): ReactElement => {
  if (summed.is === 'trouble') return <TroubleNotice trouble={summed.trouble} again={summed.again} />;
  if (summed.is === 'loading') return <Loading rows={2} />;
  return (
    <>
      <Figures insight={summed.value} />
      <Shares insight={summed.value} />
    </>
  );
};

/** Seconds from the proposal until it was approved; null where nobody had to. */
const approvedAfter = ({ times, tier }: Outcome): number | null =>
  times.approved === null || tier === 'auto' ? null : (Date.parse(times.approved) - Date.parse(times.proposed)) / 1000;

const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`);

const Figures = ({ insight }: { insight: Insight }): ReactElement => {
  const words = useWords().outcomes;
  const { counts, toApprove, hasty, falseAlarms, budget, more: isCut } = insight;
  // Rates are of what ran: what waits or was rejected says nothing of how actions go.
  const ran = counts.succeeded + counts.rolledBack + counts.failed;
  const seconds = (value: number | null): string => (value === null ? '–' : spanText(value * 1000));
  const figures: readonly (readonly [name: string, value: string, more: string])[] = [
    [words.success, percent(counts.succeeded, ran), `${counts.succeeded} / ${ran}`],
    [words.rolledBack, percent(counts.rolledBack, ran), `${counts.rolledBack} / ${ran}`],
    [words.failed, String(counts.failed), ''],
    [words.rejected, String(counts.rejected), ''],
    [words.toApprove, seconds(toApprove.p50), `${words.most} ${seconds(toApprove.p90)}`],
    [words.hasty, String(hasty), words.hastyHint],
    [words.falseAlarms, String(falseAlarms), ''],
    [words.budget, String(budget.used), `${budget.of === null ? '' : `/ ${budget.of} `}${words.budgetHint}`],
  ];
  return (
    <>
      <dl className="figures">
        {figures.map(([name, value, more]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {value} <span className="muted small-text">{more}</span>
            </dd>
          </div>
        ))}
      </dl>
      {isCut && <p className="muted">{words.olderNotCounted}</p>}
    </>
  );
};

const VIEWS = ['tier', 'action', 'target', 'agent'] as const;
/** Bars shown at most. */
const MOST_BARS = 10;

const Shares = ({ insight }: { insight: Insight }): ReactElement => {
  const words = useWords();
  const { query } = useAddress();
  const views = VIEWS.filter((view) => insight.by[view].length > 0);
  const view = views.find((one) => one === query.get('by')) ?? views[0] ?? 'tier';
  const shares = insight.by[view].slice(0, MOST_BARS);
  const most = Math.max(1, ...shares.map(({ count }) => count));
  return (
    <section className="part">
      <div className="segments">
        {views.map((one) => (
          <button
            type="button"
            key={one}
            className="small"
            aria-pressed={one === view}
            onClick={() => go(withQuery({ by: one }), { replace: true })}
          >
            {words.outcomes.by[one]}
          </button>
        ))}
      </div>
      <table className="bars">
        <tbody>
          {shares.map((share) => (
            <Bar
              key={share.name}
              share={share}
              name={view === 'tier' ? (words.tierName[share.name] ?? share.name) : share.name}
              most={most}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
};

interface BarProps {
  readonly share: Insight['by']['tier'][number];
  readonly name: string;
  readonly most: number;
}

const Bar = ({ share, name, most }: BarProps): ReactElement => {
  const words = useWords();
  const { count, succeeded, rolledBack } = share;
  const part = (value: number) => ({ width: `${(value / most) * 100}%` });
  return (
    <tr>
      <th scope="row">{plain(name)}</th>
      <td className="bar-cell">
        <span className="bar good" style={part(succeeded)} title={`${words.outcomes.success} ${succeeded}`} />
        <span className="bar warn" style={part(rolledBack)} title={`${words.outcomes.rolledBack} ${rolledBack}`} />
        <span
          className="bar other"
          style={part(count - succeeded - rolledBack)}
          title={`${words.outcomes.other} ${count - succeeded - rolledBack}`}
        />
      </td>
      <td className="points">{count}</td>
      <td className="points">{percent(succeeded, succeeded + rolledBack)}</td>
    </tr>
  );
};

const OutcomeTable = ({ outcomes }: { outcomes: readonly Outcome[] }): ReactElement => {
  const words = useWords().outcomes;
  // Many rows in one table are drawn a part at a time.
  const [shown, setShown] = useState(50);
  return (
    <section className="part">
      <h2>{words.all}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className="scroll" tabIndex={0} aria-label={words.all}>
        <table className="list">
          <thead>
            <tr>
              {[words.result, '', words.incident, words.action, words.target, words.took, words.when].map(
                (name, at) => (
                  <th scope="col" key={name || String(at)}>
                    {name === '' ? <span className="visually-hidden">score</span> : name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {outcomes.slice(0, shown).map((one) => {
              const took = approvedAfter(one);
              return (
                <tr key={one.key}>
                  <td>
                    <StatePill state={one.state} />
                  </td>
                  <td>
                    <ScoreMark score={one.blast_radius_score} tier={one.tier} />
                  </td>
                  <td>
                    <Link href={`/proposals/${encodeURIComponent(one.proposal)}`}>{plain(one.incident)}</Link>
                  </td>
                  <td>
                    <code>{plain(one.action)}</code>
                  </td>
                  <td>{plain(one.namespace === null ? one.target : `${one.namespace}/${one.target}`)}</td>
                  <td>{took === null ? '–' : spanText(took * 1000)}</td>
                  <td>
                    <Ago at={one.times.ended} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      {outcomes.length > shown && (
        <button type="button" onClick={() => setShown(shown + 200)}>
          {words.more}
        </button>
      )}
    </section>
  );
};
