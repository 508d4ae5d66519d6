// ID tokens that are wrong in one thing: none of them logs anybody in.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { oidcProvider } from '../../src/adapters/oidc/provider.ts';
import { type Forgery, startForgingIssuer } from '../support/forging-issuer.ts';

let issuer: Awaited<ReturnType<typeof startForgingIssuer>>;
before(async () => {
  issuer = await startForgingIssuer('blastgate');
});
after(() => issuer.close());

const finish = async (forgery: Forgery, again = false) => {
  const provider = oidcProvider({
    issuer: issuer.url,
    clientId: 'blastgate',
    clientSecret: null,
    redirectUrl: 'http://127.0.0.1:8448/login/callback',
  });
  const { attempt } = await provider.begin(again);
  issuer.forge(forgery, attempt.nonce);
  return provider.finish(`?code=any&state=${attempt.state}`, attempt, again);
};

const seconds = (from: number): number => Math.floor(Date.now() / 1000) + from;

test('the right one counts: subject and time; an address that is not said to be verified does not', async () => {
  const { accounts, proven } = await finish({});
  assert.deepEqual(accounts, [`${issuer.url}#4711`]);
  assert.ok(Math.abs(Date.parse(proven ?? '') - Date.now()) < 60_000);
  const NOT_VERIFIED = [undefined, false, 'true', 1];
  for (const email_verified of NOT_VERIFIED) {
    const claims = { email: 'ben@example.org', email_verified };
    assert.deepEqual((await finish({ claims })).accounts, [`${issuer.url}#4711`], String(email_verified));
  }
  const claims = { email: 'ben@example.org', email_verified: true };
  assert.deepEqual((await finish({ claims })).accounts, [`${issuer.url}#4711`, 'ben@example.org']);
});

test('clocks may differ by a minute, no more', async () => {
  await finish({ claims: { iat: seconds(-400), exp: seconds(-20) } });
  await finish({ claims: { iat: seconds(20), exp: seconds(300) } });
  await assert.rejects(finish({ claims: { iat: seconds(-400), exp: seconds(-120) } }));
});

const WRONG: readonly (readonly [what: string, forgery: Forgery])[] = [
  ['no signature', { signed: 'none' }],
  ['a signature by a key that the issuer does not publish', { signed: 'unknown-key' }],
  ['another issuer', { claims: { iss: 'https://evil.example' } }],
  ['for another client', { claims: { aud: 'another' } }],
  ['for several clients, made for another', { claims: { aud: ['blastgate', 'another'], azp: 'another' } }],
  ['for another login (nonce)', { claims: { nonce: 'x'.repeat(43) } }],
  ['without a nonce', { claims: { nonce: undefined } }],
  ['long over', { claims: { iat: seconds(-9999), exp: seconds(-9000) } }],
  ['without an end', { claims: { exp: undefined } }],
  ['without a subject', { claims: { sub: undefined } }],
];
for (const [what, forgery] of WRONG)
  test(`${what}: nobody is in`, () =>
    assert.rejects(finish(forgery), { name: 'AdapterError', kind: 'invalid-answer' }));

test('asked again, an old login at the issuer does not count, nor one of which it does not say when', async () => {
  await finish({}, true);
  await assert.rejects(finish({ claims: { auth_time: seconds(-3600) } }, true), { kind: 'invalid-answer' });
  await assert.rejects(finish({ claims: { auth_time: undefined } }, true), { kind: 'invalid-answer' });
  assert.equal((await finish({ claims: { auth_time: undefined } })).proven, null);
});
