// `blastgate mcp`: the tools over standard input and output, as a client of the gate at BLASTGATE_URL.
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio';
import { DICTIONARIES } from '../../core/text/words/dictionaries.ts';
import type { Lang } from '../../core/text/words/lang.ts';
import { LANGS } from '../../core/text/words/lang.ts';
import { type CliCommand, CommandFailed, EXIT, type Terminal, UsageError } from '../terminal/command.ts';
import { type GateClient, gateClient } from '../terminal/gate-client.ts';
import { untilSignal } from '../terminal/until-signal.ts';
import { versionOfPackage } from '../version.ts';
import { scoreHere } from './score-here.ts';
import { createMcpServer } from './server.ts';
import { type Backend, NoGate } from './tool.ts';
import { SYSTEM_WAIT_CLOCK } from './wait-clock.ts';

/** What a message may have: the manifests of a command (1 MiB), each of their characters written as \uXXXX. */
const MOST_MESSAGE_BYTES = 8 * 1024 * 1024;

export const mcpCommand: CliCommand = {
  name: 'mcp',
  usage: 'blastgate mcp',
  example: 'blastgate mcp',
  exits: ['done', 'broken', 'usage'],
  options: {},
  run: async ({ words }, terminal) => {
    if (words.length > 0)
      throw new UsageError('mcp takes no arguments; a client of MCP starts it and speaks to it (docs/agents.md)');
    return untilSignal((ending) => serveTools(terminal, ending));
  },
};

/** Ends with the client: when it closes our standard input, or does not read any more. */
const serveTools = async (terminal: Terminal, ending: AbortSignal): Promise<number> => {
  const version = versionOfPackage();
  const backend: Backend = {
    gate: gateOf(terminal),
    scoreHere: scoreHere(terminal.env),
    lang: langOf(terminal.env),
    clock: SYSTEM_WAIT_CLOCK,
    report: (error) => terminal.err(`blastgate mcp: ${error.stack ?? error.message}\n`),
    ending,
    beginWait: () => () => undefined,
  };
  if (process.stdin.isTTY) terminal.err(`${DICTIONARIES[backend.lang].terminal.forPrograms}\n`);
  const { transport, closed } = watchedTransport();
  let failed = false;
  const handle = serveStdio(() => createMcpServer(backend, version), {
    transport,
    onerror: (error) => {
      failed = true;
      terminal.err(`blastgate mcp: ${error.message}\n`);
    },
  });
  await Promise.race([closed, once(ending)]);
  await handle.close();
  return failed && !process.stdin.readableEnded && !ending.aborted ? EXIT.broken : EXIT.auto;
};

/** Closed when the client closes our input, stops reading, or sends a message that is too large. */
const watchedTransport = () => {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  class Watched extends StdioServerTransport {
    override async close(): Promise<void> {
      await super.close();
      resolve();
    }
  }
  return { transport: new Watched(process.stdin, process.stdout, { maxBufferSize: MOST_MESSAGE_BYTES }), closed };
};

/** Settings are read for each call: a token that is changed in its file is used at once. */
const gateOf = (terminal: Terminal): GateClient => ({
  call: async (method, path, body, signal) => {
    try {
      return await gateClient(terminal).call(method, path, body, signal);
    } catch (error) {
      if (error instanceof CommandFailed) throw new NoGate(error.message);
      throw error;
    }
  },
});

const langOf = (env: NodeJS.ProcessEnv): Lang => LANGS.find((lang) => lang === env['BLASTGATE_LANG']) ?? 'en';

const once = (signal: AbortSignal): Promise<void> =>
  new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
