// A command and its surroundings → its judgement, as score and evaluate of the command line need it.
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../core/blast-radius/blast-radius.ts';
import type { Policy } from '../../core/blast-radius/policy.ts';
import { withResults } from '../../core/command/read-result.ts';
import { notUnderstood } from '../../core/command/understand.ts';
import { DEFAULT_SPEC_SETTINGS } from '../../core/evaluation/evaluate.ts';
import { withHiddenContent } from '../../core/evaluation/hidden-content.ts';
import { type Judgement, type JudgingRules, judge, scoreToShow } from '../../core/evaluation/judge.ts';
import { withStuckPods } from '../../core/evaluation/stuck-pods.ts';
import type { Command } from '../../core/model/command.ts';
import { type Facts, NO_MEMORY } from '../../core/model/facts.ts';
import type { Resource } from '../../core/model/resource.ts';
import { effectsOf, type Understanding } from '../../core/model/understanding.ts';
import { understandCommand } from '../../core/request/understand-command.ts';
import { askCluster, rehearsalOf, withHidden } from '../../flow/requests/assess.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';

/** How long the cluster may take for everything that is asked of it. */
export const CLUSTER_MS = 20_000;

/** A cluster that judging may ask. */
export interface AskedCluster {
  readonly reader: Pick<ClusterReader, 'readFacts'>;
  readonly writer: Pick<ClusterWriter, 'rehearse' | 'hash'>;
  /** The namespace of the kubeconfig's context. */
  readonly namespace: string;
  readonly customResources: readonly Resource[];
}

export interface CommandRequest {
  readonly command: Command;
  /** Bytes of the files that the command names, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** null: the context's, `default` without a cluster. */
  readonly namespace: string | null;
}

const understandAsked = ({ command, files, namespace }: CommandRequest, cluster: AskedCluster | null): Understanding =>
  understandCommand(command, {
    namespace: namespace ?? cluster?.namespace ?? 'default',
    files,
    customResources: cluster?.customResources ?? [],
    readDocuments,
  });

/** Understands and scores without a cluster: the answer's evidence is "none", its tier a lower bound. */
export function scoreOffline(
  request: CommandRequest,
  policy: Policy,
): { readonly understanding: Understanding; readonly blastRadius: BlastRadius } {
  const understanding = understandAsked(request, null);
  return { understanding, blastRadius: scoreToShow(understanding, policy) };
}

export interface EvaluationRequest extends CommandRequest {
  /** null: no cluster is asked. */
  readonly cluster: AskedCluster | null;
  readonly clusterName: string | null;
  readonly incident: string | null;
  /** Seconds; null: the default of a gate. */
  readonly windowSeconds: number | null;
}

/** What is answered for a line whose judging broke off: undecided, never executable, nothing of it shown. */
export function judgeUnread(
  { clusterName, incident }: Pick<EvaluationRequest, 'clusterName' | 'incident'>,
  { policy, flags }: JudgingRules,
): Judgement {
  const settings = DEFAULT_SPEC_SETTINGS;
  const understanding = notUnderstood('');
  return judge({ understanding, facts: null, policy, flags, settings, incident, clusterName, files: new Map() });
}

/** The whole judgement; the memory of a gate is not part of it. `warn` hears of a cluster that does not answer. */
export async function judgeCommand(
  request: EvaluationRequest,
  { policy, flags }: JudgingRules,
  warn: (text: string) => void,
): Promise<Judgement> {
  const { cluster, clusterName, incident, files, windowSeconds } = request;
  const understood = understandAsked(request, cluster);
  const signal = AbortSignal.timeout(CLUSTER_MS);
  const ask = async (asked: Understanding): Promise<Facts | null> =>
    cluster === null ? null : { ...(await askCluster(cluster.reader, effectsOf(asked), signal, warn)), ...NO_MEMORY };
  const seen = await ask(understood);
  const whole = seen === null ? understood : withStuckPods(understood, seen);
  const again = whole === understood ? seen : await ask(whole);
  const settings = DEFAULT_SPEC_SETTINGS;
  if (cluster === null || again === null)
    return judge({
      understanding: whole,
      facts: again,
      policy,
      flags,
      settings,
      windowSeconds,
      incident,
      clusterName,
      files,
    });
  const { understanding: shown, hidden } = withHiddenContent(whole, (value) => cluster.writer.hash(value));
  const rehearsal = withHidden(await rehearsalOf(cluster, effectsOf(whole), again, signal), hidden);
  const facts = { ...again, rehearsal };
  const understanding = withResults(shown, rehearsal?.changes ?? []);
  return judge({ understanding, facts, policy, flags, settings, windowSeconds, incident, clusterName, files });
}
