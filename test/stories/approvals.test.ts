// The story of the rules of approval, on the sandbox, as `npm start -- --story approvals` plays it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playApprovals } from '../../src/doors/demo/approvals.ts';

test('teams, a freeze and break-glass go as told', async ({ signal }) => {
  let text = '';
  const out = (more: string): void => {
    text += more;
  };
  const terminal = { out, env: {}, colour: false };
  const results = await playApprovals({ terminal, width: 80, signal });
  assert.deepEqual(
    results.filter(({ instead }) => instead !== null),
    [],
    text,
  );
  assert.equal(results.length, 13);
  assert.ok(
    text.split('\n').every((line) => line.length <= 80 || line.includes('POST')),
    text,
  );
});
