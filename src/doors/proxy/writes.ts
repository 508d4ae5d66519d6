// A write as it arrived → proposed to the gate once, and answered as the API server would, or by a Status (contract-2, section 8).
import type { IncomingMessage } from 'node:http';
import type { ApiReply } from '../../core/model/api-reply.ts';
import type { ApiRequest, RequestBody } from '../../core/model/api-request.ts';
import type { Json } from '../../core/model/json.ts';
import type { Refusal, RefusalCode } from '../../core/model/refusal.ts';
import { showsSecret, statusWithoutSecret } from '../../core/model/secret-status.ts';
import type { Remediation } from '../../core/remediation/remediation.ts';
import { refusalText } from '../../core/text/describe.ts';
import { describeRefusalOf } from '../../core/text/ended.ts';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import { fill } from '../../core/text/words/sentence.ts';
import type { Gate } from '../../flow/gate.ts';
import { createHeldWrites, type HeldAnswer } from '../../flow/requests/held-writes.ts';
import type { Patience } from '../../flow/requests/patience.ts';
import { propose } from '../../flow/requests/propose.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { proposalView, viewContextOf } from '../proposal-view.ts';
import type { Upstream } from '../upstream.ts';
import type { ProxyCounts, WriteEnd } from './counts.ts';
import { inCluster } from './in-cluster.ts';
import type { AnsweredWrite, ArrivedWrite, ProxyDoor } from './proxy.ts';
import { requestKey } from './request-key.ts';
import { writeTarget } from './request-target.ts';
import { type ProxyAnswer, refusalAnswer, type StatusWords, statusAnswer } from './status.ts';
import { jsonObjectOf, successStatus, withoutSecrets } from './written-object.ts';

export interface WriteState {
  readonly upstream: Upstream;
  readonly counts: ProxyCounts;
  readonly patience: Patience;
  readonly ending: AbortSignal;
  /** The body as whoever judges reads it. */
  readonly decode: (contentType: string | null, body: Buffer) => RequestBody;
}

/** Judging may ask a slow cluster; a client that hangs up does not stop what has begun. */
const PROPOSE_MS = 60_000;
/** Seconds after which what there was no room for may come again. */
const [BUSY_SECONDS, RATE_SECONDS] = [5, 20];
const ENDING = statusAnswer({ status: 503, message: 'blastgate: the gate is being restarted', retryAfterSeconds: 3 });

export function createWrites(gate: Gate, state: WriteState): ProxyDoor['write'] {
  const held = createHeldWrites(gate, state.patience, state.ending);
  const { upstream, counts } = state;

  return async (write, gone) => {
    const { identity, target, method } = write;
    const [incident, earlier] = incidentsOf(write, gate.clock.now());
    const arrived = { key: gate.writer.hash(requestKey(write, target.incident)), session: write.session };
    const request = judgedRequest(write, state.decode);
    const caller = `${identity.proposer.kind}:${identity.proposer.id}`;
    let answer: HeldAnswer;
    try {
      answer = await held.arrive(
        {
          caller,
          incident,
          ...(earlier === null ? {} : { earlierIncident: earlier }),
          arrived,
          propose: () =>
            propose(
              gate,
              {
                command: { kind: 'request', request },
                files: new Map(),
                namespace: null,
                incident,
                proposer: identity.proposer,
                diagnosis: null,
                mayStill: write.mayStill,
                arrived,
                trace: write.trace ?? null,
              },
              AbortSignal.timeout(PROPOSE_MS),
            ),
        },
        gone,
      );
    } catch (error) {
      // The next process finds the proposal in the store.
      if (state.ending.aborted) return ENDING;
      if (!(error instanceof AdapterError)) throw error;
      gate.log.error('proxy_write_failed', { error: error.message });
      return statusAnswer({ status: 503, message: 'blastgate: its store has failed', retryAfterSeconds: BUSY_SECONDS });
    }
    const { end, said } = await sayOf(gate, upstream, write, answer, gone);
    counts.ended(end);
    const { remediation = null } = answer.kind === 'too-many' ? {} : answer;
    gate.log.info('proxy_write', {
      agent: identity.proposer.id,
      method,
      path: `/${target.segments.join('/')}`,
      proposal: remediation?.id ?? null,
      end,
      status: said.status,
      auditId: remediation?.forward?.reply?.auditId ?? null,
    });
    return said;
  };
}

