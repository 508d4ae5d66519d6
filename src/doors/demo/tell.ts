// Tells a story in the terminal: what, why, who agreed, what happened, and whether it was as promised.
import { describeReason } from '../../core/text/describe.ts';
import { plainLine } from '../../core/text/escape.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { ProposalView } from '../proposal-view.ts';
import { type Paint, TIER_COLOUR } from '../terminal/paint.ts';
import type { ComparisonResult } from './compare.ts';
import { hang, wrap, wrapCommand } from './layout.ts';
import type { Beat } from './play.ts';
import { AGENT, CAST, type Story } from './story.ts';
import { tellEvent } from './tell-event.ts';

export interface Voice {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  readonly out: (text: string) => void;
}

/** Columns of the label in front of each line. */
const LABEL = 13;

/** A teller of one story; `place` is where it stands among the others: "3 of 4". */
export function teller({ paint, width, out }: Voice, place: string): (beat: Beat) => void {
  const room = width - LABEL;
  let before = '';
  const label = (word: string, lines: readonly string[]): readonly string[] =>
    lines.map((line, i) => `  ${paint((i === 0 ? word : '').padEnd(LABEL - 2), 'dim')}${line}`);
  const linesOf = (beat: Beat): readonly string[] => {
    switch (beat.kind) {
      case 'begins':
        return heading(beat.story, place, paint, width);
      case 'proposed':
        return proposed(beat.proposal, label, paint, room);
      case 'review':
        return label('review', [beat.review.issueUrl ?? `no issue: ${plainLine(beat.review.error ?? '')}`]);
      case 'said':
        return label('chat', [`${CAST[beat.by].name}: ${paint(beat.text, 'cyan')}`, ...botSays(beat.answer, room)]);
      case 'announced':
        return label('chat', botSays(beat.text, room));
      case 'event': {
        const line = tellEvent(beat.event, paint);
        if (line === null || line === before) return [];
        before = line;
        return hang(`${since(beat.proposal, beat.event).padStart(LABEL - 3)}   `, wrap(line, room));
      }
      case 'compared':
        return ['', ...beat.checks.flatMap((check) => checked(check, paint, width)), ''];
      default:
        return beat satisfies never;
    }
  };
  return (beat) =>
    out(
      linesOf(beat)
        .map((line) => `${line}\n`)
        .join(''),
    );
}

type Label = (word: string, lines: readonly string[]) => readonly string[];

/** The first line of what the bot said: the rest repeats what stands above. */
const botSays = (text: string, room: number): readonly string[] =>
  hang('blastgate: ', wrap(plainLine(text.split('\n')[0] ?? ''), room - 11));

const heading = (story: Story, place: string, paint: Paint, width: number): readonly string[] => {
  const start = `━━ ${place} ━━ ${story.incident} ━━ ${story.tier} `;
  return [
    paint(start.padEnd(width, '━'), TIER_COLOUR[story.tier]),
    ...wrap(story.title, width - 2).map((line) => `  ${paint(line, 'bold')}`),
    ...wrap(story.situation, width - 2).map((line) => `  ${line}`),
    '',
  ];
};

const proposed = (proposal: ProposalView, label: Label, paint: Paint, room: number): readonly string[] => {
  const { spec, diagnosis, score, tier } = proposal;
  const { command, none } = spec.rollbackPlan;
  const rollback =
    command === null ? wrap(none ?? '', room) : command.split('\n').flatMap((line) => wrapCommand(line, room));
  const bold = (line: string): string => paint(line, 'bold');
  const dim = (line: string): string => paint(line, 'dim');
  return [
    ...label(AGENT.id, wrapCommand(plainLine(spec.command), room).map(bold)),
    ...(diagnosis === null ? [] : label('it claims', wrap(`“${plainLine(diagnosis)}”`, room).map(dim))),
    ...label(tier === 'blocked' ? 'would mean' : 'afterwards', wrap(plainLine(spec.targetState), room)),
    ...label('rollback', rollback),
    ...label('score', [`${bold(`${score ?? '?'} / 100`)}  ${paint(DICTIONARIES.en.tiers[tier], TIER_COLOUR[tier])}`]),
    ...spec.reasons.flatMap((reason) => {
      const start = `${' '.repeat(LABEL)}${String(reason.points).padStart(3)}  ${reason.code.padEnd(14)}  `;
      return hang(start, wrap(plainLine(describeReason(reason, 'en')), room - start.length + LABEL).map(dim));
    }),
    ...label('sealed as', [dim(spec.digest.slice(0, 19))]),
  ];
};

/** Seconds since it was proposed. */
const since = ({ createdAt }: ProposalView, event: ProposalView['events'][number]): string =>
  `+${((Date.parse(String(event['at'])) - Date.parse(createdAt)) / 1000).toFixed(1)} s`;

const checked = ({ promise, instead }: ComparisonResult, paint: Paint, width: number): readonly string[] => {
  const mark = instead === null ? paint('✓', 'green') : paint('✗', 'red', 'bold');
  const seen = instead === null ? [] : wrap(paint(`seen: ${plainLine(instead)}`, 'red'), width - 6);
  return [...hang(`  ${mark} `, wrap(promise, width - 4)), ...hang('      ', seen)];
};
