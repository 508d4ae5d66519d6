// The HTTP door: what holds for every address.
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Gate } from '../../flow/gate.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { identify } from '../identity.ts';
import { serveAdministration } from './administration.ts';
import type { App, RequestVariables } from './endpoint.ts';
import { type StreamLimits, serveEventStream } from './event-stream.ts';
import { serveJudging } from './judging.ts';
import { problem } from './problem.ts';
import { serveProposals } from './proposals.ts';
import type { Ready } from './readiness.ts';
import { serveShadow } from './shadow.ts';

const MAX_BODY = 1024 * 1024;

/** What the door needs besides the gate: whether it is ready or ends, and its metrics as Prometheus text. */
export interface DoorState {
  readonly version: string;
  ready(): Promise<Ready>;
  metrics(): Promise<string>;
  readonly streams: StreamLimits;
  /** Aborts when the gate ends: streams end with it. */
  readonly ending: AbortSignal;
}

/** Every address but /healthz, /readyz, /metrics and the OpenAPI document asks for a token. */
export function httpApp(gate: Gate, door: DoorState): App {
  const app: App = new OpenAPIHono<{ Variables: RequestVariables }>();
  app.use('*', async (c, next) => {
    await next();
    c.header('x-content-type-options', 'nosniff');
    c.header('cache-control', 'no-store');
  });
  app.use(
    '*',
    bodyLimit({
      maxSize: MAX_BODY,
      onError: (c) => problem(c, 'body-too-large', null),
    }),
  );
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
  app.use('/v1/*', async (c, next) => {
    const token = c.req.header('authorization');
    if (identify(token, gate.people()) === null) return problem(c, 'unauthorized', null);
    c.set('identify', () => identify(token, gate.people()));
    return next();
  });
  serveJudging(app, gate);
  serveProposals(app, gate);
  serveEventStream(app, gate, door);
  serveAdministration(app, gate);
  serveShadow(app, gate);
  return app;
}

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
    return ready.ok ? c.text('ok\n') : c.text(`${ready.why}\n`, 503);
  });
  app.get('/metrics', async (c) =>
    c.text(await door.metrics(), 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
};
