// The addresses of proposals and votes.
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Session } from '../../core/approval/session.ts';
import type { VoteProof } from '../../core/approval/vote.ts';
import type { Channel } from '../../core/model/channel.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import { readTraceParent } from '../../core/model/trace-context.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { STATES } from '../../core/remediation/state.ts';
import type { Digest } from '../../core/sealed-spec/declarative-spec.ts';
import { describeDoubt, describeRefusal } from '../../core/text/describe.ts';
import { within, withinSeconds } from '../../flow/deadline.ts';
import { type Gate, gateNamed } from '../../flow/gate.ts';
import { breakGlass } from '../../flow/requests/break-glass.ts';
import { cancel } from '../../flow/requests/cancel.ts';
import { findProposal, findToRead } from '../../flow/requests/find-proposal.ts';
import { mayDecide } from '../../flow/requests/may-decide.ts';
import { propose } from '../../flow/requests/propose.ts';
import { readOutput } from '../../flow/requests/read-output.ts';
import { recordVote } from '../../flow/requests/record-vote.ts';
import { withdrawVote } from '../../flow/requests/withdraw-vote.ts';
import { nowOf } from '../../flow/transition.ts';
import type { Identity } from '../identity.ts';
import { inEachLanguage, pageRow, pageView } from '../page-view.ts';
import {
  type NumberedEvent,
  type ProposalView,
  proposalView,
  readViewContext,
  type ViewContext,
} from '../proposal-view.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { commandOfBody, filesOfBody } from './judging.ts';
import { cursorText, nextLink, PageQuery } from './page.ts';
import { refusalProblem } from './problem.ts';
import * as schemas from './schemas.ts';
import { shadowNoticeOf } from './shadow.ts';
import { createSharedAnswers } from './shared-answers.ts';

/** Judging may ask a slow cluster; a client that hangs up does not stop what has begun. */
const PROPOSE_SECONDS = 60;
const NEVER = new AbortController().signal;
/** A page is read for all who wait for it: it does not end with the one who asked first. */
const PAGE_MS = 30_000;

const ListQuery = z.strictObject({
  ...PageQuery.shape,
  view: z.enum(['page']).optional(),
  state: z.enum(STATES).optional(),
  incident: z.string().optional(),
});

/** `page`: as the console shows it, in both languages; rows of a list are short. */
const ViewQuery = z.strictObject({ view: z.enum(['page']).optional() });

/** `own`: only a proposal of one's own, or of an agent of one's own, whatever other right one has. */
const CancelQuery = z.strictObject({ own: z.enum(['true', 'false']).default('false') });

/** What is shown beside a proposal, asked for at once; `events`, where they are known. */
const beside = (gate: Gate, remediation: Remediation, signal: AbortSignal, events?: readonly NumberedEvent[]) =>
  Promise.all([
    events ?? gate.store.trail.eventsOf(remediation.id, within('store', signal)),
    readViewContext(gate, [remediation], signal),
    readOutput(gate, remediation, signal),
  ]);

const view = async (gate: Gate, remediation: Remediation, signal: AbortSignal, events?: readonly NumberedEvent[]) =>
  proposalView(remediation, ...(await beside(gate, remediation, signal, events)));

const viewForPage = async (gate: Gate, remediation: Remediation, identity: Identity, signal: AbortSignal) => {
  const yours = yoursOf(gate, remediation, identity);
  const shown = {
    ...pageView(remediation, ...(await beside(gate, remediation, signal))),
    ...(yours === null ? {} : { yours }),
  };
  const seen = gate.rechecked.get(remediation.id);
  if (seen === undefined || remediation.state !== 'awaiting-approval') return shown;
  // What differs makes it stale at once, and is told there: that nobody could look is what a reader must know here.
  const { doubt } = seen;
  return {
    ...shown,
    evidenceAt: seen.at,
    doubt: doubt === null ? null : inEachLanguage((lang) => describeDoubt(doubt, lang)),
  };
};

/** All that `yours` depends on, but for the time and people. */
const readerOf = ({ proposer, session }: Identity) => [proposer, channelOf(session), proofOf(session)];

/** What whoever looks may do with it: null, or why not in each language; none of it for an agent. */
const yoursOf = (gate: Gate, remediation: Remediation, { proposer, session }: Identity) => {
  if (proposer.kind !== 'person') return null;
  const may = mayDecide(gate, remediation, {
    person: proposer.id,
    channel: channelOf(session),
    proof: proofOf(session),
  });
  const told = (refusal: Refusal | null) =>
    refusal === null
      ? null
      : { code: refusal.code, told: inEachLanguage((lang) => describeRefusal(refusal, lang).message) };
  return {
    approve: told(may.approve),
    reject: told(may.reject),
    breakGlass: told(may.breakGlass),
    takeBack: told(may.takeBack),
  };
};

