// A cluster of a few workloads in memory, for tests: it counts writes and fails on request.
import { createHash } from 'node:crypto';
import { ExecutionPermit, type SealedWrite } from '../../src/core/approval/permit.ts';
import type { Effect } from '../../src/core/model/effect.ts';
import { missingObject, type TargetFact } from '../../src/core/model/facts.ts';
import { NO_NEIGHBOURS } from '../../src/core/model/neighbourhood.ts';
import { objectName } from '../../src/core/model/object-ref.ts';
import type { WriteResult } from '../../src/core/remediation/event.ts';
import type { Sample } from '../../src/core/remediation/sample.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import type { ClusterWriter } from '../../src/ports/cluster-writer.ts';

export interface Workload {
  readonly namespace: string;
  readonly name: string;
  uid: string;
  replicas: number;
  /** What a look shows once it was written to: it converges, it never does, it crashes. */
  health: 'fine' | 'slow' | 'broken';
  /** How many pods are ready after it, where not all are. */
  readyNow: number;
  /** What a look shows before that: how many pods are ready, and whether the others crash. */
  before: { readonly ready: number; readonly crashes: boolean } | null;
  generation: number;
}

/** What goes wrong at the next calls, in order; `fine` is a call that works. */
export type Trouble =
  | 'fine'
  | 'unreachable' // nothing was sent
  | 'lost-before' // no answer, nothing arrived
  | 'lost-after' // no answer, but it arrived
  | 'refused' // the API said no
  | 'gone'; // the way back is gone

export interface MemoryCluster extends ClusterReader, ClusterWriter {
  readonly workloads: Map<string, Workload>;
  /** Every change that was made: "forward deployment/web 3→5". */
  readonly writes: readonly string[];
  readonly dryRuns: readonly string[];
  readonly troubles: { read: Trouble[]; write: Trouble[]; look: Trouble[]; find: Trouble[]; dryRun: Trouble[] };
}

const NO_ANSWER = 'connection reset by peer';

