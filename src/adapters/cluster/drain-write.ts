// The sealed pods of one node leave it: evicted as their budgets allow, and waited for, until none is left or the time is over.
import { setTimeout as pause } from 'node:timers/promises';
import { isLeftAside } from '../../core/action/drained-pods.ts';
import type { DrainOptions } from '../../core/model/drain.ts';
import type { Effect } from '../../core/model/effect.ts';
import type { TargetFact } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { objectName, placedName } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { inBatches } from './batch.ts';
import { type ClusterClient, getJson } from './client.ts';
import { overdueSeconds, podsOn } from './drained-nodes.ts';
import { evictionRequest, isAway, isForNow, isUnheard } from './eviction.ts';
import { objectAt, textAt } from './json-at.ts';
import { type CarriedOut, type PlannedWrite, type Running, refuseWrite, uidOf } from './planned-write.ts';
import { objectPath } from './resource-path.ts';

/** How often it is looked which pods are still there, as kubectl does. */
const LOOK_MS = 1000;
/** kubectl's pause before a refused eviction is asked for again. */
const RETRY_MS = 5000;
/** So often in a row nobody answers for one pod before the drain gives up. */
const UNHEARD = 5;

/** A drain of one node, with the pods of it that were sealed. */
export interface NodeDrain {
  readonly effect: Effect;
  readonly options: DrainOptions;
  readonly node: TargetFact;
  readonly pods: readonly TargetFact[];
}

/** What is known of a pod that has to leave. */
interface Leaving {
  readonly pod: TargetFact;
  /** When it is asked for again; milliseconds of performance.now(). */
  due: number;
  unheard: number;
  /** Why it was not granted at last; null: it was, or was not asked for yet. */
  why: string | null;
}

