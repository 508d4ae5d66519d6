// `blastgate demo` (npm start): the gate with a sandbox around it, and its stories.

import { type CliCommand, UsageError } from '../terminal/command.ts';
import { untilSignal } from '../terminal/until-signal.ts';
import { runApprovals } from './approvals.ts';
import { runDemo } from './demo.ts';
import { STORIES } from './stories.ts';

/** Columns that read well: the terminal's, between 80 and 100. */
const widthOf = (columns: number | undefined): number => Math.min(100, Math.max(80, columns ?? 96));

export const demoCommand: CliCommand = {
  name: 'demo',
  usage: 'blastgate demo [--once] [--story approvals]',
  example: 'blastgate demo --once',
  exits: ['done', 'broken', 'usage'],
  options: { once: { type: 'boolean' }, story: { type: 'string' } },
  run: async ({ values, words }, terminal) => {
    if (words.length > 0) throw new UsageError('demo takes no arguments');
    const { story } = values;
    if (story !== undefined && story !== 'approvals')
      throw new UsageError('--story takes approvals; without it all incidents are played');
    const width = widthOf(process.stdout.columns);
    if (story === 'approvals') return untilSignal((signal) => runApprovals({ terminal, width, signal }));
    return untilSignal((signal) =>
      runDemo({
        stories: STORIES,
        terminal,
        width,
        afterwards: values['once'] === true ? 'leave' : 'stay',
        signal,
      }),
    );
  },
};
