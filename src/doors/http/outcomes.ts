// The address of how actions went.
import { z } from '@hono/zod-openapi';
import type { Gate } from '../../flow/gate.ts';
import { readOutcomes } from '../../flow/record-outcome.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { linkNext, PageQuery } from './page.ts';

const Outcomes = z
  .object({ outcomes: z.array(z.looseObject({})), summary: z.array(z.looseObject({})), next: z.string().nullable() })
  .openapi('Outcomes');

export function serveOutcomes(app: App, gate: Gate): void {
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/outcomes',
      right: 'read',
      summary: 'How actions went, one by one and per action and target.',
      body: null,
      query: PageQuery,
      answers: { 200: { description: 'A page of outcomes, and the summary of all.', schema: Outcomes } },
    },
    async ({ query, c, signal }) => {
      const asked = { limit: query.limit, before: query.cursor };
      const { next, ...page } = await readOutcomes(gate, asked, signal);
      return c.json({ ...page, next: linkNext(c, next) });
    },
  );
}
