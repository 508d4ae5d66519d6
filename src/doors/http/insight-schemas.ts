// What the gate answers of itself to the console, as schemas: how remediations went, its policy, its codes.
import { z } from '@hono/zod-openapi';

const SHARE = z.object({ name: z.string(), count: z.int(), succeeded: z.int(), rolledBack: z.int() });
export const InsightAnswer = z
  .object({
    counts: z.object({
      total: z.int(),
      succeeded: z.int(),
      rolledBack: z.int(),
      failed: z.int(),
      rejected: z.int(),
    }),
    by: z.object({ tier: z.array(SHARE), action: z.array(SHARE), target: z.array(SHARE), agent: z.array(SHARE) }),
    toApprove: z.object({ p50: z.number().nullable(), p90: z.number().nullable() }),
    hasty: z.int(),
    falseAlarms: z.int(),
    more: z.boolean().openapi({ description: 'There are older ones, which are not counted.' }),
    budget: z.object({ used: z.number(), of: z.number().nullable() }),
  })
  .openapi('Insight');
export const PolicyAnswer = z
  .object({ digest: z.string(), text: z.string(), document: z.looseObject({}) })
  .openapi('Policy');
const BOTH = z.object({ en: z.string(), 'zh-TW': z.string() });
export const Codes = z
  .object({ codes: z.array(z.object({ kind: z.string(), code: z.string(), message: BOTH, remedy: BOTH.nullable() })) })
  .openapi('Codes');
