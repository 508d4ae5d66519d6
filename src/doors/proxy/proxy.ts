// One request of an agent for the Kubernetes API → read through, tried, proposed to the gate, or refused (contract-2, section 8).
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { RefusalCode } from '../../core/model/refusal.ts';
import { readTraceParent, type TraceContext } from '../../core/model/trace-context.ts';
import type { Gate } from '../../flow/gate.ts';
import { nowOf } from '../../flow/transition.ts';
import { callerOf, type Identity, identify, tokenProblem } from '../identity.ts';
import { TakesNoDryRun, type Upstream } from '../upstream.ts';
import type { ProxyCounts, RouteKind } from './counts.ts';
import { dryRunOfDeletion } from './deletion-options.ts';
import { passedHeaders, refusedHeader, wantsUpgrade } from './headers.ts';
import { inCluster } from './in-cluster.ts';
import { goneSignal, isClosed, isDelivered, type ProxyResponse, streamAnswer } from './pass-on.ts';
import { type ReadRequestBody, readRequestBody } from './read-request-body.ts';
import { refusedReading } from './readable-first.ts';
import { type RequestTarget, readTarget, writeTarget } from './request-target.ts';
import { createRevocation } from './revocation.ts';
import { type ResourcePath, routeOf } from './route.ts';
import { type ShadowWrites, UNHEARD_WRITE } from './shadow.ts';
import { type ProxyAnswer, refusalAnswer, statusAnswer } from './status.ts';

export type ProxyRequest = IncomingMessage | Http2ServerRequest;

/** A write as it has arrived, for whoever asks the gate. */
export interface ArrivedWrite {
  readonly method: string;
  readonly target: RequestTarget;
  readonly resource: ResourcePath;
  readonly contentType: string | null;
  readonly body: Buffer;
  readonly identity: Identity;
  /** Asked again just before it is stored. */
  readonly mayStill: () => boolean;
  /** The process of the client, as it says: shown, and told apart by, never trusted. */
  readonly session: string | null;
  /** Of the client, where it has one. */
  readonly trace?: TraceContext | null;
}

export interface AnsweredWrite extends ProxyAnswer {
  /** Called once the answer has been handed over whole. */
  readonly delivered?: () => void;
}

export interface ProxyState {
  readonly upstream: Upstream;
  readonly write: (arrived: ArrivedWrite, gone: AbortSignal) => Promise<AnsweredWrite>;
  /** Absent: every write is decided. */
  readonly shadow?: ShadowWrites;
  readonly counts: ProxyCounts;
  /** Aborts when the gate ends: streams end with it. */
  readonly ending: AbortSignal;
}

/** Reads, watches and logs that one agent may have open at once: a kubectl has a few, a controller some fifty. */
const MOST_OPEN = 200;

const BODY_STATUS = { 'too-large': 413, 'too-slow': 408, encoded: 415, cut: 400 } as const satisfies Record<
  Extract<ReadRequestBody, { readonly ok: false }>['why'],
  number
>;

