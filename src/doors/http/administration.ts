// The addresses of outcomes, the audit trail and the pause switch.
import { z } from '@hono/zod-openapi';
import { NOTE_NAMES } from '../../core/remediation/audit-line.ts';
import { EVENT_NAMES } from '../../core/remediation/event.ts';
import { within } from '../../flow/deadline.ts';
import { type Gate, gateNamed, switchOf } from '../../flow/gate.ts';
import { readOutcomes } from '../../flow/record-outcome.ts';
import { type ChainCheck, createChainCheck } from './chain-check.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { cursorText, nextLink, PageQuery } from './page.ts';
import { refusalProblem } from './problem.ts';
import * as schemas from './schemas.ts';

/** `after` names a line; `cursor` is `next` of the page before. The newest first only over the whole trail. */
const AuditQuery = z
  .strictObject({
    ...PageQuery.shape,
    order: z.enum(['oldest', 'newest']).default('oldest'),
    after: z.coerce.number().int().nonnegative().optional(),
    incident: z.string().optional(),
    event: z.enum([...EVENT_NAMES, ...NOTE_NAMES]).optional(),
    since: z.iso
      .datetime({ offset: true, error: 'is a time with its zone, as 2026-11-26T13:00:00Z' })
      .transform((text) => new Date(text).toISOString())
      .optional(),
  })
  .refine(({ after, cursor }) => after === undefined || cursor === null, 'give after or cursor, not both')
  .refine(
    ({ order, after, incident, event, since }) =>
      order === 'oldest' || [after, incident, event, since].every((one) => one === undefined),
    'order=newest goes without after, incident, event and since',
  );

const withoutAfter = (address: string): string => {
  const url = new URL(address);
  url.searchParams.delete('after');
  return url.href;
};

export function serveAdministration(app: App, gate: Gate, checkChain: ChainCheck = createChainCheck(gate.store)): void {
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/outcomes',
      right: 'read',
      summary: 'How actions went, one by one and per action and target.',
      body: null,
      query: PageQuery,
      answers: { 200: { description: 'A page of outcomes, and the summary of all.', schema: schemas.Outcomes } },
    },
    async ({ query, c, signal }) => {
      const { next: position, ...page } = await readOutcomes(
        gate,
        { limit: query.limit, before: query.cursor },
        signal,
      );
      const next = position === null ? null : cursorText(position);
      if (next !== null) c.header('link', nextLink(c.req.url, next));
      return c.json({ ...page, next });
    },
  );
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/audit',
      right: 'read',
      summary: 'The audit trail, a page at a time; by incident, event, or from a time on.',
      body: null,
      query: AuditQuery,
      answers: {
        200: {
          description:
            'Lines after the number given, the oldest first (`order=newest`: the newest); `next` is where the next page begins.',
          schema: schemas.AuditLines,
        },
      },
    },
    async ({ query, c, signal }) => {
      if (query.order === 'newest') {
        const asked = { limit: query.limit, before: query.cursor };
        const newest = await gate.store.trail.newest(asked, within('store', signal));
        const next = newest.next === null ? null : cursorText(newest.next);
        if (next !== null) c.header('link', nextLink(c.req.url, next));
        return c.json({ lines: newest.lines, next, verified: await checkChain(signal) });
      }
      const after = query.cursor ?? query.after ?? 0;
      const filter = { incident: query.incident ?? null, event: query.event ?? null, since: query.since ?? null };
      const page = await gate.store.trail.page(filter, { limit: query.limit, after }, within('store', signal));
      const next = page.next === null ? null : cursorText(page.next);
      if (next !== null) c.header('link', nextLink(withoutAfter(c.req.url), next));
      return c.json({ lines: page.lines, next });
    },
  );
  for (const [path, to] of [
    ['/v1/pause', 'paused'],
    ['/v1/resume', 'running'],
  ] as const) {
    serveEndpoint(
      app,
      {
        method: 'post',
        path,
        right: 'admin',
        summary: to === 'paused' ? 'Starts nothing new; rollbacks go on.' : 'Lets work start again.',
        body: schemas.PauseRequest,
        query: null,
        answers: { 200: { description: 'Where the switch stands.', schema: schemas.Paused } },
      },
      async ({ body, identity, c, signal }) => {
        const named = body.cluster === undefined ? null : gateNamed(gate, body.cluster);
        if (named?.ok === false) return refusalProblem(c, named.refusal);
        const cluster = named === null ? null : switchOf(named.gate);
        const note = {
          kind: 'note',
          at: new Date(gate.clock.now()).toISOString(),
          what: to,
          who: identity.proposer.id,
          about: cluster === null ? 'the gate' : `the cluster ${cluster}`,
          ...(cluster === null ? {} : { cluster }),
        } as const;
        await gate.store.controls.setPaused(to, note, within('store', signal));
        gate.wakeSignal.notify();
        const known = gate.clusters?.().names ?? [];
        const [isGatePaused, clusters] = await Promise.all([
          gate.store.controls.paused(null, within('store', signal)),
          gate.store.controls.pausedClusters(within('store', signal)),
        ]);
        return c.json({
          paused: to === 'paused',
          gate: isGatePaused,
          clusters: clusters.filter((name) => known.includes(name)),
        });
      },
    );
  }
}
