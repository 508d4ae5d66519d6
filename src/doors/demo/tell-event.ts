// One event of a proposal as a line for a reader.
import { ownValue } from '../../core/model/json.ts';
import { describeRollbackVerdict, describeVerdict } from '../../core/text/describe.ts';
import { plainLine } from '../../core/text/escape.ts';
import type { ProposalView } from '../proposal-view.ts';
import type { Colour, Paint } from '../terminal/paint.ts';
import { CAST } from './story.ts';

type View = ProposalView['events'][number];

// Parts of events as GET /v1/proposals/{id} gives them.
interface Voted {
  readonly vote: { readonly person: string; readonly decision: string; readonly channel: string };
}
interface Written {
  readonly direction: 'forward' | 'back';
  readonly answer: { readonly outcome: string; readonly why?: string };
}
interface Progressed {
  readonly done: number;
  readonly of: number;
  readonly subject: string;
}
interface Sampled {
  readonly direction: 'forward' | 'back';
  readonly verdict: Parameters<typeof describeVerdict>[0];
  readonly look: {
    readonly samples: readonly {
      readonly seen: string;
      readonly target: string;
      readonly desired?: number;
      readonly updated?: number;
      readonly ready?: number;
    }[];
  };
}

/** null for what the reader has seen already, or need not see. */
export function tellEvent(event: View, paint: Paint): string | null {
  switch (event['event']) {
    case 'voted': {
      // as: the shape that goes with the event's name; likewise below.
      const { person, decision, channel } = (event as unknown as Voted).vote;
      const name = Object.entries(CAST).find(([id]) => id === person)?.[1].name ?? plainLine(person);
      return `${name}: ${paint(decision, 'bold')}, by ${channel}`;
    }
    case 'write-answered': {
      const { direction, answer } = event as unknown as Written;
      const what = direction === 'forward' ? 'the change' : 'the rollback';
      return answer.outcome === 'written'
        ? `${what} is written to the cluster`
        : `${what}: ${answer.outcome}, ${plainLine(answer.why ?? '')}`;
    }
    case 'progressed': {
      const { done, of, subject } = event as unknown as Progressed;
      return `${paint(`${done} of ${of}`, 'bold')}: ${plainLine(subject)}`;
    }
    case 'sampled': {
      const sampled = event as unknown as Sampled;
      return event['from'] === event['to'] ? progress(sampled) : turn(String(event['to']), sampled, paint);
    }
    default:
      return null;
  }
}

/** What a look that changes the state says; the verdict's own words where there are none. */
const TURNS: { readonly [state: string]: { readonly colour: Colour; readonly words: string | null } } = {
  succeeded: { colour: 'green', words: null },
  'rolling-back': { colour: 'magenta', words: null },
  'rolled-back': { colour: 'magenta', words: 'everything is as it was before, and healthy.' },
  'handed-over': { colour: 'red', words: null },
  'rollback-failed': { colour: 'red', words: null },
};

const turn = (state: string, { verdict }: Sampled, paint: Paint): string => {
  const known = ownValue(TURNS, state);
  return `${paint(state, known?.colour ?? 'bold', 'bold')}: ${known?.words ?? plainLine(describeVerdict(verdict, 'en'))}`;
};

/** How far workloads are; of what has no pods to count (a ConfigMap), what the verdict says. */
const progress = ({ direction, verdict, look }: Sampled): string => {
  const says = plainLine((direction === 'back' ? describeRollbackVerdict : describeVerdict)(verdict, 'en'));
  if (verdict.code !== 'rolling-out' && verdict.code !== 'settling') return says;
  const counted = look.samples
    .filter(({ seen }) => seen === 'workload')
    .map(
      ({ target, desired, updated, ready }) => `${plainLine(target)}: ${updated} of ${desired} updated, ${ready} ready`,
    )
    .join('; ');
  return counted === '' ? says : counted;
};