const channelOf = (session: Session | undefined): Channel => session?.channel ?? 'http';

/** Its id where what is stored of it cannot be shown: one damaged row must not hide the others. */
const viewOrDamage = (
  remediation: Remediation,
  context: ViewContext,
  view: 'page' | undefined,
): ProposalView | ReturnType<typeof pageRow> | string => {
  try {
    return view === 'page' ? pageRow(remediation, context) : proposalView(remediation, [], context);
  } catch {
    return remediation.id;
  }
};

type FoundPage =
  | { readonly ok: true; readonly id: string; readonly body: string }
  | Extract<Awaited<ReturnType<typeof findToRead>>, { ok: false }>;

export function serveProposals(app: App, gate: Gate): void {
  const pages = createSharedAnswers<FoundPage>(() => gate.clock.now());
  const one = { 200: { description: 'The proposal.', schema: schemas.Proposal } };
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/proposals',
      right: 'propose',
      summary: 'Proposes a command for an incident.',
      body: schemas.ProposalBody,
      query: null,
      answers: {
        200: { description: 'The same incident and digest are open already.', schema: schemas.Proposal },
        201: { description: 'A new proposal, decided.', schema: schemas.Proposal },
      },
    },
    async ({ body, identity, c, signal }) => {
      const question = {
        command: commandOfBody(body),
        files: filesOfBody(body),
        namespace: body.namespace ?? null,
        incident: body.incident,
        windowSeconds: body.windowSeconds ?? null,
      };
      const named = gateNamed(gate, body.cluster ?? null);
      if (!named.ok) return refusalProblem(c, named.refusal);
      const proposed = await propose(
        named.gate,
        {
          ...question,
          diagnosis: body.diagnosis ?? null,
          trace: readTraceParent(c.req.header('traceparent')),
          proposer: identity.proposer,
          mayStill: () => c.get('identify')()?.rights.includes('propose') === true,
        },
        withinSeconds(PROPOSE_SECONDS, NEVER),
      );
      if (!proposed.ok) return refusalProblem(c, proposed.refusal, proposed.remediation);
      const { made, remediation } = proposed;
      if (made === 'open-already') return c.json(await view(gate, remediation, signal), 200);
      return c.json(await view(gate, remediation, signal, proposed.events), 201);
    },
  );
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/proposals',
      right: 'read',
      summary: 'The proposals, newest first.',
      body: null,
      query: ListQuery,
      answers: { 200: { description: 'The list.', schema: schemas.Proposals } },
    },
    async ({ query, c, signal }) => {
      const { remediations, unreadable, next } = await gate.store.remediations.page(
        { state: query.state ?? null, incident: query.incident ?? null },
        { limit: query.limit, before: query.cursor },
        within('store', signal),
      );
      const context = await readViewContext(gate, remediations, signal);
      const shown = remediations.map((remediation) => viewOrDamage(remediation, context, query.view));
      const damaged = [...unreadable, ...shown.flatMap((one) => (typeof one === 'string' ? [one] : []))];
      if (damaged.length > 0) gate.log.error('proposals_unreadable', { proposals: damaged });
      if (next !== null) c.header('link', nextLink(c.req.url, cursorText(next)));
      const notice = shadowNoticeOf(gate);
      const names = gate.clusters?.().names ?? [];
      return c.json({
        proposals: shown.filter((one) => typeof one !== 'string'),
        ...(damaged.length === 0 ? {} : { unreadable: damaged }),
        ...(notice === null ? {} : { notice }),
        ...(names.length > 1 ? { clusters: names } : {}),
        next: next === null ? null : cursorText(next),
      });
    },
  );
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/proposals/{id}',
      right: 'read',
      summary: 'One proposal with its spec, votes and events.',
      body: null,
      query: ViewQuery,
      answers: one,
    },
    async ({ id, query, identity, c, signal }) => {
      const read = async (until: AbortSignal) => {
        const found = await findToRead(gate, id, until);
        if (!found.ok) return found;
        const shown =
          query.view === 'page'
            ? await viewForPage(gate, found.remediation, identity, until)
            : await view(gate, found.remediation, until);
        return { ok: true, id: shown.id, body: JSON.stringify(shown) } as const;
      };
      // Hundreds of open pages ask at a time for what has just changed.
      const head = query.view === 'page' ? await gate.store.trail.head(within('store', signal)) : null;
      const found =
        head === null
          ? await read(signal)
          : await pages.get(JSON.stringify([id, head.seq, readerOf(identity)]), () =>
              read(AbortSignal.timeout(PAGE_MS)),
            );
      if (!found.ok) return refusalProblem(c, found.refusal, found.remediation);
      if (identity.proposer.kind === 'person') gate.shown?.show(found.id, identity.proposer.id, nowOf(gate));
      return c.body(found.body, 200, { 'content-type': 'application/json' });
    },
  );
  serveEndpoint(
    app,
    {
      method: 'delete',
      path: '/v1/proposals/{id}',
      right: null,
      summary: 'Takes a proposal back: its proposer, the owner of its agent, or an admin.',
      body: null,
      query: CancelQuery,
      answers: one,
    },
    async ({ id, query, identity, c, signal }) => {
      const found = await findProposal(gate, id, signal);
      if (!found.ok) return refusalProblem(c, found.refusal, found.remediation);
      const rights = query.own === 'true' ? [] : identity.rights;
      const cancelled = await cancel(gate, found.remediation.id, { id: identity.proposer.id, rights }, signal);
      return answer(c, gate, cancelled, signal);
    },
  );
  serveVotes(app, gate);
  serveVoteWithdrawal(app, gate);
  serveBreakGlass(app, gate);
}

