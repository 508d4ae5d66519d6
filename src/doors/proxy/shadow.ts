// A write that may only be observed → passed on as the agent and put down with what the gate would have said, or left to the gate.
import type { IncomingMessage } from 'node:http';
import type { Json, JsonObject } from '../../core/model/json.ts';
import type { Refusal } from '../../core/model/refusal.ts';
import { isTelling, statusWithoutSecret } from '../../core/model/secret-status.ts';
import type { Gate } from '../../flow/gate.ts';
import { type Observation, observe, recordObservation } from '../../flow/requests/observe.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { SendAsAgent, UpstreamRequest } from '../upstream.ts';
import { type ArrivedWrite, type DecodeBody, incidentsOf, judgedRequest } from './arrived-write.ts';
import { inCluster } from './in-cluster.ts';
import type { ResourcePath } from './route.ts';
import { type ProxyAnswer, refusalAnswer, STORE_FAILED, statusAnswer } from './status.ts';
import { jsonObjectOf, successStatus, withoutSecrets } from './written-object.ts';

/** `enforced`: the gate decides, as ever. `answered`: refused, or sent already. `observed`: to be streamed; asking sends it, once. */
export type ShadowedWrite =
  | { readonly kind: 'enforced' }
  | { readonly kind: 'answered'; readonly answer: ProxyAnswer }
  | { readonly kind: 'observed'; readonly ask: () => Promise<IncomingMessage> };

/** `passed`: the write as it goes on. */
export type ShadowWrites = (write: ArrivedWrite, passed: UpstreamRequest, gone: AbortSignal) => Promise<ShadowedWrite>;

/** Judging may ask a slow cluster; beyond this the gate decides. */
const OBSERVE_MS = 60_000;

/** What was passed on is put down also where the client has gone meanwhile. */
export function createShadowWrites(
  gate: Gate,
  { send, decode }: { readonly send: SendAsAgent; readonly decode: DecodeBody },
): ShadowWrites {
  const never = new AbortController().signal;
  return async (write, passed, gone) => {
    const { method, identity, resource } = write;
    // A token would outlive the shadow: with it an agent goes round the gate.
    if (resource.subresource === 'token') return { kind: 'enforced' };
    const [incident] = incidentsOf(write, gate.clock.now());
    let observed: Observation;
    try {
      const command = { kind: 'request', request: judgedRequest(write, decode) } as const;
      const { proposer } = identity;
      observed = await observe(
        gate,
        {
          command,
          files: new Map(),
          namespace: null,
          incident,
          proposer,
          method,
          path: `${inFront(gate)}${passed.path}`,
        },
        AbortSignal.any([gone, AbortSignal.timeout(OBSERVE_MS)]),
      );
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error;
      gate.log.error('proxy_write_failed', { error: error.message });
      return { kind: 'answered', answer: STORE_FAILED };
    }
    if (observed.kind === 'enforced') return observed;
    const { verdict } = observed;
    if (observed.kind === 'refused') {
      await recordObservation(gate, verdict, never);
      return { kind: 'answered', answer: refusalAnswer(refusalOf(verdict), gate.lang, { status: 403 }) };
    }
    const ask = async (sent: UpstreamRequest): Promise<IncomingMessage> => {
      try {
        const answer = await send(sent, inCluster(identity), gone);
        void recordObservation(gate, { ...verdict, code: answer.statusCode ?? null }, never);
        return answer;
      } catch (error) {
        // Nobody knows whether it arrived: it is put down without an answer.
        void recordObservation(gate, verdict, never);
        throw error;
      }
    };
    if (resource.resource !== 'secrets') return { kind: 'observed', ask: () => ask(passed) };
    const asJson = { ...passed, headers: { ...passed.headers, accept: 'application/json' } };
    return { kind: 'answered', answer: await secretAnswer(resource, () => ask(asJson)) };
  };
}

/** Of several clusters the record names the one that the request went to, as an address of the proxy does. */
const inFront = ({ clusters, clusterName }: Gate): string => (clusters === undefined ? '' : `/clusters/${clusterName}`);

/** Without Retry-After: nobody knows whether it arrived, so that it must not be sent again by itself. */
export const UNHEARD_WRITE = statusAnswer({
  status: 504,
  message: 'blastgate: the API server does not answer; the write may have arrived all the same',
});

/** Whoever may write a Secret may still not read it: of the answer only the object without its data is given. */
const secretAnswer = async (resource: ResourcePath, ask: () => Promise<IncomingMessage>): Promise<ProxyAnswer> => {
  let answer: IncomingMessage;
  let body: JsonObject | null;
  try {
    answer = await ask();
    body = await jsonObjectOf(answer);
  } catch {
    return UNHEARD_WRITE;
  }
  const status = answer.statusCode ?? 502;
  const isSafe = body?.['kind'] === 'Secret' || body?.['kind'] === 'Status';
  if (status >= 400 && !isSafe) return statusAnswer({ status, message: 'blastgate: the API server has refused it' });
  const shown = isSafe && body !== null ? shownOf(body, status) : successStatus(resource);
  return { status, headers: { 'content-type': 'application/json' }, body: `${JSON.stringify(shown)}\n` };
};

/** Of a no only what it may show: the API server may repeat the whole object in it. */
const shownOf = (body: JsonObject, status: number): Json =>
  isTelling(status) ? statusWithoutSecret(body, status) : withoutSecrets(body);

/** Even in shadow mode: what a core hard rule forbids, and what nobody can read. */
const refusalOf = ({ hardRule }: { readonly hardRule: string | null }): Refusal =>
  hardRule === null ? { code: 'unreadable-request', about: null } : { code: 'hard-rule', about: hardRule };
