// The table of commands: each loads only when it is called, so that `score` starts fast.
import type { HelpedCommand } from '../core/text/words/help.ts';
import type { CliCommand } from './terminal/command.ts';

interface Entry {
  load(): Promise<CliCommand>;
}

const entry = (load: () => Promise<CliCommand>): Entry => ({ load });

const proposals = () => import('./cli/commands/proposals.ts');
const votes = () => import('./cli/commands/votes.ts');
const pause = () => import('./cli/commands/pause.ts');

export const CLI_COMMANDS = {
  score: entry(async () => (await import('./cli/commands/score.ts')).scoreCommand),
  evaluate: entry(async () => (await import('./cli/commands/evaluate.ts')).evaluateCommand),
  propose: entry(async () => (await import('./cli/commands/propose.ts')).proposeCommand),
  status: entry(async () => (await proposals()).statusCommand),
  list: entry(async () => (await proposals()).listCommand),
  show: entry(async () => (await proposals()).showCommand),
  approve: entry(async () => (await votes()).approveCommand),
  reject: entry(async () => (await votes()).rejectCommand),
  'break-glass': entry(async () => (await votes()).breakGlassCommand),
  cancel: entry(async () => (await proposals()).cancelCommand),
  outcomes: entry(async () => (await import('./cli/commands/outcomes.ts')).outcomesCommand),
  pause: entry(async () => (await pause()).pauseCommand),
  resume: entry(async () => (await pause()).resumeCommand),
  audit: entry(async () => (await import('./cli/commands/audit.ts')).auditCommand),
  store: entry(async () => (await import('./cli/commands/store.ts')).storeCommand),
  policy: entry(async () => (await import('./cli/commands/policy.ts')).policyCommand),
  replay: entry(async () => (await import('./cli/commands/replay.ts')).replayCommand),
  explain: entry(async () => (await import('./cli/commands/explain.ts')).explainCommand),
  doctor: entry(async () => (await import('./cli/commands/doctor.ts')).doctorCommand),
  'guard-executor': entry(async () => (await import('./cli/commands/guard-executor.ts')).guardExecutorCommand),
  token: entry(async () => (await import('./cli/commands/token.ts')).tokenCommand),
  login: entry(async () => (await import('./cli/commands/login.ts')).loginCommand),
  kubeconfig: entry(async () => (await import('./cli/commands/kubeconfig.ts')).kubeconfigCommand),
  completion: entry(async () => (await import('./cli/commands/completion.ts')).completionCommand),
  serve: entry(async () => (await import('./cli/commands/serve.ts')).serveCommand),
  mcp: entry(async () => (await import('./mcp/command.ts')).mcpCommand),
  demo: entry(async () => (await import('./demo/command.ts')).demoCommand),
  sandbox: entry(async () => (await import('./cli/commands/sandbox.ts')).sandboxCommand),
} as const satisfies Record<HelpedCommand, Entry>;

export type CommandName = keyof typeof CLI_COMMANDS;

export function isCommandName(word: string): word is CommandName {
  return Object.hasOwn(CLI_COMMANDS, word);
}
