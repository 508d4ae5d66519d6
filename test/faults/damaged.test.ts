// A database that another hand changed: one damaged row hides no other, and whatever follows from the trail is compared with it.
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, test } from 'node:test';
import { openSqliteStore } from '../../src/adapters/store/sqlite/open.ts';
import { hashOfToken } from '../../src/doors/cli/commands/token.ts';
import { httpApp } from '../../src/doors/http/app.ts';
import { CAST, setStage } from '../support/memory-gate.ts';
import { ranCli } from '../support/run-cli.ts';

const cli = (folder: string, ...argv: readonly string[]) =>
  ranCli(argv, { env: { BLASTGATE_DATA: folder, KUBECONFIG: '/nonexistent' } });

/** Four proposals: one that succeeded, one rolled back, one that waits, one that was rejected; the gate was paused and resumed. */
const inDamagedGate = async (
  damage: string,
  check: (scene: {
    readonly folder: string;
    readonly list: () => Promise<{ readonly status: number; readonly body: { readonly [key: string]: unknown } }>;
    readonly stage: ReturnType<typeof setStage>;
  }) => Promise<void>,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'blastgate-damaged-'));
  const store = await openSqliteStore(folder);
  try {
    const stage = setStage(store);
    await stage.proposeText('scale dev/web 5', 'INC-1');
    await stage.pass(30);
    await stage.proposeText('scale production/web 5', 'INC-2');
    await stage.vote('p-2', 'ben');
    const web = stage.cluster.workloads.get('production/web');
    assert.ok(web !== undefined);
    // It never converges, and is well again after the rollback.
    web.health = 'slow';
    await stage.pass(200);
    await stage.proposeText('scale production/api 0', 'INC-3');
    await stage.proposeText('scale production/api 5', 'INC-4');
    await stage.vote('p-4', 'ben', 'reject');
    for (const to of ['paused', 'running'] as const)
      await store.controls.setPaused(
        to,
        { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: to, who: 'ana', about: '' },
        stage.never,
      );
    assert.deepEqual(await Promise.all(['p-1', 'p-2', 'p-3', 'p-4'].map(async (id) => (await stage.read(id)).state)), [
      'succeeded',
      'rolled-back',
      'awaiting-approval',
      'rejected',
    ]);
    const before = await cli(folder, 'audit', 'verify');
    assert.match(before.said, /^intact/);
    const raw = new DatabaseSync(join(folder, 'blastgate.db'));
    raw.exec(damage);
    raw.close();
    const people = { ...CAST, people: CAST.people.map((one) => ({ ...one, tokens: [hashOfToken(one.id)] })) };
    const app = httpApp(
      { ...stage.gate, people: () => people },
      {
        version: '1',
        ready: async () => ({ ok: true }),
        metrics: async () => '',
        streams: { perToken: 5, inAll: 5 },
        ending: stage.never,
      },
    );
    const list = async () => {
      const answer = await app.request('/v1/proposals', { headers: { authorization: 'Bearer ana' } });
      return { status: answer.status, body: (await answer.json()) as { readonly [key: string]: unknown } };
    };
    await check({ folder, list, stage });
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
};

describe('one damaged row of a proposal', () => {
  const BODIES = [
    ['no JSON', `'{"id":'`],
    ['empty', `''`],
    ['null', `'null'`],
    ['a number', '7'],
    ['a list', `'[]'`],
    ['an empty object', `'{}'`],
    ['another proposal', `(select body from remediations where id = 'p-1')`],
    ['an unknown state', `json_set(body, '$.state', 'constructor')`],
    ['no spec', `json_remove(body, '$.spec')`],
    ['no votes', `json_set(body, '$.votes', null)`],
    ['effects that are none', `json_set(body, '$.spec.effects', json('[null, 7]'))`],
    ['facts that are none', `json_set(body, '$.spec.facts', json('[null]'))`],
    ['reasons that are none', `json_set(body, '$.spec.reasons', json('[null]'))`],
  ] as const;
  for (const [what, body] of BODIES)
    test(`${what}: the others are listed and worked on, it is named`, async () => {
      await inDamagedGate(
        `update remediations set body = ${body} where id = 'p-3'`,
        async ({ folder, list, stage }) => {
          const { status, body: answer } = await list();
          assert.equal(status, 200, JSON.stringify(answer));
          const ids = (answer['proposals'] as readonly { readonly id: string }[]).map(({ id }) => id);
          assert.deepEqual(
            [
              ids.filter((id) => id !== 'p-3'),
              [...ids.filter((id) => id === 'p-3'), ...((answer['unreadable'] ?? []) as string[])],
            ],
            [['p-4', 'p-2', 'p-1'], ['p-3']],
          );
          const verified = await cli(folder, 'audit', 'verify');
          assert.equal(verified.code, 1);
          assert.match(verified.said, /p-3/);
          // Due as it is, it stands in nobody's way.
          const more = await stage.proposeText('scale dev/api 3', 'INC-9');
          assert.ok(more.ok);
          stage.clock.pass(61);
          for (let i = 0; i < 40; i += 1) {
            await stage.tick().catch(() => false);
            stage.clock.pass(1);
          }
          assert.equal((await stage.read(more.remediation.id)).state, 'succeeded');
        },
      );
    });

  test('doctor names it', async () => {
    await inDamagedGate(`update remediations set body = 'null' where id = 'p-3'`, async ({ folder }) => {
      assert.match((await cli(folder, 'doctor')).said, /FAIL +store +.*p-3/);
    });
  });
});

