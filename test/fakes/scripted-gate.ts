// A gate as the console sees it, played from values: for what a real one does not say at will (hostile words, 50,000 rows, silence).
import type { Session } from '../../console/src/api/types.ts';

export interface ScriptedGate {
  answer(request: Request): Promise<Response>;
  /** Sends an event to every stream that is open. */
  tell(event: string, data: Readonly<Record<string, unknown>>): void;
  /** What was asked for and may be answered otherwise from now on. */
  readonly answers: Map<string, (url: URL, request: Request) => unknown>;
  readonly session: { value: Session };
  /** Bodies of POSTs, in order. */
  readonly sent: { readonly path: string; readonly body: unknown; readonly csrf: string | null }[];
  /** Awaited before every answer of /v1 but the stream: a slow network. */
  hold: Promise<void>;
}

export const A_SESSION: Session = {
  person: { id: 'ben', name: 'Ben Koch', rights: ['read', 'approve'], teams: [], agents: [] },
  channel: 'link',
  csrf: 'a-csrf-token',
  expiresAt: null,
  login: { oidc: true, links: true },
  version: '0.0.0',
  demo: false,
  cluster: 'prod-eu',
};

/** A Response as it is; any other value as JSON. */
const asResponse = (value: unknown): Response => (value instanceof Response ? value : Response.json(value));

export function problemResponse(status: number, code: string, detail: string, remedy: string | null = null): Response {
  return Response.json({ status, code, title: code, detail, remedy }, { status });
}

export function scriptedGate(): ScriptedGate {
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const text = new TextEncoder();
  let seq = 1;
  const stream = (): Response => {
    let own: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        own = controller;
        streams.add(controller);
        controller.enqueue(text.encode('event: ready\ndata: {"after":1}\nid: 1\n\n'));
      },
      cancel: () => {
        streams.delete(own);
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  const gate: ScriptedGate = {
    answers: new Map(),
    session: { value: A_SESSION },
    sent: [],
    hold: Promise.resolve(),
    tell: (event, data) => {
      seq += 1;
      for (const controller of streams)
        controller.enqueue(text.encode(`event: ${event}\ndata: ${JSON.stringify({ event, ...data })}\nid: ${seq}\n\n`));
    },
    answer: async (request) => {
      const url = new URL(request.url);
      if (url.pathname === '/v1/session') return Response.json(gate.session.value);
      if (url.pathname === '/v1/events') return stream();
      await gate.hold;
      if (request.method !== 'GET') {
        const body: unknown = await request.json().catch(() => null);
        gate.sent.push({
          path: `${request.method} ${url.pathname}`,
          body,
          csrf: request.headers.get('x-blastgate-csrf'),
        });
      }
      const found = gate.answers.get(`${request.method} ${url.pathname}`) ?? gate.answers.get(url.pathname);
      return found === undefined
        ? problemResponse(404, 'not-found-here', 'there is nothing here')
        : asResponse(found(url, request));
    },
  };
  return gate;
}
