// Tells a story in the terminal: what, why, who agreed, what happened, and whether it was as promised. It must never decide that.
import { describeReason, describeVerdict } from '../../core/spec/describe.ts';
import { plainLine } from '../../core/spec/escape.ts';
import { TIER_WORDS } from '../cli/explain-score.ts';
import { type Colour, type Paint, TIER_COLOUR } from '../cli/paint.ts';
import type { ProposalView } from '../proposal-view.ts';
import type { Check } from './compare.ts';
import { wrap, wrapCommand } from './layout.ts';
import type { Beat } from './play.ts';
import { AGENT, CAST, type PersonName, type Story } from './story.ts';

const LABEL = 12;

export interface Voice {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  readonly out: (text: string) => void;
}

/** A teller for `total` stories; it counts them itself. */
export const teller = ({ paint, width, out }: Voice, total: number): ((beat: Beat) => void) => {
  let told = 0;
  let lastProgress = '';
  const write = (lines: readonly string[]): void => out(lines.map((line) => `${line}\n`).join(''));
  return (beat) => {
    switch (beat.beat) {
      case 'begins':
        told += 1;
        return write(heading(beat.story, `${told} of ${total}`, paint, width));
      case 'proposed':
        return write(proposal(beat.proposal, paint, width));
      case 'review':
        return write(labelled('review', [beat.review.issueUrl ?? `no issue: ${beat.review.error ?? '?'}`], paint));
      case 'said': {
        const answer = wrap(plainLine(beat.answer.split('\n')[0] ?? ''), width - LABEL - 12);
        return write(
          labelled(
            'chat',
            [`${CAST[beat.by].name}: ${paint(beat.text, 'cyan')}`, ...hang('blastgate: ', answer)],
            paint,
          ),
        );
      }
      case 'event': {
        const line = eventLine(beat.proposal, beat.event, paint);
        if (line === null || line === lastProgress) return;
        lastProgress = line;
        const [first = '', ...rest] = wrap(line, width - LABEL);
        return write([`${since(beat.proposal, beat.event).padStart(LABEL - 3)}   ${first}`, ...indent(rest)]);
      }
      case 'announced':
        return write(
          labelled(
            'chat',
            hang('blastgate: ', wrap(plainLine(beat.text.split('\n')[0] ?? ''), width - LABEL - 12)),
            paint,
          ),
        );
      case 'compared':
        return write(['', ...beat.checks.flatMap((check) => checkLines(check, paint, width)), '']);
      default:
        return beat satisfies never;
    }
  };
};

const indent = (lines: readonly string[], by = LABEL): readonly string[] =>
  lines.map((line) => `${' '.repeat(by)}${line}`);

const hang = (start: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, i) => `${i === 0 ? start : ' '.repeat(start.length)}${line}`);

const labelled = (label: string, lines: readonly string[], paint: Paint): readonly string[] =>
  lines.map((line, i) => `  ${paint((i === 0 ? label : '').padEnd(LABEL - 2), 'dim')}${line}`);

const heading = (story: Story, count: string, paint: Paint, width: number): readonly string[] => {
  const start = `━━ ${count} ━━ ${story.incident} ━━ ${story.tier} `;
  return [
    paint(`${start}${'━'.repeat(Math.max(0, width - start.length))}`, TIER_COLOUR[story.tier]),
    ...wrap(story.title, width - 2).map((line) => `  ${paint(line, 'bold')}`),
    ...wrap(story.situation, width - 2).map((line) => `  ${line}`),
    '',
  ];
};

