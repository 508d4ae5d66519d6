// Speaks to a running gate over HTTP for the client commands.
import type { Json, JsonObject } from '../../core/model/json.ts';
import { readClientSettings } from '../settings/client.ts';
import { CommandFailed, type Terminal, UsageError } from './command.ts';

/** An answer of the gate: the status and the JSON body; a problem document is an answer too. */
export interface GateAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface GateClient {
  /** `path` behind /v1. `signal` gives the call up earlier than its own deadline. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: Json, signal?: AbortSignal): Promise<GateAnswer>;
}

const DEADLINE_MS = 30_000;

/** A client for BLASTGATE_URL with BLASTGATE_TOKEN; throws CommandFailed when they are missing or nobody answers. */
export function gateClient({ env }: Pick<Terminal, 'env'>): GateClient {
  const { url, token, problems } = readClientSettings(env);
  if (problems.length > 0) throw new CommandFailed(problems.join('\n'));
  if (token === null) {
    throw new CommandFailed(
      'BLASTGATE_TOKEN is not set; `blastgate token` makes one, its hash belongs into people.yaml',
    );
  }
  return {
    call: async (method, path, body, given) => {
      const deadline = AbortSignal.timeout(DEADLINE_MS);
      const init = {
        method,
        headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
        signal: given === undefined ? deadline : AbortSignal.any([given, deadline]),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      };
      const response = await fetch(`${url}/v1${path}`, init).catch((error: unknown) => {
        throw new CommandFailed(
          `no gate answers at ${url} (${causeOf(error)}); is \`blastgate serve\` running, is BLASTGATE_URL right?`,
        );
      });
      const text = await response.text();
      try {
        return { status: response.status, body: JSON.parse(text === '' ? '{}' : text) as JsonObject };
      } catch {
        throw new CommandFailed(
          `${url} answered ${response.status} with something that is no JSON; is BLASTGATE_URL a gate?`,
        );
      }
    },
  };
}

/** The body of a good answer; a problem document becomes UsageError (400: our own words were wrong) or CommandFailed. */
export function expectOk({ status, body }: GateAnswer): JsonObject {
  if (status < 400) return body;
  if (status === 400) throw new UsageError(problemText(status, body));
  throw new CommandFailed(problemText(status, body));
}

/** "wrong-digest: The digest … Read the proposal again …" */
export function problemText(status: number, body: JsonObject): string {
  const words = [body['detail'] ?? body['title'] ?? `the gate answered ${status}`, body['remedy']]
    .filter((part) => typeof part === 'string')
    .map((part) => (/[\p{L}\p{N})\]"'`]$/u.test(part) ? `${part}.` : part));
  const code = typeof body['code'] === 'string' ? `${body['code']}: ` : '';
  return `${code}${words.join(' ')}`;
}

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  if (cause instanceof Error) return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
  return error.name === 'TimeoutError' ? `no answer within ${DEADLINE_MS / 1000} s` : error.message;
};
