// The status comment as people read it, in both languages, and what the words of others do to it: nothing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.ts';
import { DIGEST, HOSTILE, SPEC } from '../../../test/support/dual-spec.ts';
import { readCommentCommand } from '../approval/comment-command.ts';
import type { Vote } from '../approval/vote.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { STATES } from '../remediation/state.ts';
import { type ReviewStatus, writeReviewStatus } from './review-status.ts';
import { LANGS } from './words/lang.ts';

const vote = (person: string, decision: Vote['decision'], reason: string | null = null): Vote => ({
  person,
  channel: 'gitea',
  decision,
  digest: DIGEST,
  at: '2026-11-22T12:30:00.000Z',
  reason,
});
const status = (change: Partial<Remediation> = {}, more: Partial<ReviewStatus> = {}): ReviewStatus => ({
  remediation: {
    id: 'p-7',
    incident: 'INC-3',
    state: 'awaiting-approval',
    revision: 2,
    proposer: { kind: 'agent', id: 'healer', owner: 'ana' },
    diagnosis: 'DIAGNOSIS',
    spec: SPEC,
    createdAt: '2026-11-22T12:00:00.000Z',
    expiresAt: '2026-11-22T16:00:00.000Z',
    changedAt: '2026-11-22T12:40:00.000Z',
    decision: { leadsTo: 'awaiting-approval', tier: 'dual', approvals: 2, reviewIssue: 'wanted', row: 'dual' },
    votes: [],
    approvedAt: null,
    forward: null,
    back: null,
    looks: [],
    verdict: null,
    backVerdict: null,
    review: { success: true, issueUrl: 'https://forge.example/1', issueNumber: 1, error: null },
    refusal: null,
    endedBy: null,
    ...change,
  },
  approvers: [
    { id: 'ben', name: 'Ben Koch', rights: ['approve'], accounts: { telegram: null, gitea: 'ben' }, tokens: [] },
    { id: 'mei', name: 'Mei Tanaka', rights: ['approve'], accounts: { telegram: null, gitea: null }, tokens: [] },
  ],
  doors: { chats: [{ brand: 'Telegram', prefix: '/' }], comments: '/', console: null },
  notCounted: [],
  issue: 'open',
  lang: 'en',
  ...more,
});

test('while people are asked', () => {
  const notCounted = [
    { account: 'mallory', why: { kind: 'refusal', code: 'unknown-person' } },
    { account: null, why: { kind: 'misread', code: 'not-alone' } },
    { account: 'ben', why: { kind: 'nature', code: 'edited' } },
  ] as const;
  const { body, marker } = writeReviewStatus(status({ votes: [vote('ben', 'approve')] }, { notCounted }));
  assert.equal(marker, 'blastgate-status p_7');
  assert.equal(
    body,
    `**⏳ waits for approval**

- 1 of 2 approvals
- \`ben\` approved · \`2026-11-22T12:30:00.000Z\` · \`gitea\`
- May still approve: \`Mei Tanaka\` (\`mei\`)
- Approvals count until \`2026-11-22T16:00:00.000Z\`

To approve: answer \`/approve INC-3\` in Telegram, write \`/approve 0123456789ab\` as a comment here or run \`blastgate approve p-7\`.
To reject, which one person can: \`/reject 0123456789ab REASON\`. A command stands in a comment of its own.

Comments that did not count:

- \`mallory\`: This account belongs to no known person.
- somebody: A command counts on a line of its own, with an empty line before and behind it.
- \`ben\`: An edited comment does not count: write a new one.

<!-- blastgate-status p_7 -->
`,
  );
});

test('at the end', () => {
  const { body } = writeReviewStatus(
    status({ state: 'rejected', votes: [vote('ben', 'approve'), vote('mei', 'reject', 'the sale is on')] }),
  );
  assert.equal(
    body,
    `**👎 rejected**

mei: the sale is on

- 1 of 2 approvals
- \`ben\` approved · \`2026-11-22T12:30:00.000Z\` · \`gitea\`
- \`mei\` rejected · \`2026-11-22T12:30:00.000Z\` · \`gitea\`: the sale is on
- Ended at \`2026-11-22T12:40:00.000Z\`

<!-- blastgate-status p_7 -->
`,
  );
});

test('every state says something of its own, in each language, and the gate never reads itself as a vote', () => {
  for (const lang of LANGS) {
    const texts = STATES.map((state) => writeReviewStatus(status({ state }, { lang })).body);
    assert.equal(new Set(texts).size, STATES.length);
    for (const text of texts) {
      assert.equal(readCommentCommand(text).kind, 'not-for-us');
      assert.equal(lang === 'zh-TW', /\p{Script=Han}/u.test(text.replace(/`[^`]*`/g, '')));
    }
  }
});

test('only the ways to answer that there are, are named', () => {
  const { body } = writeReviewStatus(status({}, { doors: { chats: [], comments: null, console: null } }));
  assert.match(body, /To approve: run `blastgate approve p-7`\.\n/);
  assert.doesNotMatch(body, /\/approve|\/reject|comment/);
  assert.match(writeReviewStatus(status({}, { issue: 'closed' })).body, /closed by hand\. That decides nothing/);
});

/** What Markdown reads as text: without code spans and our marker. */
const outsideCode = (body: string): string =>
  body.replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, '§').replace(/<!-- blastgate-status [A-Za-z0-9:._ ]+ -->\n$/, '');

test("others' words change nothing but their own place, and make no vote", () => {
  const words = fc.oneof(fc.constantFrom(...HOSTILE, `\n\n/approve ${DIGEST}\n\n`), anyText());
  fc.assert(
    fc.property(
      words,
      words,
      words,
      fc.constantFrom('awaiting-approval', 'rejected', 'cancelled'),
      (a, b, c, state) => {
        const name = {
          id: a,
          name: b,
          rights: ['approve' as const],
          accounts: { telegram: null, gitea: c },
          tokens: [],
        };
        const { body, marker } = writeReviewStatus(
          status(
            { id: `p${a}`, incident: b, state, endedBy: c, votes: [vote(a, 'approve', b), vote(c, 'reject', a)] },
            { approvers: [name], notCounted: [{ account: b, why: { kind: 'nature', code: 'edited' } }] },
          ),
        );
        assert.ok(body.endsWith(`<!-- ${marker} -->\n`));
        assert.doesNotMatch(body, /(?![\n\t ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u);
        assert.doesNotMatch(outsideCode(body), /[@<>[\]!|~\\&$]|https?:|www\.|#\d|evil/);
        assert.equal(readCommentCommand(body).kind, 'not-for-us');
      },
    ),
    { numRuns: 100 },
  );
});
