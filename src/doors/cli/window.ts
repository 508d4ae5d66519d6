// `--window SECONDS`: how long a change may stand still before it counts as failed.
import { type CommandInput, UsageError } from '../terminal/command.ts';

/** null where it is not given. Throws UsageError. */
export function windowOf({ values }: Pick<CommandInput, 'values'>): number | null {
  const given = values['window'];
  if (given === undefined) return null;
  const seconds = Number(given);
  if (!Number.isInteger(seconds) || seconds < 5 || seconds > 3600)
    throw new UsageError('--window is whole seconds from 5 to 3600');
  return seconds;
}
