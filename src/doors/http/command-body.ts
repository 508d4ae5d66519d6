// The command in the body of a request: schemas that validate and document it at once, and what is read from it.
import { z } from '@hono/zod-openapi';
import { type ApiRequest, apiRequestOf } from '../../core/model/api-request.ts';
import type { Command } from '../../core/model/command.ts';
import { COMMAND_LIMIT_BYTES, MOST_FILES } from '../../core/model/limits.ts';

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

type CommandBody = z.infer<typeof ScoreRequest>;

export function commandOfBody(body: CommandBody): Command {
  if (body.request !== undefined) return { kind: 'request', request: body.request };
  return body.argv === undefined ? { kind: 'line', line: body.command ?? '' } : { kind: 'argv', argv: body.argv };
}

export function filesOfBody(body: CommandBody): ReadonlyMap<string, string> {
  return new Map(Object.entries(body.files ?? {}));
}
