// Pods → their troubles, and the health of one of them or of several together.
import type { JsonObject } from '../../../core/model/json.ts';
import { worstTrouble } from '../../../core/remediation/finding.ts';
import type { Health, PodTrouble } from '../../../core/remediation/sample.ts';
import { listAt, numberAt, textAt } from '../json-at.ts';
import { hindranceOfPod, isReady, shortened } from '../rollout-status.ts';
import { HEALTHY, type HealthReader, health } from './live-object.ts';

const isLeaving = (pod: JsonObject): boolean => textAt(pod, 'metadata', 'deletionTimestamp') !== null;
const phaseOf = (pod: JsonObject): string | null => textAt(pod, 'status', 'phase');
const isFinished = (pod: JsonObject): boolean => phaseOf(pod) === 'Succeeded' || phaseOf(pod) === 'Failed';

const troublesOfPod = (pod: JsonObject): readonly PodTrouble[] =>
  [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')].flatMap(
    (status) => {
      const reason = textAt(status, 'state', 'waiting', 'reason');
      if (reason === null) return [];
      const message = reason === 'CrashLoopBackOff' ? null : textAt(status, 'state', 'waiting', 'message');
      return [
        {
          pod: textAt(pod, 'metadata', 'name') ?? '',
          container: textAt(status, 'name') ?? '',
          reason,
          restarts: numberAt(status, 'restartCount') ?? 0,
          ...(message === null ? {} : { message: shortened(message) }),
        },
      ];
    },
  );

/** Why containers of these pods wait; pods on their way out trouble nobody. */
export function troublesOf(pods: readonly JsonObject[]): readonly PodTrouble[] {
  return pods.filter((pod) => !isLeaving(pod)).flatMap(troublesOfPod);
}

/** Pods that use something together: all that are not finished must be ready. null: there are none. */
export function healthOfPods(pods: readonly JsonObject[]): Health | null {
  const running = pods.filter((pod) => !isLeaving(pod) && !isFinished(pod));
  if (running.length === 0) return null;
  const ready = running.filter(isReady).length;
  const worst = worstTrouble(troublesOf(running));
  if (worst !== null) return { ...health(worst.is, 'trouble', worst.says), ready };
  if (ready === running.length) return { ...HEALTHY, ready };
  return { ...health('moving', 'not-ready', `${ready} of ${running.length} pods ready`), ready };
}

/** A pod that nothing brings back, or that was written to itself: running and ready, or done. */
export const podHealth: HealthReader = async ({ client, object: pod, signal }) => {
  const of = (one: Health) => ({ seen: 'object', health: one }) as const;
  if (phaseOf(pod) === 'Succeeded') return of({ ...HEALTHY, ready: 1 });
  if (phaseOf(pod) === 'Failed') {
    const said = [textAt(pod, 'status', 'reason'), textAt(pod, 'status', 'message'), ...exitsOf(pod)];
    const words = shortened(said.filter((one) => one !== null).join(': '));
    return of({ ...health('certain', 'run-failed', words === '' ? null : words), ready: 0 });
  }
  const worst = worstTrouble(troublesOf([pod]));
  if (worst !== null) return of({ ...health(worst.is, 'trouble', worst.says), ready: 0 });
  if (isReady(pod)) return of({ ...HEALTHY, ready: 1 });
  const hindrance = await hindranceOfPod(client, pod, null, signal);
  const says = hindrance === null ? phaseOf(pod) : `${hindrance.reason}: ${hindrance.message}`;
  return of({ ...health('moving', 'not-ready', says), ready: 0 });
};

/** "web exited with 1 (Error)" of each container that did not end well. */
const exitsOf = (pod: JsonObject): readonly string[] =>
  listAt(pod, 'status', 'containerStatuses').flatMap((status) => {
    const code = numberAt(status, 'state', 'terminated', 'exitCode');
    if (code === null || code === 0) return [];
    const reason = textAt(status, 'state', 'terminated', 'reason');
    return [`${textAt(status, 'name') ?? ''} exited with ${code}${reason === null ? '' : ` (${reason})`}`];
  });
