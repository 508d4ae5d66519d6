// The order of checks, the result's shape and the log events of contract section 6.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLog } from '../../../test/fakes/log.ts';
import { MemoryForge } from '../../../test/fakes/review-forge.ts';
import { REQUEST, SPEC } from '../../../test/support/dual-spec.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { createReviewIssue } from './review-issue.ts';

const signal = new AbortController().signal;

test('an issue is made: number and address come back, and the event is logged', async () => {
  const [forge, log] = [new MemoryForge(), memoryLog()];
  const result = await createReviewIssue(REQUEST, { forge, log, gitopsPr: 'on' }, signal);
  assert.deepEqual(result, {
    success: true,
    issueUrl: 'http://127.0.0.1/memory/issues/1',
    issueNumber: 1,
    error: null,
  });
  const [line, ...more] = log.lines;
  assert.deepEqual(more, []);
  assert.equal(`${line?.level} ${line?.event}`, 'info gitops_issue_created');
  const { incident_id, issue_number, issue_url, proposal, digest } = line?.fields ?? {};
  assert.deepEqual(
    { incident_id, issue_number, issue_url, proposal, digest },
    {
      incident_id: 'INC-3',
      issue_number: 1,
      issue_url: result.issueUrl,
      proposal: REQUEST.proposal,
      digest: SPEC.digest,
    },
  );
  assert.deepEqual(await createReviewIssue(REQUEST, { forge, log, gitopsPr: 'on' }, signal), result);
  assert.equal(forge.issues().length, 1);
});

test('another tier is named; nothing is sent, nothing logged, whatever the flag', async () => {
  for (const tier of ['auto', 'human', 'blocked'] as const) {
    for (const gitopsPr of ['on', 'off'] as const) {
      const [forge, log] = [new MemoryForge(), memoryLog()];
      const result = await createReviewIssue({ ...REQUEST, spec: { ...SPEC, tier } }, { forge, log, gitopsPr }, signal);
      assert.deepEqual([result.success, result.issueUrl, result.issueNumber], [false, null, null]);
      assert.match(result.error ?? '', new RegExp(`\\b${tier}\\b`));
      assert.deepEqual([forge.issues(), log.lines], [[], []]);
    }
  }
});

test('with the flag off nothing is sent, and the skip is logged as such', async () => {
  const [forge, log] = [new MemoryForge(), memoryLog()];
  const result = await createReviewIssue(REQUEST, { forge, log, gitopsPr: 'off' }, signal);
  assert.deepEqual([result.success, result.issueUrl, result.issueNumber], [false, null, null]);
  assert.match(result.error ?? '', /AIOPS_P5_GITOPS_PR/);
  assert.deepEqual(forge.issues(), []);
  const [line, ...more] = log.lines;
  assert.deepEqual(more, []);
  assert.equal(`${line?.level} ${line?.event}`, 'info gitops_pr_skipped_feature_flag');
  assert.deepEqual([line?.fields['incident_id'], line?.fields['blast_radius']], ['INC-3', 55]);
});

test('any failure comes back and is logged, never thrown; the next call succeeds', async () => {
  const forge = new MemoryForge();
  const broken = { ensureReviewIssue: () => Promise.reject(new TypeError('a bug')) };
  const odd = { ensureReviewIssue: () => Promise.reject('no error at all') };
  const sudden = {
    ensureReviewIssue: () => {
      throw new RangeError('thrown at once');
    },
  };
  forge.fail(new AdapterError('no-answer', 'Gitea was not heard.'));
  for (const [peer, error] of [
    [forge, /^Gitea was not heard\.$/],
    [broken, /^a bug$/],
    [odd, /without saying why/],
    [sudden, /^thrown at once$/],
    [null, /GITEA_\*, GITHUB_\* or GITLAB_\*/],
  ] as const) {
    const log = memoryLog();
    const result = await createReviewIssue(REQUEST, { forge: peer, log, gitopsPr: 'on' }, signal);
    assert.deepEqual(Object.keys(result).sort(), ['error', 'issueNumber', 'issueUrl', 'success']);
    assert.deepEqual([result.success, result.issueUrl, result.issueNumber], [false, null, null]);
    assert.match(result.error ?? '', error);
    assert.deepEqual(
      log.lines.map(({ level, event, fields }) => [level, event, fields['incident_id'], fields['error']]),
      [['warn', 'gitops_issue_create_failed', 'INC-3', result.error]],
    );
  }
  assert.equal((await createReviewIssue(REQUEST, { forge, log: memoryLog(), gitopsPr: 'on' }, signal)).success, true);
});
