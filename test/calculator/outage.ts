// Which pods go, acted out: they are taken away one by one, always the worst ones. It imports nothing of src.
import type { Deed, Pod, Seen, Workload } from './seen.ts';

type Target = Seen['targets'][number];
export type Line = readonly [code: string, points: number];

export const keyOf = ({ group, resource, namespace, name }: Target): string =>
  `${group === '' ? resource : `${resource}.${group}`} ${namespace === null ? name : `${namespace}/${name}`}`;

export const meant = (deed: Deed, { targets }: Seen): readonly Target[] =>
  targets.filter(
    (target) =>
      keyOf(target).split(' ')[0] === deed.what &&
      (deed.who === '*' || deed.who === target.name) &&
      (deed.where === '*' || deed.where === target.namespace),
  );

export const wantedBy = ({ marks }: Deed): number | null => {
  const mark = marks.find((one) => one.startsWith('to:'));
  return mark === undefined ? null : Number(mark.slice(3));
};

const markOf = ({ marks }: Deed, of: string): string | undefined =>
  marks.find((one) => one.startsWith(`${of}:`))?.slice(of.length + 1);

/** The new maximum of an autoscaler. */
export const limitOf = (deed: Deed): string | undefined => markOf(deed, 'max');

export const scalersOf = (deed: Deed, { around }: Seen): Seen['around']['autoscalers'] =>
  limitOf(deed) === undefined
    ? []
    : around.autoscalers.filter(({ namespace, name }) => namespace === deed.where && name === deed.who);

/** Keys of the workloads to which an autoscaler gives a maximum: one that exists, or one that is created. */
export const limitedBy = (deed: Deed, seen: Seen): readonly string[] => {
  const created = markOf(deed, 'scales')?.split('/');
  if (limitOf(deed) === undefined) return [];
  const own = created === undefined ? [] : [`${created[0]} ${deed.where}/${created[1]}`];
  return [...new Set([...scalersOf(deed, seen).map(({ target }) => target), ...own])];
};

/** The new selector of a Service; null where it stays. */
export const selectsAfter = (deed: Deed): readonly (readonly string[])[] | null =>
  markOf(deed, 'selects')
    ?.split('&')
    .map((term) => term.split('=')) ?? null;

const BUILT_IN =
  'replicasets.apps statefulsets.apps daemonsets.apps replicationcontrollers jobs.batch nodes deployments.apps cronjobs.batch';
const BUILT_IN_KINDS = 'ReplicaSet StatefulSet DaemonSet ReplicationController Job Node Deployment CronJob';

/** Whether a controller, as pods or as targets name it, is known to bring a pod back. */
export const returns = (controller: string | null): boolean =>
  controller !== null &&
  (BUILT_IN.split(' ').includes(controller.split(' ')[0] ?? '') ||
    BUILT_IN_KINDS.split(' ').includes(controller.split('/')[0] ?? ''));

export const removesObject = ({ kind, marks }: Deed): boolean => kind === 'delete-object' && !marks.includes('orphan');
const rolls = ({ kind, marks }: Deed, paused: boolean): boolean =>
  paused
    ? kind === 'rollout-pause' && !marks.includes('pause')
    : ['rollout-restart', 'rollout-undo', 'set-image', 'set-config', 'patch', 'apply'].includes(kind);

/** A draw of `count` pods out of `from`, in the order of `first`; the rest by what hurts most. */
export interface Draw {
  readonly workload: string | null;
  readonly from: readonly Pod[];
  readonly count: number;
  readonly order: 'idle-first' | 'worst';
  readonly forGood: boolean;
}

const percent = (value: number | string, all: number, up: boolean): number => {
  if (typeof value === 'number') return value;
  const exact = (all * Number.parseInt(value, 10)) / 100;
  return up ? Math.ceil(exact) : Math.floor(exact);
};

const rollingCount = ({ key, rollout, pods, replicas }: Workload): number => {
  const all = replicas ?? pods;
  if (rollout === null || rollout.type === 'OnDelete') return 0;
  if (rollout.type === 'Recreate') return pods;
  if (key.startsWith('deployments.apps ')) {
    const down = percent(rollout.maxUnavailable ?? '25%', all, false);
    return Math.min(pods, down === 0 && percent(rollout.maxSurge ?? '25%', all, true) === 0 ? 1 : down);
  }
  if (percent(rollout.maxSurge ?? 0, all, true) > 0) return 0;
  return Math.min(pods, Math.max(1, percent(rollout.maxUnavailable ?? 1, all, true)));
};

