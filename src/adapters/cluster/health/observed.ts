// A ResourceQuota or a PodDisruptionBudget → whether its controller has taken up what was written; more nobody can say of it.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Health } from '../../../core/remediation/sample.ts';
import { numberAt, objectAt, stable } from '../json-at.ts';
import { byStatus, health } from './live-object.ts';

const taken = (isTaken: boolean): Health =>
  isTaken ? health('healthy', 'nothing-to-wait-for') : health('moving', 'not-observed');

/** What it leaves over shows when the next pod is made: that pod's controller is told of it then. */
export const quotaHealth = byStatus((object: JsonObject) =>
  taken(stable(objectAt(object, 'spec', 'hard')) === stable(objectAt(object, 'status', 'hard'))),
);

export const budgetHealth = byStatus((object: JsonObject) =>
  taken((numberAt(object, 'status', 'observedGeneration') ?? 0) >= (numberAt(object, 'metadata', 'generation') ?? 0)),
);
