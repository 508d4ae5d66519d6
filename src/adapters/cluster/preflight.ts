// Is everything that a permit speaks of still as it was sealed? Asked before the first write.
import { isMadeAnew } from '../../core/action/write-steps.ts';
import type { ExecutionPermit } from '../../core/approval/permit.ts';
import { isEviction, isPruning, writesOf } from '../../core/model/effect.ts';
import { pairsOf } from '../../core/model/facts.ts';
import type { JsonObject } from '../../core/model/json.ts';
import { placedName } from '../../core/model/object-ref.ts';
import { inBatches } from './batch.ts';
import type { ClusterClient } from './client.ts';
import { findObjects } from './find-objects.ts';
import { stable, textAt } from './json-at.ts';
import { type PlannedWrite, stale, type WriteCheck } from './planned-write.ts';
import { clusterUid } from './reader.ts';

const uidsOf = (objects: readonly { readonly object: JsonObject }[]): readonly string[] =>
  objects.map(({ object }) => textAt(object, 'metadata', 'uid') ?? '').toSorted();

/** A selector must still choose exactly the sealed objects. */
const checkSets = async (
  client: ClusterClient,
  { spec }: ExecutionPermit,
  signal: AbortSignal,
): Promise<(WriteCheck & { readonly kind: 'stopped' }) | null> => {
  for (const effect of writesOf(spec.effects)) {
    // Of pods that leave their nodes those are taken that were sealed, whatever has come and gone since.
    if (isEviction(effect)) continue;
    const sealed = pairsOf([effect], spec.facts).map(({ target }) => target.uid);
    // What it makes was not there to be sealed.
    if (sealed.length === 0 && effect.mutation !== undefined && effect.name !== '*') continue;
    const found = effect.name === '*' ? uidsOf(await findObjects(client, effect, signal)) : sealed.toSorted();
    if (sealed.length === 0 && isMadeAnew(effect, spec.effects)) continue;
    if ((sealed.length === 0 && !isPruning(effect)) || stable(found) !== stable(sealed.toSorted()))
      return stale('targets-changed', `${placedName(effect)}: ${found.length} objects now, ${sealed.length} sealed`);
  }
  return null;
};

/** All writes compared, in their order, or the first reason to write nothing at all. */
export type PreflightResult =
  | { readonly kind: 'ready'; readonly checks: readonly Exclude<WriteCheck, { readonly kind: 'stopped' }>[] }
  | (WriteCheck & { readonly kind: 'stopped' });

/** What is left to write, or why nothing may be. Throws AdapterError where something cannot be read. */
export async function preflight(
  client: ClusterClient,
  permit: ExecutionPermit,
  writes: readonly PlannedWrite[],
  signal: AbortSignal,
): Promise<PreflightResult> {
  const { uid } = permit.spec.cluster;
  // Asked at once, and heard in order: the first reason counts.
  const naming = clusterUid(client, signal);
  const comparing = permit.direction === 'forward' ? checkSets(client, permit, signal) : Promise.resolve(null);
  const checking = inBatches(writes, (write) => write.check(signal));
  for (const asked of [naming, comparing, checking]) asked.catch(() => undefined);
  if (uid === null || uid !== (await naming))
    return stale('other-cluster', `sealed for the cluster ${uid ?? '(none)'}`);
  const changed = await comparing;
  if (changed !== null) return changed;
  const checks: Exclude<WriteCheck, { readonly kind: 'stopped' }>[] = [];
  for (const check of await checking) {
    if (check.kind === 'stopped') return check;
    checks.push(check);
  }
  return { kind: 'ready', checks };
}
