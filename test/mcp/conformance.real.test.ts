// The official conformance suite of MCP against /mcp, what of it is about a server with these tools, for both eras of the protocol.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type ListeningServer, listen } from '../../src/doors/http/listen.ts';
import { openMcp } from '../support/mcp.ts';
import { npmTool } from '../support/npm-tool.ts';

const VERSION = '0.2.0-alpha.12';

/** The rest of the suite calls tools, prompts and resources of a server that is made for it. */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
  '2025-06-18': ['server-initialize', 'ping', 'tools-list'],
  '2025-11-25': ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection'],
  '2026-07-28': ['server-stateless', 'tools-list', 'dns-rebinding-protection', 'http-header-validation'],
};

/** What asks for tools that only such a server has: one that logs, one that needs the client's sampling. */
const NOT_TESTABLE = [
  'sep-2575-server-rejects-undeclared-capability',
  'sep-2575-missing-capability-http-400',
  'sep-2575-http-server-no-independent-requests-on-stream',
  'sep-2575-server-no-log-without-loglevel',
];

interface Check {
  readonly id: string;
  readonly status: string;
  readonly errorMessage?: string;
}

describe('the conformance suite of MCP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-conformance-'));
  const { app, ending } = openMcp();
  let suite: string;
  let listening: ListeningServer;
  before(async () => {
    suite = await npmTool('@modelcontextprotocol/conformance', VERSION);
    // The suite knows no tokens.
    const fetch = async (request: Request): Promise<Response> => {
      const headers = new Headers(request.headers);
      headers.set('authorization', 'Bearer healer');
      const { method } = request;
      const body = method === 'POST' ? { body: await request.text() } : {};
      return app.fetch(new Request(request.url, { method, headers, ...body }));
    };
    listening = await listen({ fetch }, { host: '127.0.0.1', port: 0 });
  });
  after(() => {
    ending.abort();
    listening.server.closeAllConnections();
    listening.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const checksOf = async (revision: string, scenario: string): Promise<readonly Check[]> => {
    const out = join(folder, revision, scenario);
    const options = ['--scenario', scenario, '--spec-version', revision, '--output-dir', out];
    await new Promise<void>((done) => {
      execFile(
        process.execPath,
        [suite, 'server', '--url', `${listening.url}/mcp`, ...options],
        { timeout: 60_000, maxBuffer: 2 ** 24 },
        () => done(),
      );
    });
    const [file] = globSync(join(out, '**/checks.json'));
    assert.ok(file !== undefined, 'the suite has written no result');
    // as: the suite writes a list of checks.
    return JSON.parse(readFileSync(file, 'utf8')) as readonly Check[];
  };

  for (const [revision, scenarios] of Object.entries(SCENARIOS))
    for (const scenario of scenarios)
      test(`${revision}: ${scenario}`, async () => {
        const checks = await checksOf(revision, scenario);
        assert.ok(checks.some(({ status }) => status === 'SUCCESS'));
        const failed = checks.filter(({ status }) => !['SUCCESS', 'SKIPPED', 'INFO'].includes(status));
        assert.deepEqual(
          failed.filter(({ id }) => !NOT_TESTABLE.includes(id)),
          [],
        );
        for (const { id, errorMessage } of failed) assert.match(errorMessage ?? '', /[Nn]ot testable/, id);
      });
});
