// What a running gate does → its counters and histograms, kept in memory: they begin anew with each start, as counters may.
import { TIERS } from '../../core/model/tier.ts';
import { phaseSeconds, phasesEnding } from '../../core/remediation/durations.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';
import type { Log } from '../../ports/log.ts';
import type { RemediationChange } from '../../ports/store.ts';
import { createCounter, createHistogram, LONG_SECONDS, SHORT_SECONDS } from './histogram.ts';

export interface Measures {
  /** Steps that were saved: how long people, writes and verdicts have taken. */
  saved(changes: readonly RemediationChange[]): void;
  /** An answer of the HTTP door; `route` is the path as it was registered. */
  answered(request: {
    readonly method: string;
    readonly route: string;
    readonly code: number;
    readonly seconds: number;
  }): void;
  /** An answer of the proxy, until its headers were there. */
  proxied(kind: string, seconds: number): void;
  /** The same writer, whose dry runs are timed. */
  timed(writer: ClusterWriter): ClusterWriter;
  /** The same log, whose warnings and errors are counted by event. */
  counting(log: Log): Log;
  text(): string;
}

/** A steady time in milliseconds. */
type Elapsed = () => number;

/** What one source of numbers adds to Measures, with its part of the text. */
type Part<K extends keyof Measures> = Pick<Measures, K | 'text'>;

export function createMeasures(elapsed: Elapsed): Measures {
  const [steps, dryRuns, answers, log] = [stepMeasures(), dryRunMeasures(elapsed), answerMeasures(), logMeasures()];
  return {
    ...steps,
    ...dryRuns,
    ...answers,
    ...log,
    text: () => textOf(steps, dryRuns, answers, log),
  };
}

const textOf = (...metrics: readonly { text(): string }[]): string => metrics.map((one) => one.text()).join('');

const stepMeasures = (): Part<'saved'> => {
  const approvals = createHistogram(
    {
      name: 'blastgate_approval_seconds',
      help: 'From a proposal that people are asked about until that has ended, by tier and what it ended as.',
      labels: ['tier', 'end'],
      bounds: LONG_SECONDS,
    },
    TIERS.filter((tier) => tier === 'human' || tier === 'dual').map((tier) => [tier, 'approved']),
  );
  const executions = createHistogram({
    name: 'blastgate_execution_seconds',
    help: 'From a write that is sent until its answer, by direction and answer.',
    labels: ['direction', 'answer'],
    bounds: SHORT_SECONDS,
  });
  const verifications = createHistogram({
    name: 'blastgate_verification_seconds',
    help: 'From a write that has reached the cluster until the verdict, by the state that it led to.',
    labels: ['end'],
    bounds: LONG_SECONDS,
  });
  return {
    saved: (changes) => {
      for (const { after, records } of changes)
        for (const phase of phasesEnding(after, records)) {
          const seconds = phaseSeconds(phase);
          if (phase.kind === 'approval') approvals.observe([phase.tier, phase.end], seconds);
          else if (phase.kind === 'verification') verifications.observe([phase.end], seconds);
          else executions.observe([phase.kind === 'execution' ? 'forward' : 'back', phase.answer], seconds);
        }
    },
    text: () => textOf(approvals, executions, verifications),
  };
};

const dryRunMeasures = (elapsed: Elapsed): Part<'timed'> => {
  const seconds = createHistogram({
    name: 'blastgate_dry_run_seconds',
    help: "The API server's dry runs: `rehearse` when it is proposed, `before` the write.",
    labels: ['when'],
    bounds: SHORT_SECONDS,
  });
  const timing = async <T>(when: string, work: () => Promise<T>): Promise<T> => {
    const begun = elapsed();
    try {
      return await work();
    } finally {
      seconds.observe([when], (elapsed() - begun) / 1000);
    }
  };
  return {
    timed: (writer) => ({
      hash: (value) => writer.hash(value),
      write: (...asked) => writer.write(...asked),
      wasWritten: (...asked) => writer.wasWritten(...asked),
      dryRun: (...asked) => timing('before', () => writer.dryRun(...asked)),
      rehearse: (...asked) => timing('rehearse', () => writer.rehearse(...asked)),
    }),
    text: () => seconds.text(),
  };
};

const answerMeasures = (): Part<'answered' | 'proxied'> => {
  const requests = createCounter({
    name: 'blastgate_http_requests_total',
    help: 'Answers of the HTTP door by method, registered path and status.',
    labels: ['method', 'route', 'code'],
  });
  const durations = createHistogram({
    name: 'blastgate_http_request_seconds',
    help: 'Seconds until the HTTP door has answered, of streams until they begin.',
    labels: ['method', 'route'],
    bounds: SHORT_SECONDS,
  });
  const proxied = createHistogram({
    name: 'blastgate_proxy_request_seconds',
    help: 'Seconds until the proxy has answered, of streams until they begin, by what the request was.',
    labels: ['kind'],
    bounds: SHORT_SECONDS,
  });
  return {
    answered: ({ method, route, code, seconds }) => {
      requests.add([method, route, String(code)]);
      durations.observe([method, route], seconds);
    },
    proxied: (kind, seconds) => proxied.observe([kind], seconds),
    text: () => textOf(requests, durations, proxied),
  };
};

/** Events that alerts ask for, at 0 from the start. */
const WATCHED = [
  ['error', 'loop_failed'],
  ['error', 'people_unusable'],
  ['error', 'policy_unusable'],
  ['warn', 'write_not_admitted'],
  ['warn', 'certificate_not_renewed'],
] as const;

const logMeasures = (): Part<'counting'> => {
  const events = createCounter(
    {
      name: 'blastgate_log_events_total',
      help: 'Lines of the log that warn or tell of an error, by event.',
      labels: ['level', 'event'],
    },
    WATCHED,
  );
  return {
    counting: (log) => ({
      info: (event, fields) => log.info(event, fields),
      warn: (event, fields) => {
        events.add(['warn', event]);
        log.warn(event, fields);
      },
      error: (event, fields) => {
        events.add(['error', event]);
        log.error(event, fields);
      },
    }),
    text: () => events.text(),
  };
};
