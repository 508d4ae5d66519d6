// A PersistentVolumeClaim → whether it is bound, and how far its resize has come.
import type { JsonObject } from '../../../core/model/json.ts';
import type { Health } from '../../../core/remediation/sample.ts';
import { quantity } from '../cache/quantity.ts';
import { objectAt, textAt } from '../json-at.ts';
import { byStatus, conditionOf, HEALTHY, health } from './live-object.ts';

/** Conditions and allocatedResourceStatuses that say why it will not grow (Kubernetes 1.36). */
const REFUSED = ['ControllerResizeError', 'NodeResizeError'] as const;
const INFEASIBLE: ReadonlySet<string> = new Set(['ControllerResizeInfeasible', 'NodeResizeInfeasible']);

const healthOfClaim = (object: JsonObject): Health => {
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Lost') return health('certain', 'not-ready', 'Lost: its volume is gone');
  if (phase !== 'Bound') return health('moving', 'not-ready', phase);
  const infeasible = Object.values(objectAt(object, 'status', 'allocatedResourceStatuses')).find(
    (one) => typeof one === 'string' && INFEASIBLE.has(one),
  );
  if (infeasible !== undefined) return health('certain', 'resize-failed', String(infeasible));
  const refused = REFUSED.map((type) => conditionOf(object, type)).find((one) => one?.isTrue === true);
  if (refused != null) return health('lasting', 'resize-failed', refused.says);
  const pending = conditionOf(object, 'FileSystemResizePending');
  // It ends when a pod mounts the volume anew, which may be never.
  if (pending?.isTrue === true) return health('healthy', 'resize-pending', pending.says);
  const [has, wants] = [
    textAt(object, 'status', 'capacity', 'storage'),
    textAt(object, 'spec', 'resources', 'requests', 'storage'),
  ];
  if (has === null || wants === null || quantity(has, 1) >= quantity(wants, 1)) return HEALTHY;
  return health('moving', 'resizing', `${has} of ${wants}`);
};

export const claimHealth = byStatus(healthOfClaim);
