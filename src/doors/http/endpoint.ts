// One address of the HTTP door: its right, its body, its documentation and its handler in one place.
import { type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Right } from '../../core/approval/people.ts';
import { wellFormed } from '../../core/model/well-formed.ts';
import { plainLine } from '../../core/text/escape.ts';
import type { Admission } from '../../flow/rate-limit.ts';
import { callerOf, type Identity } from '../identity.ts';
import { laterProblem, ProblemSchema, problem, refusalProblem } from './problem.ts';

export interface RequestVariables {
  /** Who the token says it is, by the people of now; null: nobody any more. */
  identify: () => Identity | null;
  /** Reads again whether the session still stands by which `identify` answers; absent: it came with a token. */
  readAgain?: (signal: AbortSignal) => Promise<void>;
}
export type App = OpenAPIHono<{ Variables: RequestVariables }>;

export interface Endpoint<B extends z.ZodType, Q extends z.ZodType> {
  readonly method: 'get' | 'post' | 'delete';
  /** With parameters in braces: "/v1/proposals/{id}". */
  readonly path: string;
  /** null: whoever asks is checked by the flow behind. */
  readonly right: Right | null;
  readonly summary: string;
  readonly body: B | null;
  readonly query: Q | null;
  /** Counts the request of somebody; absent: it may come as often as it likes. */
  readonly admit?: (who: string) => Admission;
  /** Status and schema of the good answers. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema: z.ZodType | null }>>;
}

export interface EndpointCall<B, Q> {
  readonly body: B;
  readonly query: Q;
  /** The parameter of the path, "" where it has none. */
  readonly id: string;
  readonly identity: Identity;
  readonly signal: AbortSignal;
  readonly c: Context<{ Variables: RequestVariables }>;
}

/** Registers the address with the app and with its OpenAPI document. */
export function serveEndpoint<B extends z.ZodType, Q extends z.ZodType>(
  app: App,
  endpoint: Endpoint<B, Q>,
  handle: (call: EndpointCall<z.infer<B>, z.infer<Q>>) => Promise<Response> | Response,
): void {
  document(app, endpoint);
  const { method, path, right, body, query, admit } = endpoint;
  app.on(method.toUpperCase(), path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
    const early = allowed(c, right);
    if (!early.ok) return early.problem;
    const given = body === null ? null : await readJson(c);
    // A body may take minutes to come: who may not any more by then, may not.
    const now = body === null ? early : allowed(c, right);
    if (!now.ok) return now.problem;
    const { identity } = now;
    const admitted = admit?.(callerOf(identity)) ?? { ok: true };
    if (!admitted.ok) {
      const { retryAfterSeconds } = admitted;
      return laterProblem(c, 'too-many-requests', `again in ${retryAfterSeconds} seconds`, retryAfterSeconds);
    }
    if (given !== null && !given.ok) return problem(c, 'bad-request', `the body is no JSON: ${given.why}`);
    const read = body === null ? null : body.safeParse(given?.json);
    if (read?.success === false) return problem(c, 'bad-request', issuesText('the body', read.error));
    const asked = query === null ? null : query.safeParse(c.req.query());
    if (asked?.success === false) return problem(c, 'bad-request', issuesText('the query', asked.error));
    const id = c.req.param('id') ?? '';
    return handle({
      body: read?.data as z.infer<B>,
      query: asked?.data as z.infer<Q>,
      id,
      identity,
      signal: c.req.raw.signal,
      c,
    });
  });
}

type Allowed = { readonly ok: true; readonly identity: Identity } | { readonly ok: false; readonly problem: Response };

const allowed = (c: Context<{ Variables: RequestVariables }>, right: Right | null): Allowed => {
  const identity = c.get('identify')();
  if (identity === null) return { ok: false, problem: problem(c, 'unauthorized', null) };
  if (right === null || identity.rights.includes(right)) return { ok: true, identity };
  const about = `${identity.proposer.id}, ${right}`;
  return { ok: false, problem: refusalProblem(c, { code: 'no-right', about }) };
};

type ReadJson = { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly why: string };

/** The only way in which JSON can spell half a surrogate pair. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/** No body is an empty object. The parser's words name the place; the piece of the body that they repeat is left out. */
const readJson = async (c: Context): Promise<ReadJson> => {
  const text = await c.req.text();
  try {
    const json = text === '' ? {} : (JSON.parse(text) as unknown);
    return { ok: true, json: SURROGATE.test(text) ? wellFormed(json) : json };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'it cannot be read';
    return { ok: false, why: plainLine(why.replace(/, (?:\.\.\.)?"[\s\S]*(?= is not valid JSON$)/, '')) };
  }
};

const issuesText = (where: string, error: z.ZodError): string =>
  error.issues.map((issue) => `${issue.path.map(String).join('.') || where}: ${issue.message}`).join('; ');

const ById = z.object({
  id: z
    .string()
    .max(64)
    .openapi({
      param: { name: 'id', in: 'path' },
      description: 'A proposal id, or an incident with one open proposal (to look: or with one at all).',
    }),
});

const document = <B extends z.ZodType, Q extends z.ZodType>(
  app: App,
  { method, path, summary, body, query, answers }: Endpoint<B, Q>,
): void => {
  const good = Object.entries(answers).map(
    ([status, { description, schema }]) =>
      [status, { description, ...(schema === null ? {} : { content: { 'application/json': { schema } } }) }] as const,
  );
  app.openAPIRegistry.registerPath({
    method,
    path,
    summary,
    request: {
      ...(path.includes('{id}') ? { params: ById } : {}),
      ...(query === null ? {} : { query: query as never }),
      ...(body === null ? {} : { body: { required: true, content: { 'application/json': { schema: body } } } }),
    },
    responses: {
      ...Object.fromEntries(good),
      default: {
        description: 'A problem document with our code.',
        content: { 'application/problem+json': { schema: ProblemSchema } },
      },
    },
  });
};
