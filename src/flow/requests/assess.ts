// Judges one command: understood, facts read, scored, decided, sealed.
import { hasExecutor } from '../../core/action/executors.ts';
import { hashesOf, revealContent } from '../../core/action/hidden-content.ts';
import { withHiddenContent } from '../../core/evaluation/hidden-content.ts';
import type { Judgement } from '../../core/evaluation/judge.ts';
import { failuresAhead, withSoundRevisions } from '../../core/evaluation/sound-revision.ts';
import { withStuckPods } from '../../core/evaluation/stuck-pods.ts';
import type { ApiReply } from '../../core/model/api-reply.ts';
import type { Command } from '../../core/model/command.ts';
import { type Effect, isWrite, writesOf } from '../../core/model/effect.ts';
import { type Facts, missingObject, type PastFailure } from '../../core/model/facts.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import { MOST_WRITES } from '../../core/model/limits.ts';
import { NO_NEIGHBOURS } from '../../core/model/neighbourhood.ts';
import type { Rehearsal } from '../../core/model/object-change.ts';
import type { ObjectKey } from '../../core/model/object-ref.ts';
import { effectsOf, type Understanding, withFoundSecrets } from '../../core/model/understanding.ts';
import { type FailedTemplate, failedTemplatesOf } from '../../core/remediation/failed-template.ts';
import { failureOf, failuresOf, HISTORY_DAYS, type Outcome, objectsTouched } from '../../core/remediation/outcome.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { Revalidation } from '../../core/remediation/revalidate.ts';
import type { ClusterFacts, ClusterReader } from '../../ports/cluster-reader.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';
import type { JudgingAnswer, Turn } from '../../ports/judging.ts';
import { within } from '../deadline.ts';
import { type Gate, isOwn } from '../gate.ts';
import { nowOf } from '../transition.ts';
import { recentRuns } from './recent-runs.ts';

export interface AssessmentRequest {
  readonly command: Command;
  /** Bytes of the files that travel with the command, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** null: the context's. */
  readonly namespace: string | null;
  /** How long the change may stand still, in seconds, as the proposer asks; null or absent: as the gate is set. */
  readonly windowSeconds?: number | null;
  /** null: nothing is proposed, only looked at. */
  readonly incident: string | null;
}

/** The whole judgement of a command against the live cluster, or why there is none; `reply`: the API server's no to its dry run. */
export async function assess(
  gate: Gate,
  question: AssessmentRequest,
  turn: Turn,
): Promise<JudgingAnswer<Judgement> & { readonly reply?: ApiReply }> {
  const { files, incident, windowSeconds = null } = question;
  const read = await understood(gate, question, turn);
  if (!read.ok) return read;
  const asked = read.value;
  if (writesOf(effectsOf(asked)).length > MOST_WRITES) return TOO_COMPLEX;
  const { signal } = turn;
  const { policy, flags, specSettings: settings, clusterName } = gate;
  const seen = await readFacts(gate, effectsOf(asked), null, signal);
  const failed = await failedTemplates(gate, effectsOf(asked), seen, signal);
  const sound = withSoundRevisions(withStuckPods(asked, seen), seen, failed);
  const effects = effectsOf(sound.understanding);
  const again = sound.understanding === asked ? seen : await readFacts(gate, effects, null, signal);
  const { understanding, hidden } = withHiddenContent(sound.understanding, (value) => gate.writer.hash(value));
  const [failures, tried] = await Promise.all([
    failuresBefore(gate, effects, again),
    rehearsalOf(gate, effects, again, signal),
  ]);
  const { rehearsal, reply } = withoutReply(withHidden(tried, hidden));
  const ahead = failuresAhead(effects, again, failed).filter((one) => !isAmong(one, failures));
  const missing = [...again.missing, ...sound.missing];
  const facts: Facts = { ...again, rehearsal, missing, failures: [...failures, ...ahead] };
  // To another thread only data can go.
  const request = {
    understanding: withFoundSecrets(understanding),
    facts,
    policy,
    flags,
    settings,
    windowSeconds,
    incident,
    clusterName,
    files,
  };
  const answer = await gate.judging.ask('judge', request, turn);
  return reply === undefined ? answer : { ...answer, reply };
}

/** What the command means; a kind that was installed just now is looked for. */
const understood = async (
  { judging, context }: Gate,
  { command, files, namespace }: AssessmentRequest,
  turn: Turn,
): Promise<JudgingAnswer<Understanding>> => {
  const ask = (): Promise<JudgingAnswer<Understanding>> => {
    const { customResources } = context;
    const question = { command, files, namespace: namespace ?? context.namespace, customResources };
    return judging.ask('understand', question, turn);
  };
  const first = await ask();
  const isKnown = !first.ok || !first.value.refusals.some(({ code }) => code === 'unknown-kind');
  return !isKnown && (await context.lookForKinds?.()) === true ? ask() : first;
};

/** What is judged are our words for it; the API server's own are for whoever sent the request. */
const withoutReply = (
  rehearsal: Rehearsal | null,
): { readonly rehearsal: Rehearsal | null; readonly reply?: ApiReply } => {
  if (rehearsal?.forward.is !== 'refused' || rehearsal.forward.reply === undefined) return { rehearsal };
  const { reply, ...forward } = rehearsal.forward;
  return { rehearsal: { ...rehearsal, forward }, reply };
};

const TOO_COMPLEX = { ok: false, refusal: { code: 'too-complex', about: null } } as const;

