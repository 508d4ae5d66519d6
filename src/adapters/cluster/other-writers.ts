// An object that is not as it was written → who changed it since, and which autoscaler decides its replicas.
import type { JsonObject } from '../../core/model/json.ts';
import type { ObjectRef } from '../../core/model/object-ref.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { type ClusterClient, getJson } from './client.ts';
import { at, listAt, numberAt, textAt } from './json-at.ts';

/** What of the object this gate writes: its replicas, or its pod template. */
type WrittenField = 'replicas' | 'template';

const writersOf = (object: JsonObject, field: WrittenField): readonly JsonObject[] =>
  listAt(object, 'metadata', 'managedFields')
    .filter((entry) => at(entry, 'fieldsV1', 'f:spec', `f:${field}`) !== undefined)
    .toSorted((a, b) => ((textAt(a, 'time') ?? '') < (textAt(b, 'time') ?? '') ? -1 : 1));

/** Who wrote the field last, this gate aside; null where managedFields do not say. */
export function writerOf(object: JsonObject, field: WrittenField): string | null {
  const others = writersOf(object, field).filter((entry) => entry['manager'] !== 'blastgate');
  return textAt(others.at(-1), 'manager');
}

/** The controller manager writes replicas through the scale subresource for an autoscaler alone (Kubernetes 1.36). */
export function isByAutoscaler(object: JsonObject): boolean {
  const last = writersOf(object, 'replicas').at(-1);
  return last?.['manager'] === 'kube-controller-manager' && last['subresource'] === 'scale';
}

/** The HorizontalPodAutoscaler of a workload. */
export interface Autoscaler {
  /** "horizontalpodautoscaler/web keeps 4 to 12" */
  readonly says: string;
  readonly min: number;
  readonly max: number;
}

/** null: there is none, or it cannot be asked; then what it does shows by itself. */
export async function autoscalerOf(
  client: ClusterClient,
  ref: ObjectRef,
  kind: string | null,
  signal: AbortSignal,
): Promise<Autoscaler | null> {
  const path = `/apis/autoscaling/v2/namespaces/${encodeURIComponent(ref.namespace ?? '')}/horizontalpodautoscalers`;
  try {
    const found = listAt(await client.send(getJson(path), signal), 'items').find(
      (one) =>
        textAt(one, 'spec', 'scaleTargetRef', 'kind') === kind &&
        textAt(one, 'spec', 'scaleTargetRef', 'name') === ref.name,
    );
    if (found === undefined) return null;
    const min = numberAt(found, 'spec', 'minReplicas') ?? 1;
    const max = numberAt(found, 'spec', 'maxReplicas') ?? Number.POSITIVE_INFINITY;
    const says = `horizontalpodautoscaler/${textAt(found, 'metadata', 'name') ?? ''} keeps ${min} to ${max}`;
    return { says, min, max };
  } catch (error) {
    if (error instanceof AdapterError) return null;
    throw error;
  }
}
