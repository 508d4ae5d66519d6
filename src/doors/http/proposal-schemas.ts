// What the gate answers of proposals, as schemas: one with its votes and events, or a page of them.
import { z } from '@hono/zod-openapi';
import { CHANNELS } from '../../core/model/channel.ts';
import { TIERS } from '../../core/model/tier.ts';
import { EVENT_NAMES } from '../../core/remediation/event.ts';
import { STATES } from '../../core/remediation/state.ts';
import { Refused, RunnableSchema, Spec } from './judgement-schemas.ts';

type EventName = (typeof EVENT_NAMES)[number];

const ProofSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token') }),
  z.object({
    kind: z.literal('session'),
    session: z.string(),
    account: z.string().nullable(),
    proven: z.string().nullable(),
  }),
  z.object({ kind: z.literal('account'), account: z.string(), message: z.string() }),
]);
export const VoteSchema = z
  .object({
    person: z.string(),
    channel: z.enum(CHANNELS),
    decision: z.enum(['approve', 'reject']),
    digest: z.string(),
    at: z.string(),
    reason: z.string().nullable(),
    teams: z.array(z.string()).optional(),
    proof: ProofSchema.optional(),
    hasty: z.literal(true).optional(),
  })
  .openapi('Vote');
/** What an event says besides stands beside its name. */
const EventSchema = z
  .looseObject({
    seq: z.int(),
    at: z.string(),
    event: z.enum(EVENT_NAMES as [EventName, ...EventName[]]),
    from: z.enum(STATES).nullable(),
    to: z.enum(STATES),
  })
  .openapi('Event');
const VerdictSchema = z
  .looseObject({ is: z.string(), code: z.string(), subject: z.string().nullable(), message: z.string() })
  .nullable();
const TeamShare = z.object({ team: z.string(), atLeast: z.int() });

/** null: they may. */
const Hindered = z.object({ code: z.string(), told: z.object({ en: z.string(), 'zh-TW': z.string() }) }).nullable();

export const Proposal = z
  .looseObject({
    id: z.string(),
    incident: z.string(),
    state: z.enum(STATES),
    code: z.string().nullable(),
    digest: z.string(),
    tier: z.enum(TIERS),
    score: z.int().nullable(),
    proposer: z.string(),
    createdAt: z.string(),
    expiresAt: z.string(),
    diagnosis: z.string().nullable(),
    runnable: RunnableSchema,
    spec: Spec,
    refusals: z.array(Refused),
    votes: z.array(VoteSchema),
    review: z
      .object({
        success: z.boolean(),
        issueUrl: z.string().nullable(),
        issueNumber: z.int().nullable(),
        error: z.string().nullable(),
      })
      .nullable(),
    verdict: VerdictSchema,
    rollbackVerdict: VerdictSchema,
    events: z.array(EventSchema).openapi({ description: 'Of one proposal; empty in lists.' }),
    told: z.looseObject({}).optional().openapi({ description: 'What is said of it, by language.' }),
    why: z.string().nullable(),
    reviewNotice: z.string().nullable(),
    needed: z
      .object({
        approvals: z.int(),
        have: z.int(),
        from: z.array(TeamShare).optional(),
        channels: z.array(z.string()).nullable().optional(),
        strongVotes: z.array(z.string()).optional(),
        reasonRequired: z.boolean().optional(),
        rules: z.array(z.int()).optional(),
        lacking: z.object({ from: z.array(TeamShare), strongVote: z.boolean() }).optional(),
      })
      .openapi({ description: 'How many must agree and have; the rest where rules of the policy ask for more.' }),
    breakGlass: z
      .object({ by: z.string(), digest: z.string(), reason: z.string(), at: z.string(), proof: z.looseObject({}) })
      .optional()
      .openapi({ description: 'Who stood for all missing votes, and why; left out where nobody did.' }),
    frozen: z
      .object({ name: z.string(), until: z.string() })
      .optional()
      .openapi({ description: 'The freeze of the policy that holds it now, whether or not it is approved.' }),
    yours: z
      .object({ approve: Hindered, reject: Hindered, breakGlass: Hindered, takeBack: Hindered })
      .optional()
      .openapi({ description: 'With view=page, of one proposal: what the person who asks may do; null, or why not.' }),
    output: z
      .object({ stdout: z.string(), stderr: z.string(), exitCode: z.int(), truncated: z.boolean() })
      .nullable()
      .optional()
      .openapi({
        description:
          'Of one proposal whose program has run to its end: at most 64 KiB, secrets masked; null where it cannot be opened any more.',
      }),
    next: z.string(),
  })
  .openapi('Proposal');
export const Proposals = z
  .object({
    proposals: z.array(Proposal),
    /** Ids whose rows are damaged; left out where there are none. */
    unreadable: z.array(z.string()).optional(),
    /** What is only observed now (shadow mode); left out where nothing is. */
    notice: z.string().optional(),
    /** Names of all clusters; left out where there is one. */
    clusters: z.array(z.string()).optional(),
    next: z.string().nullable(),
  })
  .openapi('Proposals');
