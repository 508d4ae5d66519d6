// Every folder of src says what it does, what must hold, and what tests it; what it names exists.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './sources.ts';

const SRC = join(ROOT, 'src');
const FOLDERS = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => relative(SRC, join(entry.parentPath, entry.name)))
  .toSorted();

const MOST_LINES = 30;
const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`\s]+)`/g)].map(([, word]) => word ?? '');
const isTest = (path: string): boolean => /^(src|test)\/.*\.test\.ts$/.test(path);

assert.ok(FOLDERS.length > 40, `only ${FOLDERS.length} folders were found`);

for (const folder of FOLDERS)
  test(`src/${folder} says what it does, and what tests it`, () => {
    const path = join(SRC, folder, 'README.md');
    assert.ok(existsSync(path), 'it has no README.md');
    const text = readFileSync(path, 'utf8');
    assert.ok(text.split('\n').length <= MOST_LINES, `more than ${MOST_LINES} lines: it is no overview`);
    const tests = quoted(text).filter(isTest);
    assert.ok(tests.length > 0, 'it names no test');
    for (const one of tests) assert.ok(existsSync(join(ROOT, one)), `${one} does not exist`);
    for (const one of quoted(text).filter((word) => /^[\w-]+\.ts$/.test(word)))
      assert.ok(
        [folder, join(folder, '..')].some((where) => existsSync(join(SRC, where, one))),
        `${one} is not there`,
      );
  });
