// The maps for a stranger: src/README.md answers in two hops, CONTRIBUTING.md names files that are there.
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from './sources.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const ROWS = [...read('src/README.md').matchAll(/^\| (.+?) \| `([^`]+)` \| `(\w+)` \|$/gm)];

test('each question of a stranger is answered by an export that is there', () => {
  assert.ok(ROWS.length >= 30, `only ${ROWS.length} rows were read`);
  for (const [, question, file, name] of ROWS) {
    assert.ok(existsSync(join(ROOT, 'src', file ?? '')), `${question}: ${file} does not exist`);
    assert.match(
      read(`src/${file}`),
      new RegExp(`^export (?:abstract )?(?:async )?(?:const|function\\*?|class|interface|type) ${name}\\b`, 'm'),
      `${question}: ${file} does not export ${name}`,
    );
  }
});

test('the rooms of core are drawn in the order of the law', () => {
  const rooms = [...read('test/layers/law.test.ts').matchAll(/^ {2}'core\/([\w-]+)',$/gm)].map(([, room]) => room);
  const drawn = [...read('src/README.md').matchAll(/^ {3}([\w-]+) {2,}[a-z]/gm)]
    .map(([, room]) => room ?? '')
    .filter((room) => rooms.includes(room));
  assert.ok(rooms.length >= 10);
  assert.deepEqual(drawn, rooms.toReversed());
});

const CHANGES = read('CONTRIBUTING.md')
  .split(/^### /m)
  .slice(1)
  .map((text) => ({ title: text.split('\n')[0] ?? '', text }));

test('each likely change says which files to touch, in order, and shows a commit', () => {
  assert.deepEqual(
    CHANGES.map(({ title }) => title),
    [
      'A code of evidence',
      'A refusal',
      'An action',
      'Another forge',
      'Another chat',
      'Another store',
      'A door',
      'A sentence',
    ],
  );
  for (const { title, text } of CHANGES) {
    assert.match(text, /\bgit show [0-9a-f]{7}\b/, `${title}: no commit as an example`);
    const paths = [...text.matchAll(/`((?:src|test|policy|docs|deploy)\/[^`\s]+)`/g)].map(([, path]) => path ?? '');
    assert.ok(paths.length >= 3, `${title}: only ${paths.length} files`);
    for (const path of paths)
      assert.ok(globSync(path.replace(/\/$/, ''), { cwd: ROOT }).length > 0, `${title}: ${path} does not exist`);
  }
});
