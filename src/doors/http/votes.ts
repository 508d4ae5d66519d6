// The addresses of votes: cast, taken back, and the one that stands for all that are missing.
import { z } from '@hono/zod-openapi';
import type { Remediation } from '../../core/remediation/remediation.ts';
import type { Digest } from '../../core/sealed-spec/declarative-spec.ts';
import type { Gate } from '../../flow/gate.ts';
import { breakGlass } from '../../flow/requests/break-glass.ts';
import { findProposal } from '../../flow/requests/find-proposal.ts';
import { recordVote } from '../../flow/requests/record-vote.ts';
import { withdrawVote } from '../../flow/requests/withdraw-vote.ts';
import type { Identity } from '../identity.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { refusalProblem } from './problem.ts';
import { answerDone, channelOf, proofOf } from './proposal-answers.ts';
import { Proposal } from './proposal-schemas.ts';

const DIGEST = z.string().regex(/^(sha256:)?[0-9a-f]{6,64}$/, 'the digest, or its first 6 or more digits');

/** Every address by which people decide on a proposal. */
export function serveDecisions(app: App, gate: Gate): void {
  serveVotes(app, gate);
  serveVoteWithdrawal(app, gate);
  serveBreakGlass(app, gate);
}

const VoteRequest = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    digest: DIGEST,
    reason: z.string().max(2000).optional(),
  })
  .openapi('VoteRequest');

const serveVotes = (app: App, gate: Gate): void =>
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/proposals/{id}/votes',
      right: 'approve',
      summary: "One person's vote on one digest.",
      body: VoteRequest,
      query: null,
      answers: { 200: { description: 'The vote is stored and counted.', schema: Proposal } },
    },
    async ({ id, body, identity, c, signal }) => {
      const found = await findProposal(gate, id, signal);
      if (!found.ok) return refusalProblem(c, found.refusal, found.remediation);
      const word = {
        ...wordOf(identity, found.remediation, body.digest),
        channel: channelOf(identity.session),
        decision: body.decision,
        reason: body.reason ?? null,
      };
      const counted = await recordVote(gate, word, signal, found.remediation);
      return answerDone(c, gate, counted, signal);
    },
  );

/** Only one's own: the person is whoever asks. */
const serveVoteWithdrawal = (app: App, gate: Gate): void =>
  serveEndpoint(
    app,
    {
      method: 'delete',
      path: '/v1/proposals/{id}/votes',
      right: 'approve',
      summary: "Takes one's own vote back while nothing has run.",
      body: null,
      query: null,
      answers: { 200: { description: 'The vote counts no more.', schema: Proposal } },
    },
    async ({ id, identity, c, signal }) => {
      const found = await findProposal(gate, id, signal);
      if (!found.ok) return refusalProblem(c, found.refusal, found.remediation);
      const vote = { proposal: found.remediation.id, person: identity.proposer.id };
      const withdrawn = await withdrawVote(gate, vote, signal);
      return answerDone(c, gate, withdrawn, signal);
    },
  );

/** Who speaks of which proposal and digest, and how it is proven. */
const wordOf = ({ proposer, session }: Identity, { id, spec }: Remediation, digest: string) => ({
  proposal: id,
  person: proposer.kind === 'person' ? proposer.id : null,
  account: `${proposer.kind} ${proposer.id}`,
  digest: wholeDigest(digest, spec.digest),
  proof: proofOf(session),
});

const BreakGlassRequest = z
  .strictObject({
    digest: DIGEST,
    reason: z.string().max(2000),
  })
  .openapi('BreakGlassRequest');

const serveBreakGlass = (app: App, gate: Gate): void =>
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/proposals/{id}/break-glass',
      right: 'break-glass',
      summary: 'In an emergency one person stands for all votes that are missing.',
      body: BreakGlassRequest,
      query: null,
      answers: { 200: { description: 'It is approved; everyone is told.', schema: Proposal } },
    },
    async ({ id, body, identity, c, signal }) => {
      const found = await findProposal(gate, id, signal);
      if (!found.ok) return refusalProblem(c, found.refusal, found.remediation);
      const word = { ...wordOf(identity, found.remediation, body.digest), reason: body.reason };
      const broken = await breakGlass(gate, word, signal);
      return answerDone(c, gate, broken, signal);
    },
  );

/** The first digits stand for the digest that they begin; any other text is passed on and refused by the ballot. */
const wholeDigest = (given: string, sealed: Digest): Digest => {
  const prefix = given.startsWith('sha256:') ? given : `sha256:${given}`;
  return sealed.startsWith(prefix) ? sealed : (prefix as Digest);
};
