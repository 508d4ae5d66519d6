// The gate's state as Prometheus text.
import type { ShadowSummary } from '../../core/decision/shadow-verdict.ts';
import { TIERS } from '../../core/model/tier.ts';
import { APPROVAL_MARKS } from '../../core/remediation/marks.ts';
import { STATES } from '../../core/remediation/state.ts';
import { shadowNotice, shadowTotals } from '../../core/text/shadow-notice.ts';
import { within } from '../../flow/deadline.ts';
import { type Gate, gatesOf, switchOf } from '../../flow/gate.ts';
import { shadowSettings } from '../../flow/requests/observe.ts';
import { nowOf } from '../../flow/transition.ts';
import { breakerOf, countedFailures } from '../../flow/worker/breaker.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { labelValue } from '../measures/label-value.ts';
import { inTime } from './in-time.ts';

/**
 * What the process knows, and what stands in the store, so that a restart loses nothing; it costs the same whatever was ever stored.
 * A store that does not answer takes its own lines away and no others: that the gate is not ready must be heard.
 */
export async function metricsText(
  gate: Gate,
  version: string,
  signal: AbortSignal,
  isReady: 'ready' | 'not ready' = 'ready',
): Promise<string> {
  const stored = await inTime((late) => storedLines(gate, AbortSignal.any([signal, late]))).catch(noLines);
  return [...processLines(version, isReady), ...stored, ''].join('\n');
}

const noLines = (error: unknown): readonly string[] => {
  if (error instanceof AdapterError) return [];
  throw error;
};

const processLines = (version: string, isReady: 'ready' | 'not ready'): readonly string[] => [
  '# HELP blastgate_build_info The running version, and the Node that runs it.',
  '# TYPE blastgate_build_info gauge',
  `blastgate_build_info{version="${version}",node="${process.versions.node}"} 1`,
  '# HELP blastgate_info The running version.',
  '# TYPE blastgate_info gauge',
  `blastgate_info{version="${version}"} 1`,
  '# HELP blastgate_ready 1 while decisions can be stored, as /readyz says.',
  '# TYPE blastgate_ready gauge',
  `blastgate_ready ${isReady === 'ready' ? 1 : 0}`,
];

const storedLines = async (gate: Gate, signal: AbortSignal): Promise<readonly string[]> => {
  const pausing = await pauseLines(gate, signal);
  const tallies = await gate.store.history.tallies(within('store', signal));
  const byState = new Map(tallies.flatMap(({ kind, label, count }) => (kind === 'proposals' ? [[label, count]] : [])));
  const observed = await gate.store.shadow.summary(within('store', signal));
  const byMark = new Map(tallies.flatMap(({ kind, label, count }) => (kind === 'marks' ? [[label, count]] : [])));
  const ends = tallies.filter(({ kind }) => kind === 'outcomes');
  return [
    ...pausing,
    '# HELP blastgate_proposals Proposals by state.',
    '# TYPE blastgate_proposals gauge',
    ...STATES.map((state) => `blastgate_proposals{state="${state}"} ${byState.get(state) ?? 0}`),
    '# HELP blastgate_outcomes_total Remediations that reached the cluster, by how they ended.',
    '# TYPE blastgate_outcomes_total counter',
    ...ends.map(({ label, count }) => {
      const [state, tier] = label.split(' ');
      return `blastgate_outcomes_total{state="${state}",tier="${tier}"} ${count}`;
    }),
    '# HELP blastgate_approval_marks_total Approvals that stay marked: the glass was broken, or a yes came within 5 s of being shown.',
    '# TYPE blastgate_approval_marks_total counter',
    ...APPROVAL_MARKS.map((mark) => `blastgate_approval_marks_total{mark="${mark}"} ${byMark.get(mark) ?? 0}`),
    ...shadowLines(gate, observed),
  ];
};

