// Clients that ask as soon as they are answered: rates, times, and what comes over a stream.
import { Agent, type IncomingMessage, request } from 'node:http';
import { quantile } from './timing.ts';

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly token: string | null;
  readonly body: object | null;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
}

const agents = new Map<number, Agent>();
const agentFor = (clients: number): Agent => {
  const known = agents.get(clients) ?? new Agent({ keepAlive: true, maxSockets: clients });
  agents.set(clients, known);
  return known;
};

/** Ends every connection that is kept. */
export const closeClients = (): void => {
  for (const agent of agents.values()) agent.destroy();
  agents.clear();
};

export const ask = ({ method, url, token, body }: Asked, clients = 1): Promise<Answered> =>
  new Promise((done, fail) => {
    const text = body === null ? null : JSON.stringify(body);
    const headers = {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    const sent = request(url, { method, headers, agent: agentFor(clients) }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }));
    });
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // A connection that the other side had just closed for being idle: it never arrived (Node, request.reusedSocket).
      const again = sent.reusedSocket && error.code === 'ECONNRESET';
      if (again) done(ask({ method, url, token, body }, clients));
      else fail(error);
    });
    sent.end(text ?? undefined);
  });

export interface Rate {
  readonly perSecond: number;
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
}

interface Pace {
  readonly clients: number;
  readonly ms: number;
}

/** `clients` at once for `ms`, or until `work(n)` has no more, each with the next when it is done; what it throws ends it. */
export const rateOfWork = async ({ clients, ms }: Pace, work: (n: number) => Promise<void> | null): Promise<Rate> => {
  const times: number[] = [];
  let n = 0;
  const begun = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - begun < ms) {
      const start = performance.now();
      const doing = work(n);
      n += 1;
      if (doing === null) return;
      await doing;
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - begun) / 1000;
  return {
    perSecond: times.length / seconds,
    count: times.length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
};

/** The same of requests: each client asks the next `make(n)` when it is answered; anything but `expected` ends it. */
export const rateOf = (
  { expected, ...pace }: Pace & { readonly expected: number },
  make: (n: number) => Asked | null,
): Promise<Rate> =>
  rateOfWork(pace, (n) => {
    const asked = make(n);
    return asked === null ? null : answered(asked, pace.clients, expected);
  });

const answered = async (asked: Asked, clients: number, expected: number): Promise<void> => {
  const { status, text } = await ask(asked, clients);
  if (status !== expected) throw new Error(`${asked.method} ${asked.url}: ${status} ${text.slice(0, 300)}`);
};

/** Milliseconds of each of `times` requests, one after the other. */
export const timesOf = async (times: number, asked: Asked): Promise<readonly number[]> => {
  const took: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const start = performance.now();
    const { status, text } = await ask(asked);
    if (status !== 200) throw new Error(`${asked.url}: ${status} ${text.slice(0, 300)}`);
    took.push(performance.now() - start);
  }
  return took;
};

export interface Streams {
  /** Events that came since the start, over all streams. */
  came(): number;
  close(): void;
}

/** Opens `count` event streams; `onEvent` hears the data of each event that is a step. Resolves when all say `ready`. */
export const openStreams = async (
  url: string,
  tokens: readonly string[],
  count: number,
  onEvent: (data: string) => void,
): Promise<Streams> => {
  let came = 0;
  const open: IncomingMessage[] = [];
  const agent = new Agent({ keepAlive: false, maxSockets: count });
  const one = (token: string): Promise<void> =>
    new Promise((ready, fail) => {
      const sent = request(`${url}/v1/events`, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
        if (answer.statusCode !== 200) fail(new Error(`a stream was answered ${answer.statusCode}`));
        open.push(answer);
        let rest = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          rest += part;
          const events = rest.split('\n\n');
          rest = events.pop() ?? '';
          for (const event of events) {
            if (event.includes('event: ready')) ready();
            const data = /^data: (\{"proposal".*)$/m.exec(event)?.[1];
            if (data === undefined) continue;
            came += 1;
            onEvent(data);
          }
        });
        answer.on('error', () => undefined);
      });
      sent.on('error', fail);
      sent.end();
    });
  for (let i = 0; i < count; i += 1) await one(tokens[i % tokens.length] ?? '');
  return {
    came: () => came,
    close: () => {
      for (const answer of open) answer.destroy();
      agent.destroy();
    },
  };
};
