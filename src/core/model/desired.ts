// What a write wants of the fields that judging compares with the cluster: whom a Service selects, what an autoscaler scales,
// where pods may run. Sealed with the effect, so that it is judged again by the same words.
import { isObject, type Json, type JsonObject, ownValue } from './json.ts';
import { mergePatched } from './merge-patch.ts';

/** A map of labels as it is written: `merged` into those that are there, null taking one away, or in their place. */
export interface LabelsChange {
  readonly how: 'merged' | 'replaced';
  readonly labels: { readonly [key: string]: string | null };
}

/** Requests of one container, as quantities; null: not said. "*" is every container. */
export interface RequestsChange {
  readonly container: string;
  readonly cpu: string | null;
  readonly memory: string | null;
}

/** Of a pod template; null: not touched. */
export interface PodChange {
  readonly nodeSelector: LabelsChange | null;
  /** As the body has it, {} where it goes. Its lists are whole; `merged`: what it does not say stays. */
  readonly affinity: { readonly how: 'merged' | 'replaced'; readonly value: Json } | null;
  /** The whole list. */
  readonly tolerations: Json | null;
  readonly requests: readonly RequestsChange[];
}

export interface Desired {
  /** Labels that a Service selects by. */
  readonly selector: LabelsChange | null;
  /** What an autoscaler scales, in its own namespace. */
  readonly scales: { readonly group: string; readonly resource: string; readonly name: string } | null;
  readonly pod: PodChange | null;
}

/** The labels after the change. */
export function changedLabels(
  before: { readonly [key: string]: string },
  { how, labels }: LabelsChange,
): { readonly [key: string]: string } {
  const after = new Map(how === 'merged' ? Object.entries(before) : []);
  for (const [key, value] of Object.entries(labels)) {
    if (value === null) after.delete(key);
    else after.set(key, value);
  }
  return Object.fromEntries(after);
}

const textsOf = (value: Json | undefined): { readonly [key: string]: string } =>
  Object.fromEntries(
    Object.entries(value !== undefined && isObject(value) ? value : {}).flatMap(([key, text]) =>
      typeof text === 'string' ? [[key, text] as const] : [],
    ),
  );

const withRequests = (container: Json, requests: readonly RequestsChange[]): Json => {
  if (!isObject(container)) return container;
  return requests
    .filter((one) => one.container === '*' || one.container === container['name'])
    .reduce<Json>(
      (before, { cpu, memory }) =>
        mergePatched(before, {
          resources: { requests: { ...(cpu === null ? {} : { cpu }), ...(memory === null ? {} : { memory }) } },
        }),
      container,
    );
};

/** The specification of a pod, or what is known of it, after the change. */
export function podSpecAfter(
  spec: JsonObject,
  { nodeSelector, affinity, tolerations, requests }: PodChange,
): JsonObject {
  const { containers } = spec;
  return {
    ...spec,
    ...(nodeSelector === null ? {} : { nodeSelector: changedLabels(textsOf(spec['nodeSelector']), nodeSelector) }),
    ...(affinity === null
      ? {}
      : { affinity: mergePatched(affinity.how === 'merged' ? (spec['affinity'] ?? {}) : {}, affinity.value) }),
    ...(tolerations === null ? {} : { tolerations }),
    ...(Array.isArray(containers) ? { containers: containers.map((one: Json) => withRequests(one, requests)) } : {}),
  };
}

const isEmpty = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** Equal whatever the order of keys; nothing is the same as an empty object or list. */
const isSame = (one: Json | undefined, other: Json | undefined): boolean => {
  if (isEmpty(one) || isEmpty(other)) return isEmpty(one) && isEmpty(other);
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return one === other;
  const [a, b] = [new Map(Object.entries(one)), new Map(Object.entries(other))];
  return [...new Set([...a.keys(), ...b.keys()])].every((key) => isSame(a.get(key), b.get(key)));
};

/** Whether node selector, affinity or tolerations become others than the template has. */
export function changesPlacement(change: PodChange, template: Json): boolean {
  const before = isObject(template) ? template : {};
  const after = podSpecAfter(before, change);
  return ['nodeSelector', 'affinity', 'tolerations'].some(
    (field) => !isSame(ownValue(before, field), ownValue(after, field)),
  );
}
