// The requests that the benchmarks of a running gate send.
import type { Asked } from './load-clients.ts';
import type { BenchGate } from './load-peers.ts';

const HUMAN = ['kubectl', 'scale', 'deployment', 'web', '-n', 'production', '--replicas=5'];
/** A program in a pod: nothing tries one but running it, so that no dry run is sent. */
const UNTRIED = ['kubectl', 'exec', 'deployment/web', '-n', 'production', '--', 'ls', '/tmp'];
const BLOCKED = ['kubectl', 'delete', 'namespace', 'production'];

let incidents = 0;

/** Of an incident of its own each time, so that none takes the place of another. */
const proposal = (gate: BenchGate, argv: readonly string[]): Asked => {
  incidents += 1;
  const body = { incident: `INC-${process.pid}-${incidents}`, argv };
  return { method: 'POST', url: `${gate.url}/v1/proposals`, token: gate.tokens.healer, body };
};

/** One that waits for a person. */
export const humanProposal = (gate: BenchGate): Asked => proposal(gate, HUMAN);

/** One that waits for a person, and that no dry run was sent for. */
export const untriedProposal = (gate: BenchGate): Asked => proposal(gate, UNTRIED);

export const blockedProposal = (gate: BenchGate): Asked => proposal(gate, BLOCKED);

export const scoreOf = (gate: BenchGate): Asked => ({
  method: 'POST',
  url: `${gate.url}/v1/score`,
  token: gate.tokens.ana,
  body: { argv: HUMAN },
});

interface Proposal {
  readonly id: string;
  readonly digest: string;
  readonly state: string;
}

/** What the gate answered to a proposal. */
export const proposalOf = (text: string): Proposal => {
  const { id, spec, state } = JSON.parse(text) as Omit<Proposal, 'digest'> & {
    readonly spec: Pick<Proposal, 'digest'>;
  };
  return { id, digest: spec.digest, state };
};

/** Of somebody who is neither the proposer nor the owner of its agent. */
const vote =
  (decision: 'approve' | 'reject') =>
  (gate: BenchGate, { id, digest }: Pick<Proposal, 'id' | 'digest'>): Asked => ({
    method: 'POST',
    url: `${gate.url}/v1/proposals/${id}/votes`,
    token: gate.tokens.ben,
    body: { decision, digest, reason: 'for the benchmark' },
  });

export const approval = vote('approve');
export const rejection = vote('reject');

export const asPerson = (gate: BenchGate, path: string): Asked => ({
  method: 'GET',
  url: `${gate.url}${path}`,
  token: gate.tokens.ana,
  body: null,
});
