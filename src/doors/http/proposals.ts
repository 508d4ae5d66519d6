// The addresses of proposals.
import { z } from '@hono/zod-openapi';
import { readTraceParent } from '../../core/model/trace-context.ts';
import { STATES } from '../../core/remediation/state.ts';
import { within, withinSeconds } from '../../flow/deadline.ts';
import { type Gate, gateNamed } from '../../flow/gate.ts';
import { cancel } from '../../flow/requests/cancel.ts';
import { findProposal, findToRead } from '../../flow/requests/find-proposal.ts';
import { propose } from '../../flow/requests/propose.ts';
import { nowOf } from '../../flow/transition.ts';
import { readViewContext } from '../proposal-view.ts';
import { commandOfBody, filesOfBody, ProposalBody } from './command-body.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { linkNext, PageQuery } from './page.ts';
import { refusalProblem } from './problem.ts';
import { answerDone, readerOf, viewForPage, viewOfProposal, viewOrDamage } from './proposal-answers.ts';
import { Proposal, Proposals } from './proposal-schemas.ts';
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

type FoundPage =
  | { readonly ok: true; readonly id: string; readonly body: string }
  | Extract<Awaited<ReturnType<typeof findToRead>>, { ok: false }>;

export function serveProposals(app: App, gate: Gate): void {
  const pages = createSharedAnswers<FoundPage>(() => gate.clock.now());
  const one = { 200: { description: 'The proposal.', schema: Proposal } };
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/proposals',
      right: 'propose',
      summary: 'Proposes a command for an incident.',
      body: ProposalBody,
      query: null,
      answers: {
        200: { description: 'The same incident and digest are open already.', schema: Proposal },
        201: { description: 'A new proposal, decided.', schema: Proposal },
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
      if (made === 'open-already') return c.json(await viewOfProposal(gate, remediation, signal), 200);
      return c.json(await viewOfProposal(gate, remediation, signal, proposed.events), 201);
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
      answers: { 200: { description: 'The list.', schema: Proposals } },
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
      const notice = shadowNoticeOf(gate);
      const names = gate.clusters?.().names ?? [];
      return c.json({
        proposals: shown.filter((one) => typeof one !== 'string'),
        ...(damaged.length === 0 ? {} : { unreadable: damaged }),
        ...(notice === null ? {} : { notice }),
        ...(names.length > 1 ? { clusters: names } : {}),
        next: linkNext(c, next),
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
            : await viewOfProposal(gate, found.remediation, until);
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
      return answerDone(c, gate, cancelled, signal);
    },
  );
}
