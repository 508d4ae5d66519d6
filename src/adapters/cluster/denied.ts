// A reader of facts and the account that it asks with → the same facts, with the writes that the cluster denies to that account.
import { hasExecutor } from '../../core/action/executors.ts';
import { type Effect, isWrite } from '../../core/model/effect.ts';
import type { DeniedWrite } from '../../core/model/facts.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { inBatches } from './batch.ts';
import type { ClusterClient } from './client.ts';
import { isAllowed, type ResourceAttributes } from './rights.ts';

/** How long a right that was held is believed: taking it away still stops the write itself. One that lacks is asked for anew. */
const BELIEVED_MS = 60_000;

const attributesOf = ({ verb, group, resource, subresource, namespace }: Effect): ResourceAttributes => ({
  verb,
  group,
  resource,
  ...(subresource === null ? {} : { subresource }),
  ...(namespace === null || namespace === '*' ? {} : { namespace }),
});

/** A stream to a pod is opened by a GET, and asked to be a `create` besides (Kubernetes 1.35 and newer, pods/exec). */
const asAuthorized = (effect: Effect): readonly Effect[] =>
  effect.verb === 'connect' ? (['get', 'create'] as const).map((verb): Effect => ({ ...effect, verb })) : [effect];

/**
 * Adds to the facts which of the writes the account of `client` may not do. A right for objects of some names alone is a
 * right. A cluster that does not say is no denial: the write itself will tell. `now` in milliseconds.
 */
export function withDeniedWrites(reader: ClusterReader, client: ClusterClient, now: () => number): ClusterReader {
  const believedUntil = new Map<string, number>();
  const lacks = async (effect: Effect, signal: AbortSignal): Promise<boolean> => {
    const asked = attributesOf(effect);
    const key = JSON.stringify(asked);
    if ((believedUntil.get(key) ?? 0) > now()) return false;
    if ((await isAllowed(client, asked, signal)) !== false) {
      believedUntil.set(key, now() + BELIEVED_MS);
      return false;
    }
    if (effect.name === null || effect.name === '*') return true;
    return (await isAllowed(client, { ...asked, name: effect.name }, signal)) === false;
  };
  const denied = async (effects: readonly Effect[], signal: AbortSignal): Promise<readonly DeniedWrite[]> => {
    const writes = effects.filter((effect) => isWrite(effect) && hasExecutor(effect)).flatMap(asAuthorized);
    try {
      const found = await inBatches(writes, (effect) => lacks(effect, signal));
      return writes.filter((_, i) => found[i] === true).map(deniedWrite);
    } catch {
      return [];
    }
  };
  return {
    readFacts: async (effects, signal) => {
      const [facts, lacking] = await Promise.all([reader.readFacts(effects, signal), denied(effects, signal)]);
      return lacking.length === 0 ? facts : { ...facts, denied: lacking };
    },
    sample: (watched, signal) => reader.sample(watched, signal),
  };
}

const deniedWrite = ({ verb, group, resource, subresource, namespace }: Effect): DeniedWrite => ({
  verb,
  group,
  resource,
  subresource,
  namespace,
});