/** The pause of the whole gate; of several clusters that of each besides, and its own breaker. */
const pauseLines = async (gate: Gate, signal: AbortSignal): Promise<readonly string[]> => {
  const { controls } = gate.store;
  const isPaused = await controls.paused(
    gate.clusters === undefined ? gate.clusterName : null,
    within('store', signal),
  );
  const paused = new Set(await controls.pausedClusters(within('store', signal)));
  const breakers = await Promise.all(
    gatesOf(gate).map(async (one) => ({
      name: switchOf(one),
      failures: (await countedFailures(one, signal)).length,
      limit: breakerOf(one).failures,
    })),
  );
  const labels = (name: string | null): string => (name === null ? '' : `{cluster="${labelValue(name)}"}`);
  return [
    '# HELP blastgate_paused 1 while nothing new is started: nowhere, or on the cluster.',
    '# TYPE blastgate_paused gauge',
    `blastgate_paused ${isPaused ? 1 : 0}`,
    ...breakers.flatMap(({ name }) =>
      name === null ? [] : [`blastgate_paused${labels(name)} ${paused.has(name) ? 1 : 0}`],
    ),
    '# HELP blastgate_breaker_failures Failures that the breaker counts now.',
    '# TYPE blastgate_breaker_failures gauge',
    ...breakers.map(({ name, failures }) => `blastgate_breaker_failures${labels(name)} ${failures}`),
    '# HELP blastgate_breaker_limit At so many failures the gate, or the cluster, pauses itself.',
    '# TYPE blastgate_breaker_limit gauge',
    ...breakers.map(({ name, limit }) => `blastgate_breaker_limit${labels(name)} ${limit}`),
  ];
};

/** Whether requests are only observed now, and how often each was said of those that were. */
const shadowLines = (gate: Gate, summary: readonly ShadowSummary[]): readonly string[] => {
  const totals = shadowTotals(summary);
  return [
    '# HELP blastgate_shadow 1 while requests through the proxy are only observed, all or some of them.',
    '# TYPE blastgate_shadow gauge',
    `blastgate_shadow ${shadowNotice(shadowSettings(gate), nowOf(gate), 'en') === null ? 0 : 1}`,
    '# HELP blastgate_shadow_requests_total Requests that were only observed, by the tier that the gate would have given.',
    '# TYPE blastgate_shadow_requests_total counter',
    ...TIERS.map((tier) => `blastgate_shadow_requests_total{tier="${tier}"} ${totals[tier]}`),
    '# HELP blastgate_shadow_refused_total Of them: refused all the same, by a core hard rule or unread.',
    '# TYPE blastgate_shadow_refused_total counter',
    `blastgate_shadow_refused_total ${totals.refused}`,
  ];
};

/** What is known of one cluster, kind by kind. `cluster`: its name; null: it has none. */
export interface Knowledge {
  readonly cluster: string | null;
  readonly kinds: readonly {
    readonly kind: string;
    readonly ageSeconds: number | null;
    readonly lacking: string | null;
  }[];
}

/** What is known of each cluster: its age in seconds (-1: nothing yet), and whether it can be relied on. */
export function knowledgeText(known: readonly Knowledge[]): string {
  const kinds = known.flatMap(({ cluster, kinds: own }) =>
    own.map((one) => ({
      ...one,
      labels: `${cluster === null ? '' : `cluster="${labelValue(cluster)}",`}kind="${one.kind}"`,
    })),
  );
  return [
    '# HELP blastgate_knowledge_age_seconds Age of what is known of the cluster; -1 where nothing is known.',
    '# TYPE blastgate_knowledge_age_seconds gauge',
    ...kinds.map(
      ({ labels, ageSeconds }) => `blastgate_knowledge_age_seconds{${labels}} ${ageSeconds?.toFixed(1) ?? -1}`,
    ),
    '# HELP blastgate_knowledge_lacking 1 where a kind cannot be relied on: unreachable, forbidden, too old.',
    '# TYPE blastgate_knowledge_lacking gauge',
    ...kinds.map(({ labels, lacking }) => `blastgate_knowledge_lacking{${labels}} ${lacking === null ? 0 : 1}`),
    '',
  ].join('\n');
}
