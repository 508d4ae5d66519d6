// The table of commands: each loads only when it is called, so that `score` starts fast. It must never import one eagerly.
import type { CliCommand } from './command.ts';

interface Entry {
  readonly summary: string;
  load(): Promise<CliCommand>;
}

const entry = (summary: string, load: () => Promise<CliCommand>): Entry => ({ summary, load });

export const COMMANDS = {
  score: entry(
    'work out the blast radius of a command',
    async () => (await import('./commands/score.ts')).scoreCommand,
  ),
  evaluate: entry(
    'seal a command into a declarative spec',
    async () => (await import('./commands/evaluate.ts')).evaluateCommand,
  ),
} as const satisfies Record<string, Entry>;

export type CommandName = keyof typeof COMMANDS;

export const isCommandName = (word: string): word is CommandName => Object.hasOwn(COMMANDS, word);
