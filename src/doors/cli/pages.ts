// Pages of long lists on the command line: what is asked for, and the command for the next one.
import type { JsonObject } from '../../core/model/json.ts';
import { type CommandInput, textOption } from '../terminal/command.ts';

/** The options of these names as a query. */
export function pageQuery(input: CommandInput, names: readonly string[]): URLSearchParams {
  return new URLSearchParams(
    names.flatMap((name): [string, string][] => {
      const value = textOption(input, name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** The command for the next page; nothing at the end. */
export function nextPage(command: string, query: URLSearchParams, { next }: JsonObject): string {
  if (typeof next !== 'string') return '';
  const same = [...query].flatMap(([name, value]) => (name === 'cursor' ? [] : ` --${name} ${value}`)).join('');
  return `blastgate ${command}${same} --cursor ${next}\n`;
}
