// The queue: what waits for me, what waits, what runs, what ended. Filters stand in the address.
import { type ReactElement, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { go, useAddress, withQuery } from '../router.ts';
import { Loading, Notice, TroubleNotice } from '../ui/notice.tsx';
import { plain } from '../ui/others-words.ts';
import { isFocusLost, PageHeading } from '../ui/page-heading.tsx';
import { useShortcuts } from '../ui/shortcuts.ts';
import { useNow } from '../ui/time.tsx';
import { VirtualList } from '../ui/virtual-list.tsx';
import type { Words } from '../words/en.ts';
import { useWords } from '../words/words.ts';
import { GROUPS, type QueueGroup } from './groups.ts';
import { takeOpened } from './opened.ts';
import { QueueRow } from './queue-row.tsx';
import { type RowList, useRows } from './use-rows.ts';

const TIERS = ['auto', 'human', 'dual', 'blocked'] as const;

const NARROW = window.matchMedia('(max-width: 640px)');
const useNarrow = (): boolean =>
  useSyncExternalStore(
    (tell) => {
      NARROW.addEventListener('change', tell);
      return () => NARROW.removeEventListener('change', tell);
    },
    () => NARROW.matches,
  );

/** Pixels of a row; styles/queue.css draws it so high. */
const [WIDE_ROW, NARROW_ROW] = [68, 104];

const isGroup = (text: string | null): text is QueueGroup => (GROUPS as readonly (string | null)[]).includes(text);

export function QueuePage(): ReactElement {
  const words = useWords();
  const { query } = useAddress();
  const asked = query.get('list');
  const group = isGroup(asked) ? asked : 'waiting';
  const [incident, tier] = [query.get('incident') ?? '', query.get('tier') ?? ''];
  const list = useRows(group, incident);
  const rows = useMemo(() => list.rows.filter((row) => tier === '' || row.tier === tier), [list.rows, tier]);
  const isNoneYet = rows.length === 0 && !list.isLoading && !list.isComplete && list.trouble === null;
  // A page of which no row fits says nothing of the next one.
  useEffect(() => {
    if (isNoneYet) list.more();
  }, [isNoneYet, list.more]);
  const search = useRef<HTMLInputElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const [returned] = useState(takeOpened);
  const place = useMemo(() => (returned === null ? -1 : rows.findIndex(({ id }) => id === returned)), [rows, returned]);
  // Once, as soon as it is there, and only while the keyboard has not been used for anything else.
  useEffect(() => {
    if (place >= 0 && (isFocusLost() || document.activeElement?.tagName === 'H1')) setAt((before) => before ?? place);
  }, [place]);
  const step = (by: number) => () => {
    if (rows.length > 0) setAt((before) => Math.min(rows.length - 1, Math.max(0, (before ?? -1) + by)));
  };
  useShortcuts({ j: step(1), k: step(-1), '/': () => search.current?.focus() });
  return (
    <main id="content" className="queue">
      <PageHeading className="visually-hidden">{words.app.queue}</PageHeading>
      <QueueBar group={group} incident={incident} tier={tier} search={search} />
      {list.notice !== null && <p className="banner">{plain(list.notice)}</p>}
      {list.unreadable > 0 && <p className="banner warn">{words.queue.unreadable(list.unreadable)}</p>}
      <QueueBody list={list} rows={rows} group={group} isFiltered={incident !== '' || tier !== ''} at={at} />
    </main>
  );
}

const EMPTY_TEXT: { readonly [G in QueueGroup]: (words: Words) => readonly [string, string] } = {
  mine: ({ queue }) => [queue.emptyMine, queue.emptyMineHint],
  waiting: ({ queue }) => [queue.emptyWaiting, queue.emptyWaitingHint],
  running: ({ queue }) => [queue.emptyRunning, queue.emptyRunningHint],
  ended: ({ queue }) => [queue.emptyEnded, queue.emptyEndedHint],
  all: ({ queue }) => [queue.emptyEnded, queue.emptyWaitingHint],
};

const QueueBody = ({
  list,
  rows,
  group,
  isFiltered,
  at,
}: {
  list: RowList;
  rows: RowList['rows'];
  group: QueueGroup;
  isFiltered: boolean;
  at: number | null;
}): ReactElement => {
  const words = useWords();
  const now = useNow(1_000);
  const height = useNarrow() ? NARROW_ROW : WIDE_ROW;
  if (rows.length === 0 && list.trouble !== null) return <TroubleNotice trouble={list.trouble} again={list.again} />;
  if (rows.length === 0 && (list.isLoading || !list.isComplete)) return <Loading rows={8} />;
  if (rows.length === 0) {
    const [title, hint] = isFiltered
      ? [words.queue.emptyFilter, words.queue.emptyFilterHint]
      : EMPTY_TEXT[group](words);
    return (
      <Notice title={title}>
        <p>{hint}</p>
        {isFiltered && (
          <button type="button" onClick={() => go(withQuery({ incident: '', tier: '' }))}>
            {words.queue.clear}
          </button>
        )}
      </Notice>
    );
  }
  return (
    <>
      <VirtualList
        items={rows}
        keyOf={({ id }) => id}
        row={(row, index) => <QueueRow row={row} index={index} now={now} />}
        height={height}
        label={words.queue.list}
        focused={at}
        onNearEnd={list.more}
      />
      {list.isLoading && list.rows.length > 0 && (
        <p className="visually-hidden" role="status">
          {words.queue.more}
        </p>
      )}
    </>
  );
};

interface QueueBarProps {
  readonly group: QueueGroup;
  readonly incident: string;
  readonly tier: string;
  readonly search: React.RefObject<HTMLInputElement | null>;
}

const QueueBar = ({ group, incident, tier, search }: QueueBarProps): ReactElement => {
  const words = useWords();
  return (
    <div className="toolbar">
      <nav className="tabs" aria-label={words.queue.list}>
        {GROUPS.map((one) => (
          <button
            type="button"
            key={one}
            aria-current={one === group ? 'true' : undefined}
            onClick={() => go(withQuery({ list: one === 'waiting' ? '' : one }))}
          >
            {words.queue[one]}
          </button>
        ))}
      </nav>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          go(withQuery({ incident: search.current?.value.trim() ?? '' }));
        }}
      >
        <input
          key={incident}
          ref={search}
          type="search"
          defaultValue={incident}
          placeholder={words.queue.incident}
          aria-label={words.queue.incidentHint}
          title={words.queue.incidentHint}
          onBlur={(event) => go(withQuery({ incident: event.target.value.trim() }), { replace: true })}
        />
        <select
          aria-label={words.queue.tier}
          value={tier}
          onChange={(event) => go(withQuery({ tier: event.target.value }))}
        >
          <option value="">{words.queue.anyTier}</option>
          {TIERS.map((one) => (
            <option key={one} value={one}>
              {words.tierName[one]}
            </option>
          ))}
        </select>
      </form>
    </div>
  );
};
