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

/** The new maximum of an autoscaler: the mark "max:3". */
export const limitOf = ({ marks }: Deed): string | undefined => marks.find((one) => one.startsWith('max:'))?.slice(4);

export const scalersOf = (deed: Deed, { around }: Seen): Seen['around']['autoscalers'] =>
  limitOf(deed) === undefined
    ? []
    : around.autoscalers.filter(({ namespace, name }) => namespace === deed.where && name === deed.who);

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

export const singled = (deeds: readonly Deed[], seen: Seen): readonly Pod[] =>
  seen.around.pods.filter((pod) =>
    deeds.some((deed) => {
      if (pod.finished) return false;
      if (deed.kind === 'delete-pod') return meant(deed, seen).some(({ uid }) => uid === pod.uid);
      if (!emptiedNodes(deed, seen).includes(pod.node ?? '?') || (pod.controller ?? '').startsWith('nodes '))
        return false;
      return deed.kind !== 'drain' || !(pod.controller ?? '').startsWith('daemonsets.apps ');
    }),
  );

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
      if (removesObject(deed)) draws.push({ workload: key, from, count: workload.pods, order: 'worst', forGood: true });
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
