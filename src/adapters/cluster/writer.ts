// Changes the cluster: the only file that does.
import { setTimeout as pause } from 'node:timers/promises';
import { ExecutionPermit } from '../../core/approval/permit.ts';
import type { Pair, TargetFact } from '../../core/model/facts.ts';
import { placedName } from '../../core/model/object-ref.ts';
import type { WriteResult } from '../../core/remediation/event.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ClusterWriter, WriteIntent } from '../../ports/cluster-writer.ts';
import { inBatches } from './batch.ts';
import { asDryRun, isThere, requestFor } from './change.ts';
import type { ClusterClient } from './client.ts';
import { checkOne, type PreflightCheck, pairsOfPermit, preflight, readAgain } from './preflight.ts';
import { clusterUid } from './reader.ts';
import { deleteStuckPods, hasNoStuckPods, observed } from './stuck-pods.ts';

/** Status updates move the resourceVersion: so often an object is read and compared again before giving up. */
const CONFLICT_LIMIT = 5;

/** Milliseconds before another try: a controller in the middle of a rollout updates the status several times in one moment. */
const pauseAfter = (attempt: number): number => 50 * attempt ** 2;

/**
 * True when the API server has certainly not done it. 5xx is no such word: the store may have taken the write although
 * the answer was an error.
 */
const isNo = (error: AdapterError): boolean => error.kind === 'refused' && (error.status ?? 500) < 500;

/** The object moved on, or away, since it was read. */
const isOutrun = (error: unknown): boolean =>
  error instanceof AdapterError && isNo(error) && (error.status === 409 || error.status === 404);

/** A clear no is a refusal; all else has no answer. */
const refusedOrUnheard = (error: unknown): WriteResult & { readonly outcome: 'refused' | 'unheard' } => {
  if (!(error instanceof AdapterError)) throw error;
  return isNo(error)
    ? { outcome: 'refused', why: error.message, written: 0 }
    : { outcome: 'unheard', why: error.message };
};

const assertGenuine = (permit: ExecutionPermit): void => {
  if (!ExecutionPermit.isGenuine(permit)) throw new Error('a write was asked for without a permit (this is a bug)');
};

const dryRun = async (
  client: ClusterClient,
  permit: ExecutionPermit,
  intent: WriteIntent,
  signal: AbortSignal,
): Promise<WriteResult> => {
  assertGenuine(permit);
  const objects: string[] = [];
  try {
    const plan = await preflight(client, permit, intent, signal);
    if (plan.kind === 'stopped') return plan.result;
    for (const check of plan.checks) {
      if (check.kind !== 'due' || check.pair.effect.change.to === 'replacement') continue;
      try {
        await client.send(asDryRun(requestFor(check.pair.effect, check.live, intent)), signal);
      } catch (error) {
        // It moved on in between: the write itself reads and compares again.
        const result = refusedOrUnheard(error);
        if (result.outcome === 'unheard') return result;
        if (!isOutrun(error)) return { outcome: 'stale', code: 'dry-run-refused', why: result.why };
      }
      objects.push(placedName(check.pair.target));
    }
  } catch (error) {
    return refusedOrUnheard(error);
  }
  return { outcome: 'written', objects };
};

/**
 * The StatefulSet of a pod that is deleted so that a new template of the same permit takes hold; null for any other write. Its
 * controller must have seen the template first, or it makes the pod anew from the old one.
 */
const statefulSetOf = (permit: ExecutionPermit, { effect, target }: Pair): TargetFact | null =>
  effect.change.to !== 'absence'
    ? null
    : (pairsOfPermit(permit).find(
        (one) =>
          one.target.resource === 'statefulsets' &&
          one.target.namespace === target.namespace &&
          target.controller === `StatefulSet/${one.target.name}`,
      )?.target ?? null);

/** Writes one object, reading and comparing again on each conflict. `stopped`: a reason to go no further. */
const writeOne = async (
  client: ClusterClient,
  permit: ExecutionPermit,
  first: PreflightCheck & { readonly kind: 'due' },
  intent: WriteIntent,
  signal: AbortSignal,
): Promise<PreflightCheck> => {
  let check: PreflightCheck = first;
  if (first.pair.effect.change.to === 'replacement') {
    await deleteStuckPods(client, first.pair.target, signal);
    return { kind: 'done', pair: first.pair };
  }
  const set = statefulSetOf(permit, first.pair);
  if (set !== null) await observed(client, set, signal);
  for (let attempt = 1; check.kind === 'due'; attempt++) {
    try {
      await client.send(requestFor(check.pair.effect, check.live, intent), signal);
      return { kind: 'done', pair: check.pair };
    } catch (error) {
      if (!isOutrun(error) || attempt >= CONFLICT_LIMIT) throw error;
      await pause(pauseAfter(attempt), undefined, { signal });
      check = await checkOne(client, permit, check.pair, intent, signal);
    }
  }
  return check;
};

const write = async (
  client: ClusterClient,
  permit: ExecutionPermit,
  intent: WriteIntent,
  signal: AbortSignal,
): Promise<WriteResult> => {
  assertGenuine(permit);
  const objects: string[] = [];
  try {
    const plan = await preflight(client, permit, intent, signal);
    if (plan.kind === 'stopped') return plan.result;
    for (const check of plan.checks) {
      const after = check.kind === 'due' ? await writeOne(client, permit, check, intent, signal) : check;
      if (after.kind === 'stopped')
        return objects.length === 0
          ? after.result
          : { outcome: 'refused', why: after.result.why, written: objects.length };
      objects.push(placedName(check.pair.target));
    }
  } catch (error) {
    const result = refusedOrUnheard(error);
    return result.outcome === 'refused' ? { ...result, written: objects.length } : result;
  }
  return { outcome: 'written', objects };
};

/** Whether one effect shows now. A pod that was to go shows it by being away; a workload that is away shows nothing. */
const shows = async (client: ClusterClient, pair: Pair, intent: WriteIntent, signal: AbortSignal): Promise<boolean> => {
  const { effect, target } = pair;
  const live = await readAgain(client, pair, signal);
  if (live === null) return effect.change.to === 'absence';
  return effect.change.to === 'replacement'
    ? hasNoStuckPods(client, target, signal)
    : isThere(effect, live, target, intent);
};

const wasWritten = async (
  client: ClusterClient,
  permit: ExecutionPermit,
  intent: WriteIntent,
  signal: AbortSignal,
): Promise<'all' | 'some' | 'none' | 'unknown'> => {
  assertGenuine(permit);
  try {
    if ((await clusterUid(client, signal)) !== permit.spec.cluster.uid) return 'unknown';
    const pairs = pairsOfPermit(permit);
    const found = await inBatches(pairs, (pair) => shows(client, pair, intent, signal));
    const there = found.filter(Boolean).length;
    if (there === 0) return 'none';
    return there === pairs.length ? 'all' : 'some';
  } catch (error) {
    if (error instanceof AdapterError) return 'unknown';
    throw error;
  }
};

/** The writer over one cluster. Field manager `blastgate`; nothing is written but what the permit's spec names. */
export function createClusterWriter(client: ClusterClient): ClusterWriter {
  return {
    dryRun: (permit, intent, signal) => dryRun(client, permit, intent, signal),
    write: (permit, intent, signal) => write(client, permit, intent, signal),
    wasWritten: (permit, intent, signal) => wasWritten(client, permit, intent, signal),
  };
}
