// What this project uses of the package ws, which comes without types of its own.
declare module 'ws' {
  import type { EventEmitter } from 'node:events';
  import type { ClientRequest, IncomingMessage } from 'node:http';
  import type { RequestOptions } from 'node:https';
  import type { Duplex } from 'node:stream';

  interface Options extends RequestOptions {
    /** Milliseconds for the answer to the upgrade. */
    readonly handshakeTimeout?: number;
    readonly perMessageDeflate?: boolean;
    /** Bytes of one message. */
    readonly maxPayload?: number;
    readonly skipUTF8Validation?: boolean;
  }

  export class WebSocket extends EventEmitter {
    constructor(address: URL | string, protocols: readonly string[], options?: Options);
    /** The subprotocol that the server chose; "" for none. */
    readonly protocol: string;
    send(data: Buffer | string, sent?: (error?: Error) => void): void;
    ping(): void;
    close(code?: number, reason?: string): void;
    /** At once, without a closing handshake. */
    terminate(): void;
    readonly readyState: 0 | 1 | 2 | 3;
    on(event: 'open' | 'ping' | 'pong', listener: () => void): this;
    on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this;
    on(event: 'close', listener: (code: number, reason: Buffer) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    /** An answer that is no upgrade. */
    on(event: 'unexpected-response', listener: (request: ClientRequest, response: IncomingMessage) => void): this;
  }

  export class WebSocketServer extends EventEmitter {
    constructor(options: {
      readonly noServer: true;
      readonly handleProtocols: (protocols: Set<string>) => string | false;
    });
    handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      upgraded: (socket: WebSocket, request: IncomingMessage) => void,
    ): void;
    close(): void;
  }
}
