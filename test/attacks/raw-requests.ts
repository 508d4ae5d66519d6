// Bytes go to a server by TLS exactly as they are given, whatever a client would refuse to send; its answer comes back.
import { connect, type TLSSocket } from 'node:tls';

/** Where bytes go. */
export interface RawServer {
  readonly url: string;
  readonly ca: string;
}

const open = ({ url, ca }: RawServer, protocol: string): Promise<TLSSocket> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), ca, ALPNProtocols: [protocol] }, () => done(socket));
    socket.once('error', fail);
  });

/** How long a server may be silent before its answer counts as whole: some attacks leave it waiting for more. */
const SILENT_MS = 500;

/** All that the server says until it closes the connection, or is silent; one that is cut off has said what it has. */
const heardOn = (socket: TLSSocket, silentMs: number): Promise<Buffer> =>
  new Promise((done) => {
    const chunks: Buffer[] = [];
    const end = (): void => {
      socket.destroy();
      done(Buffer.concat(chunks));
    };
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', end);
    socket.on('close', end);
    socket.setTimeout(silentMs, end);
  });

/** By HTTP/1.1: the answers, one behind the other, as text. */
export async function sendRaw(server: RawServer, bytes: string | Buffer, silentMs = SILENT_MS): Promise<string> {
  const socket = await open(server, 'http/1.1');
  const heard = heardOn(socket, silentMs);
  socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  return (await heard).toString('latin1');
}

/** The statuses of answers, in their order. */
export function statusesIn(answers: string): readonly number[] {
  return [...answers.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
}

/** A frame of HTTP/2 (RFC 9113, section 4.1). */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6 } as const;
/** END_STREAM and END_HEADERS. */
export const [END, WHOLE] = [1, 4];

/** A field as HPACK writes it without a table and without compression (RFC 7541, section 6.2.2). */
const field = ([name, value]: readonly [string, string]): Buffer => {
  const text = (of: string): Buffer => {
    const bytes = Buffer.from(of, 'latin1');
    if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
    const rest = bytes.length - 127;
    const length: number[] = [127];
    let left = rest;
    for (; left >= 128; left >>>= 7) length.push((left & 127) | 128);
    return Buffer.concat([Buffer.from([...length, left]), bytes]);
  };
  return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
};

/** The head of a request, with any fields at all. */
export function headOf(stream: number, fields: readonly (readonly [string, string])[], flags = END | WHOLE): Buffer {
  return frame(FRAME.headers, flags, stream, Buffer.concat(fields.map(field)));
}

/** By HTTP/2, behind preface and settings: whether the server took each stream (its head came back), and everything else as frames. */
export async function sendFrames(
  server: RawServer,
  frames: readonly Buffer[],
  silentMs = SILENT_MS,
): Promise<readonly { readonly type: number; readonly stream: number }[]> {
  const socket = await open(server, 'h2');
  const heard = heardOn(socket, silentMs);
  socket.write(
    Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(FRAME.settings, 0, 0), ...frames]),
  );
  const bytes = await heard;
  const found: { readonly type: number; readonly stream: number }[] = [];
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3))
    found.push({ type: bytes.readUInt8(at + 3), stream: bytes.readUInt32BE(at + 5) & 0x7fffffff });
  return found;
}
