// Section 5, code by code, from what is left when the worst pods are gone (outage.ts). It imports nothing of src.
import {
  type Draw,
  drawsOf,
  emptiedNodes,
  keyOf,
  type Line,
  limitedBy,
  limitOf,
  lostOf,
  meant,
  removesObject,
  returns,
  scalersOf,
  selectsAfter,
  singled,
  wantedBy,
} from './outage.ts';
import type { Deed, Pod, Seen, Terms } from './seen.ts';

const disruption = (deeds: readonly Deed[], seen: Seen, draws: readonly Draw[]): readonly Line[] => {
  const lines: Line[] = [];
  const { budgets, services, workloads, pods } = seen.around;
  const violated = budgets.some(
    ({ pods: uids, disruptionsAllowed, follows }) =>
      lostOf(follows === 'replicas' ? draws.filter(({ forGood }) => !forGood) : draws, uids) > disruptionsAllowed,
  );
  if (violated) lines.push(['pdb', 25]);
  for (const { key, ready, pods: all } of workloads) {
    const its = draws.filter(({ workload }) => workload === key);
    const uids = its.flatMap(({ from }) => from.map(({ uid }) => uid));
    const lost = lostOf(its, uids);
    if (ready === 1 && lost === 1) lines.push(['last-replica', 20]);
    const count = its.reduce((sum, draw) => sum + draw.count, 0);
    // those that are down already are away at the same time
    const away = Math.max(count, lost > 0 ? lost + all - ready : 0);
    if (away > 1) lines.push(['share', Math.min(20, Math.ceil((20 * away) / all))]);
  }
  // of a workload that was not seen all pods may be those that go
  for (const [key, its] of Map.groupBy(draws, ({ workload }) => workload)) {
    const count = its.reduce((sum, draw) => sum + draw.count, 0);
    if (key !== null && count > 1 && !workloads.some((one) => one.key === key)) lines.push(['share', 20]);
  }
  for (const { namespace, name, ready, pods: uids, selector } of services) {
    const gone = deeds.some(
      (deed) =>
        deed.what === 'services' &&
        deed.kind === 'delete-object' &&
        deed.where === namespace &&
        (deed.who === name || deed.who === '*'),
    );
    const moved = pods.filter(({ uid }) =>
      deeds.some(
        (deed) =>
          deed.marks.includes('membership') &&
          meant(deed, seen).some((target) => target.uid === uid) &&
          uids.includes(uid) &&
          (selector ?? []).some(({ key }) => deed.marks.some((mark) => mark.replace(/-$/, '') === `label:${key}`)),
      ),
    ).length;
    const reselected = deeds.some((deed) => {
      const terms =
        deed.what === 'services' && deed.where === namespace && deed.who === name ? selectsAfter(deed) : null;
      const matches = (pod: Pod): boolean => terms?.every(([key, value]) => pod.labels[key ?? ''] === value) === true;
      return terms !== null && !pods.some((pod) => pod.namespace === namespace && pod.ready && matches(pod));
    });
    if (ready > 0 && (gone || reselected || lostOf(draws, uids) + moved >= ready)) lines.push(['endpoints', 25]);
  }
  for (const deed of deeds) {
    for (const target of limitedBy(deed, seen)) {
      const [now, left] = [workloads.find(({ key }) => key === target)?.replicas ?? 0, Number(limitOf(deed))];
      if (left < now) lines.push(['replica-drop', Math.ceil((25 * (now - left)) / now)]);
    }
    for (const { replicas } of meant(deed, seen)) {
      const wanted = removesObject(deed) ? 0 : wantedBy(deed);
      if (replicas === null || wanted === null || wanted >= replicas) continue;
      lines.push(['replica-drop', Math.ceil((25 * (replicas - wanted)) / replicas)]);
    }
  }
  return lines;
};

/** Tries the pods in order of need, each on the first node that takes it. */
const homeless = (deeds: readonly Deed[], seen: Seen): boolean => {
  const nodes = deeds.filter(({ kind }) => kind === 'drain').flatMap((deed) => emptiedNodes(deed, seen));
  if (nodes.length === 0 || seen.around.nodes.length === 0) return false;
  const room = seen.around.nodes
    .filter(({ name, schedulable }) => schedulable && !nodes.includes(name))
    .map(({ name, free }) => ({ name, cpu: free.cpuMillis, memory: free.memoryBytes, pods: free.pods }));
  const moving = singled(deeds, seen)
    .filter(({ controller }) => controller !== null)
    .toSorted((a, b) => b.requests.memoryBytes - a.requests.memoryBytes || b.requests.cpuMillis - a.requests.cpuMillis);
  return moving.some(({ requests, admittedBy }) => {
    for (const one of room) {
      if (admittedBy !== null && !admittedBy.includes(one.name)) continue;
      if (one.pods < 1 || one.cpu < requests.cpuMillis || one.memory < requests.memoryBytes) continue;
      one.pods -= 1;
      one.cpu -= requests.cpuMillis;
      one.memory -= requests.memoryBytes;
      return false;
    }
    return true;
  });
};

