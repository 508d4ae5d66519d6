// What a write shows: one that prints its objects reads the Secrets among them.
import type { Effect } from '../../../model/effect.ts';
import { lastOf } from '../flags.ts';
import type { CommandEffects, KubectlCommand } from './effect-builder.ts';

/** A write that prints its objects shows the Secrets among them, dry run or not; creating shows what the proposer brought. */
export function reveal(command: KubectlCommand, result: CommandEffects): CommandEffects {
  const output = lastOf(command.invocation, 'output');
  if (output === null || output === '' || output === 'name') return result;
  const shown = result.effects
    .filter(({ resource, group, verb }) => resource === 'secrets' && group === '' && SHOWS.has(verb))
    .map(
      (effect): Effect => ({
        ...effect,
        verb: 'get',
        kind: 'sensitive-read',
        dryRun: false,
        traits: [],
        change: { to: 'other' },
        labelKeys: [],
        annotationKeys: [],
      }),
    );
  return shown.length === 0 ? result : { ...result, effects: [...result.effects, ...shown] };
}

const SHOWS: ReadonlySet<string> = new Set(['patch', 'update', 'delete']);
