// One look at the pods that were to leave a node.
import type { WriteStep } from '../../core/action/write-steps.ts';
import { isEviction } from '../../core/model/effect.ts';
import type { TargetFact } from '../../core/model/facts.ts';
import type { Sample } from '../../core/remediation/sample.ts';
import type { ClusterClient } from './client.ts';
import { podsOn } from './drained-nodes.ts';
import { uidOf } from './planned-write.ts';
import { nodeOf } from './planned-writes.ts';

/** The pods of a drain by the name of their node: many are looked at in one question. */
export function evictedByNode(steps: readonly WriteStep[]): ReadonlyMap<string, readonly TargetFact[]> {
  const pods = steps.flatMap(({ effect, target }) => (isEviction(effect) && target !== null ? [target] : []));
  return Map.groupBy(pods, (pod) => nodeOf(pod) ?? '');
}

/** "pods of node/n1": how a look names them. */
export function drainedName(node: string): string {
  return `pods of node/${node}`;
}

/** Whether all of them are gone. Throws AdapterError. */
export async function sampleDrained(
  client: ClusterClient,
  node: string,
  pods: readonly TargetFact[],
  signal: AbortSignal,
): Promise<Sample> {
  const there = new Set((await podsOn(client, node, signal)).map(uidOf));
  return { seen: pods.some(({ uid }) => there.has(uid)) ? 'leaving' : 'removed', target: drainedName(node) };
}
