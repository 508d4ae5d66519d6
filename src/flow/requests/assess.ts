// Judges one command: understood, facts read, scored, decided, sealed.
import { type Judgement, judge, judgeAgain } from '../../core/evaluation/judge.ts';
import { failuresAhead, withSoundRevisions } from '../../core/evaluation/sound-revision.ts';
import { withStuckPods } from '../../core/evaluation/stuck-pods.ts';
import type { Command } from '../../core/model/command.ts';
import { type Effect, isWrite } from '../../core/model/effect.ts';
import type { Facts } from '../../core/model/facts.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import { NO_NEIGHBOURS, objectKey } from '../../core/model/neighbourhood.ts';
import { objectName } from '../../core/model/object-ref.ts';
import { effectsOf } from '../../core/model/understanding.ts';
import { type FailedTemplate, failedTemplatesOf } from '../../core/remediation/failed-template.ts';
import { failureOf, type Outcome } from '../../core/remediation/outcome.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { Revalidation } from '../../core/remediation/revalidate.ts';
import type { ClusterFacts, ClusterReader } from '../../ports/cluster-reader.ts';
import { within } from '../deadline.ts';
import type { Gate } from '../gate.ts';
import { nowOf } from '../transition.ts';
import { recentRuns } from './recent-runs.ts';

const HISTORY_DAYS = 7;

export interface AssessmentRequest {
  readonly command: Command;
  /** Bytes of the files that travel with the command, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** null: the context's. */
  readonly namespace: string | null;
  /** null: nothing is proposed, only looked at. */
  readonly incident: string | null;
}

/** The whole judgement of a command against the live cluster. */
export async function assess(gate: Gate, question: AssessmentRequest, signal: AbortSignal): Promise<Judgement> {
  const understood = gate.understand(question.command, {
    namespace: question.namespace ?? gate.context.namespace,
    files: question.files,
    customResources: gate.context.customResources,
    readDocuments: gate.readDocuments,
  });
  const { policy, flags, specSettings: settings, clusterName } = gate;
  const seen = await readFacts(gate, effectsOf(understood), null, signal);
  const failed = await failedTemplates(gate, effectsOf(understood), signal);
  const sound = withSoundRevisions(withStuckPods(understood, seen), seen, failed);
  const { understanding } = sound;
  const effects = effectsOf(understanding);
  const again = understanding === understood ? seen : await readFacts(gate, effects, null, signal);
  const facts = {
    ...again,
    missing: [...again.missing, ...sound.missing],
    failures: [...again.failures, ...failuresAhead(effects, again, failed)],
  };
  const { files, incident } = question;
  return judge({ understanding, facts, policy, flags, settings, incident, clusterName, files });
}

/** The same judgement on what was sealed: hard rules, policy and facts as they are now, itself not counted among them. */
export async function assessAgain(gate: Gate, remediation: Remediation, signal: AbortSignal): Promise<Revalidation> {
  const { spec } = remediation;
  return judgeAgain(spec, await readFacts(gate, spec.effects, remediation, signal), gate);
}

/** Never throws: a cluster that cannot be asked is a missing fact. The gate's own memory is part of the facts. */
const readFacts = async (
  gate: Gate,
  effects: readonly Effect[],
  asking: Remediation | null,
  signal: AbortSignal,
): Promise<Facts> => {
  const since = plusSeconds(nowOf(gate), -HISTORY_DAYS * 24 * 3600);
  const outcomes = await gate.store.history.outcomes(since, within('store', signal));
  const same = outcomes.filter((outcome) => effects.some((effect) => isSameAction(outcome, effect)));
  const failures = same.flatMap((outcome) => failureOf(outcome) ?? []);
  const recent = effects.some(isWrite) ? await recentRuns(gate, asking, signal) : [];
  const seen = await askCluster(gate.reader, effects, within('read', signal), (error) =>
    gate.log.warn('cluster_read_failed', { error }),
  );
  return { ...seen, failures, recent, rehearsal: null };
};

/** Templates that this gate has seen fail on the objects that are undone now. */
const failedTemplates = async (
  gate: Gate,
  effects: readonly Effect[],
  signal: AbortSignal,
): Promise<readonly FailedTemplate[]> => {
  const undone = effects.filter(({ change }) => change.to === 'revision');
  if (undone.length === 0) return [];
  const since = plusSeconds(nowOf(gate), -HISTORY_DAYS * 24 * 3600);
  const outcomes = await gate.store.history.outcomes(since, within('store', signal));
  const found: FailedTemplate[] = [];
  for (const outcome of outcomes) {
    const failure = failureOf(outcome);
    if (failure === null || !undone.some((effect) => isOfObject(outcome, effect))) continue;
    const earlier = await gate.store.remediations.read(outcome.proposal, within('store', signal));
    if (earlier !== null) found.push(...failedTemplatesOf(earlier.spec, failure));
  }
  return found;
};

/** The same object of the same namespace; a selector may mean any. */
const isOfObject = ({ target, namespace }: Outcome, effect: Effect): boolean =>
  (effect.name === '*' || target.split(', ').includes(objectName(effect))) &&
  (effect.namespace === '*' || (namespace ?? '').split(', ').includes(effect.namespace ?? ''));

/** The same kind of action on the same object of the same namespace. */
const isSameAction = ({ action, target, namespace }: Outcome, effect: Effect): boolean =>
  isWrite(effect) &&
  action === effect.kind &&
  target.split(', ').includes(objectName(effect)) &&
  (namespace ?? '').split(', ').includes(effect.namespace ?? '');

/** What the cluster says of the effects that write. Never throws: what could not be asked is missing, and `failed` is told. */
export async function askCluster(
  reader: Pick<ClusterReader, 'readFacts'>,
  effects: readonly Effect[],
  signal: AbortSignal,
  failed: (error: string) => void,
): Promise<ClusterFacts> {
  if (!effects.some(isWrite)) return { cluster: null, targets: [], neighbourhood: NO_NEIGHBOURS, missing: [] };
  try {
    return await reader.readFacts(effects, signal);
  } catch (error) {
    failed(error instanceof Error ? error.message : 'unknown');
    const missing = effects.map((effect) => ({ what: objectKey(effect), why: 'unreachable' as const }));
    return { cluster: null, targets: [], neighbourhood: NO_NEIGHBOURS, missing };
  }
}
