// Characters that steer a terminal, reorder a line or hide, wherever others may put them: logs, errors of the command line, the
// address that a forge gives.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { giteaForge } from '../../src/adapters/forge/gitea/forge.ts';
import { stderrLog } from '../../src/adapters/system/log.ts';
import { Secret } from '../../src/ports/secret.ts';
import { ranCli } from '../support/run-cli.ts';

const HOSTILE = '\u001b[2J\u009b2J\u202e\u2066\u200b\ufeff\u{e0061}\u2028\u3164\u00ad\r\u0007';
const UNSEEN = /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

test('a log line shows them, in any field, as JSON and as text; a reader of the JSON gets them back', () => {
  const fields = { target: HOSTILE, list: [HOSTILE], deep: { [HOSTILE]: HOSTILE }, none: null };
  for (const as of ['json', 'text'] as const) {
    const lines: string[] = [];
    const log = stderrLog(as, (line) => lines.push(line));
    log.info('proposed', fields);
    log.error('failed', { error: HOSTILE });
    assert.equal(lines.length, 2);
    for (const line of lines) {
      assert.match(line, /^[^\n]+\n$/);
      assert.doesNotMatch(line, UNSEEN, as);
    }
    if (as !== 'json') continue;
    const { event, level, target, list, deep } = JSON.parse(lines[0] ?? '');
    assert.deepEqual(
      { event, level, target, list, deep },
      { event: 'proposed', level: 'info', target: HOSTILE, list: [HOSTILE], deep: { [HOSTILE]: HOSTILE } },
    );
  }
});

test('an error of the command line shows the words of whoever called', async () => {
  const lines = [
    [HOSTILE],
    ['explain', HOSTILE],
    ['audit', HOSTILE],
    ['score', `--${HOSTILE}`],
    ['score', '-o', HOSTILE, '--', 'kubectl', 'get', 'pods'],
    ['policy', 'check', `/nonexistent/${HOSTILE}`],
    ['evaluate', '-f', HOSTILE],
    ['show', HOSTILE],
    ['serve', '--window', HOSTILE],
    ['help', HOSTILE],
  ];
  for (const argv of lines) {
    const env = { BLASTGATE_URL: 'http://127.0.0.1:1', BLASTGATE_TOKEN: 'x' };
    const { said: shown } = await ranCli(argv, { env });
    assert.notEqual(shown, '');
    assert.doesNotMatch(shown, UNSEEN, JSON.stringify(argv));
  }
});

test('the address of an issue is a plain one, whatever the forge says', async () => {
  const issue = {
    number: 1,
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    html_url: `http://forge.example/a/\u202e\u200b\u001b[2J?x=\u2066#\ufeff`,
  };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    const read = request.url?.endsWith('/user') === true ? { login: 'gate' } : [];
    response.end(JSON.stringify(request.method === 'POST' ? issue : read));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  after(() => server.close());
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1`;
  const forge = giteaForge({ apiUrl, token: new Secret('t'), owner: 'sre', repo: 'reviews' });
  const found = await forge.ensureReviewIssue(
    { title: 't', body: 'b', marker: 'm', notBefore: '2026-01-01T00:00:00.000Z' },
    AbortSignal.timeout(10_000),
  );
  assert.match(found.issueUrl, /^[\x21-\x7e]+$/);
  assert.equal(new URL(found.issueUrl).origin, 'http://forge.example');
});
