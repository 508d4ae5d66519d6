// Whether the cluster that answers is still the one whose versions are known. Asked before each list and each watch: a server that
// was restored from an older copy, or that another cluster has taken the place of, answers a watch from a version that it has not
// reached yet with silence, and ends it in order (seen on 1.36). What is known by then is of another world.
import { AdapterError } from '../../../ports/adapter-error.ts';
import { type ClusterClient, type ClusterRequest, getJson } from '../client.ts';
import { listAt, textAt } from '../json-at.ts';
import { isBefore } from './freshness.ts';

/** Numbered from 0 in the order in which they were met. */
export interface ClusterWorld {
  /**
   * The number of the world that answers now. A refusal, or an answer without sense, tells nothing: then it is the one before.
   * Throws AdapterError (`no-answer`).
   */
  look(signal: AbortSignal): Promise<number>;
  /** As of the last look. */
  now(): number;
}

/** Longer than any answer takes that is of use. */
const PATIENCE_MS = 5_000;

/** The uid of kube-system is the cluster's identity; the version of a list is how far its store has got. */
const IDENTITY: ClusterRequest = getJson(
  '/api/v1/namespaces',
  { fieldSelector: 'metadata.name=kube-system', limit: '1' },
  'metadata-list',
);

/** One request is under way at a time, however many ask: its answers can be told apart by their order alone. */
export function watchWorld(client: Pick<ClusterClient, 'send'>): ClusterWorld {
  let number = 0;
  let known: { readonly uid: string; readonly version: string } | null = null;
  let underWay: Promise<number> | null = null;

  const ask = async (signal: AbortSignal): Promise<number> => {
    try {
      const list = await client.send(IDENTITY, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]));
      const uid = textAt(listAt(list, 'items')[0], 'metadata', 'uid');
      const version = textAt(list, 'metadata', 'resourceVersion');
      if (uid === null || version === null) return number;
      if (known !== null && (known.uid !== uid || isBefore(version, known.version))) number += 1;
      known = { uid, version };
    } catch (error) {
      if (!(error instanceof AdapterError) || error.kind === 'no-answer') throw error;
    }
    return number;
  };
  return {
    look: (signal) => {
      underWay ??= ask(signal).finally(() => {
        underWay = null;
      });
      return underWay;
    },
    now: () => number,
  };
}
