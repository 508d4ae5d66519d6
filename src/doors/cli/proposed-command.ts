// Reads the kubectl command that score, evaluate and propose are about.

import type { Command } from '../../core/model/command.ts';
import { wellFormed } from '../../core/model/well-formed.ts';
import { type CommandInput, UsageError } from '../terminal/command.ts';

/** The options by which a command and its surroundings are given (contract section 1). */
export const COMMAND_OPTIONS = {
  output: { type: 'string', short: 'o' },
  policy: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  command: { type: 'string' },
  stdin: { type: 'boolean' },
} as const;

/** The argv behind `--` or the line of --command; exactly one of them. */
export function proposedCommand({ values, words, after }: CommandInput): Command {
  const line = values['command'];
  if (words.length > 0) throw new UsageError(`"${words[0]}" is not an option; the kubectl command goes behind --`);
  if (typeof line === 'string') {
    if (after !== null) throw new UsageError('give the command behind -- or with --command, not both');
    return { kind: 'line', line };
  }
  if (after === null) throw new UsageError('there is no command; write it behind --, for example: -- kubectl get pods');
  return { kind: 'argv', argv: after };
}

/** One line of --stdin: a JSON array of strings is an argv, anything else a line of text. */
export function commandOfLine(text: string): Command {
  if (text.startsWith('[')) {
    try {
      const value = wellFormed(JSON.parse(text) as unknown);
      if (Array.isArray(value) && value.every((word) => typeof word === 'string')) return { kind: 'argv', argv: value };
    } catch {
      // not JSON: it is a line of shell that begins with a bracket
    }
  }
  return { kind: 'line', line: text };
}

/** `known`: what the command prints, for whoever asks for something else. */
export function outputFormat({ values }: Pick<CommandInput, 'values'>, known = 'text or json'): 'text' | 'json' {
  const format = values['output'] ?? 'text';
  if (format === 'text' || format === 'json') return format;
  throw new UsageError(`the output format "${String(format)}" is not known; use ${known}`);
}
