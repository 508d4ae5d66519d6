import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setStage } from '../../../../test/support/memory-gate.ts';
import { ranCli } from '../../../../test/support/run-cli.ts';
import { openSqliteStore } from '../../../adapters/store/sqlite/open.ts';

const LATER = '2099-01-01T00:00:00.000Z';

/** What `audit verify` says of a folder that a gate has left, after somebody worked on its file with SQL. */
const verified = async (sql: readonly string[], ...options: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-audit-'));
  try {
    const store = await openSqliteStore(folder);
    const stage = setStage(store);
    await stage.proposeText('scale dev/web 5');
    await stage.proposeText('scale production/web 0', 'INC-2');
    await stage.pass(15);
    const head = await store.trail.head(stage.never);
    await store.close();
    const file = new DatabaseSync(join(folder, 'blastgate.db'));
    for (const statement of sql) file.exec(statement);
    file.close();
    const { code, out } = await ranCli(
      ['audit', 'verify', '-o', 'json', ...options.map((o) => o.replace('HEAD', `${head?.seq}:${head?.hash}`))],
      { env: { BLASTGATE_DATA: folder } },
    );
    const { faults } = JSON.parse(out) as { readonly faults: readonly { readonly what: string }[] };
    return { code, faults: [...new Set(faults.map(({ what }) => what))] };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const FORGERIES: readonly (readonly [says: string, sql: readonly string[], found: string])[] = [
  ['a line changed', ["update audit set line = replace(line, 'healer', 'heeler') where seq = 1"], 'changed'],
  ['a line removed', ['delete from audit where seq = 5'], 'removed'],
  [
    'two lines swapped',
    [
      'update audit set seq = -1 where seq = 4',
      'update audit set seq = 4 where seq = 5',
      'update audit set seq = 5 where seq = -1',
    ],
    'reordered',
  ],
  ['the tail cut', ['delete from audit where seq > 6'], 'tail-cut'],
  [
    'the tail cut, and the head moved along',
    [
      'delete from audit where seq > 6',
      'update gate set head_seq = 6, head_hash = (select hash from audit where seq = 6)',
    ],
    'tail-cut',
  ],
  ['every line gone, and the head with them', ['delete from audit', 'delete from gate'], 'tail-cut'],
  [
    'a state changed where claims look for it',
    ["update remediations set state = 'failed' where incident = 'INC-2'"],
    'state-differs',
  ],
  [
    'a line hidden from who looks for its incident',
    ["update audit set incident = 'INC-9' where seq = 3"],
    'table-differs',
  ],
  [
    'a proposal that a newer one would not replace',
    ["update remediations set place = 'x' where incident = 'INC-2'"],
    'table-differs',
  ],
  ['a line hidden from who looks for its event', ["update audit set event = 'x' where seq = 3"], 'table-differs'],
  ['a remediation hidden', ["delete from remediations where incident = 'INC-2'"], 'state-differs'],
];

for (const [says, sql, found] of FORGERIES)
  test(`audit verify finds ${says}`, async () => {
    const { code, faults } = await verified(sql);
    assert.equal(code, 1);
    assert.ok(faults.includes(found), `found ${faults.join(', ') || 'nothing'}`);
  });

test('audit verify takes the head that a review issue printed', async () => {
  assert.deepEqual(await verified([], '--head', 'HEAD'), { code: 0, faults: [] });
  const nothingLeft = ['audit', 'gate', 'remediations', 'outbox', 'outcomes', 'holds', 'tallies'].map(
    (table) => `delete from ${table}`,
  );
  assert.deepEqual(await verified(nothingLeft), { code: 0, faults: [] }, 'nothing in the file tells');
  assert.deepEqual(await verified(nothingLeft, '--head', 'HEAD'), { code: 1, faults: ['tail-cut'] });
  assert.equal((await verified([], '--head', '3:0123456789ab')).code, 1);
});

test('audit verify finds nothing wrong with what a gate without a chat has left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-audit-'));
  try {
    const store = await openSqliteStore(folder);
    const stage = setStage(store);
    Object.assign(stage.gate, { chat: null });
    await stage.proposeText('scale production/web 0');
    await stage.vote('p-1', 'ben');
    await stage.pass(15);
    const taken = await store.outbox.take(new Date(stage.clock.now()).toISOString(), LATER, stage.never);
    assert.ok(!taken.ok || taken.message.message.channel !== 'chat', 'nobody is told by a chat that is not there');
    await store.close();
    const { code, out } = await ranCli(['audit', 'verify'], { env: { BLASTGATE_DATA: folder } });
    assert.equal(code, 0, out);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** What `audit list` prints of a folder in which two incidents were played, the second an hour later. */
const listed = async (...options: readonly string[]): Promise<{ code: number; out: string; err: string }> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-audit-'));
  try {
    const store = await openSqliteStore(folder);
    const stage = setStage(store);
    await stage.proposeText('scale production/web 5');
    await stage.pass(3600);
    await stage.proposeText('scale production/api 5', 'INC-2');
    await stage.vote('p-2', 'ana');
    await stage.vote('p-1', 'ben');
    const middle = new Date(stage.clock.now() - 600_000).toISOString();
    await store.close();
    return await ranCli(['audit', ...options.map((word) => word.replace('MIDDLE', middle))], {
      env: { BLASTGATE_DATA: folder },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
};
/** "proposed p-1", … */
const deeds = (out: string): readonly string[] =>
  out
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/).slice(2, 4).join(' '));

test('audit list shows one incident, with the notes about its proposals', async () => {
  const { out } = await listed('list', '--incident', 'INC-2');
  assert.deepEqual(deeds(out), ['proposed p-2', 'decided p-2', 'vote-not-counted ana']);
  assert.deepEqual(deeds((await listed('list', '--incident', 'INC-1')).out), [
    'proposed p-1',
    'decided p-1',
    'voted p-1',
  ]);
});

test('audit list shows what came since a time, and of that the newest lines', async () => {
  const all = deeds((await listed('list')).out);
  const late = deeds((await listed('list', '--since', 'MIDDLE')).out);
  assert.deepEqual(late, all.slice(2));
  assert.deepEqual(deeds((await listed('list', '--limit', '2')).out), all.slice(-2));
  const both = await listed('list', '--incident', 'INC-1', '--since', 'MIDDLE');
  assert.deepEqual(deeds(both.out), ['voted p-1']);
  assert.deepEqual(deeds((await listed('list', '--event', 'voted')).out), ['voted p-1']);
  const noted = await listed('list', '--event', 'vote-not-counted', '--incident', 'INC-2');
  assert.deepEqual(deeds(noted.out), ['vote-not-counted ana']);
  const json = await listed('list', '--incident', 'INC-2', '--limit', '1', '-o', 'json');
  assert.equal((JSON.parse(json.out) as readonly unknown[]).length, 1);
  assert.deepEqual(deeds((await listed('list', '--since', '30m')).out), [], 'the clock of the stage stands elsewhere');
});

for (const [options, says] of [
  [['list', '--since', 'yesterday'], /--since is a time/],
  [['list', '--limit', '0'], /--limit is a whole number/],
  [['list', '--head', '1:abcdefabcdef'], /list takes no --head/],
  [['list', '--event', 'approved'], /--event is one of proposed, .*vote-not-counted/],
  [['verify', '--incident', 'INC-1'], /verify takes no --incident/],
  [['export', '--incident', 'INC-1'], /export takes no --incident/],
] as const)
  test(`audit ${options.join(' ')} is wrong usage`, async () => {
    const { code, err } = await listed(...options);
    assert.equal(code, 2);
    assert.match(err, says);
  });
