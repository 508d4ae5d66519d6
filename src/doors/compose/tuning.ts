// What may differ between a production gate, the demo and a test, and what holds where nothing is said.
import { DEFAULT_SPEC_SETTINGS, type SpecSettings } from '../../core/evaluation/evaluate.ts';
import { DEFAULT_VERDICT_RULE, type VerdictRule } from '../../core/remediation/verdict.ts';
import type { StreamLimits } from '../http/event-stream.ts';
import { DEFAULT_MAX_AGE_SECONDS } from '../open-cluster.ts';

/** What may differ between a production gate, the demo and a test. */
export interface Tuning {
  readonly clusterName: string | null;
  /** `serve --shadow`: requests through the proxy are only observed. */
  readonly observesEverything: boolean;
  readonly specSettings: SpecSettings;
  readonly verdictRule: Omit<VerdictRule, 'windowSeconds'>;
  /** How often one person or agent may ask. */
  readonly proposalsPerMinute: number;
  readonly scoresPerMinute: number;
  readonly evaluationsPerMinute: number;
  readonly streams: StreamLimits;
  /** Everything is a stage: the console says so. */
  readonly demo: boolean;
  /** What is known of the cluster counts as missing beyond this age, and a person decides. */
  readonly evidenceMaxAgeSeconds: number;
}

export const DEFAULT_TUNING: Tuning = {
  clusterName: null,
  observesEverything: false,
  specSettings: DEFAULT_SPEC_SETTINGS,
  verdictRule: DEFAULT_VERDICT_RULE,
  proposalsPerMinute: 60,
  scoresPerMinute: 6000,
  evaluationsPerMinute: 1200,
  streams: { perToken: 50, inAll: 1000 },
  demo: false,
  evidenceMaxAgeSeconds: DEFAULT_MAX_AGE_SECONDS,
};
