// Whom rules of approval ask for: members of teams, those with a strong way, or everybody who can be heard.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApprovalRequirement, plainRequirement } from '../decision/approval-rules.ts';
import type { Channel } from '../model/channel.ts';
import type { People, Person } from './people.ts';
import { askedFor, prospectOf } from './prospect.ts';
import { lackingOf, peopleLacking } from './quorum.ts';
import { waysOf } from './ways.ts';

const person = (id: string, more: Partial<Person> = {}): Person => ({
  id,
  name: id,
  rights: ['approve'],
  accounts: {},
  tokens: ['sha256:x'],
  ...more,
});

const PEOPLE: People = {
  people: [
    person('ana'),
    person('ben', { accounts: { gitea: 'ben' } }),
    person('cho'),
    person('dee', { accounts: { oidc: 'dee@example.org' }, tokens: [] }),
    person('eve', { rights: ['read'] }),
  ],
  agents: [{ id: 'healer', owner: 'ana', rights: ['propose'], tokens: [] }],
  teams: [
    { id: 'payments', people: ['ben', 'dee'] },
    { id: 'network', people: ['cho', 'dee'] },
  ],
};
const HEALER = { kind: 'agent', id: 'healer', owner: 'ana' } as const;
const DOORS = { chats: [], comments: 'gitea', issuer: 'oidc' } as const;
const ways = ({ tokens, accounts }: Person): readonly Channel[] => waysOf({ tokens, accounts }, DOORS, 'dual');

const asked = (more: Partial<ApprovalRequirement>, people = PEOPLE): string => {
  const requirement = { ...plainRequirement(1), ...more };
  return askedFor(requirement, prospectOf(requirement, people, HEALER, ways), people)
    .map(({ person: { id } }) => id)
    .join(' ');
};

const team = (name: string, atLeast = 1) => ({ team: name, atLeast });
const ROWS: readonly (readonly [what: string, more: Partial<ApprovalRequirement>, whom: string])[] = [
  ['nobody is needed', { needed: 0 }, ''],
  ['the tier alone: all but the owner of the agent and who may not approve', { needed: 2 }, 'ben cho dee'],
  ['one, of a team: its members', { from: [team('payments')] }, 'ben dee'],
  ['two, one of a team: anybody may be the other', { needed: 2, from: [team('payments')] }, 'ben cho dee'],
  ['two of a team of two: nobody else', { needed: 2, from: [team('payments', 2)] }, 'ben dee'],
  [
    'one of each of two teams, where one is in both',
    { needed: 2, from: [team('payments'), team('network')] },
    'ben cho dee',
  ],
  ['a way that one has', { channels: ['oidc'] }, 'dee'],
  ['a strong way', { needed: 1, strongVotes: ['forge'] }, 'ben'],
  ['two, one of them in a strong way', { needed: 2, strongVotes: ['oidc'] }, 'ben cho dee'],
  ['a team that nobody is in', { from: [team('ghosts')] }, ''],
];
for (const [what, more, whom] of ROWS) test(what, () => assert.equal(asked(more), whom));

test('where nobody is in both teams, two of two teams leave no room for a third', () => {
  const teams = [
    { id: 'payments', people: ['ben'] },
    { id: 'network', people: ['cho'] },
  ];
  assert.equal(asked({ needed: 2, from: [team('payments'), team('network')] }, { ...PEOPLE, teams }), 'ben cho');
});

test('a person is asked where their yes can be the one that is lacking, and else only as one of a team that is asked for', () => {
  const ids = ['ben', 'cho', 'dee', 'fay'];
  const subsets = (all: readonly string[]): readonly (readonly string[])[] =>
    Array.from({ length: 2 ** all.length }, (_, set) => all.filter((_one, at) => (set >> at) % 2 === 1));
  let compared = 0;
  // Who is in it does not matter, only how many.
  for (const payments of ids.map((_, at) => ids.slice(0, at)))
    for (const network of subsets(ids))
      for (const needed of [1, 2, 3] as const)
        for (const [a, b] of [
          [0, 0],
          [1, 0],
          [2, 0],
          [1, 1],
          [2, 1],
        ] as const) {
          const from = [...(a > 0 ? [team('payments', a)] : []), ...(b > 0 ? [team('network', b)] : [])];
          const requirement = { ...plainRequirement(needed), from };
          const people: People = {
            people: [person('ana'), ...ids.map((id) => person(id))],
            agents: PEOPLE.agents,
            teams: [
              { id: 'payments', people: payments },
              { id: 'network', people: network },
            ],
          };
          const enough = (some: readonly string[]): boolean =>
            peopleLacking(
              lackingOf(
                some.map((id) => ({
                  person: id,
                  decision: 'approve',
                  channel: 'http',
                  reason: '',
                  teams: [...(payments.includes(id) ? ['payments'] : []), ...(network.includes(id) ? ['network'] : [])],
                })),
                requirement,
              ),
            ) === 0;
          // What nobody can bring is said by `lacking`.
          if (!enough(ids)) continue;
          const isLast = (id: string): boolean =>
            subsets(ids.filter((one) => one !== id)).some((some) => !enough(some) && enough([...some, id]));
          const last = ids.filter(isLast);
          const found = asked({ needed, from }, people).split(' ');
          const about = JSON.stringify({ payments, network, needed, from, last, found });
          assert.ok(
            last.every((id) => found.includes(id)),
            about,
          );
          // Of a team that is asked for everybody is, also where somebody of both teams is needed anyway.
          const more = found.filter((id) => !last.includes(id));
          const isOfBoth = payments.some((id) => network.includes(id));
          assert.ok(
            isOfBoth ? more.every((id) => network.includes(id) || payments.includes(id)) : more.length === 0,
            about,
          );
          compared += 1;
        }
  assert.ok(compared > 400, String(compared));
});
