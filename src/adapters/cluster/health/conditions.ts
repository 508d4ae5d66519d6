// Any other object → what its conditions say, as controllers of custom kinds write them; nothing where it has none.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Health } from '../../../core/remediation/sample.ts';
import { at, numberAt } from '../json-at.ts';
import { byStatus, conditionOf, HEALTHY, health } from './live-object.ts';

/** The conditions that stand for the whole object, the first that is there: custom kinds, API services, CRDs. */
const WHOLE = ['Ready', 'Available', 'Established'] as const;

/** Some controllers keep the observed generation as text (Argo CD's Rollout). */
const observedIn = (value: JsonObject | undefined): number | null => {
  const found = at(value, 'observedGeneration');
  const number = typeof found === 'string' ? Number(found) : found;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
};

/**
 * A status of an older generation says nothing of what was written (API conventions, observedGeneration); Stalled is what lasts
 * (kstatus). A controller that writes no condition cannot be waited for.
 */
const healthByConditions = (object: JsonObject): Health => {
  const generation = numberAt(object, 'metadata', 'generation');
  const status = at(object, 'status');
  const whole = WHOLE.map((type) => conditionOf(object, type)).find((one) => one !== null) ?? null;
  const observed =
    observedIn(whole?.condition) ?? observedIn(typeof status === 'object' ? (status as JsonObject) : undefined);
  if (generation !== null && observed !== null && observed < generation) return health('moving', 'not-observed');
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.isTrue === true) return { ...health('lasting', 'not-ready', stalled.says), ready: 0 };
  if (whole === null) return health('healthy', 'nothing-to-wait-for');
  return whole.isTrue ? { ...HEALTHY, ready: 1 } : { ...health('moving', 'not-ready', whole.says), ready: 0 };
};

export const conditionsHealth = byStatus(healthByConditions);
