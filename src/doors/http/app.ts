// The HTTP door: what holds for every address.
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { Session } from '../../core/approval/session.ts';
import { within } from '../../flow/deadline.ts';
import type { Gate } from '../../flow/gate.ts';
import { nowOf } from '../../flow/transition.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import type { WebhookSource } from '../../ports/webhook.ts';
import { identify, tokenProblem } from '../identity.ts';
import type { Measures } from '../measures/measures.ts';
import { serveAudit } from './audit.ts';
import { limitBody } from './body-limit.ts';
import { sessionIdentity, sessionOf, sessionProblem } from './browser-session.ts';
import type { ChainCheck } from './chain-check.ts';
import { serveConsole } from './console-page.ts';
import type { App, RequestVariables } from './endpoint.ts';
import { type StreamLimits, serveEventStream } from './event-stream.ts';
import { serveExports } from './exports.ts';
import { type HookLimits, isHook, serveHooks } from './hooks.ts';
import { serveInsight } from './insight.ts';
import { serveJudging } from './judging.ts';
import { type LoginDoor, serveLinkLogin, serveLinkMaking, serveLogout, serveSession } from './login.ts';
import { serveOidcLogin } from './login-oidc.ts';
import { serveOutcomes } from './outcomes.ts';
import { servePause } from './pause.ts';
import { problem } from './problem.ts';
import { serveProposals } from './proposals.ts';
import type { Ready } from './readiness.ts';
import { serveShadow } from './shadow.ts';
import { serveDecisions } from './votes.ts';

/** What the door needs besides the gate: whether it is ready or ends, and its metrics as Prometheus text. */
export interface DoorState {
  readonly version: string;
  ready(): Promise<Ready>;
  metrics(): Promise<string>;
  readonly streams: StreamLimits;
  /** Hears of every answer; absent: nobody measures. */
  readonly answered?: Measures['answered'];
  /** What forges and chats send to; absent: nothing. */
  readonly hooks?: readonly WebhookSource[];
  /** Absent: the usual ones. */
  readonly hookLimits?: HookLimits;
  /** Whether the trail is whole; absent: the door looks by itself. */
  readonly checkChain?: ChainCheck;
  /** Absent: nobody logs in with a browser. */
  readonly login?: Omit<LoginDoor, 'version'>;
  /** Aborts when the gate ends: streams end with it. */
  readonly ending: AbortSignal;
}

/** Any other is nobody's: a label of a metric must have few values. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Every address but /healthz, /readyz, /metrics, the OpenAPI document and the empty page asks for a token or a session. */
export function httpApp(gate: Gate, door: DoorState): App {
  const app: App = new OpenAPIHono<{ Variables: RequestVariables }>();
  app.use('*', async (c, next) => {
    const begun = performance.now();
    await next();
    const [method, route] = [METHODS.has(c.req.method) ? c.req.method : 'other', routePath(c, -1)];
    door.answered?.({
      method,
      route: /[*]/.test(route) ? 'none' : route,
      code: c.res.status,
      seconds: (performance.now() - begun) / 1000,
    });
    // Not by c.header, which would build the answer anew with its body as a stream.
    const { headers } = c.res;
    headers.set('x-content-type-options', 'nosniff');
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
  });
  const limited = limitBody((c) => problem(c, 'body-too-large', null));
  // A chunked body is read whole by the limit, however slowly it comes: hooks, which anybody may send to, read theirs within a time.
  app.use('*', (c, next) => (isHook(c.req.path) ? next() : limited(c, next)));
  app.notFound((c) => {
    const methods = methodsAt(app, c.req.path);
    if (methods.length === 0) return problem(c, 'not-found-here', `there is nothing at ${c.req.method} ${c.req.path}`);
    c.header('allow', methods.join(', '));
    return problem(c, 'method-not-allowed', `${c.req.path} takes ${methods.join(', ')}`);
  });
  app.onError((error, c) => failed(gate, error, c));
  serveHealth(app, door);
  app.doc31('/v1/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Blastgate', version: door.version },
    security: [{ bearer: [] }],
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  const login = door.login === undefined ? null : { ...door.login, version: door.version };
  if (login !== null) {
    serveSession(app, gate, login);
    serveLinkLogin(app, gate, login);
    serveLogout(app, gate, login);
    if (login.oidc !== null) serveOidcLogin(app, gate, { ...login.oidc, hosts: login.hosts });
    serveConsole(app, login.hosts, login.folder);
  }
  serveHooks(app, gate, door.hooks ?? [], door.hookLimits);
  identifyCallers(app, gate, login);
  if (login !== null) serveLinkMaking(app, gate, login);
  serveJudging(app, gate);
  serveProposals(app, gate);
  serveDecisions(app, gate);
  serveEventStream(app, gate, door);
  serveOutcomes(app, gate);
  serveAudit(app, gate, door.checkChain);
  servePause(app, gate);
  serveShadow(app, gate);
  serveInsight(app, gate, door.ending);
  serveExports(app, gate, door.ending);
  return app;
}

/** By a token; only where none is sent, by the cookie of a session, which a browser sends by itself. */
const identifyCallers = (app: App, gate: Gate, login: LoginDoor | null): void => {
  app.use('/v1/*', async (c, next) => {
    const token = c.req.header('authorization');
    const session = token === undefined && login !== null ? await sessionOf(gate, c) : null;
    if (session === null) {
      const now = identify(token, gate.people(), nowOf(gate));
      if (now === null) return problem(c, tokenProblem(token, gate.people(), nowOf(gate)), null);
      // Whoever asks within this turn is answered as it is; afterwards it is looked at anew.
      let isNow = true;
      c.set('identify', () => (isNow ? now : identify(token, gate.people(), nowOf(gate))));
      queueMicrotask(() => {
        isNow = false;
      });
      return next();
    }
    const wrong = sessionProblem(c, login?.hosts ?? []);
    if (wrong !== null) return problem(c, wrong, null);
    let now: Session | null = session;
    c.set('identify', () => (now === null ? null : sessionIdentity(gate, now)));
    c.set('readAgain', async (signal) => {
      now = await gate.store.sessions.read(session.id, within('store', signal));
    });
    return next();
  });
};

/** The methods of an address, [] where there is none. */
const methodsAt = (app: App, path: string): readonly string[] => {
  const here = app.routes.filter(
    (route) => route.method !== 'ALL' && new RegExp(`^${route.path.replace(/:\w+/g, '[^/]+')}$`).test(path),
  );
  return [...new Set(here.map(({ method }) => method))].sort();
};

/** A database that is read-only or away is mostly being switched over: nothing was done, and the same may be asked again. */
const STORE_AGAIN_SECONDS = 5;

const failed = (gate: Gate, error: Error, c: Context): Response => {
  gate.log.error('request_failed', { path: c.req.path, error: error.message });
  if (error instanceof AdapterError) {
    c.header('retry-after', String(error.retryAfterSeconds ?? STORE_AGAIN_SECONDS));
    return problem(c, 'store-failed', error.message);
  }
  return problem(c, 'broken', null);
};

const serveHealth = (app: App, door: DoorState): void => {
  app.get('/healthz', (c) => c.text('ok\n'));
  app.get('/readyz', async (c) => {
    const ready = await door.ready();
    return ready.ok ? c.text(['ok', ...(ready.notes ?? []), ''].join('\n')) : c.text(`${ready.why}\n`, 503);
  });
  app.get('/metrics', async (c) =>
    c.text(await door.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
};
