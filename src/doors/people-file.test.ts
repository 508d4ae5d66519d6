import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { memoryLog } from '../../test/fakes/log.ts';
import { loadPeople, watchPeople } from './people-file.ts';

const ONE = 'people:\n  - { id: ana, name: Ana, rights: [approve] }\n';
const TWO = `${ONE}  - { id: ben, name: Ben, rights: [approve] }\n`;
const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

test('a broken or missing file keeps the people of before and says so; each that is taken is told once by its digest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'people-'));
  try {
    const path = join(folder, 'people.yaml');
    const [log, told] = [memoryLog(), [] as string[]];
    writeFileSync(path, ONE);
    const people = watchPeople(path, log, (digest) => told.push(digest));
    const ids = () => people().people.map(({ id }) => id);
    assert.deepEqual(ids(), ['ana']);
    writeFileSync(path, `${TWO}  - nonsense\n`);
    assert.deepEqual(ids(), ['ana']);
    assert.deepEqual(ids(), ['ana']);
    assert.equal(log.lines.filter(({ event }) => event === 'people_unusable').length, 1);
    rmSync(path);
    assert.deepEqual(ids(), ['ana']);
    writeFileSync(path, TWO);
    assert.deepEqual(ids(), ['ana', 'ben']);
    writeFileSync(path, ONE);
    assert.deepEqual(ids(), ['ana']);
    assert.deepEqual(told, [ONE, TWO, ONE].map(sha256));
    assert.equal(loadPeople(path).digest, sha256(ONE));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
