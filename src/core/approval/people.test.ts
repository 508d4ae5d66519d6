// Whose account it is: by the number of a forge's account where people.yaml has it, else by the login.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Digest } from '../sealed-spec/declarative-spec.ts';
import { type People, personByAccount } from './people.ts';
import { validVotes } from './quorum.ts';
import type { Vote } from './vote.ts';

const person = (id: string, accounts: People['people'][number]['accounts']): People['people'][number] => ({
  id,
  name: id,
  rights: ['approve'],
  accounts,
  tokens: [],
});
const people: People = {
  people: [
    person('ben', { github: 'ben', telegram: '1', oidc: 'https://x#a' }),
    person('ana', { github: 'Ana#583', gitlab: 'ana' }),
  ],
  agents: [],
};

const ROWS: readonly (readonly [
  what: string,
  asked: readonly [Parameters<typeof personByAccount>[1], string, (string | null)?],
  is: string | null,
])[] = [
  ['login and number', ['github', 'ana', '583'], 'ana'],
  ['the login that another has taken', ['github', 'ana', '999'], null],
  ['the login, and no number told', ['github', 'ana', null], null],
  ['the number, by its new login', ['github', 'ana-lee', '583'], 'ana'],
  ['the number, by a login that is mapped to another', ['github', 'ben', '583'], 'ana'],
  ['a login without a number in the file', ['github', 'BEN', '7'], 'ben'],
  ['a login without a number in the file, and none told', ['github', 'ben', null], 'ben'],
  ['the login alone, where numbers are not asked for', ['github', 'ana'], 'ana'],
  ['another service', ['gitlab', 'ana', '583'], 'ana'],
  ['the whole of what the file says', ['github', 'ana#583', '999'], null],
  ['an account whose name has that character', ['oidc', 'https://x#a'], 'ben'],
  ['its first part', ['oidc', 'https://x'], null],
];
for (const [what, asked, is] of ROWS)
  test(`${what} is ${is ?? 'nobody'}`, () => assert.equal(personByAccount(people, ...asked)?.id ?? null, is));

const DIGEST = `sha256:${'0'.repeat(64)}` as Digest;

test('a vote by a login whose number turns out to be another does not stand', () => {
  const vote = (accountId: string | undefined): Vote => ({
    person: 'ana',
    channel: 'github',
    decision: 'approve',
    digest: DIGEST,
    at: '2026-01-01T00:00:00.000Z',
    reason: null,
    proof: { kind: 'account', account: 'ana', message: '1', ...(accountId === undefined ? {} : { accountId }) },
  });
  for (const [accountId, stands] of [
    ['583', 1],
    ['999', 0],
    [undefined, 0],
  ] as const) {
    const ballot = {
      votes: [vote(accountId)],
      digest: DIGEST,
      proposer: { kind: 'agent', id: 'healer', owner: 'ben' } as const,
    };
    assert.equal(validVotes({ ...ballot, expiresAt: '2026-01-02T00:00:00.000Z' }, people).length, stands, accountId);
  }
});
