import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const PATH = /`((?:src|test|policy|examples|docs)\/[^`\s]+)`/g;

for (const name of readdirSync('docs').filter((file) => file.endsWith('.md')))
  test(`docs/${name} names only files that exist`, () => {
    const named = [...readFileSync(`docs/${name}`, 'utf8').matchAll(PATH)].map(([, path]) => path ?? '');
    assert.deepEqual(
      named.filter((path) => globSync(path.replace(/\/$/, '')).length === 0),
      [],
    );
  });

test('each line of the threat model that says what holds names a test', () => {
  const rows = readFileSync('docs/threat-model.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  const claims = rows.filter((row) => !/^\| (they try|what happens) \|/.test(row));
  assert.ok(claims.length > 20);
  assert.deepEqual(
    claims.filter((row) => !/`(src|test|policy)\/[^`]+`[^|]*\|$/.test(row)),
    [],
  );
});
