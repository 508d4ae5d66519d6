import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOSTILE, REQUEST } from '../../../test/support/dual-spec.ts';
import { headMark, headsIn } from './head-mark.ts';
import { writeReviewIssue } from './review-issue.ts';

const HEAD = { seq: 42, hash: 'ab'.repeat(32) };
const PROOF = `hmac-sha256:${'0f'.repeat(32)}`;
const shown = { ...REQUEST, auditHead: `${HEAD.seq}:${HEAD.hash}` };

for (const lang of ['en', 'zh-TW'] as const) {
  test(`${lang}: an issue shows its head with the proof, also behind what others wrote`, () => {
    for (const diagnosis of [null, ...HOSTILE, headMark({ seq: 9, hash: HEAD.hash }, 'hmac-sha256:00')]) {
      const { body } = writeReviewIssue({ ...shown, lang, diagnosis, headMark: headMark(HEAD, PROOF) });
      assert.deepEqual(headsIn(body), [{ head: HEAD, proof: PROOF }]);
      assert.deepEqual(headsIn(body.replaceAll('\n', '\r\n')), [{ head: HEAD, proof: PROOF }]);
    }
  });

  test(`${lang}: an issue of a version that proved nothing shows its head without one`, () => {
    const { body } = writeReviewIssue({ ...shown, lang });
    assert.deepEqual(headsIn(body), [{ head: HEAD, proof: null }]);
  });
}

test('what is no head is none', () => {
  const { body } = writeReviewIssue(shown);
  for (const [text, why] of [
    ['', 'nothing'],
    [REQUEST.auditHead, 'not of the form'],
    [`\`${shown.auditHead}\``, 'no marker behind it'],
    [body.replace(HEAD.hash, HEAD.hash.slice(1)), 'a hash that is too short'],
    [`${body}\nmore`, 'not at the end'],
    [headMark(HEAD, 'sha256:00'), 'no proof'],
    [headMark({ seq: 1e16, hash: HEAD.hash }, PROOF), 'no line has that number'],
  ] as const)
    assert.deepEqual(headsIn(text), [], why);
});

test('a text that is full of heads is read as far as five of them', () => {
  const marks = Array.from({ length: 50 }, (_, at) => headMark({ seq: at + 1, hash: HEAD.hash }, PROOF));
  assert.deepEqual(
    headsIn(marks.join('\n')).map(({ head }) => head.seq),
    [1, 2, 3, 4, 5],
  );
});
