import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { setStage } from '../../../../test/support/memory-gate.ts';
import { openSqliteStore } from '../../../adapters/store/sqlite/open.ts';
import { runCli } from '../main.ts';

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
    let out = '';
    const code = await runCli(
      ['audit', 'verify', '-o', 'json', ...options.map((o) => o.replace('HEAD', `${head?.seq}:${head?.hash}`))],
      {
        out: (text) => {
          out += text;
        },
        err: () => {},
        readIn: async function* () {},
        env: { BLASTGATE_DATA: folder },
        colour: false,
      },
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
