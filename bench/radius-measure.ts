// What the benchmarks of the live radius measure with: bytes held, and decisions from text to score.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { KnownCluster } from '../src/adapters/cluster/cache/known-cluster.ts';
import { neighbourhoodOf } from '../src/adapters/cluster/neighbourhood/neighbourhood-of.ts';
import { neighbourhoodQueryOf } from '../src/adapters/cluster/neighbourhood/neighbourhood-query.ts';
import { readDocuments } from '../src/adapters/yaml/read-documents.ts';
import { DEFAULT_POLICY } from '../src/core/blast-radius/default-policy.ts';
import { score } from '../src/core/blast-radius/score.ts';
import { understand } from '../src/core/command/understand.ts';
import { type Facts, NO_MEMORY, type TargetFact } from '../src/core/model/facts.ts';
import { PODS_PER_WORKLOAD } from './radius-cluster.ts';

export const DECISIONS = 2_000;
const WARM_UP = 300;

setFlagsFromString('--expose-gc');
// as: what V8 gives under this name once the flag is set.
const collect = runInNewContext('gc') as () => void;

/** Bytes that are held once all that can go is gone. */
export const heldBytes = (): number => {
  for (let i = 0; i < 3; i += 1) collect();
  return process.memoryUsage().heapUsed;
};

const target = (resource: string, group: string, namespace: string, name: string, uid: string): TargetFact => ({
  group,
  resource,
  kind: resource === 'pods' ? 'Pod' : 'Deployment',
  namespace,
  name,
  uid,
  preImage: {},
  revision: null,
  revisions: [],
  replicas: resource === 'pods' ? null : PODS_PER_WORKLOAD,
  controller: resource === 'pods' ? 'ReplicaSet/any' : null,
  protected: false,
});

/** From text to score, with everything around it found in the cache; what is asked of the cluster itself is left out. */
const decide = (cluster: KnownCluster, line: string, targets: readonly TargetFact[]) => {
  const understanding = understand(
    { kind: 'line', line },
    { namespace: 'default', files: new Map(), customResources: [], readDocuments },
  );
  const question = neighbourhoodQueryOf(
    understanding.parts.flatMap(({ effects }) => effects),
    targets,
  );
  const neighbourhood = { ...neighbourhoodOf(cluster, question), held: [], dependents: [], ageSeconds: 0 };
  const facts: Facts = { cluster: 'uid', targets, neighbourhood, missing: [], ...NO_MEMORY };
  return { radius: score(understanding, facts, DEFAULT_POLICY), neighbourhood };
};

/** Milliseconds of each of many decisions, about another workload each time. */
export const decisionTimes = (
  cluster: KnownCluster,
  workloads: number,
  about: 'pods' | 'pods and deployments',
): readonly number[] => {
  const times: number[] = [];
  // The first ones pay for what every program pays once.
  for (let i = -WARM_UP; i < DECISIONS; i += 1) {
    const n = ((i + WARM_UP) * 7919) % workloads;
    const [namespace, name] = [`ns-${n % 50}`, `app-${n}`];
    const scale = about !== 'pods' && i % 2 === 0;
    const targets = [
      scale
        ? target('deployments', 'apps', namespace, name, `deploy-${n}`)
        : target('pods', '', namespace, `${name}-0`, `pod-${n}-0`),
    ];
    const line = scale
      ? `kubectl scale deployment ${name} -n ${namespace} --replicas=0`
      : `kubectl delete pod ${name}-0 -n ${namespace}`;
    const start = performance.now();
    const { radius, neighbourhood } = decide(cluster, line, targets);
    if (i >= 0) times.push(performance.now() - start);
    const seen = neighbourhood.pods.length === (scale ? PODS_PER_WORKLOAD : 1) && neighbourhood.services.length === 1;
    if (!seen || radius.score === null)
      throw new Error(`${line}: ${neighbourhood.pods.length} pods, score ${radius.score}`);
  }
  return times;
};

export const milliseconds = (value: number): string => `${value.toPrecision(2)} ms`;
