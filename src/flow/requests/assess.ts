// Judges one command: understood, facts read, scored, decided, sealed.
import type { BlastRadius } from '../../core/blast-radius/blast-radius.ts';
import { hasDualFloor } from '../../core/blast-radius/dual-floor.ts';
import { score } from '../../core/blast-radius/score.ts';
import { type Decision, decide } from '../../core/decision/decide.ts';
import { evaluate } from '../../core/evaluation/evaluate.ts';
import type { Command } from '../../core/model/command.ts';
import { type Effect, READ_VERBS } from '../../core/model/effect.ts';
import type { Facts } from '../../core/model/facts.ts';
import { plusSeconds } from '../../core/model/instant.ts';
import { NO_NEIGHBOURS } from '../../core/model/neighbourhood.ts';
import { objectName } from '../../core/model/object-ref.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import type { Understanding } from '../../core/model/understanding.ts';
import { failureOf, type Outcome } from '../../core/remediation/outcome.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { type Revalidation, revalidate, understandingOf } from '../../core/remediation/revalidate.ts';
import type { DeclarativeSpec } from '../../core/sealed-spec/declarative-spec.ts';
import type { ClusterFacts } from '../../ports/cluster-reader.ts';
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

export interface Assessment {
  readonly blastRadius: BlastRadius;
  readonly decision: Decision;
  readonly spec: DeclarativeSpec;
}

/** The whole judgement of a command against the live cluster. */
export async function assess(gate: Gate, question: AssessmentRequest, signal: AbortSignal): Promise<Assessment> {
  const understanding = gate.understand(question.command, {
    namespace: question.namespace ?? gate.context.namespace,
    files: question.files,
    customResources: gate.context.customResources,
    readDocuments: gate.readDocuments,
  });
  const facts = await readFacts(gate, effectsOf(understanding), null, signal);
  const measured = withRefusals(score(understanding, facts, gate.policy), notThere(facts, understanding));
  const decision = decideOn(gate, understanding, facts, measured);
  const spec = evaluate({
    command: understanding.command,
    files: question.files,
    blastRadius: measured,
    decision,
    facts,
    incident: question.incident,
    clusterName: gate.clusterName,
    settings: gate.specSettings,
  });
  return { blastRadius: measured, decision, spec };
}

/** The same judgement on what was sealed: hard rules, policy and facts as they are now, itself not counted among them. */
export async function assessAgain(gate: Gate, remediation: Remediation, signal: AbortSignal): Promise<Revalidation> {
  const { spec } = remediation;
  const facts = await readFacts(gate, spec.effects, remediation, signal);
  const understanding = understandingOf(spec);
  const blastRadius = score(understanding, facts, gate.policy);
  return revalidate(spec, { facts, blastRadius, decision: decideOn(gate, understanding, facts, blastRadius) });
}

const effectsOf = ({ parts }: Understanding): readonly Effect[] => parts.flatMap(({ effects }) => effects);

/** True for an effect that changes something when it runs. */
export function isWrite({ verb, dryRun, kind }: Effect): boolean {
  return !dryRun && kind !== 'none' && kind !== 'read' && !READ_VERBS.has(verb);
}

const decideOn = (gate: Gate, understanding: Understanding, facts: Facts, radius: BlastRadius): Decision =>
  decide(
    {
      hardRule: radius.hardRule === null ? 'passed' : 'fired',
      command: radius.executable ? 'executable' : 'not-executable',
      score: radius.score === null ? 'failed' : 'measured',
      tier: radius.tier,
      floor: hasDualFloor(understanding, facts, gate.policy) ? 'dual' : 'lower',
    },
    gate.flags,
  );

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
  return { ...(await askCluster(gate, effects, signal)), failures, recent };
};

/** The same kind of action on the same object of the same namespace. */
const isSameAction = ({ action, target, namespace }: Outcome, effect: Effect): boolean =>
  isWrite(effect) &&
  action === effect.kind &&
  target.split(', ').includes(objectName(effect)) &&
  (namespace ?? '').split(', ').includes(effect.namespace ?? '');

const askCluster = async (gate: Gate, effects: readonly Effect[], signal: AbortSignal): Promise<ClusterFacts> => {
  if (!effects.some(isWrite)) return { cluster: null, targets: [], neighbourhood: NO_NEIGHBOURS, missing: [] };
  try {
    return await gate.reader.readFacts(effects, within('read', signal));
  } catch (error) {
    gate.log.warn('cluster_read_failed', { error: error instanceof Error ? error.message : 'unknown' });
    const missing = effects.map((effect) => ({ what: objectOf(effect), why: 'unreachable' as const }));
    return { cluster: null, targets: [], neighbourhood: NO_NEIGHBOURS, missing };
  }
};

/** "deployments.apps shop/web", as facts name what is missing. */
const objectOf = ({ resource, group, namespace, name }: Effect): string =>
  `${resource}${group === '' ? '' : `.${group}`} ${namespace === null ? '' : `${namespace}/`}${name ?? ''}`;

/** What only the live cluster can refuse: an object that is not there, a selector that chooses nothing. */
const notThere = ({ cluster, targets, missing }: Facts, understanding: Understanding): readonly Refusal[] => {
  if (cluster === null) return [];
  const writes = effectsOf(understanding).filter(isWrite);
  // An object itself, or what the command names inside one: "deployments.apps shop/web revision 9".
  const isNamed = (what: string): boolean =>
    writes.map(objectOf).some((name) => what === name || what.startsWith(`${name} `));
  const gone = missing.filter(({ what, why }) => why === 'not-found' && isNamed(what));
  if (gone.length > 0) return gone.map(({ what }) => ({ code: 'not-found', about: what }));
  if (targets.length > 0) return [];
  return writes.some(({ name }) => name === '*') ? [{ code: 'no-targets', about: writes[0]?.selector ?? null }] : [];
};

const withRefusals = (radius: BlastRadius, more: readonly Refusal[]): BlastRadius => {
  const fresh = more.filter(({ code }) => !radius.refusals.some((known) => known.code === code));
  if (fresh.length === 0) return radius;
  return { ...radius, executable: false, refusals: [...radius.refusals, ...fresh] };
};
