import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cefFaults } from '../../../../test/contracts/siem/cef.ts';
import { ocsfFaults } from '../../../../test/contracts/siem/ocsf.ts';
import { setStage } from '../../../../test/support/memory-gate.ts';
import { ranCli } from '../../../../test/support/run-cli.ts';
import { openSqliteStore } from '../../../adapters/store/sqlite/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'blastgate-export-'));
/** How many lines the trail has, and the times of them. */
let times: readonly string[] = [];

before(async () => {
  const store = await openSqliteStore(folder);
  const stage = setStage(store);
  await stage.proposeText('scale dev/web 5');
  await stage.pass(15);
  await stage.proposeText('scale production/web 0', 'INC-2');
  await stage.vote('p-2', 'ben');
  await store.trail.append(
    { kind: 'note', at: new Date(stage.clock.now()).toISOString(), what: 'logged-in', who: 'eve', about: 'by link' },
    stage.never,
  );
  const lines = await store.trail.lines(0, 1000, stage.never);
  times = lines.map(({ deed }) => (deed.kind === 'step' ? deed.record.at : deed.at));
  await store.close();
});
after(() => rmSync(folder, { recursive: true }));

const exported = async (...options: readonly string[]) => {
  const { code, out, err } = await ranCli(['audit', 'export', ...options], { env: { BLASTGATE_DATA: folder } });
  return { code, err, out, lines: out.split('\n').slice(0, -1) };
};

test('without a format the lines are as they were hashed', async () => {
  const { code, lines } = await exported();
  assert.equal(code, 0);
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { seq: number }).seq),
    times.map((_, i) => i + 1),
  );
  assert.deepEqual((await exported('--format', 'json')).lines, lines);
});

test('cef: one line of CEF:0 for each line; each names the command that was proposed before', async () => {
  const { lines } = await exported('--format', 'cef');
  assert.equal(lines.length, times.length);
  for (const line of lines) {
    assert.deepEqual(cefFaults(line), [], line);
    assert.match(line, /^CEF:0\|Blastgate\|Blastgate\|[^|]+\|[a-z-]+\|[a-z-]+\|\d+\|rt=\d{13} /);
  }
  const vote = lines.find((line) => line.includes('act=voted')) ?? '';
  assert.match(vote, /suser=ben .*cs2=INC-2 cs3Label=command cs3=.*production/);
});

test('ocsf: each line is an event as the schema has it', async () => {
  const { lines } = await exported('--format', 'ocsf');
  assert.equal(lines.length, times.length);
  const events = lines.map(
    (line) => JSON.parse(line) as Record<string, unknown> & Record<'class_uid' | 'activity_id', number>,
  );
  for (const [i, event] of events.entries()) {
    assert.deepEqual(ocsfFaults(event), [], lines[i]);
    assert.equal(event['time'], Date.parse(times[i] ?? ''));
    assert.deepEqual(
      [event['metadata']].map((of) => {
        const { version, product } = of as { version: string; product: { vendor_name: string } };
        return [version, product.vendor_name];
      }),
      [['1.3.0', 'Blastgate']],
    );
  }
  assert.deepEqual(
    [...new Set(events.map(({ class_uid }) => class_uid))].sort((a, b) => Number(a) - Number(b)),
    [3002, 6003],
  );
  assert.equal(events.at(-1)?.['type_uid'], 300201, 'a login is a logon');
});

test('--since and --until cut by time; the formats still know what came before', async () => {
  const from = times.at(-1) ?? '';
  const expected = times.filter((at) => at >= from).length;
  assert.ok(expected < times.length);
  const { lines } = await exported('--format', 'cef', '--since', from);
  assert.equal(lines.length, expected);
  assert.equal((await exported('--until', from)).lines.length, times.length - expected);
  assert.deepEqual((await exported('--since', from, '--until', from)).lines, []);
});

test('--out writes a new file for its owner alone, and never over one', async () => {
  const file = join(folder, 'trail.jsonl');
  const { code, out } = await exported('--out', file);
  assert.deepEqual([code, out], [0, '']);
  assert.equal(readFileSync(file, 'utf8'), (await exported()).out);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const again = await exported('--out', file, '--format', 'cef');
  assert.notEqual(again.code, 0);
  assert.match(again.err, /trail\.jsonl.*EEXIST/);
  assert.notEqual((await exported('--out', join(folder, 'nowhere', 'x'))).code, 0);
});

for (const options of [
  ['--format', 'xml'],
  ['--since', 'soon'],
  ['--until', 'soon'],
  ['--out', ''],
  ['--limit', '3'],
])
  test(`export ${options.join(' ')} is an error of usage`, async () => {
    const { err, out } = await exported(...options);
    assert.equal(out, '');
    assert.ok(err.includes(options[0] ?? ''), err);
  });
