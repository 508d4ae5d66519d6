// That a story's promises can be broken: what fits passes, and each thing that went otherwise is named by its own check.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProposalView } from '../proposal-view.ts';
import type { ClusterSnapshot } from './cluster-snapshot.ts';
import { compare, type Played, pathOf } from './compare.ts';
import { STORIES } from './stories.ts';
import type { Story } from './story.ts';

const story = (incident: string): Story => {
  const found = STORIES.find((one) => one.incident === incident);
  if (found === undefined) throw new Error(`no story ${incident}`);
  return found;
};
const DUAL = story('INC-1003');

const look = (revision: number, image: string, pods: readonly string[], node = 'node-1'): ClusterSnapshot => ({
  namespace: { uid: 'ns-1', phase: 'Active' },
  deployments: [{ uid: 'd-1', name: 'coredns', replicas: 2, available: 2, image, revision }],
  pods: pods.map((uid) => ({ uid, name: uid, ready: 'yes', node })),
  settings: null,
});

/** As the dual story promises it. */
const good: Played = {
  // as: only what the comparison reads of a proposal.
  proposal: {
    id: 'p-1',
    score: 55,
    tier: 'dual',
    digest: 'sha256:abc',
    spec: { reasons: DUAL.reasons.map(([code, points]) => ({ code, points, subject: null })) },
    votes: ['ben', 'mei'].map((person) => ({ person, channel: 'telegram', decision: 'approve' })),
    review: { success: true, issueUrl: 'http://forge/1', issueNumber: 1, error: null },
    events: DUAL.path.flatMap((to) => [{ to }, { to }]),
  } as unknown as ProposalView,
  before: look(2, 'coredns:1', ['a', 'b']),
  after: look(4, 'coredns:1', ['a', 'c']),
  issue: { title: 'High-risk (Blast=55) — INC-1003', body: 'digest sha256:abc' },
  messages: [{ messageId: 1, text: 'INC-1003 rolled back' }],
  outcomes: [{ key: 'declarative:INC-1003', tier: 'dual', rolled_back: true }],
};

const broken = (played: Played, of = DUAL): readonly string[] =>
  compare(of, played)
    .filter(({ instead }) => instead !== null)
    .map(({ promise }) => promise.split(/[ :]/)[0] ?? '');

test('a story that went as promised breaks nothing', () => {
  assert.deepEqual(broken(good), []);
  assert.equal(
    compare(DUAL, good)[0]?.promise,
    'score 55 = 20 base + 20 multiplier + 5 mutable-image + 10 selector; tier dual',
  );
});

const withProposal = (change: object): Played => ({ ...good, proposal: { ...good.proposal, ...change } });

const BREACHES: readonly (readonly [string, Played, string])[] = [
  ['another score', withProposal({ score: 54 }), 'score'],
  ['another tier', withProposal({ tier: 'human' }), 'score'],
  ['other reasons with the same sum', withProposal({ spec: { reasons: [{ code: 'base', points: 55 }] } }), 'score'],
  ['no rollback taken', withProposal({ events: [{ to: 'proposed' }, { to: 'succeeded' }] }), 'proposed'],
  ['one vote less', withProposal({ votes: good.proposal.votes.slice(1) }), 'agreed'],
  [
    'the owner of the agent counted',
    withProposal({ votes: [...good.proposal.votes, { person: 'ana', channel: 'telegram', decision: 'approve' }] }),
    'agreed',
  ],
  [
    'another channel',
    withProposal({ votes: good.proposal.votes.map((vote) => ({ ...vote, channel: 'http' })) }),
    'agreed',
  ],
  ['no issue', { ...good, issue: null }, 'the'],
  ['an issue of another digest', { ...good, issue: { title: good.issue?.title ?? '', body: '' } }, 'the'],
  ['the crashing image stayed', { ...good, after: look(3, 'coredns:2-crash', ['a', 'c']) }, 'cluster'],
  ['nothing was tried at all', { ...good, after: good.before }, 'cluster'],
  ['a pod too few', { ...good, after: look(4, 'coredns:1', ['a']) }, 'cluster'],
  ['silence in the chat', { ...good, messages: [] }, 'the'],
  ['forgotten', { ...good, outcomes: [] }, 'remembered'],
  [
    'remembered as a success',
    { ...good, outcomes: [{ key: 'declarative:INC-1003', tier: 'dual', rolled_back: false }] },
    'remembered',
  ],
];
for (const [what, played, first] of BREACHES) test(`noticed: ${what}`, () => assert.deepEqual(broken(played), [first]));

test('each ending is told from what it is not', () => {
  const ending = (incident: string, before: ClusterSnapshot, after: ClusterSnapshot): string | null | undefined =>
    compare(story(incident), { ...good, before, after }).find(({ promise }) => promise.startsWith('cluster'))?.instead;
  const [old, fresh] = [look(2, 'web:1', ['a', 'b']), look(3, 'web:1', ['c', 'd'])];
  assert.equal(ending('INC-1001', old, fresh), null);
  assert.notEqual(ending('INC-1001', old, look(3, 'web:1', ['a', 'd'])), null);
  assert.notEqual(ending('INC-1002', old, old), null);
  assert.equal(ending('INC-1004', old, old), null);
  assert.notEqual(ending('INC-1004', old, { ...old, namespace: { uid: 'ns-1', phase: 'Terminating' } }), null);
  assert.notEqual(ending('INC-1004', old, { ...old, deployments: [] }), null);
});

test('a drained node is told from one that was not', () => {
  const ending = (before: ClusterSnapshot, after: ClusterSnapshot): boolean =>
    compare(story('INC-1005'), { ...good, before, after }).find(({ promise }) => promise.startsWith('cluster'))
      ?.instead === null;
  const old = look(1, 'reports:1', ['a', 'b'], 'node-7');
  assert.equal(ending(old, look(1, 'reports:1', ['c', 'd'], 'node-8')), true);
  assert.equal(ending(old, look(1, 'reports:1', ['c', 'd'], 'node-7')), false);
  assert.equal(ending(old, look(1, 'reports:1', ['a', 'd'], 'node-8')), false);
  assert.equal(ending(look(1, 'reports:1', ['a', 'b'], 'node-1'), look(1, 'reports:1', ['c', 'd'], 'node-8')), false);
});

test('a path names each state once for as long as it lasts', () => {
  assert.deepEqual(pathOf({ events: [{ to: 'verifying' }, { to: 'verifying' }, { to: 'succeeded' }] }), [
    'verifying',
    'succeeded',
  ]);
});

test('the stories add up, and there is one at least for each tier', () => {
  for (const { reasons, score, incident } of STORIES)
    assert.equal(
      reasons.reduce((sum, [, points]) => sum + points, 0),
      score,
      incident,
    );
  assert.deepEqual(new Set(STORIES.map(({ tier }) => tier)), new Set(['auto', 'human', 'dual', 'blocked']));
});
