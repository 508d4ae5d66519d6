// The table of commands: each loads only when it is called, so that `score` starts fast.
import type { CliCommand } from './terminal/command.ts';

interface Entry {
  readonly summary: string;
  load(): Promise<CliCommand>;
}

const entry = (summary: string, load: () => Promise<CliCommand>): Entry => ({ summary, load });

const proposals = () => import('./cli/commands/proposals.ts');

export const CLI_COMMANDS = {
  score: entry(
    'work out the blast radius of a command',
    async () => (await import('./cli/commands/score.ts')).scoreCommand,
  ),
  evaluate: entry(
    'seal a command into a declarative spec',
    async () => (await import('./cli/commands/evaluate.ts')).evaluateCommand,
  ),
  propose: entry('propose a command to a running gate', async () => (await proposals()).proposeCommand),
  status: entry('the state of a proposal and what it waits for', async () => (await proposals()).statusCommand),
  list: entry('the proposals, newest first', async () => (await proposals()).listCommand),
  show: entry('a proposal with its plan, reasons, votes and events', async () => (await proposals()).showCommand),
  approve: entry('approve a proposal', async () => (await proposals()).approveCommand),
  reject: entry('reject a proposal', async () => (await proposals()).rejectCommand),
  cancel: entry('take a proposal back', async () => (await proposals()).cancelCommand),
  outcomes: entry('how actions went, per action and target', async () => (await proposals()).outcomesCommand),
  pause: entry('start nothing new; rollbacks go on', async () => (await proposals()).pauseCommand),
  resume: entry('let work start again', async () => (await proposals()).resumeCommand),
  audit: entry(
    'list, verify or export the audit trail',
    async () => (await import('./cli/commands/audit.ts')).auditCommand,
  ),
  policy: entry('check or test a policy file', async () => (await import('./cli/commands/policy.ts')).policyCommand),
  explain: entry(
    'what a code means and what to do about it',
    async () => (await import('./cli/commands/explain.ts')).explainCommand,
  ),
  doctor: entry(
    'check cluster, store, forge, chat, people and clock',
    async () => (await import('./cli/commands/doctor.ts')).doctorCommand,
  ),
  token: entry(
    'make a new bearer token with its hash',
    async () => (await import('./cli/commands/token.ts')).tokenCommand,
  ),
  completion: entry(
    'completion for bash, zsh or fish',
    async () => (await import('./cli/commands/completion.ts')).completionCommand,
  ),
  serve: entry('run the gate', async () => (await import('./cli/commands/serve.ts')).serveCommand),
  demo: entry(
    'start a gate with a sandbox around it and play four stories',
    async () => (await import('./demo/command.ts')).demoCommand,
  ),
  sandbox: entry(
    'start the sandbox cluster alone',
    async () => (await import('./cli/commands/sandbox.ts')).sandboxCommand,
  ),
} as const satisfies Record<string, Entry>;

export type CommandName = keyof typeof CLI_COMMANDS;

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(CLI_COMMANDS, word);
}
