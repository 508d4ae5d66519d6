// The part of a kubelet that KWOK does not play truly: exec, with exit codes. The API server streams to it over a WebSocket, as to a
// node that declares ExtendWebSocketsToKubelet (Kubernetes 1.36). Its programs run on this machine, with no more than two variables.
// Started as a process of its own: kubelet.ts PORT CERTIFICATE KEY.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { type WebSocket, WebSocketServer } from 'ws';

const CHANNELS = { stdout: 1, stderr: 2, status: 3 } as const;
const [port = '0', certificate = '', key = ''] = process.argv.slice(2);

const sockets = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) =>
    ['v5.channel.k8s.io', 'v4.channel.k8s.io'].find((protocol) => offered.has(protocol)) ?? false,
});
const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (_, response) => {
  response.writeHead(404).end();
});

/** As k8s.io/cri-streaming words how a program ended. */
const statusOf = (code: number): object =>
  code === 0
    ? { metadata: {}, status: 'Success' }
    : {
        metadata: {},
        status: 'Failure',
        reason: 'NonZeroExitCode',
        message: `command terminated with non-zero exit code: exit status ${code}`,
        details: { causes: [{ reason: 'ExitCode', message: `${code}` }] },
      };

/** As containerd and runc word a program that is not there. */
const notStarted = (program: string, why: string): object => ({
  metadata: {},
  status: 'Failure',
  reason: 'InternalError',
  code: 500,
  message: `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": ${why}: unknown`,
});

const run = (stream: WebSocket, argv: readonly string[]): void => {
  const [program = '', ...words] = argv;
  const child = spawn(program, words, {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin', MODE: 'slow' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const send = (channel: number, bytes: Buffer, sent?: () => void): void =>
    stream.send(Buffer.concat([Buffer.of(channel), bytes]), sent);
  const end = (status: object): void => {
    send(CHANNELS.status, Buffer.from(JSON.stringify(status)));
    stream.close(1000);
  };
  for (const name of ['stdout', 'stderr'] as const) {
    const pipe = child[name];
    pipe.on('data', (bytes: Buffer) => {
      pipe.pause();
      send(CHANNELS[name], bytes, () => pipe.resume());
    });
  }
  child.on('error', (error: NodeJS.ErrnoException) =>
    end(notStarted(program, error.code === 'ENOENT' ? 'no such file or directory' : error.message)),
  );
  child.on('close', (code, signal) => {
    if (child.pid !== undefined) end(statusOf(code ?? (signal === 'SIGKILL' ? 137 : 1)));
  });
  // A real program goes on when nobody listens any more; here nothing may outlive the test.
  stream.on('close', () => child.kill('SIGKILL'));
  stream.on('error', () => child.kill('SIGKILL'));
};

server.on('upgrade', (request, socket, head) => {
  const url = new URL(request.url ?? '/', 'https://kubelet');
  if (!url.pathname.startsWith('/exec/')) {
    socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    return;
  }
  sockets.handleUpgrade(request, socket, head, (stream) => run(stream, url.searchParams.getAll('command')));
});
server.listen(Number(port), '127.0.0.1');
