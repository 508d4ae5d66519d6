// What people read, in code and in documents, says "rollback" and no private words. The dictionaries have a test of their
// own: src/core/text/words/dictionaries.test.ts.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, sources, withoutComments } from './sources.ts';

const PRIVATE =
  /\bways? back\b|\bmend(?:ed|s|ing)?\b|\bfor ever\b|\b(?:the|our) (?:house|roof|garden)\b|\b(?:is|be|all) well\b|\bas promised\b|\bPhase \d|\bADR-\d/i;

/** The closing line of the review issue says where the project comes from (contract section 6). */
const PINNED = /^core\/text\/words\/review-(en|zh-tw)\.ts$/;

/** A changelog tells of the words that were. */
const HISTORY = new Set(['CHANGELOG.md']);

const documents = (): readonly (readonly [path: string, text: string])[] =>
  ['', 'docs', 'src', 'deploy', 'examples'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((name) => /\.(md|yaml)$/.test(name) && !HISTORY.has(name))
      .map((name) => [join(folder, name), readFileSync(join(ROOT, folder, name), 'utf8')] as const),
  );

test('no private words where people read', () => {
  const code = sources()
    .filter(({ path }) => !path.startsWith('sandbox/') && !PINNED.test(path))
    .map(({ path, text }) => [`src/${path}`, withoutComments(text)] as const);
  const read = [...code, ...documents()];
  assert.ok(read.length > 300, `only ${read.length} files were found: the scan slept`);
  const found = read.flatMap(([path, text]) =>
    text
      .split('\n')
      .filter((line) => PRIVATE.test(line))
      .map((line) => `${path}: ${line.trim()}`),
  );
  assert.deepEqual(found, []);
});
