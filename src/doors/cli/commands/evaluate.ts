// `blastgate evaluate`: the declarative spec of a command, offline or judged against a cluster.

import { readDocuments } from '../../../adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../../core/blast-radius/blast-radius.ts';
import type { Policy } from '../../../core/blast-radius/policy.ts';
import { score } from '../../../core/blast-radius/score.ts';
import { understand } from '../../../core/command/understand.ts';
import { DEFAULT_SPEC_SETTINGS, evaluate } from '../../../core/evaluation/evaluate.ts';
import type { Impact } from '../../../core/impact/impact.ts';
import type { Command } from '../../../core/model/command.ts';
import { type Facts, NO_MEMORY } from '../../../core/model/facts.ts';
import type { DeclarativeSpec } from '../../../core/sealed-spec/declarative-spec.ts';
import { impactDot, impactMermaid } from '../../../core/text/impact-drawings.ts';
import type { Lang } from '../../../core/text/words/lang.ts';
import { jsonLine } from '../../json-line.ts';
import { loadPolicy } from '../../policy-file.ts';
import { scoreAnswer } from '../../score-answer.ts';
import {
  type CliCommand,
  CommandFailed,
  type CommandInput,
  EXIT,
  type Terminal,
  UsageError,
} from '../../terminal/command.ts';
import { painter } from '../../terminal/paint.ts';
import { explainScore } from '../explain-score.ts';
import { explainImpact, explainSpec } from '../explain-spec.ts';
import { languageOf } from '../language.ts';
import { filesOf } from '../local-files.ts';
import { COMMAND_OPTIONS, commandOfLine, outputFormat, proposedCommand } from '../proposed-command.ts';
import { exitCodeOf } from './score.ts';

/** How long the cluster may take for everything that is asked of it. */
const CLUSTER_MS = 20_000;

export const evaluateCommand: CliCommand = {
  name: 'evaluate',
  summary: 'seal a command into a declarative spec',
  usage:
    "blastgate evaluate [-o text|json|dot|mermaid] [--explain] [--incident INC] [--cluster NAME] [--kubeconfig F] [--policy F] [-n NS] (-- kubectl … | --command 'kubectl …' | --stdin)",
  options: {
    ...COMMAND_OPTIONS,
    incident: { type: 'string' },
    cluster: { type: 'string' },
    kubeconfig: { type: 'string' },
    explain: { type: 'boolean' },
  },
  run: async (input, terminal) => {
    const drawing = drawingOf(input);
    const format = drawing === null ? outputFormat(input) : 'json';
    const policy = await loadPolicy(input.values['policy'], terminal.env, textOf(input, 'cluster'));
    const cluster = await openCluster(input, terminal);
    if (input.values['stdin'] !== true) {
      const { spec, radius } = await evaluateOne(proposedCommand(input), input, policy, cluster);
      const paint = painter(terminal);
      const drawn = drawing?.(spec.impact, languageOf(terminal.env)) ?? null;
      const language = languageOf(terminal.env);
      const words = () =>
        [
          explainScore(scoreAnswer(spec.command, radius, language), radius, paint),
          explainSpec(spec, language, paint),
          input.values['explain'] === true ? explainImpact(spec, language) : '',
        ].join('');
      terminal.out(drawn ?? (format === 'json' ? `${jsonLine(spec, 2)}\n` : words()));
      return exitCodeOf(radius);
    }
    if (input.after !== null || input.values['command'] !== undefined)
      throw new UsageError('--stdin takes no other command');
    for await (const line of terminal.readIn()) {
      terminal.out(`${jsonLine((await evaluateOne(commandOfLine(line), input, policy, cluster)).spec)}\n`);
    }
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

/** What a cluster adds to judging; null without --kubeconfig: then no kubeconfig is read at all (contract section 1). */
type Asked = Awaited<ReturnType<typeof openCluster>>;

const openCluster = async ({ values }: CommandInput, terminal: Terminal) => {
  const kubeconfig = values['kubeconfig'];
  if (typeof kubeconfig !== 'string') return null;
  const { openCluster: open } = await import('../../../adapters/cluster/client.ts');
  const { createClusterReader } = await import('../../../adapters/cluster/reader.ts');
  const { discoverKinds } = await import('../../../adapters/cluster/discovery.ts');
  try {
    const client = await open({ kubeconfig, serviceHost: null });
    for (const warning of client.warnings) terminal.err(`warning: ${warning}\n`);
    const { resources, silent } = await discoverKinds(client, AbortSignal.timeout(CLUSTER_MS));
    if (silent.length > 0) terminal.err(`warning: no answer from ${silent.join(', ')}; their kinds stay unknown\n`);
    return { reader: createClusterReader(client), namespace: client.namespace, customResources: resources };
  } catch (error) {
    throw new CommandFailed(
      `the cluster of ${kubeconfig} cannot be asked: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};

const textOf = ({ values }: CommandInput, name: string): string | null => {
  const value = values[name];
  return typeof value === 'string' ? value : null;
};

const evaluateOne = async (
  command: Command,
  input: CommandInput,
  policy: Policy,
  cluster: Asked,
): Promise<{ readonly spec: DeclarativeSpec; readonly radius: BlastRadius }> => {
  const files = filesOf(command);
  const namespace = textOf(input, 'namespace') ?? cluster?.namespace ?? 'default';
  const understanding = understand(command, {
    namespace,
    files,
    customResources: cluster?.customResources ?? [],
    readDocuments,
  });
  const effects = understanding.parts.flatMap((part) => part.effects);
  const facts: Facts | null =
    cluster === null
      ? null
      : { ...(await cluster.reader.readFacts(effects, AbortSignal.timeout(CLUSTER_MS))), ...NO_MEMORY };
  const radius = score(understanding, facts, policy);
  const spec = evaluate({
    command: understanding.command,
    files,
    blastRadius: radius,
    decision: null,
    facts,
    incident: textOf(input, 'incident'),
    clusterName: textOf(input, 'cluster'),
    settings: DEFAULT_SPEC_SETTINGS,
  });
  return { spec, radius };
};
