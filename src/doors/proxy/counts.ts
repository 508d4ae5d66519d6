// What the proxy has done, as Prometheus text. Labels are of fixed sets, so that nobody can make a new row.
import { clusterLabel } from '../measures/label-value.ts';
export const ROUTE_KINDS = ['read', 'self-review', 'dry-run', 'write', 'refused'] as const;
export type RouteKind = (typeof ROUTE_KINDS)[number];
/** What a write was answered with: its own success, a refusal of the API server, come again, or no. */
export const WRITE_ENDS = ['done', 'unchanged', 'api-refused', 'waiting', 'denied'] as const;
export type WriteEnd = (typeof WRITE_ENDS)[number];

export interface ProxyCounts {
  /** A request was answered, with this HTTP status, so many seconds after it had come. */
  answered(kind: RouteKind, status: number, seconds: number): void;
  ended(how: WriteEnd): void;
  /** Something is open from now on, until what is returned is called. */
  open(what: 'stream' | 'held'): () => void;
}

/** Itself it counts what belongs to no cluster by name: all, where there is one. */
export interface AllProxyCounts extends ProxyCounts {
  /** Of one of the clusters that were named at the start; of any other what is counted without a name. */
  of(cluster: string | null): ProxyCounts;
  text(): string;
}

const CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const;

const classOf = (status: number): (typeof CLASSES)[number] =>
  CLASSES[Math.min(Math.max(Math.floor(status / 100), 2), 5) - 2] ?? '5xx';

/** What is counted of one cluster, and its rows by metric. */
interface Counted {
  readonly counts: ProxyCounts;
  rows(): { readonly [metric in 'requests' | 'writes' | 'open']: readonly string[] };
}

const countedOf = (cluster: string | null, timed: (kind: RouteKind, seconds: number) => void): Counted => {
  const requests = new Map(ROUTE_KINDS.flatMap((kind) => CLASSES.map((one) => [`${kind} ${one}`, 0] as const)));
  const writes = new Map(WRITE_ENDS.map((how): [WriteEnd, number] => [how, 0]));
  const open = { stream: 0, held: 0 };
  const add = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  const label = clusterLabel(cluster);
  return {
    counts: {
      answered: (kind, status, seconds) => {
        add(requests, `${kind} ${classOf(status)}` as const);
        timed(kind, seconds);
      },
      ended: (how) => add(writes, how),
      open: (what) => {
        open[what] += 1;
        let isOpen = true;
        return () => {
          if (isOpen) open[what] -= 1;
          isOpen = false;
        };
      },
    },
    rows: () => ({
      requests: [...requests].map(([key, count]) => {
        const [kind, status] = key.split(' ');
        return `blastgate_proxy_requests_total{kind="${kind}",status="${status}"${label}} ${count}`;
      }),
      writes: [...writes].map(([how, count]) => `blastgate_proxy_writes_total{end="${how}"${label}} ${count}`),
      open: (['stream', 'held'] as const).map((what) => `blastgate_proxy_open{what="${what}"${label}} ${open[what]}`),
    }),
  };
};

/** `timed` hears how long each took, of streams until they begin. `clusters`: those that have rows of their own. */
export function createProxyCounts(
  timed: (kind: RouteKind, seconds: number) => void = () => undefined,
  clusters: readonly string[] = [],
): AllProxyCounts {
  const unnamed = countedOf(null, timed);
  const byName = new Map(clusters.map((name) => [name, countedOf(name, timed)] as const));
  return {
    ...unnamed.counts,
    of: (cluster) => (byName.get(cluster ?? '') ?? unnamed).counts,
    text: () => {
      const rows = [unnamed, ...byName.values()].map((one) => one.rows());
      return [
        '# HELP blastgate_proxy_requests_total Requests that the proxy has answered, by what they were and the class of the status.',
        '# TYPE blastgate_proxy_requests_total counter',
        ...rows.flatMap(({ requests }) => requests),
        '# HELP blastgate_proxy_writes_total Answers to writes: done, refused by the API server, come again later, denied.',
        '# TYPE blastgate_proxy_writes_total counter',
        ...rows.flatMap(({ writes }) => writes),
        '# HELP blastgate_proxy_open Requests that are open now: streams that are passed on, and writes that are held.',
        '# TYPE blastgate_proxy_open gauge',
        ...rows.flatMap(({ open }) => open),
        '',
      ].join('\n');
    },
  };
}