export const emptiedNodes = (deed: Deed, seen: Seen): readonly string[] => {
  if (deed.what !== 'nodes') return [];
  if (deed.kind !== 'drain' && deed.kind !== 'delete-object' && !deed.marks.includes('no-execute')) return [];
  return deed.who === '*' ? meant(deed, seen).map(({ name }) => name) : [deed.who ?? ''];
};

/** Pods that are deleted by name or selector, or lose their node; finished ones too. */
export const ended = (deeds: readonly Deed[], seen: Seen): readonly Pod[] =>
  seen.around.pods.filter((pod) =>
    deeds.some((deed) => {
      if (deed.kind === 'delete-pod') return meant(deed, seen).some(({ uid }) => uid === pod.uid);
      if (!emptiedNodes(deed, seen).includes(pod.node ?? '?') || (pod.controller ?? '').startsWith('nodes '))
        return false;
      return deed.kind !== 'drain' || !(pod.controller ?? '').startsWith('daemonsets.apps ');
    }),
  );

export const singled = (deeds: readonly Deed[], seen: Seen): readonly Pod[] =>
  ended(deeds, seen).filter(({ finished }) => !finished);

const ordinal = ({ name }: Pod): number => Number(name.slice(name.lastIndexOf('-') + 1));

export const drawsOf = (deeds: readonly Deed[], seen: Seen): readonly Draw[] => {
  const draws: Draw[] = singled(deeds, seen).map((pod) => ({
    workload: pod.workload,
    from: [pod],
    count: 1,
    order: 'worst',
    forGood: false,
  }));
  for (const deed of deeds) {
    for (const target of meant(deed, seen)) {
      const workload = seen.around.workloads.find(({ key }) => key === keyOf(target));
      if (workload === undefined) continue;
      const { key } = workload;
      const ordered = key.startsWith('statefulsets.apps ');
      const from = seen.around.pods.filter((pod) => !pod.finished && (pod.workload === key || pod.controller === key));
      const wanted = wantedBy(deed);
      const evicts = key.startsWith('daemonsets.apps ') && workload.admittedAfter != null;
      if (evicts) {
        const out = from.filter(({ node }) => !workload.admittedAfter?.includes(node ?? '?'));
        draws.push({ workload: key, from: out, count: out.length, order: 'worst', forGood: true });
      }
      if (deed.what === 'jobs.batch' && deed.marks.includes('scale-to-zero'))
        draws.push({ workload: key, from, count: workload.pods, order: 'worst', forGood: true });
      else if (removesObject(deed))
        draws.push({ workload: key, from, count: workload.pods, order: 'worst', forGood: true });
      else if (wanted !== null && workload.replicas !== null && wanted < workload.replicas) {
        const count = workload.replicas - wanted;
        const last = from.toSorted((a, b) => ordinal(b) - ordinal(a)).slice(0, count);
        draws.push({
          workload: key,
          from: ordered ? last : from,
          count,
          order: ordered ? 'worst' : 'idle-first',
          forGood: true,
        });
      } else if (wanted === null && workload.rollout !== null && rolls(deed, workload.paused)) {
        const all = workload.rollout.type === 'Recreate' || ordered;
        draws.push({
          workload: key,
          from,
          count: rollingCount(workload),
          order: all ? 'worst' : 'idle-first',
          forGood: false,
        });
      }
    }
  }
  return draws;
};

/** How many ready pods among `uids` go, when the draws hit them as hard as they can. */
export const lostOf = (draws: readonly Draw[], uids: readonly string[]): number => {
  const gone = new Set<string>();
  for (const { from, count, order } of draws) {
    const hurts = (pod: Pod): number => (uids.includes(pod.uid) && pod.ready ? 1 : 0);
    const idle = (pod: Pod): number => (pod.ready ? 0 : 1);
    const sorted = from.toSorted((a, b) =>
      order === 'idle-first' ? idle(b) - idle(a) || hurts(b) - hurts(a) : hurts(b) - hurts(a),
    );
    for (const pod of sorted.slice(0, count)) if (hurts(pod) === 1) gone.add(pod.uid);
  }
  return gone.size;
};
