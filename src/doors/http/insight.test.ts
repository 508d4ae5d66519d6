// What the console reads beside proposals: insight, policy, codes, exports, and the newest lines of the trail.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fakeClock } from '../../../test/fakes/clock.ts';
import { openDoor } from '../../../test/support/door.ts';
import { REFUSAL_CODES } from '../../core/model/refusal.ts';

const open = async () => {
  const door = openDoor(undefined, { clock: fakeClock() });
  const read = async (path: string) => {
    const response = await door.ask('eve', 'GET', path);
    assert.equal(response.status, 200, path);
    return (await response.json()) as Record<string, unknown>;
  };
  await door.stage.proposeText('scale dev/web 5', 'INC-1');
  await door.stage.proposeText('scale production/web 5', 'INC-2');
  await door.stage.settle();
  await door.stage.pass(120);
  return { ...door, read };
};

test('insight counts what was proposed, and what ran without approval within the hour', async () => {
  const { read } = await open();
  const insight = await read('/v1/insight');
  assert.deepEqual(insight['counts'], { total: 2, succeeded: 1, rolledBack: 0, failed: 0, rejected: 0 });
  assert.equal(insight['more'], false);
  assert.deepEqual((insight['by'] as { agent: unknown }).agent, [
    { name: 'healer', count: 2, succeeded: 1, rolledBack: 0 },
  ]);
  const { used, of } = insight['budget'] as { used: number; of: number };
  assert.ok(used > 0 && of >= used, `${used} of ${of}`);
});

test('the policy in force: its digest changes with it, its text is YAML that a gate takes', async () => {
  const door = await open();
  const first = (await door.read('/v1/policy')) as { digest: string; text: string };
  const { readPolicy } = await import('../../adapters/policy/read-policy.ts');
  assert.ok(readPolicy(first.text).ok, first.text);
  Object.assign(door.gate, {
    policy: { ...door.gate.policy, document: { ...door.gate.policy.document, writesAtOnce: 3 } },
  });
  const second = (await door.read('/v1/policy')) as { digest: string; text: string };
  assert.notEqual(first.digest, second.digest);
  assert.match(second.text, /writesAtOnce: 3/);
});

test('every code says what it means in both languages', async () => {
  const { codes } = (await (await open()).read('/v1/codes')) as unknown as {
    codes: readonly { kind: string; code: string; message: Record<string, string> }[];
  };
  const refusals = codes.filter(({ kind }) => kind === 'refusals').map(({ code }) => code);
  assert.deepEqual(refusals, [...REFUSAL_CODES]);
  for (const { code, message } of codes) {
    assert.notEqual(message['en'], '', code);
    assert.match(message['zh-TW'] ?? '', /[一-鿿]/, code);
  }
});

describe('files', () => {
  test('of outcomes and of the trail, in CSV and JSON, with nothing that a spreadsheet computes', async () => {
    const { ask, note } = await open();
    await note('=HYPERLINK("https://evil.example")');
    const outcomes = await ask('eve', 'GET', '/v1/export/outcomes.csv');
    assert.equal(outcomes.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(outcomes.headers.get('content-disposition') ?? '', /attachment; filename="blastgate-outcomes\.csv"/);
    const [head, first, ...rest] = (await outcomes.text()).trimEnd().split('\r\n');
    assert.match(head ?? '', /^"ended","incident","proposal"/);
    assert.match(first ?? '', /"INC-1","p-1",.*"succeeded"/);
    assert.deepEqual(rest, []);
    const trail = await (await ask('eve', 'GET', '/v1/export/audit.csv')).text();
    assert.match(trail, /"'=HYPERLINK\(""https/);
    assert.doesNotMatch(trail, /(^|,)"?=/m);
    const lines = (await (await ask('eve', 'GET', '/v1/export/audit.json')).json()) as { seq: number }[];
    assert.deepEqual(
      lines.map(({ seq }) => seq),
      Array.from(lines, (_, at) => at + 1),
    );
    assert.equal(lines.length, trail.trimEnd().split('\r\n').length - 1);
  });

  test('of nothing are empty, and only who may read has them', async () => {
    const door = openDoor();
    assert.deepEqual(await (await door.ask('eve', 'GET', '/v1/export/outcomes.json')).json(), []);
    assert.equal((await (await door.ask('eve', 'GET', '/v1/export/audit.csv')).text()).split('\r\n').length, 2);
    for (const path of ['/v1/export/audit.csv', '/v1/export/outcomes.json', '/v1/insight', '/v1/policy', '/v1/codes'])
      assert.equal((await door.app.request(path)).status, 401, path);
  });
});

test('the newest lines of the trail come first, page by page, each once', async () => {
  const { read, stage } = await open();
  const head = (await stage.store.trail.head(stage.never))?.seq ?? 0;
  const seen: number[] = [];
  let cursor: string | null = null;
  do {
    const page = (await read(
      `/v1/audit?order=newest&limit=3${cursor === null ? '' : `&cursor=${cursor}`}`,
    )) as unknown as { lines: readonly { seq: number }[]; next: string | null };
    seen.push(...page.lines.map(({ seq }) => seq));
    cursor = page.next;
  } while (cursor !== null);
  assert.deepEqual(
    seen,
    Array.from({ length: head }, (_, at) => head - at),
  );
});

test('large lines come in smaller pages, and none is left out', async () => {
  const door = openDoor();
  for (let line = 0; line < 4; line += 1) await door.note('x'.repeat(700 * 1024));
  const seen: number[] = [];
  let path: string | null = '/v1/audit?order=newest';
  while (path !== null) {
    const response: Response = await door.ask('eve', 'GET', path);
    const { lines, next } = (await response.json()) as { lines: readonly { seq: number }[]; next: string | null };
    seen.push(...lines.map(({ seq }) => seq));
    path = next === null ? null : `/v1/audit?order=newest&cursor=${next}`;
  }
  assert.deepEqual(seen, [4, 3, 2, 1]);
});

test('the newest first goes with no filter', async () => {
  const { ask } = await open();
  for (const filter of ['incident=INC-1', 'event=voted', 'after=3', 'since=2026-01-01T00:00:00Z'])
    assert.equal((await ask('eve', 'GET', `/v1/audit?order=newest&${filter}`)).status, 400, filter);
});
