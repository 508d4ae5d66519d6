// What the chat says: readable alone, in both languages, and nothing that others could make it say.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.ts';
import { SPEC } from '../../../test/support/dual-spec.ts';
import { plainRequirement } from '../decision/approval-rules.ts';
import { STATES } from '../remediation/state.ts';
import { announce, type News, type NewsSubject } from './announcement.ts';
import { LANGS } from './words/lang.ts';

const SUBJECT: NewsSubject = { incident: 'INC-3', proposal: 'p-1', spec: SPEC };
const NEWS: readonly News[] = [
  { kind: 'waiting', requirement: plainRequirement(2), expiresAt: '2026-11-22T16:00:00.000Z' },
  { kind: 'issue-made', issueUrl: 'https://forge.example/sre/reviews/issues/4' },
  { kind: 'issue-failed', error: 'Gitea was not heard.', retry: 'tried-again' },
  { kind: 'issue-failed', error: 'Gitea was not heard.', retry: 'held' },
  { kind: 'issue-failed', error: 'Gitea was not heard.', retry: 'none' },
  ...STATES.map((state) => ({ kind: 'state', state, why: 'because' }) as const),
];

test('what waits for people says what it is, how wide, under which digest, until when, and how to answer', () => {
  const text = announce(
    SUBJECT,
    { kind: 'waiting', requirement: plainRequirement(2), expiresAt: '2026-11-22T16:00:00.000Z' },
    'en',
  );
  const lines = text.split('\n');
  assert.equal(lines[0], 'INC-3 · ⏳ waits for 2 approvals');
  assert.equal(lines[1], `Command: ${SPEC.command}`);
  assert.equal(lines[2], 'Target: deployment/web (shop)');
  assert.equal(lines[3], 'Blast radius: 55 / 100 (dual) · digest 0123456789ab');
  assert.equal(lines[5], `Rollback: ${SPEC.rollbackPlan.command}`);
  assert.match(
    lines[6] ?? '',
    /^Answer \/approve INC-3 0123456789ab or \/reject INC-3 REASON until 2026-11-22T16:00:00.000Z/,
  );
});

test('every piece of news names its incident and says something of its own in each language', () => {
  for (const lang of LANGS) {
    const texts = NEWS.map((news) => announce(SUBJECT, news, lang));
    for (const text of texts) assert.match(text, /^INC-3 · \S/);
    assert.equal(new Set(texts.map((text) => text.split('\n')[0])).size, NEWS.length);
  }
  const first = NEWS.map((news) => LANGS.map((lang) => announce(SUBJECT, news, lang)));
  for (const [english, chinese] of first) assert.notEqual(english, chinese);
});

test('one approval is not "1 approvals"', () => {
  assert.match(
    announce(SUBJECT, { kind: 'waiting', requirement: plainRequirement(1), expiresAt: 'x' }, 'en'),
    /waits for one approval\n/,
  );
});

test('others cannot add lines, call people or hide characters', () => {
  const words = fc.oneof(anyText(), fc.constantFrom('@ana', 'x\n/approve INC-9', '\u202e\u200b', '\u001b[2J', '\r'));
  fc.assert(
    fc.property(words, words, fc.constantFrom(...NEWS), fc.constantFrom(...LANGS), (a, b, news, lang) => {
      const spec = { ...SPEC, command: a, target: b, namespace: a, rollbackPlan: { ...SPEC.rollbackPlan, command: b } };
      const own =
        news.kind === 'state' ? { ...news, why: a } : news.kind === 'issue-failed' ? { ...news, error: a } : news;
      const text = announce({ incident: b, proposal: a, spec }, own, lang);
      assert.equal(text.split('\n').length, announce(SUBJECT, news, lang).split('\n').length);
      assert.doesNotMatch(text, /(?![\n ])[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]|(?:^|[\s(])@[\p{L}\p{N}]/u);
    }),
    { numRuns: 40 },
  );
});

test('what rules of the policy ask for stands behind the number of people', () => {
  const from = [{ team: 'payments', atLeast: 1 }];
  const requirement = { ...plainRequirement(2), from, channels: ['gitea' as const], reasonRequired: true };
  const [first] = announce(SUBJECT, { kind: 'waiting', requirement, expiresAt: 'x' }, 'en').split('\n');
  assert.equal(
    first,
    'INC-3 · ⏳ waits for 2 approvals (among them 1 of the team payments; counted only by gitea; with a reason)',
  );
});