/** The incident of the address; else the agent's own of the day, and of the day before, which a wait may have begun in. */
export function incidentsOf(
  { target, identity }: ArrivedWrite,
  now: number,
): readonly [incident: string, earlier: string | null] {
  if (target.incident !== null) return [target.incident, null];
  const [today, yesterday] = [now, now - 86_400_000].map(
    (at) => `adhoc-${identity.proposer.id.slice(0, 49)}-${new Date(at).toISOString().slice(0, 10).replaceAll('-', '')}`,
  );
  return [today ?? '', yesterday ?? null];
}

/** The write as whoever judges reads it. */
export function judgedRequest(
  { method, target, contentType, body }: ArrivedWrite,
  decode: WriteState['decode'],
): ApiRequest {
  return {
    method,
    path: writeTarget({ ...target, query: [] }),
    query: target.query,
    contentType,
    body: body.length === 0 ? { kind: 'none' } : decode(contentType, body),
  };
}

interface Say {
  readonly end: WriteEnd;
  readonly said: AnsweredWrite;
}

const sayOf = async (
  gate: Gate,
  upstream: Upstream,
  write: ArrivedWrite,
  answer: HeldAnswer,
  gone: AbortSignal,
): Promise<Say> => {
  switch (answer.kind) {
    case 'written': {
      const { remediation, reply, delivered } = answer;
      const seen = reply ?? (await readBack(upstream, write, remediation, gone));
      const said = seen === null ? unseen(gate, remediation) : written(remediation, seen);
      return { end: 'done', said: { ...said, delivered } };
    }
    case 'ended': {
      const { remediation, reply, delivered } = answer;
      const no =
        reply !== null && reply.status >= 400 ? reply : await apiRefusal(gate, upstream, write, remediation, gone);
      if (no !== null) return { end: 'api-refused', said: { ...refusedAsItIs(write, no), delivered } };
      const same = await unchanged(upstream, write, codeOf(gate, remediation), gone);
      if (same !== null) return { end: 'unchanged', said: { ...same, delivered } };
      return { end: 'denied', said: { ...endedAnswer(gate, remediation), delivered } };
    }
    case 'again': {
      const { remediation, seconds } = answer;
      return { end: 'waiting', said: waiting(gate, remediation, { status: 429, retryAfterSeconds: seconds }) };
    }
    case 'over': {
      const { remediation, delivered } = answer;
      const isAsked = remediation.state === 'awaiting-approval';
      const code: RefusalCode = isAsked ? 'approval-required' : 'not-done-yet';
      const said = waiting(gate, remediation, { status: 403, reason: 'ApprovalRequired' }, { code, about: null });
      return { end: 'denied', said: { ...said, delivered } };
    }
    case 'frozen': {
      const { remediation, frozen, delivered } = answer;
      const refusal: Refusal = { code: 'frozen', about: `${frozen.name}, until ${frozen.until}` };
      const said = waiting(gate, remediation, { status: 403, reason: 'Frozen' }, refusal);
      return { end: 'denied', said: { ...said, delivered } };
    }
    case 'too-many': {
      const refusal: Refusal = { code: 'too-many-waiting', about: `${answer.held}` };
      return {
        end: 'waiting',
        said: refusalAnswer(refusal, gate.lang, { status: 429, retryAfterSeconds: BUSY_SECONDS }),
      };
    }
    case 'turned-away':
      return turnedAway(gate, upstream, write, answer, gone);
    default:
      return answer satisfies never;
  }
};

