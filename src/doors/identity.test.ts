import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { CAST } from '../../test/support/memory-gate.ts';
import type { People } from '../core/approval/people.ts';
import { identify, tokenProblem } from './identity.ts';
import { tokenWarnings } from './start-checks.ts';

const hash = (token: string) => `sha256:${createHash('sha256').update(token).digest('hex')}`;
const END = '2026-06-01T00:00:00.000Z';
const PEOPLE: People = {
  people: [
    {
      id: 'ana',
      name: 'Ana',
      rights: ['approve'],
      accounts: {},
      tokens: [hash('stays'), hash('ends')],
      expiring: [{ hash: hash('ends'), expires: END }],
    },
  ],
  agents: CAST.agents.map((agent) => ({
    ...agent,
    tokens: [hash('agent')],
    expiring: [{ hash: hash('agent'), expires: END }],
  })),
};

const ROWS: readonly (readonly [token: string, now: string, who: string | null, problem: string])[] = [
  ['stays', '2030-01-01T00:00:00.000Z', 'ana', 'unauthorized'],
  ['ends', '2026-05-31T23:59:59.999Z', 'ana', 'unauthorized'],
  ['ends', END, null, 'token-expired'],
  ['agent', '2026-05-31T23:59:59.999Z', 'healer', 'unauthorized'],
  ['agent', END, null, 'token-expired'],
  ['nobody', END, null, 'unauthorized'],
];
for (const [token, now, who, problem] of ROWS)
  test(`the token "${token}" at ${now}: ${who ?? problem}`, () => {
    assert.equal(identify(`Bearer ${token}`, PEOPLE, now)?.proposer.id ?? null, who);
    if (who === null) assert.equal(tokenProblem(`Bearer ${token}`, PEOPLE, now), problem);
  });

test('what ends within two weeks is warned of, and what has ended', () => {
  assert.deepEqual(tokenWarnings(PEOPLE, '2026-05-01T00:00:00.000Z'), []);
  assert.match(tokenWarnings(PEOPLE, '2026-05-20T00:00:00.000Z').join('\n'), /ana \(sha256:\w{8}…\) expires/);
  assert.match(tokenWarnings(PEOPLE, END).join('\n'), /healer .* has expired/);
});
