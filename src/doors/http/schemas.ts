// What enters over HTTP, as schemas that validate and document at once.

import { z } from '@hono/zod-openapi';
import { type ApiRequest, apiRequestOf } from '../../core/model/api-request.ts';
import { CHANNELS } from '../../core/model/channel.ts';
import { COMMAND_LIMIT_BYTES, MOST_FILES } from '../../core/model/limits.ts';
import { TIERS } from '../../core/model/tier.ts';
import { EVENT_NAMES } from '../../core/remediation/event.ts';
import { STATES } from '../../core/remediation/state.ts';

const NAMESPACE = z.string().min(1).max(253);

/** Counted before each is looked at. */
const countedFiles = (files: unknown, context: z.RefinementCtx): unknown => {
  if (typeof files !== 'object' || files === null || Object.keys(files).length <= MOST_FILES) return files;
  context.addIssue({ code: 'custom', message: `at most ${MOST_FILES} files travel with a command` });
  return z.NEVER;
};

/** A request as contract 2, section 8 writes it; read by core/model/api-request.ts. */
const apiRequest = z
  .strictObject({
    method: z.string().max(32),
    path: z.string().max(COMMAND_LIMIT_BYTES),
    query: z
      .union([z.string().max(COMMAND_LIMIT_BYTES), z.record(z.string(), z.union([z.string(), z.array(z.string())]))])
      .optional()
      .openapi({ description: 'The query as it is sent, or its values by name.' }),
    contentType: z.string().max(256).nullable().optional(),
    body: z.unknown().optional().openapi({ description: 'A JSON value, or a text of JSON or YAML.' }),
  })
  .transform((given, context): ApiRequest => {
    const request = apiRequestOf(given);
    if (request !== null) return request;
    context.addIssue({
      code: 'custom',
      message: 'it is no request: its query stands in two places, or its body too deep',
    });
    return z.NEVER;
  })
  .openapi({
    description: 'A request to the Kubernetes API in the place of a command.',
    example: { method: 'DELETE', path: '/api/v1/namespaces/shop/pods/web-0' },
  });

/** The command of a request: an argv, one line of text or a request to the Kubernetes API, exactly one of them. */
const commandFields = {
  argv: z
    .array(z.string())
    .max(4096)
    .optional()
    .openapi({ example: ['kubectl', 'delete', 'pod', 'web-0', '-n', 'shop'] }),
  command: z.string().optional().openapi({ example: 'kubectl delete pod web-0 -n shop' }),
  request: apiRequest.optional(),
  files: z
    .preprocess(countedFiles, z.record(z.string().max(4096), z.string()).optional())
    .openapi({ description: 'Manifests that the command names, by path.' }),
  namespace: NAMESPACE.optional().openapi({ description: "Where the command names none; the context's otherwise." }),
  cluster: z.string().min(1).max(63).optional().openapi({ description: 'Needed where the gate looks after several.' }),
};

/** What `serve --window` may be, for one proposal. */
const windowSeconds = z
  .int()
  .min(5)
  .max(3600)
  .optional()
  .openapi({ description: 'How long the change may stand still before it counts as failed, at least.' });

const exactlyOne = (body: { argv?: unknown; command?: unknown; request?: unknown }): boolean =>
  [body.argv, body.command, body.request].filter((one) => one !== undefined).length === 1;
const ONE = { message: 'give argv, command or request, exactly one of them' };

export const ScoreRequest = z.strictObject(commandFields).refine(exactlyOne, ONE).openapi('ScoreRequest');
export const EvaluateRequest = z
  .strictObject({
    ...commandFields,
    incident: z.string().optional(),
    diagnosis: z.string().max(20_000).optional(),
    windowSeconds,
  })
  .refine(exactlyOne, ONE)
  .openapi('EvaluateRequest');
export const ProposalBody = z
  .strictObject({ ...commandFields, incident: z.string(), diagnosis: z.string().max(20_000).optional(), windowSeconds })
  .refine(exactlyOne, ONE)
  .openapi('ProposalRequest');
export const VoteRequest = z
  .strictObject({
    decision: z.enum(['approve', 'reject']),
    digest: z.string().regex(/^(sha256:)?[0-9a-f]{6,64}$/, 'the digest, or its first 6 or more digits'),
    reason: z.string().max(2000).optional(),
  })
  .openapi('VoteRequest');
export const PauseRequest = z
  .strictObject({
    cluster: z
      .string()
      .min(1)
      .max(63)
      .optional()
      .openapi({ description: 'One of several clusters; all where left out.' }),
  })
  .openapi('PauseRequest');
export const BreakGlassRequest = z
  .strictObject({
    digest: z.string().regex(/^(sha256:)?[0-9a-f]{6,64}$/, 'the digest, or its first 6 or more digits'),
    reason: z.string().max(2000),
  })
  .openapi('BreakGlassRequest');

const Line = z.looseObject({});
type EventName = (typeof EVENT_NAMES)[number];

export const ReasonSchema = z.object({ code: z.string(), points: z.int(), message: z.string() });
export const Refused = z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() });
const RunnableSchema = z
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
export const EventSchema = z
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
    told: Line.optional().openapi({ description: 'What is said of it, by language.' }),
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
export const Outcomes = z
  .object({ outcomes: z.array(Line), summary: z.array(Line), next: z.string().nullable() })
  .openapi('Outcomes');
export const Shadow = z
  .object({
    notice: z.string().nullable(),
    verdicts: z.array(Line),
    summary: z.array(Line),
    next: z.string().nullable(),
  })
  .openapi('Shadow');
export const AuditLines = z
  .object({
    lines: z.array(Line),
    next: z.string().nullable(),
    verified: z
      .object({ ok: z.boolean(), lines: z.int() })
      .nullable()
      .optional()
      .openapi({ description: 'With order=newest: whether the chain holds; null while it is being looked through.' }),
  })
  .openapi('AuditLines');
export const LinkRequest = z.strictObject({}).openapi('LinkRequest');
export const MadeLoginLink = z
  .object({ person: z.string(), token: z.string(), ends: z.iso.datetime() })
  .openapi('MadeLoginLink');
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
export const Paused = z
  .object({
    paused: z.boolean().openapi({ description: 'Where the switch stands that was asked for.' }),
    gate: z.boolean().openapi({ description: 'Whether the whole gate is paused, all clusters with it.' }),
    clusters: z
      .array(z.string())
      .openapi({ description: 'Clusters that are paused by themselves: they stay so when the gate is resumed.' }),
  })
  .openapi('Paused');
export const ProblemSchema = z
  .object({
    type: z.string(),
    status: z.int(),
    title: z.string(),
    detail: z.string(),
    code: z.string(),
    remedy: z.string().nullable().optional(),
    /** The proposal that it is about: a refused one is kept, too. */
    id: z.string().optional(),
    state: z.string().optional(),
  })
  .openapi('Problem');

export const ById = z.object({
  id: z
    .string()
    .max(64)
    .openapi({
      param: { name: 'id', in: 'path' },
      description: 'A proposal id, or an incident with one open proposal (to look: or with one at all).',
    }),
});
