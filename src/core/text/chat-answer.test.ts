// What the chat answers, in both languages: something for every case, and nothing that others could make it say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.ts';
import { HOSTILE, SPEC } from '../../../test/support/dual-spec.ts';
import type { Vote } from '../approval/vote.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { STATES } from '../remediation/state.ts';
import { type ChatAnswer, writeChatAnswer as write } from './chat-answer.ts';
import { LANGS, type Lang } from './words/lang.ts';

const writeChatAnswer = (answer: ChatAnswer, lang: Lang, rule: 'required' | 'off' = 'off'): string =>
  write(answer, lang, rule);

const vote = (person: string, decision: Vote['decision']): Vote => ({
  person,
  channel: 'telegram',
  decision,
  digest: SPEC.digest,
  at: '2026-11-22T12:30:00.000Z',
  reason: 'because',
});
const remediation = (change: Partial<Remediation> = {}): Remediation => ({
  id: 'p-1',
  incident: 'INC-3',
  state: 'awaiting-approval',
  revision: 2,
  proposer: { kind: 'person', id: 'ana' },
  diagnosis: 'DIAGNOSIS',
  spec: SPEC,
  createdAt: '2026-11-22T12:00:00.000Z',
  expiresAt: '2026-11-22T16:00:00.000Z',
  changedAt: '2026-11-22T12:00:00.000Z',
  decision: null,
  votes: [vote('ben', 'approve')],
  approvedAt: null,
  forward: null,
  back: null,
  looks: [],
  verdict: null,
  backVerdict: null,
  review: { success: true, issueUrl: 'https://forge.example/sre/reviews/issues/4', issueNumber: 4, error: null },
  refusal: null,
  endedBy: null,
  ...change,
});

const ANSWERS: readonly ChatAnswer[] = [
  { kind: 'counted', remediation: remediation(), vote: vote('ben', 'approve') },
  { kind: 'counted', remediation: remediation({ state: 'approved' }), vote: vote('ben', 'approve') },
  { kind: 'counted', remediation: remediation({ state: 'rejected' }), vote: vote('ben', 'reject') },
  {
    kind: 'not-counted',
    about: 'INC-3',
    refusal: { code: 'unknown-person', about: 'telegram 4711' },
    remediation: null,
  },
  { kind: 'too-early', about: 'INC-3' },
  { kind: 'status', about: 'INC-9', remediations: [] },
  ...STATES.map((state) => ({ kind: 'status', about: 'INC-3', remediations: [remediation({ state })] }) as const),
  { kind: 'pending', remediations: [], all: 0 },
  { kind: 'pending', remediations: [remediation()], all: 1 },
  { kind: 'pending', remediations: Array.from({ length: 10 }, () => remediation()), all: 12 },
  ...(['edited', 'forwarded', 'anonymous', 'bot', 'guest', 'other-chat'] as const).map(
    (nature) => ({ kind: 'refused-nature', nature }) as const,
  ),
  { kind: 'misread', problem: 'no-reason' },
  { kind: 'help' },
  { kind: 'gave-up' },
];

test('every answer says something of its own, and no two languages the same', () => {
  for (const lang of LANGS) {
    const texts = ANSWERS.map((answer) => writeChatAnswer(answer, lang));
    assert.equal(new Set(texts).size, ANSWERS.length);
    for (const text of texts) assert.match(text, /\S/);
  }
  for (const answer of ANSWERS) assert.notEqual(writeChatAnswer(answer, 'en'), writeChatAnswer(answer, 'zh-TW'));
});

test('a counted vote names the digest it counted for', () => {
  for (const lang of LANGS) {
    for (const answer of ANSWERS.slice(0, 3)) assert.match(writeChatAnswer(answer, lang), /INC-3 · .*0123456789ab/);
  }
});

test('a long list is cut, and says by how much', () => {
  const text = writeChatAnswer(
    { kind: 'pending', remediations: Array.from({ length: 10 }, () => remediation()), all: 12 },
    'en',
  );
  assert.equal(text.split('\n').length, 12);
  assert.match(text, /^12 proposals wait/);
  assert.match(text, /and 2 more/);
});

test("neither the proposer's words nor a voter's reason are repeated", () => {
  for (const answer of ANSWERS) assert.doesNotMatch(writeChatAnswer(answer, 'en'), /DIAGNOSIS|because/);
});

test('others cannot add lines, call people or hide characters', () => {
  const words = fc.oneof(anyText(), fc.constantFrom(...HOSTILE));
  const answers = fc.constantFrom('counted', 'not-counted', 'too-early', 'status', 'pending');
  fc.assert(
    fc.property(words, words, answers, fc.constantFrom(...LANGS), (a, b, kind, lang) => {
      const hit = (said: string, spec: Remediation['spec']): ChatAnswer => {
        const one = remediation({ incident: said, spec, votes: [vote(said, 'approve')] });
        switch (kind) {
          case 'counted':
            return { kind, remediation: one, vote: vote(said, 'approve') };
          case 'not-counted':
            return { kind, about: said, refusal: { code: 'unknown-person', about: said }, remediation: null };
          case 'too-early':
            return { kind, about: said };
          case 'status':
            return { kind, about: said, remediations: [one] };
          case 'pending':
            return { kind, remediations: [one], all: 1 };
          default:
            return kind satisfies never;
        }
      };
      const text = writeChatAnswer(hit(a, { ...SPEC, command: b }), lang);
      assert.equal(text.split('\n').length, writeChatAnswer(hit('x', SPEC), lang).split('\n').length);
      assert.doesNotMatch(text, /(?![\n ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]|(?:^|[\s(])@[\p{L}\p{N}]/u);
    }),
    { numRuns: 40 },
  );
});
