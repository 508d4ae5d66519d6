// `blastgate serve`: the gate, until it is told to end.
import { stderrLog } from '../../../adapters/system/log.ts';
import { AdapterError } from '../../../ports/adapter-error.ts';
import { CannotStart } from '../../compose/cannot-start.ts';
import { DEFAULT_TUNING } from '../../compose/tuning.ts';
import { composeGate } from '../../compose.ts';
import { PolicyUnusable } from '../../policy-file.ts';
import { readSettings } from '../../settings.ts';
import { type CliCommand, CommandFailed, EXIT, UsageError } from '../../terminal/command.ts';
import { untilSignal } from '../../terminal/until-signal.ts';
import { windowOf } from '../window.ts';

export const serveCommand: CliCommand = {
  name: 'serve',
  usage: 'blastgate serve [--cluster NAME] [--window SECONDS] [--max-age SECONDS] [--shadow]',
  example: 'blastgate serve --cluster eu-prod --window 300',
  exits: ['done', 'broken', 'usage'],
  options: {
    cluster: { type: 'string' },
    window: { type: 'string' },
    'max-age': { type: 'string' },
    shadow: { type: 'boolean' },
  },
  run: async ({ values, words }, terminal) => {
    if (words.length > 0)
      throw new UsageError('serve takes no arguments; it is set up by environment variables (docs/operate.md)');
    const read = readSettings(terminal.env);
    if (!read.ok)
      throw new CommandFailed(`the settings are not usable:\n${read.problems.map((line) => `  ${line}`).join('\n')}`);
    const tuning = {
      ...DEFAULT_TUNING,
      observesEverything: values['shadow'] === true,
      clusterName: typeof values['cluster'] === 'string' ? values['cluster'] : null,
      specSettings: {
        ...DEFAULT_TUNING.specSettings,
        convergeWithinSeconds: windowOf({ values }) ?? DEFAULT_TUNING.specSettings.convergeWithinSeconds,
      },
      ...maxAgeOf(values['max-age']),
    };
    const log = stderrLog(process.stderr.isTTY === true ? 'text' : 'json');
    const running = await composeGate(read.settings, tuning, log).catch((error: unknown) => {
      if (error instanceof CannotStart)
        throw new CommandFailed(`the gate does not start:\n${error.problems.map((line) => `  ${line}`).join('\n')}`);
      if (error instanceof AdapterError || error instanceof PolicyUnusable) throw new CommandFailed(error.message);
      throw error;
    });
    terminal.out(`${running.url}\n`);
    return untilSignal(async (signal) => {
      await once(signal);
      await running.stop();
      return EXIT.auto;
    });
  },
};

/** How old what is known of the cluster may be; older, it is a missing fact. */
const maxAgeOf = (value: string | boolean | undefined): { readonly evidenceMaxAgeSeconds?: number } => {
  if (value === undefined) return {};
  const seconds = Number(value);
  if (!Number.isInteger(seconds) || seconds < 15 || seconds > 600)
    throw new UsageError('--max-age is whole seconds from 15 to 600');
  return { evidenceMaxAgeSeconds: seconds };
};

const once = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