export function createProxy(gate: Gate, state: ProxyState): (request: ProxyRequest, response: ProxyResponse) => void {
  const { upstream, counts, ending } = state;
  const openOf = new Map<string, number>();
  const cameAt = new WeakMap<ProxyResponse, number>();
  const secondsOf = (response: ProxyResponse): number =>
    (performance.now() - (cameAt.get(response) ?? performance.now())) / 1000;
  const revocation = createRevocation(gate, ending);

  const say = (response: ProxyResponse, kind: RouteKind, answer: AnsweredWrite): Promise<void> => {
    counts.answered(kind, answer.status, secondsOf(response));
    return new Promise((done) => {
      response.once('close', () => {
        if (isDelivered(response)) answer.delivered?.();
        done();
      });
      if (isClosed(response)) return done();
      // as: both kinds of response take the same arguments.
      (response as import('node:http').ServerResponse).writeHead(answer.status, answer.headers);
      response.end(answer.body);
    });
  };

  const serve = async (request: ProxyRequest, response: ProxyResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const gone = AbortSignal.any([goneSignal(response), ending]);
    const who = () => identify(headers.authorization, gate.people(), nowOf(gate));
    const identity = who();
    if (identity === null) {
      request.resume();
      return say(
        response,
        'refused',
        statusAnswer(
          tokenProblem(headers.authorization, gate.people(), nowOf(gate)) === 'token-expired'
            ? { status: 401, message: 'blastgate: the token has expired (token-expired)' }
            : { status: 401, message: 'blastgate: the token is missing, or nobody’s' },
        ),
      );
    }
    const refuse = (status: number, code: RefusalCode, about: string): Promise<void> => {
      request.resume();
      gate.log.info('proxy_refused', { agent: identity.proposer.id, method, code, about });
      return say(response, 'refused', refusalAnswer({ code, about }, 'en', { status }));
    };
    const header = refusedHeader(headers, request.rawHeaders);
    if (header !== null) return refuse(403, 'header-refused', header);
    const target = readTarget(url);
    if (target === null) return refuse(400, 'path-refused', url.slice(0, 200));
    const route = routeOf(method, target);
    if (route.kind === 'refused') return refuse(route.status, route.code, route.about);
    if (wantsUpgrade(headers)) return refuse(403, 'stream-refused', headers.upgrade ?? 'upgrade');
    const right = route.kind === 'write' || route.kind === 'dry-run' ? 'propose' : 'read';
    if (!identity.rights.includes(right)) return refuse(403, 'no-right', `${identity.proposer.id}, ${right}`);
    const read = await readRequestBody(request);
    if (!read.ok) return refuse(BODY_STATUS[read.why], 'body-refused', read.why).finally(() => dropRest(request));
    const { body } = read;
    const path = writeTarget(target);
    const passed = { method, path, headers: passedHeaders(headers), body: body.length === 0 ? null : body };
    if (route.kind === 'read' || route.kind === 'self-review') {
      if (route.kind === 'read' && body.length > 0) return refuse(400, 'body-refused', method);
      const mayGoOn = (): boolean => who()?.rights.includes('read') === true;
      const ask = () => upstream.read(passed, inCluster(identity), gone);
      return pass(route.kind, { caller: callerOf(identity), mayGoOn }, response, ask);
    }
    const tried = dryRunOfDeletion(method, target, headers['content-type'] ?? null, body);
    if (tried === 'two-ways') return refuse(400, 'path-refused', `${path}, dryRun`);
    if (route.kind === 'dry-run' || tried !== null) {
      if (route.resource.resource === 'secrets') return refuse(403, 'secret-read', path);
      const sent = tried === null ? passed : { ...passed, ...tried };
      const reader = { caller: callerOf(identity), mayGoOn: () => true };
      const ask = async () =>
        (await refusedReading(upstream, sent, inCluster(identity), gone)) ?? upstream.dryRun(sent, gone);
      return pass('dry-run', reader, response, ask);
    }
    const arrived: ArrivedWrite = {
      method,
      target,
      resource: route.resource,
      contentType: headers['content-type'] ?? null,
      body,
      identity,
      mayStill: () => who()?.rights.includes('propose') === true,
      session: sessionOf(headers['kubectl-session']),
      trace: readTraceParent([headers['traceparent']].flat()[0]),
    };
    const close = counts.open('held');
    try {
      const shadowed = (await state.shadow?.(arrived, passed, gone)) ?? { kind: 'enforced' };
      if (shadowed.kind === 'answered') return await say(response, 'write', shadowed.answer);
      if (shadowed.kind === 'observed')
        return await pass(
          'write',
          { caller: callerOf(identity), mayGoOn: () => true },
          response,
          shadowed.ask,
          UNHEARD_WRITE,
        );
      return await say(response, 'write', await state.write(arrived, gone));
    } finally {
      close();
    }
  };

  /** Streams what the API server answers; a silent one is 503, which clients ask again. */
  const pass = async (
    kind: RouteKind,
    { caller, mayGoOn }: { readonly caller: string; readonly mayGoOn: () => boolean },
    response: ProxyResponse,
    ask: () => Promise<IncomingMessage>,
    unheard = UNHEARD,
  ): Promise<void> => {
    const open = openOf.get(caller) ?? 0;
    if (open >= MOST_OPEN)
      return say(
        response,
        kind,
        refusalAnswer({ code: 'too-many-waiting', about: `${open}` }, 'en', { status: 429, retryAfterSeconds: 1 }),
      );
    openOf.set(caller, open + 1);
    const close = counts.open('stream');
    try {
      let answer: IncomingMessage;
      try {
        answer = await ask();
      } catch (error) {
        if (isClosed(response)) return;
        if (error instanceof TakesNoDryRun)
          return await say(
            response,
            kind,
            refusalAnswer({ code: 'no-executor', about: error.message }, 'en', { status: 403 }),
          );
        gate.log.warn('proxy_unheard', { error: error instanceof Error ? error.message : 'unknown' });
        return await say(response, kind, unheard);
      }
      counts.answered(kind, answer.statusCode ?? 502, secondsOf(response));
      const forget = revocation.watch({ mayGoOn, end: () => answer.destroy() });
      await streamAnswer(answer, response).finally(forget);
    } finally {
      close();
      openOf.set(caller, (openOf.get(caller) ?? 1) - 1);
    }
  };

  return (request, response) => {
    cameAt.set(response, performance.now());
    // Nobody listens for what fails while an answer is on its way: the client has gone.
    response.on('error', () => undefined);
    serve(request, response).catch((error: unknown) => {
      gate.log.error('proxy_failed', { error: error instanceof Error ? error.message : 'unknown' });
      if (response.headersSent || isClosed(response)) response.destroy();
      else void say(response, 'refused', BROKEN);
    });
  };
}

/** Milliseconds in which a client may read why its body is not taken; what it still sends is thrown away, and then the connection. */
const READ_WHY_MS = 1_000;

const dropRest = (request: ProxyRequest): void => {
  if (request.complete) return;
  setTimeout(() => {
    if (!request.complete) request.destroy();
  }, READ_WHY_MS).unref();
};

const UNHEARD = statusAnswer({
  status: 503,
  message: 'blastgate: the API server does not answer',
  retryAfterSeconds: 1,
});
const BROKEN = statusAnswer({ status: 500, message: 'blastgate: the proxy has failed; its log says why' });

/** What kubectl sends is a UUID; anything longer or stranger is nobody's. */
const sessionOf = (value: string | readonly string[] | undefined): string | null =>
  typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : null;
