import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Proposal } from '../api/types.ts';
import { type Hindrance, hindranceOf, mayBreakGlass, mayTakeBack } from './may-decide.ts';

const no = (code: string) => ({ code, told: { en: code, 'zh-TW': code } });
const MAY = { approve: null, reject: null, breakGlass: null, takeBack: null };
const proposal = (fields: Readonly<Record<string, unknown>> = {}): Proposal =>
  // as: of a proposal only these fields are read here.
  ({ state: 'awaiting-approval', digest: 'sha256:a', votes: [], yours: MAY, ...fields }) as unknown as Proposal;
const hindered = (approve: string, reject: string | null): Proposal =>
  proposal({ yours: { ...MAY, approve: no(approve), reject: reject === null ? null : no(reject) } });

const TABLE: readonly (readonly [string, Proposal, Hindrance])[] = [
  ['what the gate lets them', proposal(), null],
  ['a digest that is not the one on the screen', proposal({ digest: 'sha256:b' }), 'newer'],
  ['a proposal that a newer one has replaced', proposal({ state: 'superseded' }), 'newer'],
  ['one that has ended', hindered('not-open', 'not-open'), 'not-open'],
  ['one that has run out of time', hindered('expired', 'expired'), 'not-open'],
  ['a person who may only read', hindered('no-right', 'no-right'), 'no-right'],
  ['a person who is nobody any more', hindered('unknown-person', 'unknown-person'), 'no-right'],
  ['one of their own', hindered('own-proposal', 'own-proposal'), 'own'],
  ['a second yes', hindered('already-voted', null), 'voted'],
  ['a way that does not count', hindered('wrong-channel', null), 'only-reject'],
  ['a policy that asks for more now', hindered('approval-raised', null), 'only-reject'],
  ['an issue that is not there yet', hindered('review-missing', null), 'only-reject'],
  ['a login that is too old', hindered('login-again', null), null],
  ['a code of a later gate, for both', hindered('of-tomorrow', 'of-tomorrow'), 'not-open'],
];
for (const [what, one, expected] of TABLE)
  test(`${what}: ${expected ?? 'may be decided'}`, () => {
    assert.equal(hindranceOf(one, 'sha256:a'), expected);
  });

test('a vote may be taken back where the gate says so', () => {
  assert.equal(mayTakeBack(proposal()), true);
  assert.equal(mayTakeBack(proposal({ yours: { ...MAY, takeBack: no('no-own-vote') } })), false);
  assert.equal(mayTakeBack(proposal({ yours: undefined })), false);
});

test('break-glass is offered where the gate would take it, for the digest on the screen', () => {
  const but = (code: string) => proposal({ yours: { ...MAY, breakGlass: no(code) } });
  assert.equal(mayBreakGlass(proposal(), 'sha256:a'), true);
  assert.equal(mayBreakGlass(proposal(), 'sha256:b'), false);
  assert.equal(mayBreakGlass(but('wrong-channel'), 'sha256:a'), false, 'a link alone, where two are needed');
  assert.equal(mayBreakGlass(but('no-right'), 'sha256:a'), false);
  assert.equal(mayBreakGlass(but('login-again'), 'sha256:a'), true, 'the page leads to the login');
  assert.equal(mayBreakGlass(proposal({ yours: undefined }), 'sha256:a'), false);
});