/** Those of the sealed pods that are still on the node and have to be waited for, with what stands there. */
const remaining = async (
  client: ClusterClient,
  { node, pods, options }: NodeDrain,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, JsonObject>> => {
  const sealed = new Set(pods.map(({ uid }) => uid));
  const now = Date.now();
  const found = await podsOn(client, node.name, signal);
  const left = found.filter((pod) => !isLeftAside(overdueSeconds(pod, now), options.skipWaitSeconds));
  return new Map(left.map((pod) => [uidOf(pod) ?? '', pod] as const).filter(([uid]) => sealed.has(uid)));
};

const isLeaving = (pod: JsonObject): boolean => textAt(pod, 'metadata', 'deletionTimestamp') !== null;

/** Whether none of the pods is there but on its way out. Throws AdapterError where it cannot be read. */
export async function hasLeft(client: ClusterClient, drain: NodeDrain, signal: AbortSignal): Promise<boolean> {
  return [...(await remaining(client, drain, signal)).values()].every(isLeaving);
}

/** Whether one of the pods has left, or is about to: pods are asked for only once all nodes are cordoned. */
export async function hasBegun(
  client: ClusterClient,
  drains: readonly NodeDrain[],
  signal: AbortSignal,
): Promise<boolean> {
  const begun = await inBatches(drains, async (drain) => {
    const left = await remaining(client, drain, signal);
    return left.size < drain.pods.length || [...left.values()].some(isLeaving);
  });
  return begun.includes(true);
}

/** Why evicting must not go on: the node is another, or takes pods again because somebody wants it so; null: it may. */
const nodeObstacle = async (client: ClusterClient, node: TargetFact, signal: AbortSignal): Promise<string | null> => {
  try {
    const object = await client.send(getJson(objectPath('/api/v1', 'nodes', null, node.name)), signal);
    if (uidOf(object) !== node.uid) return `${objectName(node)}: another node has its name`;
    return objectAt(object, 'spec')['unschedulable'] === true
      ? null
      : `${objectName(node)}: somebody has uncordoned it while it was drained`;
  } catch (error) {
    if (error instanceof AdapterError && error.status === 404) return `${objectName(node)}: it is gone`;
    throw error;
  }
};

/** Asks for one pod. `refused`: the drain cannot be finished. */
const askFor = async (
  client: ClusterClient,
  { effect, options }: NodeDrain,
  one: Leaving,
  signal: AbortSignal,
): Promise<{ readonly refused: string } | null> => {
  const { namespace, name, uid } = one.pod;
  one.due = performance.now() + RETRY_MS;
  try {
    await client.send(evictionRequest(effect, options, { namespace: namespace ?? '', name, uid }), signal);
    one.why = null;
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error;
    // Whether it is gone shows at the next look.
    if (isAway(error)) return null;
    const unheard = isUnheard(error) ? one.unheard + 1 : 0;
    if ((!isForNow(error) && unheard === 0) || unheard >= UNHEARD)
      return { refused: `${placedName(one.pod)}: ${error.message}` };
    one.unheard = unheard;
    one.why = error.message;
    one.due = performance.now() + (error.retryAfterSeconds === null ? RETRY_MS : error.retryAfterSeconds * 1000);
    return null;
  }
  one.unheard = 0;
  return null;
};

/** How one round of looking and asking ended. */
type Round =
  | { readonly kind: 'done' }
  | { readonly kind: 'again' }
  | { readonly kind: 'refused'; readonly why: string };

const round = async (
  client: ClusterClient,
  drain: NodeDrain,
  open: Map<string, Leaving>,
  running: Running,
): Promise<Round> => {
  const { signal } = running;
  const found = await remaining(client, drain, signal);
  for (const [uid, { pod }] of open)
    if (!found.has(uid)) {
      open.delete(uid);
      running.done(placedName(pod));
    }
  if (open.size === 0) return { kind: 'done' };
  const obstacle = await nodeObstacle(client, drain.node, signal);
  if (obstacle !== null) return { kind: 'refused', why: obstacle };
  const now = performance.now();
  const due = [...open].flatMap(([uid, one]) => {
    const pod = found.get(uid);
    return pod !== undefined && !isLeaving(pod) && one.due <= now ? [one] : [];
  });
  const answers = await inBatches(due, async (one) =>
    running.stop.aborted ? null : askFor(client, drain, one, signal),
  );
  const refused = answers.find((answer) => answer !== null);
  if (refused != null) return { kind: 'refused', why: refused.refused };
  const [waiting] = [...open.values()].filter(({ why }) => why !== null);
  if (waiting !== undefined) running.waits(`${placedName(waiting.pod)}: ${waiting.why}`);
  return { kind: 'again' };
};

/** What is left when the time is over, and why. */
const gaveUp = ({ pods, node, options }: NodeDrain, open: ReadonlyMap<string, Leaving>): string => {
  const left = [...open.values()];
  const [first] = [...left.filter(({ why }) => why !== null), ...left];
  const example = first === undefined ? '' : `: ${placedName(first.pod)}${first.why === null ? '' : `: ${first.why}`}`;
  return `${objectName(node)}: gave up after ${options.timeoutSeconds} s, ${left.length} of ${pods.length} pods are still there${example}`;
};

/** Rounds until the pods are gone, something stands against it, the time is over or the gate ends. */
const evictAll = async (client: ClusterClient, drain: NodeDrain, running: Running): Promise<CarriedOut> => {
  const open = new Map(drain.pods.map((pod): [string, Leaving] => [pod.uid, { pod, due: 0, unheard: 0, why: null }]));
  const end = performance.now() + drain.options.timeoutSeconds * 1000;
  for (;;) {
    let last = await trying(() => round(client, drain, open, running));
    if (last instanceof AdapterError) {
      if (performance.now() >= end || running.signal.aborted) throw last;
      last = { kind: 'again' };
    }
    if (last.kind === 'done') return { kind: 'done' };
    if (last.kind === 'refused') return refuseWrite(last.why);
    if (running.stop.aborted) return { kind: 'interrupted' };
    if (performance.now() >= end) return refuseWrite(gaveUp(drain, open));
    // Cut short where the gate ends.
    await pause(untilNext(open), undefined, { signal: AbortSignal.any([running.signal, running.stop]) }).catch(
      () => undefined,
    );
  }
};

/** To the next look, or to when the first pod is asked for again, whichever is sooner. */
const untilNext = (open: ReadonlyMap<string, Leaving>): number => {
  const now = performance.now();
  const waits = [...open.values()].filter(({ why }) => why !== null).map(({ due }) => due - now);
  return Math.max(1, Math.min(LOOK_MS, ...waits));
};

/** A cluster that cannot be read for a moment is looked at again: nothing is sent blindly. */
const trying = async (look: () => Promise<Round>): Promise<Round | AdapterError> => {
  try {
    return await look();
  } catch (error) {
    if (error instanceof AdapterError && isUnheard(error)) return error;
    throw error;
  }
};

/** The pods of one node as one write of a permit. */
export function drainWrite(client: ClusterClient, drain: NodeDrain): PlannedWrite {
  return {
    name: `pods of ${objectName(drain.node)}`,
    parts: drain.pods.map(placedName),
    check: () => Promise.resolve({ kind: 'done' }),
    shows: (signal) => hasLeft(client, drain, signal),
    isBegun: (signal) => hasBegun(client, [drain], signal),
    carryOut: (running) => evictAll(client, drain, running),
  };
}
