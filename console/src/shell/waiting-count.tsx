// How many remediations wait for the reader: in the title of the window, in its icon and beside "Queue".
import { type ReactElement, type ReactNode, useEffect, useMemo, useState } from 'react';
import { Trouble } from '../api/client.ts';
import { useAsk, useGate, useResource } from '../api/gate.ts';
import type { Proposal, ProposalPage } from '../api/types.ts';
import { type Row, rowOf, waitsFor } from '../queue/groups.ts';
import { MOST_SINGLE, useChanged } from '../queue/use-changed.ts';

/** More than these are shown as "99+". */
const MOST = 99;

/** The count as text, "" for none. */
export const countText = (count: number): string => (count === 0 ? '' : count > MOST ? `${MOST}+` : String(count));

/** A picture of its own for each count: a gate, and the number where something waits. */
const iconOf = (text: string): string => {
  const gate =
    '<rect x="2" y="2" width="28" height="28" rx="6" fill="#24303f"/><path d="M9 23V11m14 12V11M9 13h14M9 18h14" stroke="#fff" stroke-width="2.5" fill="none"/>';
  const number = `<rect x="2" y="2" width="28" height="28" rx="6" fill="#b54708"/><text x="16" y="22" font-family="sans-serif" font-size="${text.length > 2 ? 13 : 18}" font-weight="700" text-anchor="middle" fill="#fff">${text}</text>`;
  return `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${text === '' ? gate : number}</svg>`)}`;
};

const WAITS = 'awaiting-approval';
type Changes = ReadonlyMap<string, Row | null>;
const NONE: Changes = new Map();

/**
 * What has changed since the list was read, by id; null: it waits no more. One row is asked for, and none where it has left: every open
 * page does so for every step, and the whole list for each would be too much for a gate that hundreds look at.
 */
const useChanges = (again: () => void): Changes => {
  const gate = useGate();
  const request = useAsk();
  const [changes, setChanges] = useState(NONE);
  // What has left meanwhile is not brought back by an answer from before.
  const keep = (row: Row): void =>
    setChanges((before) => (before.get(row.id) === null ? before : new Map(before).set(row.id, row)));
  const read = async (id: string): Promise<void> => {
    try {
      keep(rowOf(await request<Proposal>(`/v1/proposals/${encodeURIComponent(id)}?view=page`)));
    } catch (error) {
      // A stream that was lost reads the list anew; what cannot be read at all is said by the lists.
      if (!(error instanceof Trouble)) throw error;
    }
  };
  useEffect(
    () =>
      gate.onEvent(({ proposal, from, to }) => {
        if (proposal === undefined || from === to || ![from, to].includes(WAITS)) return;
        setChanges((before) => {
          const after = new Map(before);
          if (from === WAITS) after.set(proposal, null);
          else after.delete(proposal);
          return after;
        });
      }),
    [gate.onEvent],
  );
  useChanged(
    ({ event, from, to }) => to === WAITS && (from !== to || event === 'voted' || event === 'vote-withdrawn'),
    (ids) => {
      if (ids.length > MOST_SINGLE) again();
      else for (const id of ids) void read(id);
    },
  );
  // The list is read anew once the stream is there again.
  useEffect(() => {
    if (gate.link !== 'live') setChanges(NONE);
  }, [gate.link]);
  return changes;
};

export function WaitingCount({ children }: { children: (count: number) => ReactNode }): ReactElement {
  const { session } = useGate();
  const listed = useResource<ProposalPage>(`/v1/proposals?state=${WAITS}&limit=200&view=page`);
  const changes = useChanges(listed.is === 'loading' ? () => undefined : listed.again);
  const { person } = session;
  const rows = useMemo(() => {
    const all = new Map((listed.is === 'ready' ? listed.value.proposals : []).map((one) => [one.id, rowOf(one)]));
    for (const [id, row] of changes) {
      if (row === null) all.delete(id);
      else all.set(id, row);
    }
    return [...all.values()];
  }, [listed, changes]);
  const count = person === null ? 0 : rows.filter((row) => waitsFor(row, person)).length;
  useEffect(() => {
    const text = countText(count);
    document.title = text === '' ? 'Blastgate' : `(${text}) Blastgate`;
    document.querySelector('link[rel="icon"]')?.setAttribute('href', iconOf(text));
  }, [count]);
  return <>{children(count)}</>;
}