const serveVotes = (app: App, gate: Gate): void =>
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/proposals/{id}/votes',
      right: 'approve',
      summary: "One person's vote on one digest.",
      body: schemas.VoteRequest,
      query: null,
      answers: { 200: { description: 'The vote is stored and counted.', schema: schemas.Proposal } },
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
      return answer(c, gate, counted, signal);
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
      answers: { 200: { description: 'The vote counts no more.', schema: schemas.Proposal } },
    },
    async ({ id, identity, c, signal }) => {
      const found = await findProposal(gate, id, signal);
      if (!found.ok) return refusalProblem(c, found.refusal, found.remediation);
      const vote = { proposal: found.remediation.id, person: identity.proposer.id };
      const withdrawn = await withdrawVote(gate, vote, signal);
      return answer(c, gate, withdrawn, signal);
    },
  );

type Done =
  | { readonly ok: true; readonly remediation: Remediation }
  | { readonly ok: false; readonly refusal: Refusal; readonly remediation: Remediation | null };

/** The proposal as what was asked of it has left it, or why that was not done. */
const answer = async (c: Context, gate: Gate, done: Done, signal: AbortSignal): Promise<Response> =>
  done.ok ? c.json(await view(gate, done.remediation, signal)) : refusalProblem(c, done.refusal, done.remediation);

/** Who speaks of which proposal and digest, and how it is proven. */
const wordOf = ({ proposer, session }: Identity, { id, spec }: Remediation, digest: string) => ({
  proposal: id,
  person: proposer.kind === 'person' ? proposer.id : null,
  account: `${proposer.kind} ${proposer.id}`,
  digest: wholeDigest(digest, spec.digest),
  proof: proofOf(session),
});

/** The session is named by the beginning of its hash, as the trail may show it. */
const proofOf = (session: Session | undefined): VoteProof =>
  session === undefined
    ? { kind: 'token' }
    : { kind: 'session', session: session.id.slice(0, 19), account: session.account, proven: session.proven };

const serveBreakGlass = (app: App, gate: Gate): void =>
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/proposals/{id}/break-glass',
      right: 'break-glass',
      summary: 'In an emergency one person stands for all votes that are missing.',
      body: schemas.BreakGlassRequest,
      query: null,
      answers: { 200: { description: 'It is approved; everyone is told.', schema: schemas.Proposal } },
    },
    async ({ id, body, identity, c, signal }) => {
      const found = await findProposal(gate, id, signal);
      if (!found.ok) return refusalProblem(c, found.refusal, found.remediation);
      const word = { ...wordOf(identity, found.remediation, body.digest), reason: body.reason };
      const broken = await breakGlass(gate, word, signal);
      return answer(c, gate, broken, signal);
    },
  );

/** The first digits stand for the digest that they begin; any other text is passed on and refused by the ballot. */
const wholeDigest = (given: string, sealed: Digest): Digest => {
  const prefix = given.startsWith('sha256:') ? given : `sha256:${given}`;
  return sealed.startsWith(prefix) ? sealed : (prefix as Digest);
};