const proposal = ({ spec, diagnosis, score, tier }: ProposalView, paint: Paint, width: number): readonly string[] => {
  const room = width - LABEL;
  const way = spec.rollbackPlan;
  const back =
    way.command === null
      ? wrap(way.none ?? 'none', room)
      : way.command.split('\n').flatMap((line) => wrapCommand(line, room));
  return [
    ...labelled(
      AGENT.id,
      wrapCommand(plainLine(spec.command), room).map((line) => paint(line, 'bold')),
      paint,
    ),
    ...(diagnosis === null
      ? []
      : labelled(
          'its words',
          wrap(`“${plainLine(diagnosis)}”`, room).map((line) => paint(line, 'dim')),
          paint,
        )),
    ...labelled('afterwards', wrap(plainLine(spec.targetState), room), paint),
    ...labelled('way back', back, paint),
    ...labelled(
      'blast',
      [`${paint(`${score ?? '?'} / 100`, 'bold')}  ${paint(TIER_WORDS[tier], TIER_COLOUR[tier])}`],
      paint,
    ),
    ...spec.reasons.map(
      ({ code, points, subject }) =>
        `${' '.repeat(LABEL)}${String(points).padStart(4)}  ${code.padEnd(14)} ${paint(plainLine(describeReason({ code, points, subject }, 'en')), 'dim')}`,
    ),
    ...labelled('digest', [paint(spec.digest.slice(0, 19), 'dim')], paint),
  ];
};

/** Seconds since it was proposed. */
const since = ({ createdAt }: ProposalView, event: ProposalView['events'][number]): string =>
  `+${((Date.parse(String(event['at'])) - Date.parse(createdAt)) / 1000).toFixed(1)} s`;

/** One event in words; null for those that the reader has seen otherwise. */
const eventLine = (view: ProposalView, event: ProposalView['events'][number], paint: Paint): string | null => {
  const state = (word: string, colour: Colour): string => paint(word, colour, 'bold');
  switch (event['event']) {
    case 'voted': {
      const { person, decision, channel } = event['vote'] as { person: PersonName; decision: string; channel: string };
      return `${CAST[person]?.name ?? person}: ${decision} (${channel})`;
    }
    case 'write-answered': {
      const { direction, answer } = event as { direction: string; answer: { outcome: string; why?: string } };
      const what = direction === 'forward' ? 'the change' : 'the way back';
      return answer.outcome === 'written'
        ? `${what} is written`
        : `${what}: ${answer.outcome}, ${plainLine(answer.why ?? '')}`;
    }
    case 'sampled':
      return sampledLine(view, event, state);
    case 'went-stale':
      return state('stale', 'red');
    default:
      return null;
  }
};

interface Sampled {
  readonly to: string;
  readonly verdict: Parameters<typeof describeVerdict>[0];
  readonly look: { readonly samples: readonly Sample[] };
}
type Sample = {
  readonly seen: string;
  readonly target: string;
  readonly desired?: number;
  readonly updated?: number;
  readonly ready?: number;
};

const ENDS: { readonly [state: string]: Colour } = {
  succeeded: 'green',
  'rolling-back': 'magenta',
  'rolled-back': 'magenta',
  'handed-over': 'red',
  'rollback-failed': 'red',
};

const sampledLine = (
  _view: ProposalView,
  event: ProposalView['events'][number],
  state: (word: string, colour: Colour) => string,
): string => {
  const { to, verdict, look } = event as unknown as Sampled;
  const colour = ENDS[to];
  const words = plainLine(describeVerdict(verdict, 'en'));
  if (colour !== undefined && event['from'] !== to) return `${state(to, colour)}: ${words}`;
  const counts = look.samples
    .filter(({ seen }) => seen === 'workload')
    .map(({ target, desired, updated, ready }) => `${target}: ${updated} of ${desired} updated, ${ready} ready`);
  return verdict.code === 'rolling-out' || verdict.code === 'settling' ? `${counts.join('; ')}` || words : words;
};

const checkLines = ({ promise, instead }: Check, paint: Paint, width: number): readonly string[] => {
  const mark = instead === null ? paint('✓', 'green') : paint('✗', 'red', 'bold');
  const lines = hang('', wrap(promise, width - 4)).map((line, i) => `  ${i === 0 ? mark : ' '} ${line}`);
  return instead === null
    ? lines
    : [...lines, ...indent(wrap(paint(`seen: ${plainLine(instead)}`, 'red'), width - 6), 6)];
};
