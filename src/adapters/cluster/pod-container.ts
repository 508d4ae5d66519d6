// A pod → the container in which a program would run, and the mark of this very start of it.
import type { ObjectPart } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { at, listAt, numberAt, textAt } from './json-at.ts';

/** A container as it is now. */
export interface PodContainer {
  readonly name: string;
  /** null: it does not run. */
  readonly id: string | null;
}

const SPECS = ['containers', 'initContainers', 'ephemeralContainers'] as const;
const STATUSES = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** What kubectl runs in where no container is named (kubectl 1.36, pkg/cmd/util/podcmd). */
const DEFAULT_CONTAINER = 'kubectl.kubernetes.io/default-container';

/** The name that was given, or the one that kubectl would choose; null: the pod has no containers. */
const nameIn = (pod: JsonObject, wanted: string | null): string | null =>
  wanted ??
  // Empty counts as none, as in Go.
  (textAt(pod, 'metadata', 'annotations', DEFAULT_CONTAINER) || textAt(listAt(pod, 'spec', 'containers')[0], 'name'));

/** The id that the kubelet gives to each start of a container; one that names none is told by when it began. */
const idOf = (status: JsonObject | undefined): string | null => {
  if (status === undefined || at(status, 'state', 'running') === undefined) return null;
  const id = textAt(status, 'containerID') ?? '';
  if (id !== '') return id;
  return `start ${numberAt(status, 'restartCount') ?? 0} of ${textAt(status, 'state', 'running', 'startedAt') ?? '?'}`;
};

/** The container of the pod, null where it has none of that name. */
export function containerOf(pod: JsonObject, wanted: string | null): PodContainer | null {
  const name = nameIn(pod, wanted);
  const isIn = (list: readonly JsonObject[]): JsonObject | undefined => list.find((one) => one['name'] === name);
  if (name === null || SPECS.every((list) => isIn(listAt(pod, 'spec', list)) === undefined)) return null;
  const status = STATUSES.map((list) => isIn(listAt(pod, 'status', list))).find((one) => one !== undefined);
  return { name, id: idOf(status) };
}

/** What of the pod is sealed for a program: another container, or another start of it, is another thing to approve. */
export function containerImage(wanted: string | null, pod: JsonObject): JsonObject {
  const found = containerOf(pod, wanted);
  return { container: found?.name ?? wanted ?? '', containerID: found?.id ?? '' };
}

/** What is lacking for a program to run in it. */
export function absentContainer(wanted: string | null, pod: JsonObject): readonly ObjectPart[] {
  const found = containerOf(pod, wanted);
  if (found === null) return [{ kind: 'container', name: wanted ?? '(default)' }];
  return found.id === null ? [{ kind: 'running-container', name: found.name }] : [];
}
