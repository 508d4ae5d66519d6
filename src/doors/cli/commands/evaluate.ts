// `blastgate evaluate`: the declarative spec of a command, offline or judged against a cluster.

import type { Flags } from '../../../core/decision/decide.ts';
import { scoreAnswer } from '../../../core/evaluation/score-answer.ts';
import type { Impact } from '../../../core/impact/impact.ts';
import type { Command } from '../../../core/model/command.ts';
import { changesOf, sealedImpact } from '../../../core/sealed-spec/declarative-spec.ts';
import { changeDiff } from '../../../core/text/change-diff.ts';
import { impactDot, impactMermaid } from '../../../core/text/impact-drawings.ts';
import { maskText } from '../../../core/text/mask.ts';
import type { Lang } from '../../../core/text/words/lang.ts';
import { jsonLine } from '../../json-line.ts';
import { loadPolicy } from '../../policy-file.ts';
import { readFlagSettings } from '../../settings.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  type Terminal,
  textOption,
  UsageError,
} from '../../terminal/command.ts';
import { explainScore } from '../../terminal/explain-score.ts';
import { painter } from '../../terminal/paint.ts';
import { explainImpact, explainSpec } from '../explain-spec.ts';
import { type AskedCluster, CLUSTER_MS, judgeCommand, judgeUnread } from '../judge.ts';
import { languageOf } from '../language.ts';
import { filesOf } from '../local-files.ts';
import { COMMAND_OPTIONS, commandOfLine, outputFormat, proposedCommand } from '../proposed-command.ts';
import { windowOf } from '../window.ts';
import { exitCodeOf } from './score.ts';

export const evaluateCommand: CliCommand = {
  name: 'evaluate',
  usage:
    "blastgate evaluate [-o text|json|dot|mermaid] [--explain | --diff] [--incident INC] [--window SECONDS] [--cluster NAME] [--kubeconfig F] [--policy F] [-n NS] (-- kubectl … | --command 'kubectl …' | --request F | --stdin)",
  example:
    'blastgate evaluate --kubeconfig ~/.kube/config --incident INC-1003 -- kubectl scale deployment web --replicas=6',
  exits: ['auto', 'broken', 'usage', 'human', 'dual', 'blocked'],
  options: {
    ...COMMAND_OPTIONS,
    incident: { type: 'string' },
    window: { type: 'string' },
    cluster: { type: 'string' },
    kubeconfig: { type: 'string' },
    explain: { type: 'boolean' },
    diff: { type: 'boolean' },
  },
  run: async (input, terminal) => {
    const drawing = drawingOf(input);
    const format = drawing === null ? outputFormat(input, 'text, json, dot or mermaid') : 'json';
    const clusterName = textOption(input, 'cluster');
    const policy = await loadPolicy(input.values['policy'], terminal.env, clusterName);
    const rules = { policy, flags: readFlags(terminal) };
    const cluster = await openCluster(input, terminal);
    const [incident, namespace] = [textOption(input, 'incident'), textOption(input, 'namespace')];
    const windowSeconds = windowOf(input);
    const asDiff = input.values['diff'] === true;
    if (asDiff && cluster === null)
      throw new UsageError('--diff needs --kubeconfig: only a cluster can say what would change');
    const warn = (text: string) => terminal.err(`warning: the cluster cannot be asked: ${text}\n`);
    const judged = (command: Command) =>
      judgeCommand(
        { command, files: filesOf(command), namespace, cluster, clusterName, incident, windowSeconds },
        rules,
        warn,
      );
    if (input.values['stdin'] !== true) {
      const { spec, blastRadius: radius } = await judged(proposedCommand(input));
      const paint = painter(terminal);
      const lang = languageOf(terminal.env);
      if (asDiff) {
        terminal.out(
          changeDiff(changesOf(spec))
            .map((line) => `${line}\n`)
            .join(''),
        );
        if (spec.rehearsed !== 'passed')
          terminal.err(
            `warning: no dry run shows what would change: ${spec.rehearsedWhy ?? 'nothing that this gate carries out'}\n`,
          );
        return exitCodeOf(radius);
      }
      const drawn = drawing?.(sealedImpact(spec), lang) ?? null;
      const words = () =>
        [
          explainScore(scoreAnswer(spec.command, radius, lang), radius, lang, paint),
          explainSpec(spec, lang, paint),
          input.values['explain'] === true ? explainImpact(spec, lang) : '',
        ].join('');
      terminal.out(drawn ?? (format === 'json' ? `${jsonLine(spec, 2)}\n` : words()));
      return exitCodeOf(radius);
    }
    if (input.after !== null || input.values['command'] !== undefined || input.values['request'] !== undefined)
      throw new UsageError('--stdin takes no other command');
    // Always an answer: whoever pairs lines with answers must never read that of another line.
    const answerTo = async (line: string): Promise<string> => {
      try {
        return jsonLine((await judged(commandOfLine(line))).spec);
      } catch (error) {
        terminal.err(
          `blastgate evaluate: a line could not be judged: ${maskText(error instanceof Error ? error.message : String(error))}\n`,
        );
        return jsonLine(judgeUnread({ clusterName, incident }, rules).spec);
      }
    };
    for await (const line of terminal.readIn()) terminal.out(`${await answerTo(line)}\n`);
    return EXIT.auto;
  },
};

/** The impact picture alone, for `dot` or a Mermaid reader. */
const DRAWINGS = {
  dot: impactDot,
  mermaid: (impact: Impact, lang: Lang): string => `${impactMermaid(impact, lang) ?? 'flowchart TD'}\n`,
} as const;

const drawingOf = ({ values }: CommandInput): ((impact: Impact, lang: Lang) => string) | null => {
  const format = values['output'];
  return format === 'dot' || format === 'mermaid' ? DRAWINGS[format] : null;
};

/** null without --kubeconfig: then no kubeconfig is read at all (contract section 1). */
const openCluster = async ({ values }: CommandInput, terminal: Terminal): Promise<AskedCluster | null> => {
  const kubeconfig = values['kubeconfig'];
  if (typeof kubeconfig !== 'string') return null;
  const { OPEN } = await import('../../open-peers.ts');
  try {
    const cluster = await OPEN.cluster({ kubeconfig, serviceHost: null });
    for (const warning of cluster.warnings) terminal.err(`warning: ${warning}\n`);
    const { resources, silent } = await cluster.discoverKinds(AbortSignal.timeout(CLUSTER_MS));
    if (silent.length > 0) terminal.err(`warning: no answer from ${silent.join(', ')}; their kinds stay unknown\n`);
    return { reader: cluster.reader, writer: cluster.writer, namespace: cluster.namespace, customResources: resources };
  } catch (error) {
    throw new CommandFailed(
      `the cluster of ${kubeconfig} cannot be asked: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

const readFlags = (terminal: Terminal): Flags => {
  const read = readFlagSettings(terminal.env);
  if (!read.ok) throw new UsageError(read.problems.join('; '));
  return read.flags;
};
