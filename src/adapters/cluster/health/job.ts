// A Job → done, failed, suspended, or how its pods run.

import { worstTrouble } from '../../../core/remediation/finding.ts';
import type { Health } from '../../../core/remediation/sample.ts';
import { controlledBy } from '../history.ts';
import { numberAt, objectAt, textAt } from '../json-at.ts';
import { conditionOf, HEALTHY, type HealthReader, health, podsPath } from './live-object.ts';
import { troublesOf } from './pods.ts';

/**
 * Complete or Failed is the Job's own verdict (Kubernetes 1.36; Failed names the reason: BackoffLimitExceeded, DeadlineExceeded).
 * Until then pods that run are as they should be, however long they take; failed ones are made again until the backoff limit.
 */
export const jobHealth: HealthReader = async ({ client, object, signal }) => {
  const count = (name: string): number => numberAt(object, 'status', name) ?? 0;
  const [succeeded, failed, active, ready] = ['succeeded', 'failed', 'active', 'ready'].map(count) as [
    number,
    number,
    number,
    number,
  ];
  const of = (one: Health) => ({ seen: 'object', health: { ...one, ready: succeeded } }) as const;
  const [complete, broken] = [conditionOf(object, 'Complete'), conditionOf(object, 'Failed')];
  if (complete?.isTrue === true) return of(HEALTHY);
  if (broken?.isTrue === true) return of(health('certain', 'run-failed', broken.says));
  if (objectAt(object, 'spec')['suspend'] === true) return of(health('healthy', 'suspended'));
  const pods = await controlledBy(client, object, podsPath(textAt(object, 'metadata', 'namespace')), signal);
  const worst = worstTrouble(troublesOf(pods));
  const limit = numberAt(object, 'spec', 'backoffLimit') ?? 6;
  const counts = `${active} active, ${ready} ready, ${succeeded} succeeded, ${failed} failed (backoffLimit ${limit})`;
  // Its own limits decide when enough has been tried: a trouble is told, and never ends it early.
  if (worst !== null) return of(health('moving', 'trouble', `${counts}; ${worst.says}`));
  return of(
    active > 0 && ready === active ? health('running', 'running', counts) : health('moving', 'not-ready', counts),
  );
};