/** Deployments by "namespace/name" with their replicas; uid of kube-system is "cluster-1". */
export const memoryCluster = (deployments: { readonly [key: string]: number }): MemoryCluster => {
  const workloads = new Map(
    Object.entries(deployments).map(([key, replicas], i): [string, Workload] => {
      const [namespace = '', name = ''] = key.split('/');
      return [
        key,
        { namespace, name, uid: `uid-${i + 1}`, replicas, health: 'fine', readyNow: 0, before: null, generation: 1 },
      ];
    }),
  );
  const writes: string[] = [];
  const dryRuns: string[] = [];
  const troubles: MemoryCluster['troubles'] = { read: [], write: [], look: [], find: [], dryRun: [] };
  const keyOf = ({ namespace, name }: Pick<Effect, 'namespace' | 'name'>): string => `${namespace}/${name}`;
  const troubleIn = (where: keyof typeof troubles): Trouble => troubles[where].shift() ?? 'fine';
  const stepsOf = ({ direction, spec }: SealedWrite): readonly Effect[] =>
    direction === 'forward' ? spec.effects : spec.rollbackPlan.steps;
  const isThere = (effect: Effect): boolean =>
    effect.change.to === 'replicas' && workloads.get(keyOf(effect))?.replicas === effect.change.replicas;

  const factOf = ({ namespace, name, uid, replicas }: Workload): TargetFact => ({
    group: 'apps',
    resource: 'deployments',
    kind: 'Deployment',
    namespace,
    name,
    uid,
    preImage: { replicas },
    revision: 1,
    revisions: [1],
    replicas,
    controller: null,
    protected: false,
  });

  const carryOut = (permit: ExecutionPermit): WriteResult => {
    const objects: string[] = [];
    for (const effect of stepsOf(permit)) {
      const workload = workloads.get(keyOf(effect));
      const sealed = permit.spec.facts.find((fact) => keyOf(fact) === keyOf(effect));
      if (workload === undefined || workload.uid !== sealed?.uid)
        return { outcome: 'stale', code: 'uid-changed', why: `${objectName(effect)} is another object now` };
      if (effect.change.to !== 'replicas' || effect.change.replicas === null)
        return { outcome: 'refused', why: 'this cluster can only scale', written: 0 };
      if (isThere(effect)) continue;
      if (
        permit.direction === 'forward' &&
        JSON.stringify({ replicas: workload.replicas }) !== JSON.stringify(sealed.preImage)
      )
        return { outcome: 'stale', code: 'pre-image-changed', why: `${objectName(effect)} has ${workload.replicas}` };
      writes.push(`${permit.direction} ${objectName(effect)} ${workload.replicas}→${effect.change.replicas}`);
      workload.replicas = effect.change.replicas;
      workload.generation += 1;
      // The way back of a workload that merely never converged heals it.
      if (permit.direction === 'back' && workload.health === 'slow') workload.health = 'fine';
      objects.push(objectName(effect));
    }
    return { outcome: 'written', objects };
  };

  const heard = (trouble: Trouble, act: () => WriteResult): WriteResult => {
    switch (trouble) {
      case 'fine':
        return act();
      case 'lost-after':
        act();
        return { outcome: 'unheard', why: NO_ANSWER };
      case 'lost-before':
      case 'unreachable':
        return { outcome: 'unheard', why: NO_ANSWER };
      case 'refused':
        return { outcome: 'refused', why: 'admission webhook said no', written: 0 };
      case 'gone':
        return { outcome: 'stale', code: 'way-back-gone', why: 'revision 1 is not in the history' };
      default:
        return trouble satisfies never;
    }
  };

  const genuine = (permit: ExecutionPermit): void => {
    if (!ExecutionPermit.isGenuine(permit)) throw new Error('a look-alike permit (this is a bug)');
  };

  return {
    workloads,
    writes,
    dryRuns,
    troubles,
    readFacts: async (effects) => {
      const asked = effects.map((effect) => ({ effect, workload: workloads.get(keyOf(effect)) }));
      // It knows of deployments alone: of other kinds it says nothing.
      const asDeployment = (effect: Effect) => ({ ...effect, group: 'apps', resource: 'deployments' });
      if (troubleIn('read') !== 'fine') {
        const missing = effects.map((effect) => missingObject(asDeployment(effect), 'unreachable'));
        return { cluster: null, targets: [], neighbourhood: NO_NEIGHBOURS, missing };
      }
      return {
        cluster: 'cluster-1',
        neighbourhood: NO_NEIGHBOURS,
        targets: asked.flatMap(({ workload }) => (workload === undefined ? [] : [factOf(workload)])),
        missing: asked.flatMap(({ effect, workload }) =>
          workload === undefined ? [missingObject(asDeployment(effect), 'not-found')] : [],
        ),
      };
    },
    hash: (value) => `hmac-sha256:${createHash('sha256').update(JSON.stringify(value)).digest('hex')}`,
    // It has no dry run that would show a difference.
    rehearse: async () => ({ forward: { is: 'passed' }, changes: [], hidden: [] }),
    sample: async ({ effects, isWritten }) => {
      if (troubleIn('look') !== 'fine') throw new AdapterError('no-answer', NO_ANSWER);
      return effects.map((effect): Sample => {
        const workload = workloads.get(keyOf(effect));
        const target = `${objectName(effect)} -n ${effect.namespace}`;
        if (workload === undefined) return { seen: 'gone', target };
        const { uid, replicas, generation, before } = workload;
        const health = isWritten ? workload.health : before === null ? 'fine' : before.crashes ? 'broken' : 'slow';
        const there = health === 'fine' ? replicas : isWritten ? workload.readyNow : (before?.ready ?? 0);
        return {
          seen: 'workload',
          target,
          uid,
          generation,
          observedGeneration: generation,
          desired: replicas,
          replicas,
          updated: replicas,
          ready: there,
          available: there,
          paused: false,
          deadlineExceeded: false,
          troubles:
            health === 'broken' ? [{ pod: 'web-1', container: 'web', reason: 'CrashLoopBackOff', restarts: 9 }] : [],
        };
      });
    },
    dryRun: async (permit) => {
      genuine(permit);
      dryRuns.push(permit.direction);
      return heard(troubleIn('dryRun'), () => ({ outcome: 'written', objects: [] }));
    },
    write: async (permit) => {
      genuine(permit);
      return heard(troubleIn('write'), () => carryOut(permit));
    },
    wasWritten: async (permit) => {
      if (troubleIn('find') !== 'fine') return 'unknown';
      const there = stepsOf(permit).filter(isThere).length;
      return there === stepsOf(permit).length ? 'all' : there === 0 ? 'none' : 'some';
    },
  };
};
