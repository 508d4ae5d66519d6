// `blastgate score`: the blast radius of a command, without a cluster.

import type { BlastRadius } from '../../../core/blast-radius/blast-radius.ts';
import type { Policy } from '../../../core/blast-radius/policy.ts';
import { notUnderstood } from '../../../core/command/understand.ts';
import { scoreToShow } from '../../../core/evaluation/judge.ts';
import { scoreAnswer } from '../../../core/evaluation/score-answer.ts';
import type { Command } from '../../../core/model/command.ts';
import { maskCommand, maskText } from '../../../core/text/mask.ts';
import { jsonLine } from '../../json-line.ts';
import { loadPolicy } from '../../policy-file.ts';
import {
  type CliCommand,
  type CommandInput,
  EXIT,
  type Terminal,
  textOption,
  UsageError,
} from '../../terminal/command.ts';
import { explainScore } from '../../terminal/explain-score.ts';
import { painter } from '../../terminal/paint.ts';
import { scoreOffline } from '../judge.ts';
import { languageOf } from '../language.ts';
import { filesOf } from '../local-files.ts';
import { COMMAND_OPTIONS, commandOfLine, outputFormat, proposedCommand } from '../proposed-command.ts';

export const scoreCommand: CliCommand = {
  name: 'score',
  usage:
    "blastgate score [-o text|json] [--policy F] [-n NS] (-- kubectl … | --command 'kubectl …' | --request F | --stdin)",
  example: 'blastgate score -- kubectl delete deployment web -n production',
  exits: ['auto', 'broken', 'usage', 'human', 'dual', 'blocked'],
  options: COMMAND_OPTIONS,
  run: async (input, terminal) => {
    const policy = await loadPolicy(input.values['policy'], terminal.env, null);
    return input.values['stdin'] === true ? scoreLines(input, policy, terminal) : scoreOne(input, policy, terminal);
  },
};

const scoreOne = (input: CommandInput, policy: Policy, terminal: Terminal): number => {
  const format = outputFormat(input);
  const { answer, radius } = answerFor(proposedCommand(input), input, policy, terminal);
  terminal.out(
    format === 'json'
      ? `${jsonLine(answer, 2)}\n`
      : explainScore(answer, radius, languageOf(terminal.env), painter(terminal)),
  );
  return exitCodeOf(radius);
};

/** One JSON answer a line; an empty line is answered too. */
const scoreLines = async (input: CommandInput, policy: Policy, terminal: Terminal): Promise<number> => {
  if (input.after !== null || input.values['command'] !== undefined || input.values['request'] !== undefined)
    throw new UsageError('--stdin takes no other command');
  outputFormat(input);
  for await (const line of terminal.readIn()) {
    terminal.out(`${answerLine(line, input, policy, terminal)}\n`);
  }
  return EXIT.auto;
};

/** Always an answer: whoever pairs lines with answers must never read that of another line. */
const answerLine = (line: string, input: CommandInput, policy: Policy, terminal: Terminal): string => {
  try {
    return jsonLine(answerFor(commandOfLine(line), input, policy, terminal).answer);
  } catch (error) {
    terminal.err(
      `blastgate score: a line could not be judged: ${maskText(error instanceof Error ? error.message : String(error))}\n`,
    );
    const hidden = notUnderstood('');
    return jsonLine(scoreAnswer('', scoreToShow(hidden, policy), languageOf(terminal.env)));
  }
};

const answerFor = (command: Command, input: CommandInput, policy: Policy, terminal: Terminal) => {
  const { understanding, blastRadius: radius } = scoreOffline(
    { command, namespace: textOption(input, 'namespace'), files: filesOf(command) },
    policy,
  );
  return { answer: scoreAnswer(maskCommand(understanding), radius, languageOf(terminal.env)), radius };
};

/** 0 auto and executable, 10 human (and an auto that is not executable), 20 dual, 30 blocked (contract section 1). */
export function exitCodeOf({ tier, executable }: Pick<BlastRadius, 'tier' | 'executable'>): number {
  return tier === 'auto' && !executable ? EXIT.human : EXIT[tier];
}
