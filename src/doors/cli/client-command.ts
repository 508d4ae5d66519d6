// What the commands share that ask a running gate and print what it answers.
import type { JsonObject } from '../../core/model/json.ts';
import { jsonLine } from '../json-line.ts';
import { type CommandInput, EXIT, type Terminal, UsageError } from '../terminal/command.ts';
import { painter } from '../terminal/paint.ts';
import { languageOf } from './language.ts';
import { outputFormat } from './proposed-command.ts';
import { proposalStatus } from './show-proposal.ts';

/** The option that each of them takes. */
export const OUTPUT = { output: { type: 'string', short: 'o' } } as const;

/** What a command that only asks a gate may end with. */
export const CLIENT_EXITS = ['done', 'broken', 'usage'] as const;

/** The one proposal that is named, as a part of a path. Throws UsageError. */
export function namedProposal({ words }: CommandInput): string {
  const [id, ...more] = words;
  if (id === undefined || more.length > 0)
    throw new UsageError('name one proposal by its id, or by the incident it is open for');
  return encodeURIComponent(id);
}

/** `words`: the answer for people. Returns the exit code. */
export function printAnswer(input: CommandInput, terminal: Terminal, body: JsonObject, words: string): number {
  terminal.out(outputFormat(input) === 'json' ? `${jsonLine(body, 2)}\n` : words);
  return EXIT.auto;
}

/** A proposal in short, as `blastgate status` prints it. Returns the exit code. */
export function printStatus(input: CommandInput, terminal: Terminal, proposal: JsonObject): number {
  const words = proposalStatus(proposal, languageOf(terminal.env), painter(terminal));
  return printAnswer(input, terminal, proposal, words);
}
