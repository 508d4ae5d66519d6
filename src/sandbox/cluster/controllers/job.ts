// Jobs: runs pods until enough have succeeded or too many have failed.
import { jobs, pods } from '../kinds.ts';
import type { Condition, Job } from '../model.ts';
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

function work(world: World, job: Job): void {
  const mine = podsOf(world, job);
  const active = mine.filter(isActive);
  const succeeded = mine.filter((pod) => pod.status?.phase === 'Succeeded').length;
  const failed = mine.filter((pod) => pod.status?.phase === 'Failed').length;
  const { parallelism = 1, completions, backoffLimit = 6, suspend = false } = job.spec;
  const restarts = active.reduce((sum, pod) => sum + (pod.status?.containerStatuses ?? []).reduce((all, one) => all + one.restartCount, 0), 0);
  if (failed > backoffLimit || restarts > backoffLimit) {
    for (const pod of active) removeObject(world, pods, pod);
    return finish(world, job, succeeded, failed, 'Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  const enough = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
  if (enough) return finish(world, job, succeeded, failed, 'Complete', 'CompletionsReached', 'Reached expected number of succeeded pods');
  const left = completions === undefined ? parallelism : Math.min(parallelism, completions - succeeded);
  const wanted = suspend || (completions === undefined && succeeded > 0) ? active.length : left;
  if (suspend) for (const pod of active) removeObject(world, pods, pod);
  for (let missing = wanted - active.length; missing > 0; missing -= 1)
    createPod(world, job, job.spec.template, { generateName: `${job.metadata.name}-` });
  const now = podsOf(world, job).filter(isActive);
  putStatus(world, jobs, job, {
    ...counts(now.length, now.filter(isReady).length, succeeded, failed),
    ...(suspend ? {} : { startTime: job.status?.startTime ?? timestamp(world) }),
  });
}

function counts(active: number, ready: number, succeeded: number, failed: number): Readonly<Record<string, number>> {
  const all = Object.entries({ active, succeeded, failed }).filter(([, value]) => value > 0);
  return { ...Object.fromEntries(all), ready, terminating: 0 };
}

function finish(
  world: World,
  job: Job,
  succeeded: number,
  failed: number,
  type: 'Complete' | 'Failed',
  reason: string,
  message: string,
): void {
  const now = timestamp(world);
  const first = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  const conditions = [first, type].map((one) => ({
    type: one,
    status: 'True' as const,
    reason,
    message,
    lastProbeTime: now,
    lastTransitionTime: now,
  }));
  putStatus(world, jobs, job, {
    ...counts(0, 0, succeeded, failed),
    startTime: job.status?.startTime ?? now,
    ...(type === 'Complete' ? { completionTime: now } : {}),
    conditions,
  });
  recordEvent(world, job, type === 'Complete' ? 'Normal' : 'Warning', type === 'Complete' ? 'Completed' : reason, message);
}

/** Removes a finished job when its time to live is over. */
function expire(world: World, job: Job, end: Condition, agenda: Agenda): void {
  const { ttlSecondsAfterFinished: seconds } = job.spec;
  if (seconds === undefined) return;
  const left = seconds * 1000 - (world.clock.now() - Date.parse(end.lastTransitionTime ?? '')) * world.speed;
  if (left > 0) agenda.after(left, keyOf(job));
  else removeObject(world, jobs, job, { propagation: 'Foreground' });
}
