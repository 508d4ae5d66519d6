// The address of what was observed in shadow mode.
import { shadowNotice } from '../../core/text/shadow-notice.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { shadowSettings } from '../../flow/requests/observe.ts';
import { nowOf } from '../../flow/transition.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { cursorText, nextLink, PageQuery } from './page.ts';
import * as schemas from './schemas.ts';

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
          schema: schemas.Shadow,
        },
      },
    },
    async ({ query, c, signal }) => {
      const { shadow } = gate.store;
      const page = await shadow.page({ limit: query.limit, before: query.cursor }, within('store', signal));
      const summary = await shadow.summary(within('store', signal));
      const next = page.next === null ? null : cursorText(page.next);
      if (next !== null) c.header('link', nextLink(c.req.url, next));
      return c.json({ notice: shadowNoticeOf(gate), verdicts: page.verdicts, summary, next });
    },
  );
}
