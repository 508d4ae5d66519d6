// pods/exec over a WebSocket (v5.channel.k8s.io): what the program prints and how it ended, on the channels of remotecommand.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { pods } from './kinds.ts';
import type { Pod } from './model.ts';
import { storedObject } from './objects.ts';
import { type ProgramIo, runProgram } from './programs.ts';
import type { ApiRequest } from './request.ts';
import { badRequest, internalError } from './status-error.ts';
import type { World } from './world.ts';

/** Newest first, as a server chooses. */
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const CHANNELS = { stdout: 1, stderr: 2, status: 3 } as const;

/** How far a connection goes: to the program's end, or cut off once it has begun. */
export type StreamFate = 'whole' | 'cut';

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => PROTOCOLS.find((one) => offered.has(one)) ?? false,
});

/** What the API server checks before it opens a stream: throws StatusError. */
export function checkExec(world: World, request: ApiRequest): Pod {
  const pod = storedObject(world, pods, request);
  const { query } = request.http;
  if (query.getAll('command').length === 0) throw badRequest('you must specify at least 1 command for the container');
  const wanted = query.get('container') ?? pod.spec.containers[0]?.name ?? '';
  if (!pod.spec.containers.some(({ name }) => name === wanted))
    throw badRequest(`container ${wanted} is not valid for pod ${pod.metadata.name}`);
  if ((pod.spec.nodeName ?? '') === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  return pod;
}

const statusOf = (code: number): object =>
  code === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        message: `command terminated with non-zero exit code: exit status ${code}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
      };

/** Opens the stream that `checkExec` has allowed, and runs the program. */
export function openExec(
  world: World,
  request: ApiRequest,
  pod: Pod,
  fate: StreamFate,
  connection: { readonly incoming: IncomingMessage; readonly socket: Duplex; readonly head: Buffer },
): void {
  const { incoming, socket, head } = connection;
  sockets.handleUpgrade(incoming, socket, head, (stream) => {
    run(world, request, pod, stream, fate).catch((error: unknown) => {
      console.error('sandbox cluster: bug while a program ran:', error);
      stream.terminate();
    });
  });
}

async function run(
  world: World,
  { http: { query } }: ApiRequest,
  pod: Pod,
  stream: WebSocket,
  fate: StreamFate,
): Promise<void> {
  let open = true;
  stream.on('close', () => {
    open = false;
  });
  stream.on('error', () => {
    open = false;
  });
  const send = (channel: number, bytes: Buffer): Promise<void> =>
    new Promise((resolve) => {
      if (open) stream.send(Buffer.concat([Buffer.of(channel), bytes]), () => resolve());
      else resolve();
    });
  const io: ProgramIo = {
    print: (to, text) => send(CHANNELS[to], Buffer.from(text as string)),
    sleep: (ms) =>
      new Promise((resolve) => {
        world.clock.after(ms / world.speed, resolve);
      }),
    isOpen: () => open,
  };
  const end = (status: object): Promise<void> => send(CHANNELS.status, Buffer.from(JSON.stringify(status)));
  const wanted = query.get('container') ?? pod.spec.containers[0]?.name ?? '';
  const container = pod.spec.containers.find(({ name }) => name === wanted);
  const state = pod.status?.containerStatuses?.find(({ name }) => name === wanted)?.state;
  const argv = query.getAll('command');
  if (container === undefined || state?.running === undefined)
    await end(internalError(`container not found ("${wanted}")`).body);
  else {
    const code = await runProgram(io, argv, { world, pod, container });
    if (fate === 'cut') return stream.terminate();
    const missing = `error executing command in container: exec: "${argv[0]}": executable file not found in $PATH`;
    await end(code === null ? internalError(missing).body : statusOf(code));
  }
  stream.close(1000);
}
