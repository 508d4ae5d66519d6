// A gate in memory whose tools are reached as clients reach them: over /mcp, by the official client, in either era of the protocol.
import { createHash } from 'node:crypto';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { People } from '../../src/core/approval/people.ts';
import type { JsonObject } from '../../src/core/model/json.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import { type McpDoor, serveMcp } from '../../src/doors/mcp/http.ts';
import { SYSTEM_WAIT_CLOCK } from '../../src/doors/mcp/wait-clock.ts';
import type { Gate } from '../../src/flow/gate.ts';
import { judgingHere } from '../fakes/judging.ts';
import { CAST, setStage } from './memory-gate.ts';

const hash = (token: string) => `sha256:${createHash('sha256').update(token).digest('hex')}`;

/** Everyone's token is their id; healer and mender are agents of ana and ben. */
export const MCP_CAST: People = {
  people: CAST.people.map((person) => ({ ...person, tokens: [hash(person.id)] })),
  agents: [
    { id: 'healer', owner: 'ana', rights: ['read', 'propose'], tokens: [hash('healer')] },
    { id: 'mender', owner: 'ben', rights: ['read', 'propose'], tokens: [hash('mender')] },
  ],
};

export const MCP_URL = 'http://localhost:8448/mcp';

/** The revisions that clients speak. */
export const REVISIONS = ['2025-06-18', '2025-11-25', '2026-07-28'] as const;
export type Revision = (typeof REVISIONS)[number];

/** How the official client is told to speak a revision and no other. */
export function clientOptions(revision: Revision): ClientOptions {
  return revision === '2026-07-28'
    ? { versionNegotiation: { mode: { pin: revision } } }
    : { supportedProtocolVersions: [revision] };
}

/** The answer of a tool, as the client has it. */
export interface Called {
  readonly isError: boolean;
  readonly body: JsonObject;
  readonly text: string;
}

export async function callTool(client: Client, name: string, args: JsonObject = {}): Promise<Called> {
  const result = await client.callTool({ name, arguments: { ...args } });
  const [content] = result.content;
  return {
    isError: result.isError === true,
    // as: structured content is a JSON object.
    body: (result.structuredContent ?? {}) as JsonObject,
    text: content?.type === 'text' ? content.text : '',
  };
}

export function openMcp(change: Partial<Gate> = {}, door: Partial<McpDoor> = {}) {
  const stage = setStage();
  const gate: Gate = { ...stage.gate, judging: judgingHere(), people: () => MCP_CAST, ...change };
  const ending = new AbortController();
  const app = httpApp(gate, {
    version: '1.2.3',
    ready: async () => ({ ok: true }),
    streams: { perToken: 50, inAll: 1000 },
    metrics: async () => '',
    ending: ending.signal,
  });
  serveMcp(app, gate, {
    version: '1.2.3',
    hosts: [],
    waits: 3,
    clock: SYSTEM_WAIT_CLOCK,
    ending: ending.signal,
    ...door,
  });
  /** A connected client of whoever's token it is. */
  const connect = async (token: string, revision: Revision, options: ClientOptions = {}): Promise<Client> => {
    const client = new Client({ name: 'test', version: '1' }, { ...clientOptions(revision), ...options });
    const transport = new StreamableHTTPClientTransport(new URL(MCP_URL), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
      fetch: async (url, init) => {
        const request = new Request(url, init);
        request.headers.set('host', new URL(request.url).host);
        return app.fetch(request);
      },
    });
    await client.connect(transport);
    return client;
  };
  return { stage, gate, app, ending, connect };
}
