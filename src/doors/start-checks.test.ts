import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPeople } from './people-file.ts';
import { forgeIdentityWarnings, reviewProblems } from './review-checks.ts';
import { readSettings, type Settings } from './settings.ts';
import { shadowProblems, startProblems, startWarnings } from './start-checks.ts';

const settings = (env: NodeJS.ProcessEnv = {}): Settings => {
  const read = readSettings({ BLASTGATE_PEOPLE: 'people.yaml', ...env });
  assert.ok(read.ok);
  return read.settings;
};
const CHAT = { TELEGRAM_BOT_TOKEN: '1:x', TELEGRAM_CHAT_ID: '-1001' };
const { people, problems } = loadPeople('examples/people.yaml');

test('the example can be started with, and its agent can get a dual action approved where there is a chat', () => {
  assert.deepEqual(problems, []);
  assert.deepEqual(startProblems(settings(CHAT), people), []);
  assert.deepEqual(startWarnings(settings(CHAT), people), []);
});

test('without a chat those without a token are not heard', () => {
  assert.deepEqual(startProblems(settings(), people), []);
  assert.match(startWarnings(settings(), people).join(), /agent healer .* besides its owner ana only ben can vote/);
});

test('fewer than two who can be heard: no start', () => {
  const alone = { ...people, people: people.people.filter(({ id }) => id !== 'ben') };
  assert.match(startProblems(settings(), alone).join(), /only 1 can vote \(ana\)/);
});

const FORGE = {
  GITEA_API_URL: 'http://127.0.0.1:3000/api/v1',
  GITEA_API_TOKEN: 'x',
  GITEA_REPO_OWNER: 'sre',
  GITEA_REPO_NAME: 'reviews',
};

test('an account of the forge is heard on dual actions alone', () => {
  const commenters = {
    ...people,
    people: people.people.map((one) => ({ ...one, tokens: [], accounts: { telegram: null, gitea: one.id } })),
  };
  assert.match(startProblems(settings(), commenters).join(), /only 0 can vote/);
  assert.match(startProblems(settings(FORGE), commenters).join(), /nobody can approve what has no review issue/);
  assert.match(startProblems(settings({ ...FORGE, AIOPS_P5_GITOPS_PR: '0' }), commenters).join(), /only 0 can vote/);
  const [first, ...others] = commenters.people;
  assert.ok(first);
  const one = { ...commenters, people: [{ ...first, tokens: ['sha256:x'] }, ...others] };
  assert.deepEqual(startProblems(settings(FORGE), one), []);
  assert.deepEqual(startWarnings(settings(FORGE), one), []);
});

test('who logs in to the console by an issuer is heard, where one is set', () => {
  const loggedIn = {
    ...people,
    people: people.people.map((one) => ({ ...one, tokens: [], accounts: { oidc: `${one.id}@example.org` } })),
  };
  const issuer = {
    OIDC_ISSUER: 'https://login.example',
    OIDC_CLIENT_ID: 'blastgate',
    OIDC_REDIRECT_URL: 'https://gate.example.org/login/callback',
  };
  assert.match(startProblems(settings(), loggedIn).join(), /only 0 can vote/);
  assert.deepEqual(startProblems(settings(issuer), loggedIn), []);
});

test('review: required without anywhere to make the issue is named', () => {
  assert.deepEqual(reviewProblems(settings(), 'off'), []);
  assert.deepEqual(reviewProblems(settings(FORGE), 'required'), []);
  assert.match(reviewProblems(settings(), 'required').join(), /review: required, and no forge is set/);
  assert.match(
    reviewProblems(settings({ ...FORGE, AIOPS_P5_GITOPS_PR: '0' }), 'required').join(),
    /AIOPS_P5_GITOPS_PR is off: no dual action could ever run/,
  );
});

test('a person by whose account the gate writes is named, in either case of the letters', () => {
  const mapped = {
    ...people,
    people: people.people.map((one) => ({ ...one, accounts: { telegram: null, gitea: one.id } })),
  };
  assert.match(forgeIdentityWarnings(mapped, 'gitea', 'BEN').join(), /as BEN, which people.yaml gives to ben/);
  assert.deepEqual(forgeIdentityWarnings(mapped, 'gitea', 'blastgate'), []);
  assert.deepEqual(forgeIdentityWarnings(mapped, 'gitea', null), []);
});

test('shadow mode that is asked for needs a proxy and its own account', () => {
  const now = '2026-11-26T12:00:00.000Z';
  const proxy = { BLASTGATE_PROXY_LISTEN: '127.0.0.1:0', BLASTGATE_PROXY_KUBECONFIG: 'reads' };
  const [none, all] = [
    { everything: false, rules: [] },
    { everything: true, rules: [] },
  ];
  const rule = (until: string) => ({ everything: false, rules: [{ until }] });
  for (const [env, shadow, problem] of [
    [{}, none, null],
    [{}, all, /--shadow: there is no proxy/],
    [proxy, all, /--shadow: set BLASTGATE_SHADOW_KUBECONFIG/],
    [proxy, rule('2026-12-24T00:00:00Z'), /shadow in the policy: set BLASTGATE_SHADOW_KUBECONFIG/],
    [proxy, rule('2026-11-24T00:00:00Z'), null],
    [{ ...proxy, BLASTGATE_SHADOW_KUBECONFIG: 'shadow' }, all, null],
  ] as const) {
    const said = shadowProblems(settings(env), 'BLASTGATE_SHADOW_KUBECONFIG' in env, shadow, now).join();
    if (problem === null) assert.equal(said, '');
    else assert.match(said, problem);
  }
});