const turnedAway = async (
  gate: Gate,
  upstream: Upstream,
  write: ArrivedWrite,
  { refusal, remediation, reply }: Extract<HeldAnswer, { readonly kind: 'turned-away' }>,
  gone: AbortSignal,
): Promise<Say> => {
  const no = reply ?? (isOfApi(refusal.code) ? await tryOnce(upstream, write, gone) : null);
  if (no !== null) return { end: 'api-refused', said: refusedAsItIs(write, no) };
  const same = await unchanged(upstream, write, refusal.code, gone);
  if (same !== null) return { end: 'unchanged', said: same };
  const proposal = remediation === null ? {} : { proposal: remediation.id };
  if (refusal.code === 'rate-limited' || refusal.code === 'busy') {
    const retryAfterSeconds = refusal.code === 'busy' ? BUSY_SECONDS : RATE_SECONDS;
    return { end: 'waiting', said: refusalAnswer(refusal, gate.lang, { ...proposal, status: 429, retryAfterSeconds }) };
  }
  const status = refusal.code === 'too-large' ? 413 : 403;
  return { end: 'denied', said: refusalAnswer(refusal, gate.lang, { ...proposal, status }) };
};

const codeOf = (gate: Gate, remediation: Remediation): string | null =>
  proposalView(remediation, [], viewContextOf(gate)).code;

/** A change of what is so already: as the API server answers it, with the object as it is. null: it is none, or may not be read. */
const unchanged = async (
  upstream: Upstream,
  write: ArrivedWrite,
  code: string | null,
  gone: AbortSignal,
): Promise<ProxyAnswer | null> => {
  const { method, target, resource } = write;
  if (code !== 'nothing-to-do' || (method !== 'PATCH' && method !== 'PUT') || resource.resource === 'secrets')
    return null;
  const found = await ask(upstream, write, writeTarget({ ...target, query: [] }), gone);
  if (found?.status !== 200) return null;
  const { status, headers, body } = asItIs(found);
  return { status, headers: { ...headers, warning: '299 - "blastgate: it is so already; nothing was written"' }, body };
};

/** Refusals that the API server would give too, in words of its own. */
const isOfApi = (code: string | null): boolean => code === 'not-found' || code === 'dry-run-refused';

/** The API server's own no to what the gate has refused for what the cluster shows; null: it has none. */
const apiRefusal = async (
  gate: Gate,
  upstream: Upstream,
  write: ArrivedWrite,
  remediation: Remediation,
  gone: AbortSignal,
): Promise<ApiReply | null> => {
  return remediation.state === 'refused' && isOfApi(codeOf(gate, remediation)) ? tryOnce(upstream, write, gone) : null;
};

/** What is no client's own fault is not told as such: rights and webhooks concern the gate's account. */
const OWN_FAULTS: ReadonlySet<number> = new Set([400, 404, 405, 409, 410, 413, 415, 422]);

/** The client's request as a dry run; null unless the API server says that it is wrong. */
const tryOnce = async (
  upstream: Upstream,
  { method, target, contentType, body }: ArrivedWrite,
  gone: AbortSignal,
): Promise<ApiReply | null> => {
  const query = [...target.query.filter(([name]) => name !== 'dryRun'), ['dryRun', 'All'] as const];
  const request = {
    method,
    path: writeTarget({ ...target, query }),
    headers: { accept: 'application/json', ...(contentType === null ? {} : { 'content-type': contentType }) },
    // The options of a deletion stand in its query or in its body, never in both.
    body: method === 'DELETE' || body.length === 0 ? null : body,
  };
  const reply = await replyTo(() => upstream.dryRun(request, gone));
  return reply !== null && OWN_FAULTS.has(reply.status) ? reply : null;
};

/** The API server's own answer, whatever it is. */
const asItIs = ({ status, auditId, body }: ApiReply): ProxyAnswer => ({
  status,
  headers: { 'content-type': 'application/json', ...(auditId === null ? {} : { 'audit-id': auditId }) },
  body: `${JSON.stringify(withoutSecrets(body))}\n`,
});

/** Its no, but for what it may show of a Secret. */
const refusedAsItIs = ({ target }: ArrivedWrite, no: ApiReply): ProxyAnswer => {
  const path = `/${target.segments.join('/')}`;
  return asItIs(showsSecret(path, no.status) ? { ...no, body: statusWithoutSecret(no.body, no.status) } : no);
};

