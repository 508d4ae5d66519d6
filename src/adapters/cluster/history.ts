// The rollout history of a workload, from its replica sets or controller revisions.
import { isObject, type Json, type JsonObject } from '../../core/model/json.ts';
import { type ClusterClient, getJson } from './client.ts';
import { listAt, numberAt, objectAt, textAt } from './json-at.ts';
import { sameTemplate, templateOf } from './template.ts';

export interface Revision {
  readonly number: number;
  readonly template: JsonObject;
  /** The ReplicaSet or ControllerRevision itself: what an undo goes back to. */
  readonly object: JsonObject;
}

export interface RolloutHistory {
  /** Ascending. */
  readonly revisions: readonly Revision[];
  /** The newest revision whose template is the live one; null while a controller has not recorded it yet. */
  readonly live: number | null;
  /** spec.revisionHistoryLimit, null where unset. */
  readonly limit: number | null;
}

export const REVISION = 'deployment.kubernetes.io/revision';

/** "app=web,tier in (a,b)" of a spec.selector; an empty selector would choose everything and is refused as null. */
export function selectorText(selector: Json | undefined): string | null {
  if (!isObject(selector)) return null;
  const labels = isObject(selector['matchLabels']) ? selector['matchLabels'] : {};
  const equal = Object.keys(labels).map((key) => `${key}=${textAt(labels, key) ?? ''}`);
  const sets = listAt(selector, 'matchExpressions').map((expression) => {
    const key = textAt(expression, 'key') ?? '';
    const values = Array.isArray(expression['values']) ? `(${expression['values'].map(String).join(',')})` : '';
    switch (textAt(expression, 'operator') ?? '') {
      case 'In':
        return `${key} in ${values}`;
      case 'NotIn':
        return `${key} notin ${values}`;
      case 'Exists':
        return key;
      default:
        return `!${key}`;
    }
  });
  const all = [...equal, ...sets];
  return all.length === 0 ? null : all.join(',');
}

const isControlledBy = (object: JsonObject, uid: string): boolean =>
  listAt(object, 'metadata', 'ownerReferences').some(
    (owner) => textAt(owner, 'uid') === uid && owner['controller'] === true,
  );

/** Objects of a plural in the workload's namespace that it controls, chosen by its own selector. */
export async function controlledBy(
  client: ClusterClient,
  workload: JsonObject,
  path: string,
  signal: AbortSignal,
): Promise<readonly JsonObject[]> {
  const labelSelector = selectorText(objectAt(workload, 'spec')['selector']);
  const uid = textAt(workload, 'metadata', 'uid') ?? '';
  const list = await client.send(getJson(path, labelSelector === null ? {} : { labelSelector }), signal);
  return listAt(list, 'items').filter((item) => isControlledBy(item, uid));
}

const ofReplicaSet = (object: JsonObject): Revision | null => {
  const number = Number(textAt(object, 'metadata', 'annotations', REVISION) ?? 'none');
  return Number.isInteger(number) ? { number, template: templateOf(object), object } : null;
};

const ofControllerRevision = (object: JsonObject): Revision | null => {
  const number = numberAt(object, 'revision');
  return number === null ? null : { number, template: templateOf(objectAt(object, 'data')), object };
};

/** Reads the history of a deployment, stateful set or daemon set. Throws AdapterError. */
export async function readHistory(
  client: ClusterClient,
  resource: string,
  workload: JsonObject,
  signal: AbortSignal,
): Promise<RolloutHistory> {
  const namespace = encodeURIComponent(textAt(workload, 'metadata', 'namespace') ?? '');
  const [plural, read] =
    resource === 'deployments'
      ? (['replicasets', ofReplicaSet] as const)
      : (['controllerrevisions', ofControllerRevision] as const);
  const objects = await controlledBy(client, workload, `/apis/apps/v1/namespaces/${namespace}/${plural}`, signal);
  const revisions = objects
    .map(read)
    .filter((revision) => revision !== null)
    .toSorted((a, b) => a.number - b.number);
  const template = templateOf(workload);
  return {
    revisions,
    live: revisions.findLast((revision) => sameTemplate(revision.template, template))?.number ?? null,
    limit: numberAt(workload, 'spec', 'revisionHistoryLimit'),
  };
}
