// One request of an agent for the Kubernetes API → read through, tried, proposed to the gate, or refused (contract-2, section 8).
import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import type { Refusal, RefusalCode } from '../../core/model/refusal.ts';
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
import { type ProxyAnswer, refusalAnswer, refusalAsText, statusAnswer } from './status.ts';

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

/** What stands behind the address of one cluster. */
export interface ProxyDoor {
  /** As the log names it; null: nobody named it. */
  readonly cluster: string | null;
  readonly upstream: Upstream;
  readonly write: (arrived: ArrivedWrite, gone: AbortSignal) => Promise<AnsweredWrite>;
  /** Absent: every write is decided. */
  readonly shadow?: ShadowWrites;
  readonly counts: ProxyCounts;
}

export interface ProxyState {
  /** The door of the cluster that an address names; null: it names none. */
  readonly doorOf: (cluster: string | null) => FoundDoor;
  /** Of what comes to no door. */
  readonly counts: ProxyCounts;
  /** Aborts when the gate ends: streams end with it. */
  readonly ending: AbortSignal;
}

export type FoundDoor =
  | { readonly ok: true; readonly door: ProxyDoor }
  | { readonly ok: false; readonly refusal: Refusal };

/** Reads, watches and logs that one agent may have open at once at a cluster: a kubectl has a few, a controller some fifty. */
const MOST_OPEN = 200;

const BODY_STATUS = { 'too-large': 413, 'too-slow': 408, encoded: 415, cut: 400 } as const satisfies Record<
  Extract<ReadRequestBody, { readonly ok: false }>['why'],
  number
>;

/** `gate` tells who somebody is, the time, and where the log is: what all clusters share. */
export function createProxy(
  gate: Pick<Gate, 'people' | 'clock' | 'log'>,
  { doorOf, counts: ofNone, ending }: ProxyState,
): (request: ProxyRequest, response: ProxyResponse) => void {
  /** Requests that one caller has open at one cluster: what hangs at a dead one is no other's. */
  const openOf = new Map<string, number>();
  const asked = new WeakMap<ProxyResponse, { readonly cameAt: number; counts: ProxyCounts }>();
  const countAnswer = (response: ProxyResponse, kind: RouteKind, status: number): void => {
    const { cameAt, counts } = asked.get(response) ?? { cameAt: performance.now(), counts: ofNone };
    counts.answered(kind, status, (performance.now() - cameAt) / 1000);
  };
  const revocation = createRevocation(gate, ending);

  const say = (response: ProxyResponse, kind: RouteKind, answer: AnsweredWrite): Promise<void> => {
    countAnswer(response, kind, answer.status);
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
    let cluster: { readonly cluster?: string } = {};
    const turnAway = ({ code, about }: Refusal, answer: ProxyAnswer): Promise<void> => {
      request.resume();
      gate.log.info('proxy_refused', { ...cluster, agent: identity.proposer.id, method, code, about });
      return say(response, 'refused', answer);
    };
    const refuse = (status: number, code: RefusalCode, about: string): Promise<void> =>
      turnAway({ code, about }, refusalAnswer({ code, about }, 'en', { status }));
    const header = refusedHeader(headers, request.rawHeaders);
    if (header !== null) return refuse(403, 'header-refused', header);
    const target = readTarget(url);
    if (target === null) return refuse(400, 'path-refused', url.slice(0, 200));
    const found = doorOf(target.cluster);
    if (!found.ok) return turnAway(found.refusal, noDoorAnswer(found.refusal, target));
    const { door } = found;
    const seen = asked.get(response);
    if (seen !== undefined) seen.counts = door.counts;
    cluster = door.cluster === null ? {} : { cluster: door.cluster };
    await serveAt(door, { request, response, target, identity, who, refuse, gone });
  };

  /** At the door of one cluster. */
  const serveAt = async (
    door: ProxyDoor,
    { request, response, target, identity, who, refuse, gone }: KnownRequest,
  ): Promise<void> => {
    const { method = '', headers } = request;
    const { upstream } = door;
    const caller = `${door.cluster ?? ''} ${callerOf(identity)}`;
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
      return pass(route.kind, { door, caller, mayGoOn }, response, ask);
    }
    const tried = dryRunOfDeletion(method, target, headers['content-type'] ?? null, body);
    if (tried === 'two-ways') return refuse(400, 'path-refused', `${path}, dryRun`);
    if (route.kind === 'dry-run' || tried !== null) {
      if (route.resource.resource === 'secrets') return refuse(403, 'secret-read', path);
      const sent = tried === null ? passed : { ...passed, ...tried };
      const reader = { door, caller, mayGoOn: () => true };
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
    const close = door.counts.open('held');
    try {
      const shadowed = (await door.shadow?.(arrived, passed, gone)) ?? { kind: 'enforced' };
      if (shadowed.kind === 'answered') return await say(response, 'write', shadowed.answer);
      if (shadowed.kind === 'observed')
        return await pass('write', { door, caller, mayGoOn: () => true }, response, shadowed.ask, UNHEARD_WRITE);
      return await say(response, 'write', await door.write(arrived, gone));
    } finally {
      close();
    }
  };

  /** Streams what the API server answers; a silent one is 503, which clients ask again. */
  const pass = async (
    kind: RouteKind,
    { door, caller, mayGoOn }: { readonly door: ProxyDoor; readonly caller: string; readonly mayGoOn: () => boolean },
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
    const close = door.counts.open('stream');
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
        const cluster = door.cluster === null ? {} : { cluster: door.cluster };
        gate.log.warn('proxy_unheard', { ...cluster, error: error instanceof Error ? error.message : 'unknown' });
        return await say(response, kind, unheard);
      }
      countAnswer(response, kind, answer.statusCode ?? 502);
      const forget = revocation.watch({ mayGoOn, end: () => answer.destroy() });
      await streamAnswer(answer, response).finally(forget);
    } finally {
      close();
      openOf.set(caller, (openOf.get(caller) ?? 1) - 1);
    }
  };

  return (request, response) => {
    asked.set(response, { cameAt: performance.now(), counts: ofNone });
    // Nobody listens for what fails while an answer is on its way: the client has gone.
    response.on('error', () => undefined);
    serve(request, response).catch((error: unknown) => {
      gate.log.error('proxy_failed', { error: error instanceof Error ? error.message : 'unknown' });
      if (response.headersSent || isClosed(response)) response.destroy();
      else void say(response, 'refused', BROKEN);
    });
  };
}

/** A request that has been read so far that its door is known. */
interface KnownRequest {
  readonly request: ProxyRequest;
  readonly response: ProxyResponse;
  readonly target: RequestTarget;
  readonly identity: Identity;
  /** Who the token is of now; null: nobody any more. */
  readonly who: () => Identity | null;
  readonly refuse: (status: number, code: RefusalCode, about: string) => Promise<void>;
  readonly gone: AbortSignal;
}

/** kubectl takes a 404 of discovery for an API server without kinds, and says so in its place. */
const noDoorAnswer = (refusal: Refusal, { segments: [root = '', ...more] }: RequestTarget): ProxyAnswer => {
  const isDiscovery = (root === 'api' || root === 'apis') && more.length === 0;
  return isDiscovery ? refusalAsText(refusal, 'en', 403) : refusalAnswer(refusal, 'en', { status: 403 });
};

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