test('a damaged message and a damaged line of the trail stop nothing, and are found', async () => {
  for (const damage of [
    `update outbox set message = '{' where id = (select min(id) from outbox)`,
    `update outbox set message = 'null'`,
    `update audit set line = '{' where seq = 3`,
    `update audit set line = 'null' where seq = 3`,
    `update audit set line = '{"kind":"note"}' where seq = 3`,
    `update audit set line = '{"kind":"step","proposal":"p-1","record":{}}' where seq = 3`,
  ])
    await inDamagedGate(damage, async ({ folder, list, stage }) => {
      assert.equal((await list()).status, 200, damage);
      await stage.tell();
      for (const argv of [['list'], ['export'], ['verify']] as const) {
        const { code, said } = await cli(folder, 'audit', ...argv);
        assert.equal(code, argv[0] === 'verify' ? 1 : 0, `${damage}: ${said}`);
        assert.doesNotMatch(said, /TypeError|undefined/, damage);
      }
    });
});

describe('audit verify finds what was changed beside the trail', () => {
  const CHANGES: readonly (readonly [damage: string, says: RegExp])[] = [
    ['delete from outcomes', /the outcome of INC-1 .* is missing/],
    [
      `update outcomes set body = json_set(body, '$.state', 'succeeded') where incident = 'INC-2'`,
      /the outcome of INC-2 .* is not how it ended/,
    ],
    [
      `update outcomes set body = json_set(body, '$.rolled_back', json('false')) where incident = 'INC-2'`,
      /is not how it ended/,
    ],
    [`update outcomes set incident = 'INC-7' where incident = 'INC-2'`, /INC-7 .* follows from no event/],
    [`update outcomes set failed = 0 where incident = 'INC-2'`, /the outcome of INC-2 .* is kept under other columns/],
    [`update outcomes set ended = '2020-01-01T00:00:00.000Z'`, /is kept under other columns/],
    [`update outcomes set target = 'dev/deployment/api'`, /is kept under other columns/],
    [`update outcomes set seconds = 1`, /is kept under other columns/],
    [`delete from failed_objects`, /objects of what failed: .* for INC-2 .* is missing/],
    [
      `update failed_objects set ended = '2020-01-01T00:00:00.000Z'`,
      /objects of what failed: .* follows from no event/,
    ],
    [
      `insert into failed_objects select action, 'x', ended, 'INC-7', digest from failed_objects limit 1`,
      /follows from no event/,
    ],
    ['update gate set paused = 1', /the gate is paused, which no line says/],
    [`insert into holds values ('deployments.apps/dev/web', 'p-1')`, /holds: .* follows from no event/],
    [`update remediations set due = null where id = 'p-3'`, /p-3 is not due, though it is awaiting-approval/],
    [`update remediations set due = '2026-01-01T00:00:00.000Z' where id = 'p-4'`, /p-4 is due, though it is rejected/],
    [`update remediations set open = 0 where id = 'p-3'`, /p-3 is not open/],
    [`update remediations set digest = 'sha256:00' where id = 'p-3'`, /the digest column of p-3/],
    ['delete from outbox', /messages: .* is missing/],
    [`delete from outbox where proposal = 'p-2'`, /messages: .* of p-2 in .* is missing/],
    [
      `update outbox set message = json_set(message, '$.state', 'succeeded') where json_extract(message, '$.state') = 'rolled-back'`,
      /messages: /,
    ],
    [
      `insert into outbox (key, proposal, incident, queue, message, head_seq, head_hash, created_at, due, tries, settled, first) select 'x', proposal, incident, queue, message, head_seq, head_hash, created_at, due, tries, settled, 0 from outbox where id = 1`,
      /follows from no event/,
    ],
    ['update outbox set first = 0', /are not taken in their order/],
    ['update tallies set count = count + 1', /counts: /],
    [`update remediations set state = 'succeeded' where id = 'p-4'`, /p-4 is not the fold of its events/],
  ];
  test('each change by itself', async () => {
    await inDamagedGate('select 1', async ({ folder }) => {
      const [file, whole] = ['blastgate.db', 'whole.db'].map((name) => join(folder, name)) as [string, string];
      const other = mkdtempSync(join(tmpdir(), 'blastgate-changed-'));
      const source = new DatabaseSync(file);
      source.exec(`vacuum into '${whole}'`);
      source.close();
      for (const [damage, says] of CHANGES) {
        copyFileSync(whole, join(other, 'blastgate.db'));
        const raw = new DatabaseSync(join(other, 'blastgate.db'));
        raw.exec('pragma journal_mode = delete');
        raw.exec(damage);
        raw.close();
        const { code, said } = await cli(other, 'audit', 'verify');
        assert.equal(code, 1, `${damage}: ${said}`);
        assert.match(said, says, damage);
      }
      rmSync(other, { recursive: true });
    });
  });
});