const noHistory = (image: unknown): boolean =>
  typeof image === 'object' && image !== null && (image as { historyLimit?: unknown }).historyLimit === 0;

/** What is deleted, was run in a container, or was handed out as a token cannot be taken back; what is set can. */
const cannotGoBack = (deed: Deed, seen: Seen): boolean => {
  const targets = meant(deed, seen);
  if (singled([deed], seen).some(({ controller }) => !returns(controller))) return true;
  switch (deed.kind) {
    case 'delete-pod':
      return targets.some(
        ({ uid, controller }) =>
          !returns(controller) &&
          !seen.around.pods.some((pod) => pod.uid === uid && pod.finished) &&
          !deed.marks.includes('finished-only'),
      );
    case 'scale':
      return targets.some(({ replicas }) => replicas === null);
    case 'rollout-undo':
    case 'set-image':
      return targets.some(
        ({ revision, revisions, preImage }) =>
          revision === null || !revisions.includes(revision) || noHistory(preImage),
      );
    case 'delete-object':
      return targets.length > 0;
    case 'exec':
      return true;
    case 'grant':
      return deed.marks.includes('deletes') || deed.what === 'serviceaccounts';
    default:
      return false;
  }
};

/** A controller of the target would undo or fight the change; a pod is recreated, and a CronJob leaves its Jobs alone. */
const isOwned = (deed: Deed, seen: Seen): boolean =>
  meant(deed, seen).some(
    ({ resource, controller }) => resource !== 'pods' && controller !== null && !controller.startsWith('CronJob/'),
  );

/** No node takes the pods of a workload that the deed changes. */
const findsNoNode = (deed: Deed, seen: Seen): boolean =>
  deed.kind !== 'drain' &&
  meant(deed, seen).some((target) =>
    seen.around.workloads.some(({ key, admittedAfter }) => key === keyOf(target) && admittedAfter?.length === 0),
  );

/** Beginnings of the fields that a kind changes; "" is everything. */
const changed = ({ kind, marks }: Deed): readonly string[] => {
  const keys = (of: string): readonly string[] =>
    marks.filter((mark) => mark.startsWith(`${of}:`)).map((mark) => mark.slice(of.length + 1).replace(/-$/, ''));
  switch (kind) {
    case 'scale':
      return ['spec.replicas'];
    case 'set-image':
      return marks
        .filter((mark) => mark.startsWith('image:'))
        .map((mark) => `spec.template.spec.containers.${mark.slice(6)}.image`);
    case 'rollout-restart':
      return ['spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt'];
    case 'rollout-undo':
      return ['spec.template'];
    case 'autoscale':
      return ['spec.maxReplicas'];
    case 'rollout-pause':
      return ['spec.paused'];
    case 'cordon':
    case 'uncordon':
      return ['spec.unschedulable'];
    case 'taint':
    case 'untaint':
      return ['spec.taints'];
    case 'label':
      return keys('label').map((key) => `metadata.labels.${key}`);
    case 'annotate':
      return keys('annotation').map((key) => `metadata.annotations.${key}`);
    default:
      return [''];
  }
};

const fights = (deed: Deed, seen: Seen): boolean =>
  meant(deed, seen).some((target) =>
    seen.around.held
      .filter(({ object }) => object === keyOf(target))
      .flatMap(({ fields }) => fields)
      .some((held) =>
        changed(deed).some((one) => one === '' || `${held}.`.startsWith(`${one}.`) || `${one}.`.startsWith(`${held}.`)),
      ),
  );

/** Every code of section 5 with points of its own, once, at its highest, by name. */
export const evidenceSeen = (deeds: readonly Deed[], seen: Seen): readonly Line[] => {
  if (deeds.length === 0) return [];
  const draws = drawsOf(deeds, seen);
  const lines: Line[] = [...disruption(deeds, seen, draws)];
  const drawn = draws.flatMap(({ from }) => from);
  if (singled(deeds, seen).some(({ controller }) => !returns(controller))) lines.push(['bare-pod', 30]);
  if (drawn.some(({ claims }) => claims.length > 0)) lines.push(['stateful', 10]);
  if (homeless(deeds, seen)) lines.push(['capacity', 15]);
  if (deeds.some((deed) => cannotGoBack(deed, seen))) lines.push(['no-way-back', 15]);
  if (deeds.some((deed) => fights(deed, seen))) lines.push(['gitops', 10]);
  const governed = deeds.some(
    (deed) =>
      deed.kind === 'scale' &&
      meant(deed, seen).some((target) => seen.around.autoscalers.some((one) => one.target === keyOf(target))),
  );
  if (governed) lines.push(['autoscaled', 10]);
  if (deeds.some((deed) => isOwned(deed, seen))) lines.push(['owned', 10]);
  if (deeds.some((deed) => findsNoNode(deed, seen))) lines.push(['unschedulable', 40]);
  if (seen.failures.length > 0) lines.push(['history', seen.failures.length > 1 ? 20 : 10]);
  const best = new Map<string, number>();
  for (const [code, points] of lines) if (points > (best.get(code) ?? 0)) best.set(code, points);
  return [...best];
};

