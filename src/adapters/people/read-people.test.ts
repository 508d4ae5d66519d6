import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCOUNT_SERVICES } from '../../core/approval/vote.ts';
import { readPeople } from './read-people.ts';

const HASH = `sha256:${'a'.repeat(64)}`;
const NO_ACCOUNTS = Object.fromEntries(ACCOUNT_SERVICES.map((service) => [service, null]));
const OTHER = `sha256:${'b'.repeat(64)}`;
const good = `
people:
  - { id: ana, name: Ana Lima, rights: [read, approve, admin], accounts: { telegram: 1001, gitea: ana }, tokens: ["${HASH}"] }
  - { id: bo, name: Bo Chen, rights: [approve], accounts: { telegram: "1002" } }
agents:
  - { id: healer, owner: ana, rights: [read, propose], tokens: ["${OTHER}"] }
`;

test('persons and agents are read', () => {
  const result = readPeople(good);
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.people.people[0]?.accounts, { ...NO_ACCOUNTS, telegram: '1001', gitea: 'ana' });
  assert.deepEqual(result.people.people[1]?.accounts, { ...NO_ACCOUNTS, telegram: '1002' });
  assert.equal(result.people.agents[0]?.owner, 'ana');
});

test('who an agent is in the cluster is read, and need not be said', () => {
  const subjects = ['ServiceAccount:agents/healer', 'User:healer@example.com'];
  const told = readPeople(good.replace('owner: ana,', `owner: ana, kubernetes: ${JSON.stringify(subjects)},`));
  assert.ok(told.ok, JSON.stringify(told));
  assert.deepEqual(told.people.agents[0]?.kubernetes, subjects);
  const untold = readPeople(good);
  assert.ok(untold.ok && untold.people.agents[0]?.kubernetes === undefined);
});

test('a token may end, at a moment that is one wherever it is read', () => {
  const told = readPeople(
    good.replace(`tokens: ["${HASH}"]`, `tokens: [{ hash: "${HASH}", expires: "2027-01-01T08:00+08:00" }]`),
  );
  assert.ok(told.ok, JSON.stringify(told));
  const [ana] = told.people.people;
  assert.deepEqual([ana?.tokens, ana?.expiring], [[HASH], [{ hash: HASH, expires: '2027-01-01T00:00:00.000Z' }]]);
});

const refused: readonly (readonly [what: string, text: string, problem: RegExp])[] = [
  [
    'an unknown key',
    good.replace('name: Bo Chen', 'name: Bo Chen, admin: true'),
    /line 4, column \d+: people\.1\.admin is not known/,
  ],
  ['an unknown right', good.replace('[approve]', '[approve, root]'), /line 4, column \d+: people\.1\.rights\.1/],
  ['an agent that may approve', good.replace('[read, propose]', '[read, approve]'), /an agent may read and propose/],
  ['an agent that nobody owns', good.replace('owner: ana', 'owner: eve'), /owned by eve/],
  ['a token in clear', good.replace(HASH, 's3cret'), /write the sha256/],
  ['one Telegram account for two people', good.replace('"1002"', '1001'), /Telegram account 1001 stands twice/],
  [
    'a token that ends at a time without offset',
    good.replace(`tokens: ["${OTHER}"]`, `tokens: [{ hash: "${OTHER}", expires: "2027-01-01T00:00" }]`),
    /line 6, column \d+: agents\.0\.tokens\.0/,
  ],
  [
    'one token twice, once with an end',
    good.replace(`tokens: ["${OTHER}"]`, `tokens: [{ hash: "${HASH}", expires: "2027-01-01T00:00:00Z" }]`),
    /token sha256:a+ stands twice/,
  ],
  ['one id twice', good.replace('id: bo', 'id: ana'), /id ana stands twice/],
  ['one token for two', good.replace(OTHER, HASH), /token sha256:a+ stands twice/],
  ...['ServiceAccount:healer', 'serviceaccount:a/b', 'User:', 'User:a b', 'Group:x', 'ServiceAccount:A/b'].map(
    (subject) =>
      [
        `${subject} as who an agent is in the cluster`,
        good.replace('owner: ana,', `owner: ana, kubernetes: [${JSON.stringify(subject)}],`),
        /line 6, column \d+: agents\.0\.kubernetes\.0.*ServiceAccount:NAMESPACE\/NAME/,
      ] as const,
  ),
  [
    'one subject twice',
    good.replace('owner: ana,', 'owner: ana, kubernetes: ["User:x", "User:x"],'),
    /Kubernetes subject User:x stands twice/,
  ],
  ['a Slack name', good.replace('gitea: ana', 'slack: ana'), /a Slack account is a member ID/],
  [
    'a GitHub address',
    good.replace('gitea: ana', 'github: "https://github.com/ana"'),
    /a GitHub account is a login name/,
  ],
  [
    'one GitHub account in two spellings',
    good.replace('gitea: ana', 'github: Ana').replace('"1002"', '"1002", github: aNA'),
    /the GitHub account ana stands twice/,
  ],
  [
    'one GitHub account with its number and without',
    good.replace('gitea: ana', 'github: Ana#7').replace('"1002"', '"1002", github: aNA'),
    /the GitHub account ana stands twice/,
  ],
  [
    'one number for two logins',
    good.replace('gitea: ana', 'github: ana#7').replace('"1002"', '"1002", github: bo#7'),
    /the number of the GitHub account 7 stands twice/,
  ],
  ['a number that is none', good.replace('gitea: ana', 'github: ana#0'), /"LOGIN#NUMBER"/],
  ['an OIDC account without issuer', good.replace('gitea: ana', 'oidc: "#sub"'), /"ISSUER#SUBJECT"/],
  ['a negative Telegram id (a group)', good.replace('1001', '-1001'), /positive whole number/],
  ['a team of strangers', `${good}teams: [{ id: sre, people: [eve] }]\n`, /the team sre names eve, who is not among/],
  ['a team with an agent', `${good}teams: [{ id: sre, people: [healer] }]\n`, /an agent is in no team/],
  [
    'a team of nobody',
    `${good}teams: [{ id: sre, people: [] }]\n`,
    /line 7, column \d+: teams\.0\.people: name at least one/,
  ],
  [
    'one team twice',
    `${good}teams: [{ id: sre, people: [ana] }, { id: sre, people: [bo] }]\n`,
    /team sre stands twice/,
  ],
  [
    'one person twice in a team',
    `${good}teams: [{ id: sre, people: [bo, bo] }]\n`,
    /in the team sre, the person bo stands/,
  ],
  ['broken YAML', 'people: [', /./],
  ['an empty file', '', /the file/],
  ['an alias', 'people: &x []\nagents: *x\n', /./],
];
for (const [what, text, problem] of refused) {
  test(`refused: ${what}`, () => {
    let problems: readonly string[];
    try {
      const result = readPeople(text);
      assert.ok(!result.ok, 'it was accepted');
      problems = result.problems;
    } catch (error) {
      assert.fail(`it threw: ${String(error)}`);
    }
    assert.match(problems.join('\n'), problem);
  });
}
