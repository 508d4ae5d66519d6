// The attacks that HTTP/2 allows beside those of HTTP/1.1: fields that become others when the next hop speaks HTTP/1.1, and floods.
import type { Target } from './proxy-attacks.ts';
import { END, FRAME, frame, headOf, WHOLE } from './raw-requests.ts';

export interface FrameAttack {
  readonly what: string;
  readonly frames: readonly Buffer[];
}

type Fields = readonly (readonly [string, string])[];

/** Requests with one thing wrong each. */
export function frameAttacks({ namespace, token }: Target): readonly FrameAttack[] {
  const map = `/api/v1/namespaces/${namespace}/configmaps/settings`;
  const pseudo = (method: string, path: string): Fields => [
    [':method', method],
    [':scheme', 'https'],
    [':authority', 'gate'],
    [':path', path],
  ];
  const own: Fields = [
    ['authorization', `Bearer ${token}`],
    ['user-agent', 'attacker'],
  ];
  const get = pseudo('GET', map);
  const line = `DELETE ${map} HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer ${token}\r\n\r\n`;
  const heads: readonly (readonly [what: string, fields: Fields])[] = [
    ['a line break in a value', [...get, ...own, ['x', `a\r\n\r\n${line}`]]],
    ['a line feed in a value', [...get, ...own, ['x', `a\n${line}`]]],
    ['a NUL in a value', [...get, ...own, ['x', 'a\0b']]],
    ['a line break in a name', [...get, ...own, ['x\r\nimpersonate-user', 'admin']]],
    ['a colon in a name', [...get, ...own, ['impersonate-user: admin', 'x']]],
    ['a name in capitals', [...get, ...own, ['Impersonate-User', 'admin']]],
    ['a request in the path', [...pseudo('GET', `${map} HTTP/1.1\r\n\r\n${line}`), ...own]],
    ['a space in the path', [...pseudo('GET', `${map} HTTP/1.1`), ...own]],
    ['a request in the method', [...pseudo(`DELETE ${map} HTTP/1.1\r\nX: y\r\n\r\nGET`, map), ...own]],
    ['a space in the method', [...pseudo('DELETE /', map), ...own]],
    ['two paths', [...get, [':path', '/version'], ...own]],
    ['two methods', [...get, [':method', 'DELETE'], ...own]],
    ['two tokens', [...get, ...own, ['authorization', 'Bearer ana']]],
    ['a pseudo field behind the others', [...get, ...own, [':method', 'DELETE']]],
    ['a pseudo field that is none', [...get, [':protocol', 'websocket'], ...own]],
    ['an extended CONNECT', [...pseudo('CONNECT', map), [':protocol', 'websocket'], ...own]],
    ['CONNECT', [[':method', 'CONNECT'], [':authority', '127.0.0.1:443'], ...own]],
    ['no path', [[':method', 'DELETE'], [':scheme', 'https'], [':authority', 'gate'], ...own]],
    ['an absolute path', [...pseudo('DELETE', `https://gate${map}`), ...own]],
    ['dot segments', [...pseudo('DELETE', `/version/..${map}`), ...own]],
    ['transfer-encoding', [...get, ...own, ['transfer-encoding', 'chunked']]],
    ['connection', [...get, ...own, ['connection', 'authorization']]],
    ['upgrade', [...get, ...own, ['upgrade', 'websocket']]],
    ['a length of a body that is not there', [...get, ...own, ['content-length', '10']]],
    ['impersonation', [...get, ...own, ['impersonate-user', 'admin']]],
    ['a host beside the authority', [...get, ...own, ['host', 'other']]],
    ['a hundred kilobytes of fields', [...get, ...own, ['x', 'a'.repeat(100_000)]]],
  ];
  const deletion = pseudo('DELETE', `${map}?dryRun=All`);
  return [
    ...heads.map(([what, fields]) => ({ what, frames: framesOf(headOf(1, fields)) })),
    {
      what: 'a body longer than it says',
      frames: [
        headOf(1, [...deletion, ...own, ['content-length', '2']], WHOLE),
        frame(FRAME.data, END, 1, Buffer.from(`{}${line}`)),
      ],
    },
    {
      what: 'fields behind the body that speak for somebody else',
      frames: [
        headOf(1, [...deletion, ...own], WHOLE),
        frame(FRAME.data, 0, 1, Buffer.from('{}')),
        headOf(1, [['impersonate-user', 'admin']]),
      ],
    },
    {
      what: 'a body for a request that has ended',
      frames: [headOf(1, [...get, ...own]), frame(FRAME.data, END, 1, Buffer.from(line))],
    },
    { what: 'a stream of the server', frames: [headOf(2, [...get, ...own])] },
    { what: 'a stream that goes back', frames: [headOf(5, [...get, ...own]), headOf(3, [...get, ...own])] },
    {
      what: 'two thousand deletions, each taken back at once',
      frames: Array.from({ length: 2_000 }, (_, i) => [
        headOf(2 * i + 1, [...pseudo('DELETE', map), ...own], WHOLE),
        frame(FRAME.reset, 0, 2 * i + 1, Buffer.from([0, 0, 0, 8])),
      ]).flat(),
    },
    { what: 'ten thousand pings', frames: Array<Buffer>(10_000).fill(frame(FRAME.ping, 0, 0, Buffer.alloc(8))) },
    { what: 'ten thousand settings', frames: Array<Buffer>(10_000).fill(frame(FRAME.settings, 0, 0)) },
    {
      what: 'frames of nothing',
      frames: [headOf(1, [...deletion, ...own], WHOLE), ...Array<Buffer>(10_000).fill(frame(FRAME.data, 0, 1))],
    },
    { what: 'noise', frames: [Buffer.alloc(5_000, 'k8s\0 GET / HTTP/1.1')] },
  ];
}

/** What one frame may hold is 16 KiB; a longer head goes on in others (RFC 9113, section 6.10). */
const framesOf = (head: Buffer): readonly Buffer[] => {
  const payload = head.subarray(9);
  if (payload.length <= 16_384) return [head];
  const pieces: Buffer[] = [];
  for (let at = 0; at < payload.length; at += 16_384) pieces.push(payload.subarray(at, at + 16_384));
  const CONTINUATION = 9;
  return pieces.map((piece, at) => {
    const flags = (at === 0 ? END : 0) | (at === pieces.length - 1 ? WHOLE : 0);
    return frame(at === 0 ? FRAME.headers : CONTINUATION, flags, 1, piece);
  });
};
