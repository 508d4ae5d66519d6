// What was observed in shadow mode, in SQL: the verdicts, and the counts that are kept with them.
import type { Kysely } from 'kysely';
import { type ShadowCount, type ShadowVerdict, summarizeShadow } from '../../../core/decision/shadow-verdict.ts';
import type { ShadowLog } from '../../../ports/store.ts';
import type { Write } from './group-commit.ts';
import { fitting } from './page-size.ts';
import { parsed } from './parsed.ts';
import type { Tables } from './tables.ts';

export function sqlShadow(db: Kysely<Tables>, write: Write): ShadowLog {
  return {
    append: async (verdict, signal) => {
      signal.throwIfAborted();
      const { proposer, action, tier, became } = verdict;
      await write(async (trx) => {
        await trx
          .insertInto('shadow_verdicts')
          .values({ body: JSON.stringify(verdict) })
          .execute();
        await trx
          .insertInto('shadow_counts')
          .values({ proposer, action, tier, became, count: 1 })
          .onConflict((cell) =>
            cell
              .columns(['proposer', 'action', 'tier', 'became'])
              .doUpdateSet((set) => ({ count: set('shadow_counts.count', '+', 1) })),
          )
          .execute();
      }, signal);
    },
    page: async ({ limit, before }, signal) => {
      signal.throwIfAborted();
      const rows = await db
        .selectFrom('shadow_verdicts')
        .selectAll()
        .$if(before !== null, (query) => query.where('seq', '<', before ?? 0))
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute();
      const shown = rows.slice(0, fitting(rows.slice(0, limit).map(({ body }) => body.length)));
      return {
        verdicts: shown.map(({ seq, body }) => parsed<ShadowVerdict>(body, `line ${seq} of the shadow record`)),
        next: rows.length > shown.length ? (shown.at(-1)?.seq ?? null) : null,
      };
    },
    summary: async (signal) => {
      signal.throwIfAborted();
      const cells = await db.selectFrom('shadow_counts').selectAll().execute();
      // as: written by append alone, from a verdict.
      return summarizeShadow(cells as readonly ShadowCount[]);
    },
  };
}
