// What `blastgate replay` prints, in English.
import type { ReplayWords } from './replay.ts';

export const replayEn = {
  title: 'Replay of an audit log',
  records: (records, files) => `${records} records in ${files} ${files === 1 ? 'file' : 'files'}`,
  observed: (requests) => `${requests} requests observed in shadow mode`,
  period: (from, to) => `actions from ${from} to ${to}`,
  policies: (policy, against) => `policy: ${policy}${against === null ? '' : `, compared with ${against}`}`,
  builtIn: 'built in',
  lowerBound:
    'Judged without a cluster, from the log alone: each tier is the lowest that the gate would have given. With a cluster it may be higher.',
  live: 'Judged with the cluster, when each request came, by the policy of then.',
  nothing: 'The log holds no action that a gate would judge.',
  columns: {
    actor: 'actor',
    action: 'action',
    auto: 'auto',
    human: 'human',
    dual: 'dual',
    blocked: 'blocked',
    refused: 'refused',
    noBody: 'no body',
  },
  all: 'all',
  unknownAction: '(not known)',
  refusedMeans: 'refused: how many of them the gate does not carry out, whatever their tier',
  asked: (asked, days, aDay) =>
    `People would have been asked ${asked} times, on ${days} ${days === '1' ? 'day' : 'days'}: ${aDay} times a day.`,
  most: (day, human, dual) => `Most of it on ${day}: ${human} for one person, ${dual} for two people.`,
  reasons: 'Reasons of all that is not auto, and how often',
  changes: (policy, against) => `Tiers that differ: ${against} → ${policy}`,
  noChanges: 'No tier differs.',
  change: (requests) => `${requests} ${requests === '1' ? 'time' : 'times'}`,
  because: 'because',
  onlyLimits: 'the limits of the tiers differ, the points do not',
  absent: 'none',
  first: 'first',
  score: 'score',
  notCounted: 'Records that are no action to judge',
  why: {
    read: 'reads',
    'other-stage': 'requests before their answer (each request is counted once)',
    controller: 'controllers of the cluster',
    node: 'nodes',
    system: 'the control plane',
    'dry-run': 'dry runs',
    refused: 'requests that the API server refused (4xx), also those that were sent again',
    failed: 'requests that went wrong (5xx)',
    repeated: 'records that came twice',
  },
  cannotTell: 'What the log cannot tell',
  noBody: (requests) =>
    `${requests} requests without a body in the log: they have no tier here. Log them at level Request (audit policy).`,
  patchType: (requests) =>
    `${requests} patches that score differently as a merge patch, a strategic one or an apply; the lowest counts.`,
  labelBefore: (requests) =>
    `${requests} with labels that may have been there before with other values; they count as new ones, which is the lower.`,
  unreadable: (records) => `${records} records that are no event of audit.k8s.io, or cannot be read.`,
  cut: (file) => `The end of ${file} is cut off; what stands before it is counted.`,
  idsFull: 'There are too many requests to remember all of them: some that stand in two files are counted twice.',
  unlisted: (requests) => `${requests} requests stand in no row: there are too many different actors, days or changes.`,
} as const satisfies ReplayWords;
