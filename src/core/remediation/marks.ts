// What of an approval is marked for ever and counted: that the glass was broken, that a yes came in haste.
import type { EventRecord } from './event.ts';
import type { Remediation } from './remediation.ts';

export const APPROVAL_MARKS = ['break-glass', 'hasty'] as const;
export type ApprovalMark = (typeof APPROVAL_MARKS)[number];

/** What these events mark, one by one. */
export function marksOf(records: readonly Pick<EventRecord, 'event'>[]): readonly ApprovalMark[] {
  return records.flatMap(({ event }): readonly ApprovalMark[] => {
    if (event.event === 'glass-broken') return ['break-glass'];
    return event.event === 'voted' && event.vote.hasty === true ? ['hasty'] : [];
  });
}

/** What all events of a remediation have marked, read from what they left. */
export function marksOfRecord({
  breakGlass,
  votes,
  withdrawn = [],
}: Pick<Remediation, 'breakGlass' | 'votes' | 'withdrawn'>): readonly ApprovalMark[] {
  return [
    ...(breakGlass === undefined ? [] : (['break-glass'] as const)),
    // One that was taken back was given all the same.
    ...[...votes, ...withdrawn].flatMap(({ hasty }): readonly ApprovalMark[] => (hasty === true ? ['hasty'] : [])),
  ];
}
