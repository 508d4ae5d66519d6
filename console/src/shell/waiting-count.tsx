// How many remediations wait for the reader: in the title of the window, in its icon and beside "Queue".
import { type ReactElement, type ReactNode, useEffect } from 'react';
import { useGate, useResource } from '../api/gate.ts';
import type { ProposalPage } from '../api/types.ts';
import { rowOf, waitsFor } from '../queue/groups.ts';

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

export function WaitingCount({ children }: { children: (count: number) => ReactNode }): ReactElement {
  const { session } = useGate();
  const waiting = useResource<ProposalPage>(
    '/v1/proposals?state=awaiting-approval&limit=200&view=page',
    ({ from, to, event }) =>
      (from !== to && [from, to].includes('awaiting-approval')) || event === 'voted' || event === 'vote-withdrawn',
  );
  const { person } = session;
  const count =
    waiting.is === 'ready' && person !== null
      ? waiting.value.proposals.map(rowOf).filter((row) => waitsFor(row, person)).length
      : 0;
  useEffect(() => {
    const text = countText(count);
    document.title = text === '' ? 'Blastgate' : `(${text}) Blastgate`;
    document.querySelector('link[rel="icon"]')?.setAttribute('href', iconOf(text));
  }, [count]);
  return <>{children(count)}</>;
}