/** kubectl prints a Warning on stderr; a header is ASCII, so it is English. */
const written = ({ id, spec, decision }: Remediation, reply: ApiReply): ProxyAnswer => {
  const { status, headers, body } = asItIs(reply);
  const tier = decision?.tier ?? spec.tier;
  const warning = `299 - "blastgate: ${id}, score ${spec.blastRadiusScore ?? 'none'}, ${tier}"`;
  return { status, headers: { ...headers, warning }, body };
};

const unseen = (gate: Gate, { id }: Remediation): ProxyAnswer => {
  const { unseen: message, look } = DICTIONARIES[gate.lang].proxy;
  const text = `blastgate: ${fill(message, { proposal: id })} ${fill(look, { proposal: id })}`;
  return statusAnswer({ status: 500, message: text, proposal: id });
};

/** Names proposal, score and who must agree. */
const waiting = (
  gate: Gate,
  remediation: Remediation,
  words: Omit<StatusWords, 'message'>,
  refusal: Refusal | null = null,
): ProxyAnswer => {
  const { id, tier, score, next } = proposalView(remediation, [], viewContextOf(gate));
  const { proxy } = DICTIONARIES[gate.lang];
  const about = fill(proxy.about, { proposal: id, score, tier, next });
  if (refusal === null) return statusAnswer({ ...words, proposal: id, message: `blastgate: ${about}` });
  const { code } = refusal;
  const look = fill(proxy.look, { proposal: id });
  return statusAnswer({
    ...words,
    code,
    proposal: id,
    message: `blastgate: ${refusalText(refusal, gate.lang)} ${about} ${look} (${code})`,
  });
};

const endedAnswer = (gate: Gate, remediation: Remediation): ProxyAnswer => {
  const { code, why } = proposalView(remediation, [], viewContextOf(gate));
  const { message, remedy } = describeRefusalOf({ code: 'not-open', about: null }, remediation, gate.lang);
  const reason = code ?? remediation.state;
  const { state } = remediation;
  const said =
    state === 'blocked' || state === 'refused' ? `${remediation.id}: ${why ?? message}` : `${message} ${remedy ?? ''}`;
  return statusAnswer({
    status: 403,
    code: reason,
    proposal: remediation.id,
    message: `blastgate: ${said.trim()} (${reason})`,
  });
};

/** One GET by the agent's own reading; null where nobody answers, or what is answered is no JSON. */
const ask = async (
  upstream: Upstream,
  { identity }: ArrivedWrite,
  path: string,
  gone: AbortSignal,
): Promise<ApiReply | null> => {
  const request = { method: 'GET', path, headers: { accept: 'application/json' }, body: null };
  return replyTo(() => upstream.read(request, inCluster(identity), gone));
};

const replyTo = async (send: () => Promise<IncomingMessage>): Promise<ApiReply | null> => {
  try {
    const answer = await send();
    const body = await jsonObjectOf(answer);
    const id = answer.headers['audit-id'];
    const auditId = typeof id === 'string' ? id : null;
    return body === null ? null : { status: answer.statusCode ?? 0, auditId, body };
  } catch {
    return null;
  }
};

/** After a restart, or where the answer of the write was lost: what the write has left. */
const readBack = async (
  upstream: Upstream,
  write: ArrivedWrite,
  { spec }: Remediation,
  gone: AbortSignal,
): Promise<ApiReply | null> => {
  const { method, target, resource } = write;
  const done = (status: number, body: Json): ApiReply => ({ status, auditId: null, body });
  if (resource.subresource === 'eviction' || resource.subresource === 'binding')
    return done(201, successStatus(resource));
  if (resource.resource === 'secrets') return null;
  const made = method === 'POST' ? nameOf(spec.changes?.[0]?.object ?? '') : null;
  if (method === 'POST' && made === null) return null;
  const segments = made === null ? target.segments : [...target.segments, made];
  const found = await ask(upstream, write, writeTarget({ ...target, segments, query: [] }), gone);
  if (method === 'DELETE' && (resource.name === null || found?.status === 404))
    return done(200, successStatus(resource));
  return found?.status === 200 ? { ...found, status: method === 'POST' ? 201 : 200 } : null;
};

/** The name in an object key: "deployments.apps shop/web". */
const nameOf = (object: string): string | null => /([^/ ]+)$/.exec(object)?.[1] ?? null;
