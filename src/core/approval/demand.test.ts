// What was asked for and what is asked for now: only what asks for more is told, and it is told whatever it asks for more of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ApprovalRequirement, plainRequirement } from '../decision/approval-rules.ts';
import { CHANNELS, STRENGTHS } from '../model/channel.ts';
import { asksMore, raisedSince } from './demand.ts';
import { lackingOf, peopleLacking, type YesVote } from './quorum.ts';

const TWO: ApprovalRequirement = { ...plainRequirement(2), from: [{ team: 'a', atLeast: 1 }], expiresMinutes: 30 };

const ROWS: readonly (readonly [string, Partial<ApprovalRequirement>, 'more' | 'no more'])[] = [
  ['the same', {}, 'no more'],
  ['by another rule', { rules: [7] }, 'no more'],
  ['one person more', { needed: 3 }, 'more'],
  ['one person less', { needed: 1 }, 'no more'],
  ['another team', { from: [{ team: 'b', atLeast: 1 }] }, 'more'],
  ['more of the same team', { from: [{ team: 'a', atLeast: 2 }] }, 'more'],
  ['no team', { from: [] }, 'no more'],
  ['one way only', { channels: ['gitea'] }, 'more'],
  ['a strong vote', { strongVotes: ['oidc'] }, 'more'],
  ['a reason', { reasonRequired: true }, 'more'],
  ['less time', { expiresMinutes: 29 }, 'more'],
  ['more time', { expiresMinutes: 31 }, 'no more'],
  ['the time of the gate', { expiresMinutes: null }, 'no more'],
];

for (const [says, change, is] of ROWS)
  test(`${says}: ${is}`, () => assert.equal(asksMore({ ...TWO, ...change }, TWO), is === 'more'));

test('ways: one that counted then and does not now is more, one that is added is not', () => {
  const by = (channels: ApprovalRequirement['channels']): ApprovalRequirement => ({ ...TWO, channels });
  assert.equal(asksMore(by(['gitea']), by(['gitea', 'http'])), true);
  assert.equal(asksMore(by(['gitea', 'http']), by(['gitea'])), false);
  assert.equal(asksMore(by(null), by(['gitea'])), false);
  const strong = (strongVotes: ApprovalRequirement['strongVotes']): ApprovalRequirement => ({ ...TWO, strongVotes });
  assert.equal(asksMore(strong(['oidc']), strong(['oidc', 'forge'])), true);
  assert.equal(asksMore(strong(['oidc', 'forge']), strong(['oidc'])), false);
});

const requirement: fc.Arbitrary<ApprovalRequirement> = fc
  .record({
    needed: fc.constantFrom<0 | 1 | 2 | 3>(0, 1, 2, 3),
    from: fc.uniqueArray(fc.record({ team: fc.constantFrom('a', 'b'), atLeast: fc.constantFrom(1, 2) }), {
      selector: ({ team }) => team,
    }),
    channels: fc.option(fc.subarray([...CHANNELS])),
    strongVotes: fc.subarray([...STRENGTHS]),
    reasonRequired: fc.boolean(),
    expiresMinutes: fc.option(fc.integer({ min: 1, max: 3 })),
  })
  .map((asked) => ({ ...asked, rules: [] }));
const yes: fc.Arbitrary<YesVote> = fc.record({
  person: fc.constantFrom('p', 'q', 'r', 's'),
  decision: fc.constant('approve' as const),
  channel: fc.constantFrom(...CHANNELS),
  teams: fc.subarray(['a', 'b']),
  reason: fc.constantFrom(null, 'why'),
});
/** The same, but for some of what it asks. */
const changed = (then: ApprovalRequirement): fc.Arbitrary<ApprovalRequirement> =>
  fc
    .record({
      other: requirement,
      keys: fc.subarray(['needed', 'from', 'channels', 'strongVotes', 'reasonRequired'] as const),
    })
    .map(({ other, keys }) => ({ ...then, ...Object.fromEntries(keys.map((key) => [key, other[key]])) }));
const suffices = (votes: readonly YesVote[], asked: ApprovalRequirement): boolean =>
  peopleLacking(lackingOf(votes, asked)) === 0;

test('votes that satisfy what was shown satisfy what is asked for now, unless that asks for more', () => {
  let compared = 0;
  fc.assert(
    fc.property(
      requirement.chain((then) => fc.tuple(fc.constant(then), changed(then))),
      fc.array(yes, { minLength: 4, maxLength: 16 }),
      ([then, now], votes) => {
        if (asksMore(now, then) || !suffices(votes, then)) return;
        compared += 1;
        assert.ok(suffices(votes, now));
      },
    ),
    { numRuns: 5_000 },
  );
  assert.ok(compared > 300, `${compared}`);
});

test('a demand of before there were rules is what the tier asks', () => {
  const spec = { tier: 'dual', effects: [], blastRadiusScore: 60 } as const;
  const flags = { blastRadiusCheck: 'on', gitopsPr: 'on' } as const;
  assert.equal(raisedSince({ decision: { approvals: 2 }, policy: {}, spec, flags }), null);
});
