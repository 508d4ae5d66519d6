// The addresses of outcomes, the audit trail and the pause switch.
import { z } from '@hono/zod-openapi';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { readOutcomes } from '../../flow/record-outcome.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import * as schemas from './schemas.ts';

const AUDIT_PAGE = 500;
const AuditQuery = z.strictObject({ after: z.coerce.number().int().nonnegative().optional() });

export function serveAdministration(app: App, gate: Gate): void {
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/outcomes',
      right: 'read',
      summary: 'How actions went, one by one and per action and target.',
      body: null,
      query: null,
      answers: { 200: { description: 'Outcomes and their summary.', schema: schemas.Outcomes } },
    },
    async ({ c, signal }) => c.json(await readOutcomes(gate, signal)),
  );
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/audit',
      right: 'read',
      summary: 'The audit trail, a page at a time.',
      body: null,
      query: AuditQuery,
      answers: {
        200: {
          description: 'Lines after the number given; `next` is where the next page begins.',
          schema: schemas.AuditLines,
        },
      },
    },
    async ({ query, c, signal }) => {
      const lines = await gate.store.trail.lines(query.after ?? 0, AUDIT_PAGE, within('store', signal));
      return c.json({ lines, next: lines.length === AUDIT_PAGE ? (lines.at(-1)?.seq ?? null) : null });
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
        body: schemas.Nothing,
        query: null,
        answers: { 200: { description: 'Where the switch stands.', schema: schemas.Paused } },
      },
      async ({ identity, c, signal }) => {
        const note = {
          kind: 'note',
          at: new Date(gate.clock.now()).toISOString(),
          what: to,
          who: identity.proposer.id,
          about: 'the gate',
        } as const;
        await gate.store.controls.setPaused(to, note, within('store', signal));
        gate.wakeSignal.notify();
        return c.json({ paused: to === 'paused' });
      },
    );
  }
}
