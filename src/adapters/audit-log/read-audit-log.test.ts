// Logs in every form that clusters, clouds and people keep them in, whole and damaged: the same records come out.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { isObject, type Json } from '../../core/model/json.ts';
import { readAuditLog, readAuditLogFile } from './read-audit-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'audit-log-'));
after(() => rmSync(folder, { recursive: true }));

/** An event that nothing of can be left unread. */
const event = (id: string): Json => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'Request',
  auditID: id,
  stage: 'ResponseComplete',
  requestURI: '/api/v1/namespaces/shop/pods/"}]{[é',
  verb: 'delete',
  user: { username: 'healer', groups: ['a', 'b'] },
  requestObject: { text: 'a\\"}\n' },
});
const IDS = ['a', 'b', 'c'];
const LINES = IDS.map((id) => JSON.stringify(event(id)));

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

const collector = () => {
  const ids: string[] = [];
  const counts = { skipped: 0, unreadable: 0 };
  return {
    ids,
    counts,
    add: (record: Json): void => {
      const id = isObject(record) ? record['auditID'] : null;
      ids.push(typeof id === 'string' ? id : 'none');
    },
    skip: (): void => {
      counts.skipped += 1;
    },
    skipUnreadable: (): void => {
      counts.unreadable += 1;
    },
  };
};

const read = async (text: string | Buffer, size = 7) => {
  const sink = collector();
  const end = await readAuditLog(chunksOf(Buffer.from(text), size), sink);
  return { end, ids: sink.ids, ...sink.counts };
};
const WHOLE = { end: 'whole', ids: IDS, skipped: 0, unreadable: 0 };

describe('the same records', () => {
  const forms: readonly (readonly [what: string, text: string])[] = [
    ['lines', `${LINES.join('\n')}\n`],
    ['lines without an end', LINES.join('\n')],
    ['lines of Windows, with empty ones', `\r\n${LINES.join('\r\n\r\n')}\r\n`],
    ['lines behind a byte order mark', `\ufeff${LINES.join('\n')}\n`],
    ['an EventList', `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${LINES.join(',')}]}`],
    ['its keys in another order', `{"items":[${LINES.join(',')}],"metadata":{"a":[{"b":[{}]}]}}`],
    ['an EventList, formatted', JSON.stringify({ kind: 'EventList', items: IDS.map(event) }, null, 2)],
    ['an array', ` \n[${LINES.join(', ')}]\n`],
    ['objects, formatted, one after another', IDS.map((id) => JSON.stringify(event(id), null, 4)).join('\n')],
    ['a batch a line', LINES.map((line) => `{"kind":"EventList","items":[${line}]}`).join('\n')],
    ['lines of Azure', LINES.map((log) => JSON.stringify({ category: 'kube-audit', properties: { log } })).join('\n')],
    ['lines of CloudWatch', LINES.map((line) => JSON.stringify({ '@timestamp': 1, '@message': line })).join('\n')],
    ['lines of a log collector', LINES.map((log) => JSON.stringify({ stream: 'stdout', log: `${log}\n` })).join('\n')],
  ];
  for (const [what, text] of forms)
    test(`of ${what}, however it is cut into chunks`, async () => {
      for (const size of [1, 2, 7, 64, 5000]) assert.deepEqual(await read(text, size), WHOLE, `${size} bytes a chunk`);
    });

  test('of a compressed file, also one of several members', async () => {
    const [one, two] = [join(folder, 'a.log'), join(folder, 'b.log.gz')];
    writeFileSync(one, `${LINES.join('\n')}\n`);
    writeFileSync(two, Buffer.concat(LINES.map((line) => gzipSync(`${line}\n`))));
    for (const path of [one, two]) {
      const sink = collector();
      assert.equal(await readAuditLogFile(path, sink), 'whole');
      assert.deepEqual(sink.ids, IDS);
    }
  });
});

describe('damage', () => {
  test('a last record that is cut off is said, and is no unreadable one', async () => {
    const cutLine = `${LINES[0]}\n${LINES[1]?.slice(0, -5)}`;
    const cutList = `{"items":[${LINES[0]},${LINES[1]?.slice(0, -5)}`;
    for (const text of [cutLine, cutList])
      assert.deepEqual(await read(text), { end: 'cut', ids: ['a'], skipped: 0, unreadable: 0 });
  });

  test('a line that is cut in the middle of a log spoils no other', async () => {
    const text = `${LINES[0]}\n${LINES[1]?.slice(0, 60)}\nnonsense\n\u0000\u0000\u0000\u0000\n${LINES[2]}\n`;
    assert.deepEqual(await read(text), { end: 'whole', ids: ['a', 'c'], skipped: 0, unreadable: 3 });
  });

  test('a record that is larger than any request is counted, not kept', async () => {
    const huge = JSON.stringify({ ...(event('b') as object), requestObject: 'x'.repeat(17 * 1024 * 1024) });
    for (const text of [`${LINES[0]}\n${huge}\n${LINES[2]}\n`, `[${LINES[0]},${huge},${LINES[2]}]`])
      assert.deepEqual(await read(text, 1 << 20), { end: 'whole', ids: ['a', 'c'], skipped: 0, unreadable: 1 });
  });

  test('a compressed file that is cut off gives what was before, and says so', async () => {
    const path = join(folder, 'cut.gz');
    const zipped = gzipSync(`${LINES.join('\n')}\n`.repeat(2000));
    writeFileSync(path, zipped.subarray(0, zipped.length - 20));
    const sink = collector();
    assert.equal(await readAuditLogFile(path, sink), 'cut');
    assert.ok(sink.ids.length > 3);
  });

  test('a file that is not there is the caller’s to tell', async () => {
    await assert.rejects(readAuditLogFile(join(folder, 'nosuch'), collector()), { code: 'ENOENT' });
  });

  test('no bytes make it throw', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.constantFrom('', '{"items":[', '[', '{\n'),
        async (bytes, first) => {
          await read(Buffer.concat([Buffer.from(first), bytes]), 11);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('an empty file has no records', async () => {
    for (const text of ['', '\n', '[]', '{"kind":"EventList","items":[]}'])
      assert.deepEqual(await read(text), { end: 'whole', ids: [], skipped: 0, unreadable: 0 });
  });
});
