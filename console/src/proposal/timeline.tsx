// What has happened, step by step, with the cluster's samples as small charts.
import { type ReactElement, useEffect, useMemo, useRef } from 'react';
import type { Proposal, ShownEvent } from '../api/types.ts';
import { plain } from '../ui/others-words.ts';
import { Clock } from '../ui/time.tsx';
import type { Words } from '../words/en.ts';
import { useLang, useWords } from '../words/words.ts';
import { textAt } from './event-text.ts';
import { seriesOf } from './sample-series.ts';
import { SamplesChart } from './samples-chart.tsx';
import { Section } from './section.tsx';

const wayOf = (event: ShownEvent, words: Words): string =>
  event['direction'] === 'back' ? words.proposal.backward : words.proposal.forward;
const byOf = (event: ShownEvent): string => textAt(event, 'by') ?? textAt(event, 'person') ?? '';
const refusalOf = (event: ShownEvent): string =>
  textAt(event, 'refusal', 'about') ?? textAt(event, 'refusal', 'code') ?? '';

/** A word of the gate by its name; one that is not known yet stays as it is. */
const named = (names: Readonly<Record<string, string>>, word: string | null): string =>
  word === null ? '' : (names[word] ?? word);

/** What an event says beside its name, where the gate says nothing of it; the others say nothing more. */
const DETAILS: Readonly<Record<string, (event: ShownEvent, words: Words) => string>> = {
  proposed: (event) => textAt(event, 'proposer') ?? '',
  voted: (event, { proposal, channel }) => {
    const said = textAt(event, 'vote', 'decision') === 'approve' ? proposal.approved : proposal.rejected;
    return `${textAt(event, 'vote', 'person')} ${said}, ${proposal.via} ${named(channel, textAt(event, 'vote', 'channel'))}`;
  },
  cancelled: byOf,
  superseded: byOf,
  'glass-broken': (event) => `${textAt(event, 'breakGlass', 'by')}: ${textAt(event, 'breakGlass', 'reason')}`,
  'vote-withdrawn': byOf,
  'write-intended': wayOf,
  'answer-missed': wayOf,
  'write-answered': (event, words) =>
    `${wayOf(event, words)}: ${textAt(event, 'answer', 'why') ?? named(words.proposal.answered, textAt(event, 'answer', 'outcome'))}`,
  looked: (event, { proposal }) => named(proposal.found, textAt(event, 'found')),
  progressed: (event) => `${textAt(event, 'done')} / ${textAt(event, 'of')} ${textAt(event, 'subject')}`,
  sampled: (event) => textAt(event, 'verdict', 'subject') ?? textAt(event, 'verdict', 'code') ?? '',
  'went-stale': refusalOf,
  'way-back-lost': refusalOf,
  'review-answered': (event) => textAt(event, 'review', 'issueUrl') ?? textAt(event, 'review', 'error') ?? '',
};

/** Pixels from its end at which the list still counts as read to the end. */
const NEAR_PX = 8;

export function Timeline({ proposal }: { proposal: Proposal }): ReactElement {
  const words = useWords();
  const lang = useLang();
  const { events, told, verdict, rollbackVerdict } = proposal;
  const series = useMemo(() => seriesOf(events), [events]);
  const said = told?.[lang]?.verdict ?? verdict?.message ?? null;
  const saidBack = told?.[lang]?.rollbackVerdict ?? rollbackVerdict?.message ?? null;
  const list = useRef<HTMLOListElement>(null);
  const followsEnd = useRef(true);
  // What is newest is seen, unless somebody reads further up.
  useEffect(() => {
    if (followsEnd.current && events.length > 0) list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [events.length]);
  return (
    <Section title={words.proposal.timeline} testid="timeline">
      {series.length > 0 && (
        <div className="charts">
          {series.map((one) => (
            <SamplesChart key={`${one.direction} ${one.target}`} series={one} />
          ))}
        </div>
      )}
      {said !== null && (
        <p>
          <span className="pill tone-quiet">{words.proposal.forward}</span> {plain(said)}
        </p>
      )}
      {saidBack !== null && (
        <p>
          <span className="pill tone-quiet">{words.proposal.backward}</span> {plain(saidBack)}
        </p>
      )}
      <ol
        ref={list}
        className="timeline"
        aria-live="polite"
        aria-relevant="additions"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          followsEnd.current = scrollHeight - scrollTop - clientHeight < NEAR_PX;
        }}
      >
        {events.map((event) => (
          <li key={event.seq} className={event.from === event.to ? '' : 'step'}>
            <Clock at={event.at} />
            <span>
              <strong>{words.proposal.event[event.event] ?? plain(event.event)}</strong>{' '}
              <span className="muted">{plain(event.told?.[lang] ?? DETAILS[event.event]?.(event, words))}</span>
              {event.from !== event.to && <span className="to"> → {words.state[event.to] ?? plain(event.to)}</span>}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
