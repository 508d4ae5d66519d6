// The command as people call it: files in any form and order, two policies, a page, and what is wrong with either.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loggedRecord } from '../../../../test/support/logged.ts';
import { ranCli } from '../../../../test/support/run-cli.ts';
import type { Json, JsonObject } from '../../../core/model/json.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
after(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const run = async (...words: readonly string[]) => {
  return ranCli(['replay', ...words], { env: {} });
};

const json = async (...words: readonly string[]): Promise<JsonObject> => {
  const { code, out, err } = await run('-o', 'json', ...words);
  assert.equal(code, 0, err);
  return JSON.parse(out) as JsonObject;
};

const WEB = '/apis/apps/v1/namespaces/production/deployments/web';
const write = (
  auditID: string,
  verb: string,
  requestURI: string,
  requestObject: Json = {},
  more: JsonObject = {},
): Json => loggedRecord({ auditID, verb, requestURI, requestObject, ...more });

const RECORDS = [
  write('1', 'patch', `${WEB}/scale`, { spec: { replicas: 5 } }),
  write('2', 'patch', `${WEB}/scale`, { spec: { replicas: 0 } }),
  write('3', 'delete', '/api/v1/namespaces/dev/pods/web-1'),
  write('4', 'delete', '/api/v1/namespaces/shop', {}),
  write('5', 'create', '/api/v1/namespaces/shop/pods/web-1/exec?command=sh&stdin=true&tty=true'),
  write('6', 'patch', `${WEB}?fieldManager=kubectl-set`, {
    spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } },
  }),
  write('7', 'delete', '/api/v1/namespaces/dev/pods/web-1', {}, { user: { username: 'ana' } }),
  loggedRecord({ auditID: '8', level: 'Metadata', verb: 'update', requestURI: WEB }),
  loggedRecord({ auditID: '9', verb: 'get', requestURI: '/api/v1/namespaces/shop/secrets/db' }),
];
const LOG = file('audit.log', RECORDS.map((record) => `${JSON.stringify(record)}\n`).join(''));

test('each actor and action is counted by the tier that the gate would have given', async () => {
  const { actors, total, policy, evidence } = await json(LOG);
  const rows = (actors as readonly JsonObject[]).flatMap(({ actor, actions }) =>
    (actions as readonly JsonObject[]).map(({ action, auto, human, dual, blocked, noBody }) =>
      [actor, action, auto, human, dual, blocked, noBody].map((value) => JSON.stringify(value)).join(' '),
    ),
  );
  assert.deepEqual(rows, [
    '"ana" "delete-pod" 1 0 0 0 0',
    '"healer" null 0 0 0 0 1',
    '"healer" "delete-object" 0 0 0 1 0',
    '"healer" "delete-pod" 1 0 0 0 0',
    '"healer" "exec" 0 0 1 0 0',
    '"healer" "scale" 0 1 1 0 0',
    '"healer" "sensitive-read" 0 0 1 0 0',
    '"healer" "set-image" 0 1 0 0 0',
  ]);
  assert.deepEqual([(total as JsonObject)['auto'], policy, evidence], [2, null, 'lower-bound']);
});

test('the answer is the same bytes, whatever the order and the form of the files', async () => {
  const halves = [RECORDS.slice(0, 4), RECORDS.slice(4)];
  const lines = (records: readonly Json[]): string => records.map((record) => JSON.stringify(record)).join('\n');
  const [a, b] = [file('a.log', `${lines(halves[0] ?? [])}\n`), file('b.gz', gzipSync(lines(halves[1] ?? [])))];
  const forward = await run('-o', 'json', a, b);
  assert.equal(forward.out, (await run('-o', 'json', b, a, a)).out);
  const list = file('list.json', JSON.stringify({ kind: 'EventList', items: RECORDS }, null, 2));
  const { files: _, ...one } = await json(LOG);
  const { files: __, ...other } = await json(list);
  const { files: ___, ...both } = await json(a, b);
  assert.deepEqual(other, one);
  assert.deepEqual(both, one);
});

describe('with another policy', () => {
  const shipped = readFileSync(new URL('../../../../policy/default.yaml', import.meta.url), 'utf8');
  const stricter = file('strict.yaml', shipped.replace('delete-pod: 8', 'delete-pod: 30'));
  const same = file('same.yaml', shipped);

  test('every change of tier has its reasons', async () => {
    assert.ok(readFileSync(stricter, 'utf8') !== shipped, 'the policy has other points now');
    const { changes, against } = await json('--policy', stricter, '--against', same, LOG);
    const [first, ...others] = changes as readonly JsonObject[];
    assert.equal(against, same);
    assert.deepEqual(
      [first, ...others].map((one) => ['actor', 'action', 'before', 'after', 'count'].map((key) => one?.[key])),
      [
        ['ana', 'delete-pod', 'auto', 'human', 1],
        ['healer', 'delete-pod', 'auto', 'human', 1],
      ],
    );
    assert.ok(first !== undefined);
    assert.deepEqual((first['because'] as readonly JsonObject[])[0], { code: 'base', before: 8, after: 30 });
    const text = (await run('--policy', stricter, '--against', same, LOG)).out;
    assert.match(text, /ana delete-pod: auto → human, 1 time\n +because: base 8 → 30/);
  });

  test('that is the same nothing changes', async () => {
    const { changes } = await json('--policy', same, '--against', same, LOG);
    assert.deepEqual(changes, []);
    assert.match((await run('--against', same, LOG)).out, /No tier differs/);
  });

  test('that is broken is refused with its place', async () => {
    const broken = file('broken.yaml', shipped.replace('auto: 10', 'auto: 11'));
    const { code, err } = await run('--against', broken, LOG);
    assert.equal(code, 1);
    assert.match(err, /broken\.yaml:\d+:\d+: /);
  });
});

test('a page is written beside the answer', async () => {
  const path = join(folder, 'report.html');
  assert.equal((await run('--html', path, LOG)).code, 0);
  assert.match(readFileSync(path, 'utf8'), /^<!doctype html>[\s\S]*healer[\s\S]*<\/html>\n$/);
  const { code, err } = await run('--html', join(folder, 'no', 'report.html'), LOG);
  assert.deepEqual([code, /cannot be written/.test(err)], [1, true]);
});

test('what is wrong with the call or the files is said', async () => {
  assert.equal((await run()).code, 2);
  const missing = await run(join(folder, 'nosuch.log'));
  assert.deepEqual([missing.code, /nosuch\.log cannot be read/.test(missing.err)], [1, true]);
  assert.equal((await run(folder)).code, 1);
  assert.equal((await run('-o', 'yaml', LOG)).code, 2);
  const other = file('other.txt', 'no log\nat all\n{"kind":"Pod"}\n');
  assert.equal((await json(other))['unreadable'], 3);
  const cut = file('cut.log', `${JSON.stringify(RECORDS[2])}\n${JSON.stringify(RECORDS[0]).slice(0, 200)}`);
  const { files, records } = await json(cut);
  assert.deepEqual([files, records], [[{ file: cut, cut: true }], 1]);
});
