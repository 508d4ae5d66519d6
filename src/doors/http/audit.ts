// The address of the audit trail, a page at a time.
import { z } from '@hono/zod-openapi';
import { NOTE_NAMES } from '../../core/remediation/audit-line.ts';
import { EVENT_NAMES } from '../../core/remediation/event.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { type ChainCheck, createChainCheck } from './chain-check.ts';
import { type App, type EndpointCall, serveEndpoint } from './endpoint.ts';
import { linkNext, PageQuery } from './page.ts';

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

const AuditLines = z
  .object({
    lines: z.array(z.looseObject({})),
    next: z.string().nullable(),
    verified: z
      .object({ ok: z.boolean(), lines: z.int() })
      .nullable()
      .optional()
      .openapi({ description: 'With order=newest: whether the chain holds; null while it is being looked through.' }),
  })
  .openapi('AuditLines');

export function serveAudit(app: App, gate: Gate, checkChain: ChainCheck = createChainCheck(gate.store)): void {
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
          schema: AuditLines,
        },
      },
    },
    (call) => (call.query.order === 'newest' ? newestLines(gate, checkChain, call) : oldestLines(gate, call)),
  );
}

type AuditCall = EndpointCall<unknown, z.infer<typeof AuditQuery>>;

const newestLines = async (gate: Gate, checkChain: ChainCheck, { query, c, signal }: AuditCall): Promise<Response> => {
  const asked = { limit: query.limit, before: query.cursor };
  const { lines, next } = await gate.store.trail.newest(asked, within('store', signal));
  return c.json({ lines, next: linkNext(c, next), verified: await checkChain(signal) });
};

const oldestLines = async (gate: Gate, { query, c, signal }: AuditCall): Promise<Response> => {
  const filter = { incident: query.incident ?? null, event: query.event ?? null, since: query.since ?? null };
  const asked = { limit: query.limit, after: query.cursor ?? query.after ?? 0 };
  const { lines, next } = await gate.store.trail.page(filter, asked, within('store', signal));
  return c.json({ lines, next: linkNext(c, next, withoutAfter(c.req.url)) });
};

const withoutAfter = (address: string): string => {
  const url = new URL(address);
  url.searchParams.delete('after');
  return url.href;
};
