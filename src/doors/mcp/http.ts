// /mcp of the gate: the tools over streamable HTTP. Who calls is whose token it is; cookies and sessions there are none.
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { JsonObject } from '../../core/model/json.ts';
import type { Gate } from '../../flow/gate.ts';
import { nowOf } from '../../flow/transition.ts';
import { knownHost, sameOrigin } from '../callers.ts';
import type { App } from '../http/endpoint.ts';
import { problem } from '../http/problem.ts';
import { callerOf, identify, tokenProblem } from '../identity.ts';
import type { GateClient } from '../terminal/gate-client.ts';
import type { Backend } from './tool.ts';
import type { WaitClock } from './wait-clock.ts';

const MAX_BODY = 1024 * 1024;

export interface McpDoor {
  readonly version: string;
  /** Names by which the gate is called, beside loopback and addresses. */
  readonly hosts: readonly string[];
  /** So many waits of one caller at once. */
  readonly waits: number;
  readonly clock: WaitClock;
  /** Aborts when the gate ends. */
  readonly ending: AbortSignal;
}

/** Registers the address. The protocol's code loads with the first call: a gate that nobody asks so does without. */
export function serveMcp(app: App, gate: Gate, door: McpDoor): void {
  let handler: Promise<McpHttpHandler> | null = null;
  const waits = countWaits(door.waits);
  app.all('/mcp', async (c) => {
    if (!knownHost(c.req.header('host'), door.hosts)) return problem(c, 'wrong-host', null);
    if (!sameOrigin(c.req.header('origin'), c.req.header('host'))) return problem(c, 'wrong-origin', null);
    const authorization = c.req.header('authorization');
    const [people, now] = [gate.people(), nowOf(gate)];
    if (identify(authorization, people, now) === null)
      return problem(c, tokenProblem(authorization, people, now), null);
    handler ??= openHandler(app, gate, door, waits);
    return (await handler).fetch(c.req.raw);
  });
}

const openHandler = async (app: App, gate: Gate, door: McpDoor, waits: CountedWaits): Promise<McpHttpHandler> => {
  const { createMcpHandler } = await import('@modelcontextprotocol/server');
  const { createMcpServer } = await import('./server.ts');
  return createMcpHandler(
    ({ requestInfo }) => {
      const authorization = requestInfo?.headers.get('authorization') ?? '';
      const backend: Backend = {
        gate: clientOf(app, authorization),
        scoreHere: null,
        lang: gate.lang,
        clock: door.clock,
        report: (error) => gate.log.error('mcp_tool_failed', { error: error.message }),
        ending: door.ending,
        beginWait: () => waits.begin(callerText(authorization, gate)),
      };
      return createMcpServer(backend, door.version);
    },
    {
      maxRequestBodySize: MAX_BODY,
      onerror: (error) => gate.log.warn('mcp_request_failed', { error: error.message }),
    },
  );
};

/** The gate's own HTTP door, asked within the process: the same rights, limits, codes and words as for anybody else. */
const clientOf = (app: App, authorization: string): GateClient => ({
  call: async (method, path, body, signal) => {
    const response = await app.request(`/v1${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(signal === undefined ? {} : { signal }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // as: every answer under /v1 to these methods is an object.
    return { status: response.status, body: (await response.json()) as JsonObject };
  },
});

const callerText = (authorization: string, gate: Gate): string => {
  const identity = identify(authorization, gate.people(), nowOf(gate));
  return identity === null ? '' : callerOf(identity);
};

interface CountedWaits {
  readonly begin: (caller: string) => (() => void) | null;
}

const countWaits = (most: number): CountedWaits => {
  const under = new Map<string, number>();
  return {
    begin: (caller) => {
      const now = under.get(caller) ?? 0;
      if (now >= most) return null;
      under.set(caller, now + 1);
      return () => {
        const left = (under.get(caller) ?? 1) - 1;
        if (left > 0) under.set(caller, left);
        else under.delete(caller);
      };
    },
  };
};
