// What goes with a pod: its only copy, its volumes, its place (scoring section 5: bare-pod, stateful, capacity, unschedulable).
import type { NodeFact, PodFact } from '../../model/neighbourhood.ts';
import { objectKey } from '../../model/object-ref.ts';
import { bringsBack } from '../../model/pod-controllers.ts';
import { type EvidenceRule, evidenceAbout, targetsOf } from './evidence-rule.ts';

const nameOf = ({ namespace, name }: PodFact): string => `pod ${namespace}/${name}`;

/** A pod that no controller is known to bring back. */
export const barePod: EvidenceRule = ({ losses, policy }) =>
  evidenceAbout(
    'bare-pod',
    policy.document.evidence['bare-pod'],
    losses.flatMap(({ among }) => among.filter(({ controller }) => !bringsBack(controller)).map(nameOf)),
  );

/** Pods that own persistent volumes. */
export const stateful: EvidenceRule = ({ losses, policy }) =>
  evidenceAbout(
    'stateful',
    policy.document.evidence.stateful,
    losses.flatMap(({ among }) => among.filter(({ claims }) => claims.length > 0).map(nameOf)),
  );

interface Room {
  readonly name: string;
  cpuMillis: number;
  memoryBytes: number;
  pods: number;
}

const roomOf = ({ name, free }: NodeFact): Room => ({ name, ...free });

/** Takes the pod's requests from the first node that has room for them. */
const settles = ({ requests, admittedBy }: PodFact, rooms: readonly Room[]): boolean => {
  const room = rooms.find(
    ({ name, cpuMillis, memoryBytes, pods }) =>
      (admittedBy === null || admittedBy.includes(name)) &&
      pods >= 1 &&
      cpuMillis >= requests.cpuMillis &&
      memoryBytes >= requests.memoryBytes,
  );
  if (room === undefined) return false;
  room.pods -= 1;
  room.cpuMillis -= requests.cpuMillis;
  room.memoryBytes -= requests.memoryBytes;
  return true;
};

const byNeed = (a: PodFact, b: PodFact): number =>
  b.requests.memoryBytes - a.requests.memoryBytes || b.requests.cpuMillis - a.requests.cpuMillis;

/** A drain whose pods fit nowhere else: the largest first, each into the first node with room. */
export const capacity: EvidenceRule = ({ writes, facts, losses, policy }) => {
  const drains = writes.filter(({ kind, effect }) => kind === 'drain' && effect.resource === 'nodes');
  const { nodes } = facts.neighbourhood;
  if (drains.length === 0 || nodes.length === 0) return null;
  const left = new Set(losses.flatMap(({ among }) => among.map(({ node }) => node)));
  const drained = (name: string): boolean =>
    left.has(name) || drains.some(({ effect }) => effect.name === name || effect.name === '*');
  const rooms = nodes.filter(({ name, schedulable }) => schedulable && !drained(name)).map(roomOf);
  const pods = losses.flatMap(({ among }) => among).filter(({ controller }) => controller !== null);
  const homeless = pods.toSorted(byNeed).filter((pod) => !settles(pod, rooms));
  return evidenceAbout('capacity', policy.document.evidence.capacity, homeless.map(nameOf));
};

/** No node admits the pods once they have changed; a drain has `capacity`. */
export const unschedulable: EvidenceRule = ({ writes, facts, policy }) => {
  const changed = writes.filter(({ kind }) => kind !== 'drain').flatMap(({ effect }) => targetsOf(effect, facts));
  const keys = new Set(changed.map(objectKey));
  return evidenceAbout(
    'unschedulable',
    policy.document.evidence.unschedulable,
    facts.neighbourhood.workloads
      .filter(({ key, admittedAfter }) => keys.has(key) && admittedAfter?.length === 0)
      .map(({ key }) => key),
  );
};
