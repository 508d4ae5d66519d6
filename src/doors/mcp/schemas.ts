// What the tools take and answer, as schemas: they are published to the client and checked on both ways.
import { z } from 'zod';
import { apiRequestOf } from '../../core/model/api-request.ts';
import { MOST_FILES } from '../../core/model/limits.ts';
import { STATES } from '../../core/remediation/state.ts';

/** As contract 2, section 8 writes it. What no request is, is said here; what a request means, by the gate. */
const apiRequest = z
  .strictObject({
    method: z.string().min(1).max(32).describe('GET, POST, PUT, PATCH or DELETE.'),
    path: z.string().min(1).describe('The path at the API server, as "/api/v1/namespaces/shop/pods/web-0".'),
    query: z
      .union([z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())]))])
      .optional()
      .describe('The query as it is sent, or its values by name.'),
    contentType: z.string().max(256).nullable().optional().describe('Of the body; it says which kind a patch is.'),
    body: z.unknown().optional().describe('A JSON value, or a text of JSON or YAML.'),
  })
  .refine(
    (given) => apiRequestOf(given) !== null,
    'is no request: its query stands in two places, or its body is too deep',
  );

/** The command of a call: one line of text, an argv or a request to the API, exactly one of them. */
const commandFields = {
  command: z.string().min(1).optional().describe('The kubectl command as one line of shell.'),
  argv: z.array(z.string()).min(1).max(4096).optional().describe('The command as a list of words, "kubectl" first.'),
  request: apiRequest.optional().describe('A request to the Kubernetes API in the place of a command.'),
  namespace: z.string().min(1).max(253).optional().describe('The namespace where the command names none.'),
  cluster: z.string().min(1).max(63).optional().describe('The cluster, where the gate looks after several.'),
  files: z
    .record(z.string().max(4096), z.string())
    .refine((files) => Object.keys(files).length <= MOST_FILES, `at most ${MOST_FILES} files`)
    .optional()
    .describe('The text of each manifest that the command names with -f, by its path. No file is read from a disk.'),
};

const given = (body: { command?: unknown; argv?: unknown; request?: unknown }): boolean =>
  [body.command, body.argv, body.request].filter((one) => one !== undefined).length === 1;
const ONE = { message: 'give command, argv or request, exactly one of them' };

export const ScoreInput = z.strictObject(commandFields).refine(given, ONE);
export const ProposeInput = z
  .strictObject({
    incident: z.string().min(1).describe('The incident that this is for, such as "INC-1003".'),
    ...commandFields,
    diagnosis: z
      .string()
      .max(20_000)
      .optional()
      .describe('What you think is wrong. People read it, nothing decides by it.'),
  })
  .refine(given, ONE);

const Id = z
  .string()
  .min(1)
  .max(64)
  .describe('The id of a proposal ("p-…"), or an incident that has one open proposal.');
export const IdInput = z.strictObject({ id: Id });

/** A call is answered before the 60 s after which clients give up, with some to spare. */
export const MOST_WAITED_SECONDS = 45;
export const WaitInput = z.strictObject({
  id: Id,
  seconds: z
    .int()
    .min(0)
    .max(MOST_WAITED_SECONDS)
    .optional()
    .describe(
      `How long to wait at most: 0 to ${MOST_WAITED_SECONDS}, 30 if not given. Ask again as often as you like.`,
    ),
});
export const ListInput = z.strictObject({
  state: z.enum(STATES).optional().describe('Only those in this state.'),
  incident: z.string().min(1).optional().describe('Only those of this incident.'),
});
export const NoInput = z.strictObject({});
export const CodeInput = z.strictObject({
  code: z.string().min(1).max(100).describe('A code from an answer, such as "mutable-image" or "awaiting-approval".'),
});

/** In every answer with words of others in it. */
const foreign = {
  notice: z.string().describe('What of the answer are the words of others.'),
  truncated: z.boolean().optional().describe('True: it was too long and has been shortened.'),
};

const Line = z.looseObject({});
const Lines = z.array(z.union([Line, z.string()]));

export const ScoreOutput = z.looseObject({
  score: z.int().nullable().describe('The blast radius, 0 to 100; null where it cannot be told.'),
  tier: z.string().describe('auto: runs by itself; human: one person agrees; dual: two do; blocked: never.'),
  action: z.string(),
  command: z.string(),
  executable: z.boolean(),
  runnable: Line,
  refusals: Lines,
  hardRule: Line.nullable(),
  dryRun: z.boolean(),
  evidence: z.string(),
  effects: Lines,
  reasons: Lines.describe('What the score is made of; the points add up.'),
  ...foreign,
});

const proposalFields = {
  id: z.string(),
  incident: z.string(),
  state: z.string(),
  code: z.string().nullable(),
  digest: z.string().describe('What people approve, and nothing else.'),
  tier: z.string(),
  score: z.int().nullable(),
  proposer: z.string(),
  createdAt: z.string(),
  expiresAt: z.string(),
  needed: Line.describe('How many approvals it needs, and has.'),
  spec: Line,
  next: z.string().describe('What it waits for, in words.'),
};
export const ProposalOutput = z.looseObject({
  ...proposalFields,
  settled: z.boolean().describe('True: nothing more happens to it.'),
  ...foreign,
});
export const WaitOutput = z.looseObject({
  ...ProposalOutput.shape,
  waited: z.enum(['changed', 'still-waiting']).describe('changed: its state is another one, or is the last one.'),
  askAgainSeconds: z.int().nullable().describe('When to ask again; null: not at all.'),
});
export const ProposalsOutput = z.looseObject({
  proposals: Lines.describe('The newest first.'),
  more: z.boolean().describe('True: there are older ones that are not shown.'),
  ...foreign,
});
export const OutcomesOutput = z.looseObject({
  outcomes: Lines.describe('What reached the cluster, the newest first.'),
  summary: Lines.describe('How each action went on each target so far.'),
  more: z.boolean().describe('True: there are older ones that are not shown.'),
  ...foreign,
});
export const ExplainOutput = z.looseObject({
  code: z.string(),
  meanings: z.array(z.object({ kind: z.string(), message: z.string(), remedy: z.string().nullable() })),
});
