// Ids of proposals: their letters, and that none comes twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId } from './new-id.ts';

test('ids have twelve letters that are hard to mistake, all of them are used, and none comes twice', () => {
  const ids = Array.from({ length: 10_000 }, newId);
  for (const id of ids) assert.match(id, /^p-[a-km-np-z2-9]{12}$/);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(ids.flatMap((id) => id.slice(2).split(''))).size, 32);
});