const touchedBy = (deeds: readonly Deed[], seen: Seen): ReadonlySet<string> => {
  const up = (key: string): string => {
    const owner = seen.around.workloads.find((one) => one.key === key)?.controller;
    return owner == null ? key : up(owner);
  };
  const aimedAt = new Set(deeds.flatMap((deed) => meant(deed, seen)).map(({ uid }) => uid));
  const drawn = [
    ...drawsOf(deeds, seen).flatMap(({ from }) => from),
    ...seen.around.pods.filter(({ uid }) => aimedAt.has(uid)),
  ];
  const places = new Set<string>(['cluster']);
  for (const pod of drawn) {
    places.add(`workload ${pod.workload ?? `pods ${pod.namespace}/${pod.name}`}`);
    places.add(`namespace ${pod.namespace}`);
    if (pod.node !== null) places.add(`node ${pod.node}`);
  }
  for (const deed of deeds) {
    if (deed.where !== null) places.add(`namespace ${deed.where}`);
    for (const target of meant(deed, seen)) {
      if (target.resource === 'nodes') places.add(`node ${target.name}`);
      else if (!drawn.some(({ uid }) => uid === target.uid)) places.add(`workload ${up(keyOf(target))}`);
    }
  }
  return places;
};

const LIMITS: readonly (readonly [scope: string, limit: number])[] = [
  ['workload', 30],
  ['namespace', 60],
  ['node', 30],
  ['cluster', 120],
];

/** Codes that ask for a person whatever the points: the budget of what would run alone, and what was not heard. */
export const callsSeen = (deeds: readonly Deed[], seen: Seen, own: number): readonly string[] => {
  const calls: string[] = [];
  const places = touchedBy(deeds, seen);
  const spent = LIMITS.some(([scope, limit]) =>
    [...places]
      .filter((place) => place.split(' ')[0] === scope)
      .some((place) => {
        const name = place.slice(scope.length + 1);
        const points = seen.recent
          .filter(
            (run) =>
              scope === 'cluster' ||
              [run.workloads, run.namespaces, run.nodes][LIMITS.findIndex(([one]) => one === scope)]?.includes(name),
          )
          .reduce((sum, run) => sum + run.score, own);
        return points > limit;
      }),
  );
  if (own <= 10 && spent) calls.push('budget');
  if (seen.missing.some(({ why }) => why !== 'not-found')) calls.push('no-evidence');
  return calls;
};

/** Marks of section 4 that only a cluster can show. */
export const marksSeen = (deed: Deed, seen: Seen): readonly string[] => {
  const marks: string[] = [];
  const wanted = wantedBy(deed);
  for (const { min, max } of scalersOf(deed, seen)) {
    const limit = Number(limitOf(deed));
    if (limit > 2 * max) marks.push('scale-up');
    if (limit < min) marks.push('scale-to-zero');
  }
  if (wanted !== null && meant(deed, seen).some(({ replicas }) => replicas !== null && wanted > 2 * replicas))
    marks.push('scale-up');
  if (deed.what === 'daemonsets.apps' && findsNoNode(deed, seen)) marks.push('scale-to-zero');
  const keys = deed.marks.filter((mark) => mark.startsWith('label:')).map((mark) => mark.slice(6));
  const joins = (pod: Pod, terms: Terms): boolean =>
    terms?.some(({ key }) => keys.includes(key)) === true &&
    terms.every(({ key, operator, values }) => {
      if (keys.includes(key)) return true;
      const value = pod.labels[key];
      if (operator === 'In') return values.includes(value ?? '\u0000');
      if (operator === 'NotIn') return !values.includes(value ?? '\u0000');
      return (value !== undefined) === (operator === 'Exists');
    });
  const { pods, services, budgets, policies } = seen.around;
  const joined = meant(deed, seen).some(({ uid }) =>
    pods.some(
      (pod) =>
        pod.uid === uid &&
        [...services, ...budgets, ...policies].some(
          (one) => one.namespace === pod.namespace && joins(pod, one.selector),
        ),
    ),
  );
  if (deed.kind === 'label' && deed.what === 'pods' && joined && !deed.marks.includes('membership'))
    marks.push('membership');
  return marks;
};

/** One outage is counted once. */
export const onlyLargestOutage = (lines: readonly Line[]): readonly Line[] => {
  const order = ['scale-to-zero', 'endpoints', 'replica-drop', 'last-replica', 'share'];
  const outage = lines
    .filter(([code]) => order.includes(code))
    .toSorted(([a, x], [b, y]) => y - x || order.indexOf(a) - order.indexOf(b));
  return lines.filter((line) => !order.includes(line[0]) || line === outage[0]);
};
