// The address of what was observed in shadow mode.
import { z } from '@hono/zod-openapi';
import { shadowNotice } from '../../core/text/shadow-notice.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { shadowSettings } from '../../flow/requests/observe.ts';
import { nowOf } from '../../flow/transition.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { linkNext, PageQuery } from './page.ts';

const Shadow = z
  .object({
    notice: z.string().nullable(),
    verdicts: z.array(z.looseObject({})),
    summary: z.array(z.looseObject({})),
    next: z.string().nullable(),
  })
  .openapi('Shadow');

/** The line that every list begins with while requests are only observed; null while none are. */
export function shadowNoticeOf(gate: Gate): string | null {
  return shadowNotice(shadowSettings(gate), nowOf(gate), gate.lang);
}

export function serveShadow(app: App, gate: Gate): void {
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/shadow',
      right: 'read',
      summary: 'What was observed in shadow mode, newest first, and the summary of all of it.',
      body: null,
      query: PageQuery,
      answers: {
        200: {
          description: 'A page of verdicts; `notice` says what is only observed now, null where nothing is.',
          schema: Shadow,
        },
      },
    },
    async ({ query, c, signal }) => {
      const { shadow } = gate.store;
      const page = await shadow.page({ limit: query.limit, before: query.cursor }, within('store', signal));
      const summary = await shadow.summary(within('store', signal));
      return c.json({ notice: shadowNoticeOf(gate), verdicts: page.verdicts, summary, next: linkNext(c, page.next) });
    },
  );
}
