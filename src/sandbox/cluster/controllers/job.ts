// Jobs: runs pods until enough have succeeded or too many have failed.
import { jobs, pods } from '../kinds.ts';
import type { Condition, Job, JsonObject, Pod } from '../model.ts';
import { isActive, isReady, podsOf } from '../pods.ts';
import { removeObject } from '../removal.ts';
import { timestamp, type World } from '../world.ts';
import { putStatus } from '../writes.ts';
import { recordEvent } from './event.ts';
import { type Agenda, type Controller, keyOf, ownerKeys, splitKey } from './manager.ts';
import { createPod } from './owned.ts';

export const jobController: Controller = {
  name: 'job',
  keys: ({ kind, object }) => {
    if (kind === jobs) return [keyOf(object)];
    return kind === pods ? ownerKeys(object, 'Job') : [];
  },
  reconcile: (world, key, agenda) => {
    const { namespace, name } = splitKey(key);
    const job = world.storage.get(jobs, namespace, name);
    if (job === null || job.metadata.deletionTimestamp !== undefined) return;
    const end = endOf(job);
    if (end === null) work(world, job);
    else expire(world, job, end, agenda);
  },
};

function endOf(job: Job): Condition | null {
  const ends = (job.status?.conditions ?? []).filter((one) => one.status === 'True');
  return ends.find((one) => one.type === 'Complete' || one.type === 'Failed') ?? null;
}

interface Tally {
  readonly succeeded: number;
  readonly failed: number;
}

/** The two ways in which a job ends: the condition that announces it, and why. */
const ENDS = {
  Complete: {
    first: 'SuccessCriteriaMet',
    reason: 'CompletionsReached',
    message: 'Reached expected number of succeeded pods',
  },
  Failed: {
    first: 'FailureTarget',
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  },
} as const;

function work(world: World, job: Job): void {
  const mine = podsOf(world, job);
  const active = mine.filter(isActive);
  const tally = {
    succeeded: mine.filter((pod) => pod.status?.phase === 'Succeeded').length,
    failed: mine.filter((pod) => pod.status?.phase === 'Failed').length,
  };
  const end = endReached(job, active, tally);
  if (end === null) run(world, job, active, tally);
  else finish(world, job, active, tally, end);
}

function endReached(job: Job, active: readonly Pod[], { succeeded, failed }: Tally): keyof typeof ENDS | null {
  const { completions, backoffLimit = 6 } = job.spec;
  const statuses = active.flatMap((pod) => pod.status?.containerStatuses ?? []);
  const restarts = statuses.reduce((sum, one) => sum + one.restartCount, 0);
  if (failed > backoffLimit || restarts > backoffLimit) return 'Failed';
  const enough = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
  return enough ? 'Complete' : null;
}

/** Keeps as many pods running as are still needed; a suspended job keeps none. */
function run(world: World, job: Job, active: readonly Pod[], { succeeded, failed }: Tally): void {
  const { parallelism = 1, completions, suspend = false } = job.spec;
  if (suspend) for (const pod of active) removeObject(world, pods, pod);
  const left = completions === undefined ? parallelism : Math.min(parallelism, completions - succeeded);
  const wanted = suspend || (completions === undefined && succeeded > 0) ? 0 : left;
  for (let missing = wanted - active.length; missing > 0; missing -= 1)
    createPod(world, job, job.spec.template, { generateName: `${job.metadata.name}-` });
  const now = podsOf(world, job).filter(isActive);
  putStatus(world, jobs, job, {
    ...counts(now.length, now.filter(isReady).length, succeeded, failed),
    ...(suspend ? {} : { startTime: job.status?.startTime ?? timestamp(world) }),
  });
}

function counts(active: number, ready: number, succeeded: number, failed: number): JsonObject {
  const all = Object.entries({ active, succeeded, failed }).filter(([, value]) => value > 0);
  return { ...Object.fromEntries(all), ready, terminating: 0, uncountedTerminatedPods: {} };
}

function finish(world: World, job: Job, active: readonly Pod[], tally: Tally, type: keyof typeof ENDS): void {
  for (const pod of active) removeObject(world, pods, pod);
  const { first, reason, message } = ENDS[type];
  const now = timestamp(world);
  const times = { lastProbeTime: now, lastTransitionTime: now };
  putStatus(world, jobs, job, {
    ...counts(0, 0, tally.succeeded, tally.failed),
    startTime: job.status?.startTime ?? now,
    ...(type === 'Complete' ? { completionTime: now } : {}),
    conditions: [first, type].map((one) => ({ type: one, status: 'True' as const, reason, message, ...times })),
  });
  if (type === 'Complete') recordEvent(world, job, 'Normal', 'Completed', 'Job completed');
  else recordEvent(world, job, 'Warning', reason, message);
}

/** Removes a finished job when its time to live is over. */
function expire(world: World, job: Job, end: Condition, agenda: Agenda): void {
  const { ttlSecondsAfterFinished: seconds } = job.spec;
  if (seconds === undefined) return;
  const left = seconds * 1000 - (world.clock.now() - Date.parse(end.lastTransitionTime ?? '')) * world.speed;
  if (left > 0) agenda.after(left, keyOf(job));
  else removeObject(world, jobs, job, { propagation: 'Foreground' });
}
