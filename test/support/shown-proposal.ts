// A proposal as /v1 answers it, for tests of the console: a dual one that waits, with samples where it has run.
import type { Proposal, ShownEvent } from '../../console/src/api/types.ts';
import { DIGEST, SPEC } from './dual-spec.ts';

/** An hour from now, in RFC 3339: what waits must not have expired while the test runs. */
export const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

/** Why not, as the gate says it. */
export function hindered(code: string, says: string = code): NonNullable<NonNullable<Proposal['yours']>['approve']> {
  return { code, told: { en: says, 'zh-TW': says } };
}

/** What the gate lets an approver do who has not voted: all but what only others may. */
const YOURS = { approve: null, reject: null, breakGlass: hindered('no-right'), takeBack: hindered('no-own-vote') };

export const aProposal = (fields: Partial<Proposal> = {}): Proposal => ({
  id: 'p-1',
  incident: 'INC-3',
  state: 'awaiting-approval',
  code: null,
  digest: DIGEST,
  tier: 'dual',
  score: 55,
  proposer: 'agent:healer',
  createdAt: '2026-11-26T10:00:00.000Z',
  expiresAt: inAnHour(),
  diagnosis: 'Memory grows.',
  needed: { approvals: 2, have: 0 },
  yours: YOURS,
  next: 'It waits for 2 approvals.',
  spec: { ...SPEC, targetState: 'deployment/web -n shop has 0 replicas (3 now)' },
  votes: [],
  events: [event('proposed', 1, { from: null, to: 'proposed', proposer: 'agent:healer' })],
  refusals: [],
  review: null,
  ...fields,
});

export const event = (name: string, seq: number, fields: Readonly<Record<string, unknown>> = {}): ShownEvent => ({
  seq,
  at: '2026-11-26T10:00:00.000Z',
  event: name,
  from: 'verifying',
  to: 'verifying',
  ...fields,
});

/** One look at a workload, as a `sampled` event. */
export const sampled = (
  seq: number,
  at: number,
  ready: number,
  direction: 'forward' | 'back' = 'forward',
): ShownEvent =>
  event('sampled', seq, {
    direction,
    verdict: { is: 'moving', code: 'rolling-out', subject: null },
    look: {
      at,
      samples: [{ seen: 'workload', target: 'deployment/web -n shop', ready, desired: 2, troubles: [] }],
    },
  });
