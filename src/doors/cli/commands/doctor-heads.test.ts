// What doctor says of the heads in the review issues, against a store on the disk and a forge over HTTP.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fakeClock } from '../../../../test/fakes/clock.ts';
import { memoryLog } from '../../../../test/fakes/log.ts';
import { giteaForge } from '../../../adapters/forge/gitea/forge.ts';
import { openSqliteStore } from '../../../adapters/store/sqlite/open.ts';
import { headMark } from '../../../core/text/head-mark.ts';
import { checkHeads } from '../../../flow/notify/check-heads.ts';
import { Secret } from '../../../ports/secret.ts';
import { type SandboxForge, startSandboxForge } from '../../../sandbox/forge/start.ts';
import { openHeadProof } from '../../head-proof.ts';
import { readSettings } from '../../settings.ts';
import { headFindings } from './doctor-heads.ts';

const never = new AbortController().signal;
let folder: string;
let forge: SandboxForge;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doctor-heads-'));
  forge = await startSandboxForge();
});
after(async () => {
  await forge.close();
  rmSync(folder, { recursive: true });
});

const data = (name: string): string => join(folder, name);
const say = async (name: string, env: NodeJS.ProcessEnv = {}): Promise<readonly string[]> => {
  const { apiUrl: GITEA_API_URL, token: GITEA_API_TOKEN, owner: GITEA_REPO_OWNER, repo: GITEA_REPO_NAME } = forge;
  const named = { GITEA_API_URL, GITEA_API_TOKEN, GITEA_REPO_OWNER, GITEA_REPO_NAME };
  const read = readSettings({ BLASTGATE_DATA: data(name), ...named, ...env });
  assert.ok(read.ok);
  return (await headFindings(read.settings)).map(
    ({ check, state, message, remedy }) => `${state} ${check} ${message}${remedy === null ? '' : ` → ${remedy}`}`,
  );
};
/** Some lines more, and an issue that proves the last of them, as a gate does it. */
const work = async (name: string, lines: number): Promise<number> => {
  const store = await openSqliteStore(data(name));
  const { prove } = await openHeadProof(store.controls);
  for (let at = 0; at < lines; at += 1) {
    const entry = { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'paused', who: null, about: name } as const;
    await store.trail.append(entry, never);
  }
  const head = await store.trail.head(never);
  assert.ok(head);
  const marker = `blastgate-review ${name} ${head.seq}`;
  const body = `review\n\n${headMark(head, prove(head))}\n<!-- ${marker} -->\n`;
  const { apiUrl, owner, repo } = forge;
  const issue = { title: 'review', body, marker, notBefore: new Date().toISOString() };
  const made = await giteaForge({ apiUrl, owner, repo, token: new Secret(forge.token) }).ensureReviewIssue(
    issue,
    never,
  );
  await store.close();
  return made.issueNumber;
};

test('agrees; lacks lines after an older copy was restored; knows that the gate has paused for it; takes no word of others', async () => {
  assert.match((await say('none')).join(), /^off heads there is no audit trail here/);
  assert.match((await say('none', { AIOPS_P5_GITOPS_PR: '0' })).join(), /^off heads no review issue .* → .*audit_head/);
  await work('gate', 3);
  await work('gate', 2);
  assert.deepEqual(await say('gate'), ['ok heads the trail agrees up to line 5 with 2 heads in review issues']);

  cpSync(data('gate'), data('restored'), { recursive: true });
  const lost = await work('gate', 4);
  assert.deepEqual(await say('gate'), ['ok heads the trail agrees up to line 9 with 3 heads in review issues']);
  const [finding, ...more] = await say('restored');
  assert.deepEqual(more, []);
  assert.match(
    finding ?? '',
    new RegExp(
      `^fail heads the trail lacks line 9 of issue #${lost} \\(http\\S+/${lost}\\): it was cut, or restored from an older backup, or a copy of this store ran elsewhere with the same forge account; it agrees up to line 5 → .*blastgate resume`,
    ),
  );

  const store = await openSqliteStore(data('restored'));
  const { apiUrl, owner, repo } = forge;
  const by = {
    forge: giteaForge({ apiUrl, owner, repo, token: new Secret(forge.token) }),
    proof: await openHeadProof(store.controls),
  };
  await checkHeads({ store, clock: fakeClock(), log: memoryLog() }, by, never);
  assert.equal(await store.controls.paused(null, never), true);
  await store.close();
  assert.deepEqual(await say('restored'), [
    'ok heads the trail agrees up to line 5 with 2 heads in review issues',
    `warn heads the trail lacks line 9 of issue #${lost} (${apiUrl.replace('/api/v1', '')}/sre/reviews/issues/${lost}); the gate has paused for it`,
  ]);

  forge.editIssue(lost, (forge.issues()[lost - 1]?.body ?? '').replace('head 9:', 'head 99:'));
  const [first, doubt] = await say('gate');
  assert.match(first ?? '', /^ok heads the trail agrees up to line 5/);
  assert.match(
    doubt ?? '',
    new RegExp(`^warn heads #${lost} show heads that the trail lacks and that this gate cannot`),
  );

  await work('other', 1);
  assert.match((await say('other')).join('\n'), /^ok heads .* line 1 with 1 head .*\nwarn heads #1, #2, #3 show heads/);
});

test('lines that were archived behind a checkpoint are no fault', async () => {
  const own = await startSandboxForge();
  const before = forge;
  forge = own;
  try {
    await work('pruned', 4);
    await work('pruned', 4);
    const store = await openSqliteStore(data('pruned'));
    const [line] = await store.trail.lines(5, 1, never);
    assert.ok(line);
    const at = '2026-01-02T00:00:00.000Z';
    const through = { seq: line.seq, hash: line.hash };
    assert.ok((await store.trail.prune({ through, remembered: at, at, who: 'ana' }, never)) !== null);
    assert.deepEqual(
      (await store.trail.lines(0, 10, never)).map(({ seq }) => seq),
      [6, 7, 8, 9],
      'the last pause still holds',
    );
    await store.close();
    assert.deepEqual(await say('pruned'), ['ok heads the trail agrees up to line 8 with 1 head in review issues']);
    own.editIssue(2, 'gone');
    assert.match((await say('pruned')).join(), /^ok heads every head that review issues show \(1\) is older/);
  } finally {
    forge = before;
    await own.close();
  }
});

test('a forge that does not answer is a warning, and a gate that never proved a head says so', async () => {
  assert.match(
    (await say('gate', { GITEA_API_URL: 'http://127.0.0.1:1/api/v1' })).join(),
    /^warn heads the heads could/,
  );
  const store = await openSqliteStore(data('fresh'));
  await store.close();
  assert.match((await say('fresh')).join(), /^off heads this gate has shown no head/);
});
