// What the gate answers of a command that it has judged, as schemas: its score, or the spec that it would seal.
import { z } from '@hono/zod-openapi';
import { TIERS } from '../../core/model/tier.ts';

const Line = z.looseObject({});

const ReasonSchema = z.object({ code: z.string(), points: z.int(), message: z.string() });
export const Refused = z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() });
export const RunnableSchema = z
  .object({ is: z.boolean(), why: z.string().nullable() })
  .openapi({ description: 'Whether this gate would run it once approved, and why not.' });
export const ScoreAnswerSchema = z
  .object({
    score: z.int().nullable(),
    tier: z.enum(TIERS),
    action: z.string(),
    command: z.string(),
    executable: z.boolean(),
    runnable: RunnableSchema,
    refusals: z.array(Refused),
    hardRule: z.object({ code: z.string(), message: z.string() }).nullable(),
    dryRun: z.boolean(),
    evidence: z.enum(['none', 'live']),
    effects: z.array(Line),
    reasons: z.array(ReasonSchema),
  })
  .openapi('ScoreAnswer');
const SealedRefusal = z.looseObject({ code: z.string(), about: z.string().nullable() });
/** Of what hangs on the kind of object (effects, facts, impact, changes) the parts are open. */
export const Spec = z
  .looseObject({
    schemaVersion: z.literal('blastgate/v1'),
    digest: z.string(),
    incident: z.string().nullable(),
    cluster: z.object({ name: z.string().nullable(), uid: z.string().nullable() }),
    blastRadiusScore: z.int().nullable(),
    tier: z.enum(TIERS),
    action: z.string(),
    command: z.string(),
    contentHash: z.string().nullable(),
    targetState: z.string(),
    namespace: z.string().nullable(),
    target: z.string(),
    effects: z.array(Line),
    facts: z.array(Line),
    unhealthyNow: z.array(z.string()).optional(),
    impact: Line,
    changes: z.array(Line).optional(),
    rehearsed: z.string().nullable(),
    rehearsedWhy: z.string().nullable(),
    dryRunRequired: z.boolean(),
    constraints: z.array(z.object({ code: z.string(), text: z.string() })),
    rollbackPlan: z.looseObject({
      steps: z.array(Line),
      command: z.string().nullable(),
      none: z.string().nullable(),
      fidelity: z.enum(['exact', 'partial', 'none']),
    }),
    blastReason: z.array(z.string()),
    reasons: z.array(z.looseObject({ code: z.string(), points: z.int(), subject: z.string().nullable() })),
    requiresReviewIssue: z.boolean(),
    runnable: RunnableSchema,
    hardRule: z.looseObject({ code: z.string() }).nullable(),
    refusals: z.array(SealedRefusal),
    evidence: z.enum(['none', 'live']),
    validForSeconds: z.int(),
    convergeWithinSeconds: z.int(),
    soakSeconds: z.int().optional(),
    checks: z.array(Line).optional(),
  })
  .openapi('DeclarativeSpec');
