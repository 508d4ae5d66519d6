// How far a proposal has come and what was seen of it, in English.
import type { Dictionary } from './dictionary.ts';

const NOTHING_MORE = 'Nothing more happens';

export const progressEn = {
  tiers: {
    auto: 'auto: runs without asking anyone',
    human: 'human: one person must approve',
    dual: 'dual: two different people must approve',
    blocked: 'blocked: never runs, whoever approves',
  },
  states: {
    proposed: 'It is being judged.',
    blocked: `${NOTHING_MORE}: a hard rule blocks it.`,
    refused: `${NOTHING_MORE}: it was refused.`,
    'awaiting-approval': 'It waits for people to approve it.',
    approved: 'It starts by itself.',
    rejected: `${NOTHING_MORE}: a person rejected it.`,
    expired: `${NOTHING_MORE}: it expired. Propose it again.`,
    superseded: `${NOTHING_MORE}: a newer proposal took its place.`,
    cancelled: `${NOTHING_MORE}: it was cancelled.`,
    stale: `${NOTHING_MORE}: what was sealed is no longer true. Propose it again.`,
    executing: 'The change is being written to the cluster.',
    verifying: 'The change is written; the gate watches it until it is healthy.',
    failed: `${NOTHING_MORE}: it failed. Only a program that has run has changed anything; its exit code is told then.`,
    uncertain: 'A write got no answer; the gate reads the cluster before it sends anything again.',
    succeeded: `${NOTHING_MORE}: it is as approved.`,
    'rolling-back': 'It is being rolled back.',
    'handed-over': 'A person must act: the gate has taken nothing back, and does nothing more by itself.',
    'rolled-back': `${NOTHING_MORE}: it was rolled back and is as it was before.`,
    'rollback-failed': 'A person must act: the rollback failed.',
  },
  differs: (at, was, is) =>
    was === null
      ? `${at} is ${is ?? 'not there'} now`
      : is === null
        ? `${at} was ${was} and is gone`
        : `${at} was ${was} and is ${is}`,
  doubts: {
    'cluster-silent': 'The cluster does not answer.',
    'other-under-way': 'Another remediation is under way on the same objects.',
    refused: 'It could not be judged again: {said}',
    'no-evidence': 'Something that counts could not be read[: {subject}].',
    'not-rehearsed': 'The API server could not try it again: {says}.',
  },
  pausedNow: '⏸ The gate is paused: nothing of it is written until an admin runs `blastgate resume`.',
  paused: ({ cluster, since, by, resume }) => {
    const what = cluster === null ? 'The gate' : `The cluster ${cluster}`;
    const who = `${since === null ? '' : ` since ${since}`}${by === null ? ' by the gate itself' : ` by ${by}`}`;
    return `⏸ ${what} is paused${who}: nothing of it is written until an admin runs ${resume}.`;
  },
  frozen: (name, until) => `❄ Frozen until ${until} by the freeze "${name}": nothing of it is written before.`,
  waitsFor: (missing, have, conditions, ways, expiresAt) => {
    const whom = missing === 1 ? (have === 0 ? 'one person' : 'one more person') : `${missing} different people`;
    return `It waits for ${whom} to approve${conditions} until ${expiresAt}: ${ways}.`;
  },
  approvalExplained: {
    noRule: 'No rule of the policy asks for more than the tier does.',
    rules: (places) => `Rule ${places} of the policy's approvals applies.`,
    nobodyAsked: {
      blocked: 'A hard rule blocks it: nobody is asked.',
      refused: 'It is refused before anybody is asked; `blastgate score` says why.',
    },
    runsAlone: 'It runs without asking anyone.',
    expires: (minutes) => `It stays open for ${minutes} minutes.`,
    could: 'Who could approve it now:',
    nobody: 'Nobody could approve it now.',
    never: (people, conditions) =>
      `It can never be approved: with the yes of all of them it would still lack ${people} ${people === 1 ? 'person' : 'people'}${conditions}.`,
    frozenNow: (name, until) => `The freeze "${name}" is on: whoever approves it, nothing is written before ${until}.`,
    frozenSoon: (name, from, until) =>
      `The freeze "${name}" begins at ${from}, while the approval may still be open: what has not begun by then waits until ${until}.`,
  },
  supersededBy: '{proposal} took its place: a newer proposal of the same incident for the same object.',
  conditions: {
    team: (people, team) => `among them ${people} of the team ${team}`,
    strongVote: (ways) => `one of them by ${ways}`,
    channels: (ways) => `counted only by ${ways}`,
    reason: 'with a reason',
    comma: '; ',
    all: (conditions) => ` (${conditions})`,
  },
  verdicts: {
    converged: 'Everything is as approved and healthy.',
    'as-approved': 'It is as approved.',
    'rollout-held': 'The template is as approved; the rollout is paused, so no pod runs it yet[ ({subject})].',
    'left-over': 'The replicas are as before and healthy. Volume claims of the others stay[: {subject}].',
    settling: 'Everything looks healthy; it must stay so for a while.',
    'not-observed': 'The controller has not taken up the change yet[ ({subject})].',
    'rolling-out': 'It is still rolling out[ ({subject})].',
    leaving: 'The deleted object is still there[ ({subject})].',
    'not-seen': 'The cluster could not be read[ ({subject})].',
    gone: 'The workload no longer exists[ ({subject})].',
    overwritten: 'What was written is no longer there: somebody else changed it[ ({subject})].',
    autoscaled: 'An autoscaler keeps other replicas than those that were written[ ({subject})].',
    paused: 'The rollout is paused and will not go on[ ({subject})].',
    'deadline-exceeded': 'The rollout has passed its progress deadline[ ({subject})].',
    trouble: 'Pods do not start[ ({subject})].',
    'window-over': 'It was not healthy in time[ ({subject})].',
    'never-seen': 'Whether it is healthy could not be seen in time[ ({subject})].',
    'exit-code': 'The program ended with an exit code that is not 0[ ({subject})]. Its pod is as before.',
    'container-lost': 'The container in which the program ran has ended or was started anew[ ({subject})].',
    unready: 'The pod in which the program ran is not ready any more[ ({subject})].',
    'nothing-to-wait-for':
      'It is as approved. Kubernetes tells nothing of the health of this kind: there is nothing to wait for.',
    'still-unhealthy': 'It is written as approved. It was unhealthy before and still is, no worse[ ({subject})].',
    'not-ready': 'It is not ready[ ({subject})].',
    running: 'It is as approved and runs; it has not ended yet[ ({subject})].',
    'run-failed': 'It has failed[ ({subject})].',
    suspended: 'It is as approved and suspended: it runs when it is resumed[ ({subject})].',
    'no-endpoints': 'No ready pod stands behind the service[ ({subject})].',
    'cannot-scale': 'The autoscaler cannot do its work[ ({subject})].',
    resizing: 'The volume is being resized[ ({subject})].',
    'resize-pending': 'The volume has grown; its file system follows when a pod mounts it anew[ ({subject})].',
    'resize-failed': 'The volume cannot be resized[ ({subject})].',
    'check-failed': 'A check of the policy fails[ ({subject})].',
    'check-unseen': 'A check of the policy gives no answer that can be judged[ ({subject})].',
  },
  asBefore: {
    converged: 'Everything is as it was before, and healthy.',
    'as-approved': 'It is as it was before.',
    'nothing-to-wait-for': 'It is as it was before.',
    'still-unhealthy': 'It is as it was before, unhealthy as it was[ ({subject})].',
  },
  rollbackVerdict: 'The rollback: {said}',
  missing: {
    unreachable: '{what} could not be read: the cluster did not answer',
    forbidden: '{what} could not be read: the gate has no right to',
    'too-old': 'what is known of {what} is too old',
    'not-found': '{what} does not exist',
    garbled: 'the answer of the cluster about {what} could not be understood',
  },
  problems: {
    'bad-request': {
      message: 'The request is not well formed.',
      remedy: 'GET /v1/openapi.json describes every request.',
    },
    unauthorized: {
      message: 'A valid bearer token is needed.',
      remedy:
        'Give a token of people.yaml (BLASTGATE_TOKEN, or the Authorization header); `blastgate token` makes one.',
    },
    'token-expired': {
      message: 'This token has expired.',
      remedy: 'Make another with `blastgate token` and put its hash into people.yaml.',
    },
    'not-found-here': {
      message: 'There is nothing at this address.',
      remedy: 'GET /v1/openapi.json lists every address.',
    },
    'method-not-allowed': {
      message: 'This address does not take that method.',
      remedy: 'GET /v1/openapi.json lists the methods of every address.',
    },
    'body-too-large': {
      message: 'The body is larger than 1 MiB.',
      remedy: 'Send less: manifests of more than 1 MiB are not judged.',
    },
    'too-many-requests': {
      message: 'This token has asked for too many judgements within a minute.',
      remedy: 'Wait for the seconds of Retry-After, then send it again.',
    },
    'too-many-streams': {
      message: 'Too many event streams are open.',
      remedy: 'Close one, or wait; one stream tells every event of every proposal.',
    },
    'wrong-host': {
      message: 'The gate is not called by this name.',
      remedy: 'Use an address of the gate, or add the name to BLASTGATE_HOSTS where the gate runs.',
    },
    'wrong-origin': {
      message: 'The request comes from a web page of another site.',
      remedy: 'Call the gate from a program; a web page may call only the gate that it came from.',
    },
    'no-csrf-token': {
      message: 'The request does not show that it comes from a page of the gate.',
      remedy: 'Load the page again. A program sends a bearer token and no cookie.',
    },
    'https-needed': {
      message: 'Nobody logs in over plain HTTP.',
      remedy: 'Open the gate by https, or on its own machine by http://127.0.0.1.',
    },
    'link-unusable': {
      message: 'This login link was used already, is too old, or is none of this gate.',
      remedy: 'Make a new one with `blastgate login PERSON`.',
    },
    'links-off': {
      message: 'This gate takes no login links.',
      remedy: 'Log in as the page says. Links are taken on loopback or with BLASTGATE_LOGIN=links, never beside OIDC.',
    },
    'bad-arguments': {
      message: 'The arguments of the call do not fit the tool.',
      remedy: 'Give what the input schema of the tool lists, and nothing else.',
    },
    'no-gate': {
      message: 'There is no gate to ask.',
      remedy: 'Set BLASTGATE_URL to a running gate and BLASTGATE_TOKEN to a token of its people.yaml.',
    },
    'store-failed': {
      message: 'The gate could not use its database; nothing was changed.',
      remedy: 'Send it again; if it fails again, see the log of the gate.',
    },
    broken: { message: 'An internal error of the gate.', remedy: 'See the log of the gate, and report it as a bug.' },
  },
} as const satisfies Partial<Dictionary>;
