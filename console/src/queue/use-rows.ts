// The rows of one list: page by page as they are scrolled to, and kept true by what happens live.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Trouble } from '../api/client.ts';
import { type Requester, useAsk, useGate } from '../api/gate.ts';
import type { Proposal, ProposalPage } from '../api/types.ts';
import { ASKED, belongs, merged, type QueueGroup, type Row, rowOf } from './groups.ts';
import { MOST_SINGLE, useChanged } from './use-changed.ts';

export interface RowList {
  readonly rows: readonly Row[];
  readonly unreadable: number;
  readonly notice: string | null;
  readonly trouble: Trouble | null;
  readonly isLoading: boolean;
  readonly isComplete: boolean;
  readonly more: () => void;
  readonly again: () => void;
}

interface Page {
  readonly rows: readonly Row[];
  /** Where each asked list goes on; [] where all have ended. */
  readonly next: readonly (readonly [state: string | null, cursor: string])[];
  readonly unreadable: number;
  readonly notice: string | null;
}

type Cursor = readonly (readonly [state: string | null, cursor: string | null])[];

const FIRST = (group: QueueGroup): Cursor => (ASKED[group] ?? [null]).map((state) => [state, null] as const);

const readPage = async (request: Requester, cursors: Cursor, incident: string, limit: number): Promise<Page> => {
  const pages = await Promise.all(
    cursors.map(async ([state, cursor]) => {
      const query = new URLSearchParams({ view: 'page', limit: String(limit) });
      if (state !== null) query.set('state', state);
      if (cursor !== null) query.set('cursor', cursor);
      if (incident !== '') query.set('incident', incident);
      return [state, await request<ProposalPage>(`/v1/proposals?${query}`)] as const;
    }),
  );
  return {
    rows: pages.flatMap(([, page]) => page.proposals.map(rowOf)),
    next: pages.flatMap(([state, { next }]) => (next === null ? [] : [[state, next] as const])),
    unreadable: pages.reduce((sum, [, { unreadable = [] }]) => sum + unreadable.length, 0),
    notice: pages[0]?.[1].notice ?? null,
  };
};

const EMPTY: Page = { rows: [], next: [], unreadable: 0, notice: null };
const PAGE_ROWS = 200;
/** Without an answer it is asked again after so many milliseconds. */
const RETRY_MS = 3_000;

/** `incident` "" for all. */
export function useRows(group: QueueGroup, incident: string): RowList {
  const gate = useGate();
  const request = useAsk();
  const asking = useRef(request);
  asking.current = request;
  const [page, setPage] = useState<Page>(EMPTY);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [busy, setBusy] = useState<'first' | 'more' | null>('first');
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  const isMoreAsked = useRef(false);
  const shown = useRef('');

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` is what asks anew.
  useEffect(() => {
    let isOld = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    isMoreAsked.current = false;
    setBusy('first');
    const list = `${group} ${incident}`;
    // Rows of another list say nothing of this one; those of the same list stay until newer ones are there.
    if (shown.current !== list) setPage(EMPTY);
    shown.current = list;
    readPage(asking.current, FIRST(group), incident, PAGE_ROWS).then(
      (first) => {
        if (isOld) return;
        setPage(first);
        setTrouble(null);
        setBusy(null);
      },
      (error: unknown) => {
        if (isOld || !(error instanceof Trouble)) return;
        setTrouble(error);
        setBusy(null);
        if (error.status === null || error.status >= 500) timer = setTimeout(again, RETRY_MS);
      },
    );
    return () => {
      isOld = true;
      clearTimeout(timer);
    };
  }, [group, incident, turn]);

  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a lost stream may have missed anything.
  useEffect(() => {
    if (gate.link === 'live' && !isFirst.current) again();
    isFirst.current = false;
  }, [gate.link]);

  useLiveRows(incident, setPage, again);

  const more = useCallback(() => {
    if (isMoreAsked.current || page.next.length === 0) return;
    isMoreAsked.current = true;
    setBusy('more');
    readPage(asking.current, page.next, incident, PAGE_ROWS)
      .then(
        (further) => setPage((before) => ({ ...further, rows: merged(before.rows, further.rows) })),
        (error: unknown) => {
          if (error instanceof Trouble) setTrouble(error);
        },
      )
      .finally(() => {
        isMoreAsked.current = false;
        setBusy(null);
      });
  }, [page.next, incident]);

  const { person } = gate.session;
  const rows = useMemo(
    () => (person === null ? [] : page.rows.filter((row) => belongs(row, group, person))),
    [page.rows, group, person],
  );
  return {
    rows,
    unreadable: page.unreadable,
    notice: page.notice,
    trouble,
    isLoading: busy !== null,
    isComplete: page.next.length === 0,
    more,
    again,
  };
}

/** Reads anew what live events are about, and puts it into the rows. */
const useLiveRows = (incident: string, setPage: (change: (before: Page) => Page) => void, again: () => void): void => {
  const request = useAsk();
  const readChanged = async (ids: readonly string[]): Promise<void> => {
    if (ids.length > MOST_SINGLE) return again();
    const read = ids.map((id) => request<Proposal>(`/v1/proposals/${encodeURIComponent(id)}?view=page`));
    const rows = (await Promise.allSettled(read)).flatMap((one) =>
      one.status === 'fulfilled' ? [rowOf(one.value)] : [],
    );
    const fitting = rows.filter((row) => incident === '' || row.incident === incident);
    setPage((before) => ({ ...before, rows: merged(fitting, before.rows) }));
  };
  useChanged(
    ({ event, from, to }) => from !== to || event === 'voted' || event === 'vote-withdrawn',
    (ids) => void readChanged(ids),
  );
};