/** The same judgement on what was sealed: hard rules, policy and facts as they are now, itself not counted among them. */
export async function assessAgain(gate: Gate, remediation: Remediation, signal: AbortSignal): Promise<Revalidation> {
  const { spec } = remediation;
  const seen = await readFacts(gate, spec.effects, remediation, signal);
  const [failures, rehearsal] = await Promise.all([
    failuresBefore(gate, spec.effects, seen),
    rehearseAgain(gate, spec.effects, seen, signal),
  ]);
  const facts: Facts = { ...seen, failures, rehearsal };
  const { policy, flags } = gate;
  const judged = await gate.judging.ask('judgeAgain', { spec, facts, policy, flags }, { caller: 'the gate', signal });
  return judged.ok ? judged.value : { kind: 'undecided', doubt: { code: 'refused', refusal: judged.refusal } };
}

/** What it sends is kept as what was before: for whoever carries it out. */
export function withHidden(rehearsal: Rehearsal | null, hidden: Rehearsal['hidden']): Rehearsal | null {
  return rehearsal === null || hidden.length === 0
    ? rehearsal
    : { ...rehearsal, hidden: [...rehearsal.hidden, ...hidden] };
}

/** The dry runs of what was sealed, with the secrets that it sends. */
const rehearseAgain = async (
  gate: Gate,
  sealed: readonly Effect[],
  seen: Pick<Facts, 'cluster' | 'targets'>,
  signal: AbortSignal,
): Promise<Rehearsal | null> => {
  const hashes = hashesOf(sealed);
  if (hashes.length === 0) return rehearsalOf(gate, sealed, seen, signal);
  const revealed = await gate.store.hidden.reveal(hashes, within('store', signal));
  const effects = sealed.map((effect) => revealContent(effect, revealed));
  const whole = effects.filter((effect) => effect !== null);
  if (whole.length < effects.length)
    return {
      forward: { is: 'refused', why: 'the secrets that it sends are not kept any more' },
      changes: [],
      hidden: [],
    };
  return rehearsalOf(gate, whole, seen, signal);
};

/** What the API server's dry runs would leave; null: nothing that the gate could carry out, or nobody to ask. */
export async function rehearsalOf(
  { writer }: { readonly writer: Pick<ClusterWriter, 'rehearse'> },
  effects: readonly Effect[],
  { cluster, targets }: Pick<Facts, 'cluster' | 'targets'>,
  signal: AbortSignal,
): Promise<Rehearsal | null> {
  const writes = effects.filter(isWrite);
  if (cluster === null || writes.length === 0 || !writes.every(hasExecutor)) return null;
  return writer.rehearse(writes, targets, within('dryRun', signal));
}

const NEVER = new AbortController().signal;

/** What the cluster says, and what runs or has just run. A cluster that cannot be asked is a missing fact, no error. */
const readFacts = async (
  gate: Gate,
  effects: readonly Effect[],
  asking: Remediation | null,
  signal: AbortSignal,
): Promise<Omit<Facts, 'failures' | 'rehearsal'>> => {
  const [recent, seen] = await Promise.all([
    effects.some(isWrite) ? recentRuns(gate, asking, signal) : [],
    askCluster(gate.reader, effects, within('read', signal), (error) =>
      gate.log.warn('cluster_read_failed', { error }),
    ),
  ]);
  return { ...seen, recent };
};

/** What of the gate's own memory counts against them: asked however long the cluster took. */
const failuresBefore = async (
  gate: Gate,
  effects: readonly Effect[],
  { targets }: Pick<Facts, 'targets'>,
): Promise<readonly PastFailure[]> => {
  const actions = [...new Set(effects.filter(isWrite).map(({ kind }) => kind))];
  const outcomes = await failedHere(gate, actions, objectsTouched(effects, targets), NEVER);
  return failuresOf(outcomes, effects, targets);
};

/** What failed of late on these objects of this cluster, newest first. */
const failedHere = async (
  gate: Gate,
  actions: readonly string[],
  objects: readonly ObjectKey[],
  signal: AbortSignal,
): Promise<readonly Outcome[]> => {
  const since = plusSeconds(nowOf(gate), -HISTORY_DAYS * 24 * 3600);
  const failed = await gate.store.history.failures(actions, objects, since, within('store', signal));
  if (gate.clusters === undefined) return failed;
  // Objects of one name are in many clusters; which is meant stands in the spec alone.
  const own: Outcome[] = [];
  for (const outcome of failed) {
    const earlier = await gate.store.remediations.read(outcome.proposal, within('store', signal));
    if (earlier === null || isOwn(gate, earlier)) own.push(outcome);
  }
  return own;
};

/** Templates that this gate has seen fail, on whatever object: each knows the uid of its own. */
const failedTemplates = async (
  gate: Gate,
  effects: readonly Effect[],
  { targets }: Pick<Facts, 'targets'>,
  signal: AbortSignal,
): Promise<readonly FailedTemplate[]> => {
  if (!effects.some(({ change }) => change.to === 'revision')) return [];
  const outcomes = await failedHere(gate, CHANGES_TEMPLATE, objectsTouched(effects, targets), signal);
  const found: FailedTemplate[] = [];
  for (const outcome of outcomes) {
    const failure = failureOf(outcome);
    if (failure === null) continue;
    const earlier = await gate.store.remediations.read(outcome.proposal, within('store', signal));
    if (earlier !== null) found.push(...failedTemplatesOf(earlier.spec, failure));
  }
  return found;
};

/** One failure counts once, whichever way it was found. */
const isAmong = (one: PastFailure, counted: readonly PastFailure[]): boolean =>
  counted.some(({ action, incident, at }) => action === one.action && incident === one.incident && at === one.at);

/** Actions whose failure tells something of a template. */
const CHANGES_TEMPLATE = ['set-image', 'rollout-undo'] as const;

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
    const missing = effects.map((effect) => missingObject(effect, 'unreachable'));
    return { cluster: null, targets: [], neighbourhood: NO_NEIGHBOURS, missing };
  }
}
