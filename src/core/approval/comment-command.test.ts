// Which comments are votes: a command that stands alone, and nothing that a forge would show as quote, code or not at all.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CommentCommand, readCommentCommand } from './comment-command.ts';

const D = '0123456789abcdef';
const approve: CommentCommand = { kind: 'approve', digest: D, reason: null };
const nothing: CommentCommand = { kind: 'not-for-us' };
const misread = (problem: Extract<CommentCommand, { readonly kind: 'misread' }>['problem']): CommentCommand => ({
  kind: 'misread',
  problem,
});

const ROWS: readonly (readonly [text: string, is: CommentCommand])[] = [
  [`/approve ${D}`, approve],
  [`/Approve sha256:${D.toUpperCase()}`, approve],
  [`/approve\t${D}  \r\n`, approve],
  [`I looked.\n\n/approve ${D}\n\nGood night.`, approve],
  [`- a list\n\n/approve ${D}`, approve],
  [`> somebody wrote\n\n/approve ${D}`, approve],
  [`\`\`\`sh\nkubectl get pods\n\`\`\`\n/approve ${D}`, approve],
  [`\`\`\`x\`\`\` is inline\n\n/approve ${D}`, approve],
  [`/reject ${D} not now`, { kind: 'reject', digest: D, reason: 'not now' }],
  [`/reject ${D}   the  sale\tis on `, { kind: 'reject', digest: D, reason: 'the sale is on' }],
  ['/approve', misread('digest-missing')],
  ['/approve 12345', misread('digest-missing')],
  [`/approve ${'a'.repeat(65)}`, misread('digest-missing')],
  ['/approve INC-3', misread('digest-missing')],
  [`/approve ${D} please`, misread('words-behind')],
  [`/approve ${D} Because the sale is over`, { kind: 'approve', digest: D, reason: 'the sale is over' }],
  [`/approve ${D} because`, misread('words-behind')],
  [`/approve ${D} but because I must`, misread('words-behind')],
  [`/approve ${D} because ${'x'.repeat(501)}`, misread('reason-long')],
  [`/reject ${D}`, misread('reason-missing')],
  [`/reject ${D} ${'x'.repeat(501)}`, misread('reason-long')],
  [`/approve ${D}\u200b`, misread('unseen')],
  [`/reject ${D} no\u202eon`, misread('unseen')],
  [`/approve ${D}\n/approve ${D}`, misread('several-commands')],
  [`/approve ${D}\n\n/reject ${D} no`, misread('several-commands')],
  [`text\n/approve ${D}`, misread('not-alone')],
  [`/approve ${D}\ntext`, misread('not-alone')],
  [`> quoted\n/approve ${D}`, misread('not-alone')],
  [`\`x\n/approve ${D}\ny\``, misread('not-alone')],
  // A line of no-break spaces is no empty line: what follows still belongs to the quote (CommonMark 0.31, 2.1 and 5.1).
  [`> quoted\n\u00a0\n/approve ${D}`, misread('not-alone')],
  [`- item\n\u3000\n/approve ${D}`, misread('not-alone')],
  // What a real Gitea makes of it: all behind the tag stands in a fold.
  [`a <details>\n\n/approve ${D}`, misread('place-unclear')],
  [`replicas <3\n\n/approve ${D}`, approve],
  [`/approve ${D}\n\na <details>`, approve],
  // What cannot interrupt a paragraph belongs to it (CommonMark 0.31, 4.6 and 5.3).
  [`/approve ${D}\n<b>`, misread('not-alone')],
  [`/approve ${D}\n10) ~~~`, misread('not-alone')],
  [`/approve ${D}\n\`\`\`\ncode\n\`\`\``, approve],
  // A fence closes at most three spaces in; one within a list closes with the list, and the next one opens anew.
  [`\`\`\`\n      \`\`\`\n\n/approve ${D}\n\n\`\`\``, nothing],
  [`- \`\`\`\n  x\n\n/approve ${D}`, misread('place-unclear')],
  [`- \`\`\`\n  x\n\n\`\`\`\n\n/approve ${D}\n\n\`\`\``, nothing],
  [`- a\n\n  ~~~\n  x\n\n~~~\n\n/approve ${D}\n\n~~~`, nothing],
  [`/approve ${D}\n\n- \`\`\`\n  x`, approve],
  // GitLab's block quotes and front matter, Gitea's and GitHub's mathematics.
  [`>>>\n\n/approve ${D}\n\n>>>`, nothing],
  [`no!\n\n>>>>  \n/blastgate approve ${D}\n\nx\n>>>>`, nothing],
  [`>>> thrice quoted\n\n/approve ${D}`, approve],
  [`---\n\n/approve ${D}\n\n---`, nothing],
  [`\n\n+++\n\n/approve ${D}\n\n+++`, nothing],
  [`$$x$$\n\n$$\n\n/approve ${D}\n\n$$`, nothing],
  [`\\[\n\n/approve ${D}\n\n\\]`, nothing],
  // Answers by mail hold what they answer to, each program in its own way.
  ...[
    'On Fri, Nov 27, 2026 at 3:41 AM Ana <reply@forge.example> wrote:',
    'On Fri, Nov 27, 2026 at 3:41 AM Ana ***@***.***>\nwrote:',
    'Le ven. 27 nov. 2026 à 03:41, Ana a écrit :',
    'Ana <reply@forge.example> 於 2026年11月27日 週五 上午3:41寫道：',
    '-----Original Message-----',
    '---------- Forwarded message ---------',
    '-----Ursprüngliche Nachricht-----',
    '________________________________',
    'From: Ana\nSent: Friday, 27 November 2026 03:41\nTo: sre/reviews\nSubject: Re: [sre/reviews] INC-1',
    '**From:** Ana\n**Sent:** Friday\n**To:** sre/reviews',
    '寄件者： Ana\n傳送日期： 2026年11月27日\n主旨： Re: INC-1',
  ].flatMap((mark): readonly (typeof ROWS)[number][] => [
    [`NO, stop this!\n\n${mark}\n\n/approve ${D}\n\n`, misread('place-unclear')],
    [`NO, stop this!\n${mark}\n\nAna commented:\n\n/approve ${D}`, misread('place-unclear')],
    [`/approve ${D}\n\n${mark}\n\n/reject ${D} not now`, approve],
  ]),
  [`No.\n\n/approve ${D}\n\n—\nReply to this email directly, or view it on GitHub.`, misread('place-unclear')],
  [`/approve ${D}\n\n—\nReply to this email directly, or view it on GitHub.`, approve],
  [`Looked at it:\n\n/approve ${D}`, approve],
  ['', nothing],
  ['please approve', nothing],
  [`we could /approve ${D}`, nothing],
  [`/approved ${D}`, nothing],
  ['/assign ben', nothing],
  [`> /approve ${D}`, nothing],
  [`    /approve ${D}`, nothing],
  [`\t/approve ${D}`, nothing],
  [` /approve ${D}`, nothing],
  [`- /approve ${D}`, nothing],
  [`\`/approve ${D}\``, nothing],
  [`\`\`\`\n/approve ${D}\n\`\`\``, nothing],
  [`\`\`\`\n\n/approve ${D}\n\n\`\`\``, nothing],
  [`\`\`\`\`\n\`\`\`\n\n/approve ${D}\n\n\`\`\`\``, nothing],
  [`~~~\n\`\`\`\n\n/approve ${D}\n\n~~~`, nothing],
  [`\`\`\`\nnever closed\n\n/approve ${D}`, nothing],
  [`<!--\n\n/approve ${D}\n\n-->`, nothing],
  [`<details>\n\n/approve ${D}\n\n</details>`, nothing],
  [`<pre>\n\n/approve ${D}`, nothing],
  [`$$\n\n/approve ${D}\n\n$$`, nothing],
  [`/approve ${D}\n\n${'x'.repeat(70_000)}`, nothing],
];
for (const [text, is] of ROWS)
  test(`${JSON.stringify(text.slice(0, 60))} is ${is.kind}`, () => assert.deepEqual(readCommentCommand(text), is));

test('a text that is made to be slow to read is read as fast as any', () => {
  for (const piece of [
    '-    ',
    '1.  ',
    '`',
    '~',
    '> ',
    '<',
    '/approve ',
    '\t',
    '$$',
    '- `',
    '-',
    '----a',
    '_',
    '1',
    ': ',
    'a: b\n',
  ])
    for (const end of ['', 'x', ' 2026 3.0:', `\n\n/approve ${D}`])
      assert.ok(['not-for-us', 'misread', 'approve'].includes(readCommentCommand(`${piece.repeat(9000)}${end}`).kind));
});

test('quoting a whole comment, or putting it into a code block, never leaves a vote', () => {
  const line = fc.oneof(
    fc.constantFrom(`/approve ${D}`, `/reject ${D} no`, '', '> x', '```', '~~~', '- a', '<b>', 'text', '    x'),
    fc.string({ maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const text = lines.join('\n');
      const quoted = text
        .split(/\r\n|\n|\r/)
        .map((one) => `> ${one}`)
        .join('\n');
      assert.ok(['not-for-us', 'misread'].includes(readCommentCommand(quoted).kind), quoted);
      const fence = '`'.repeat(3 + Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length)));
      assert.equal(readCommentCommand(`${fence}\n${text}\n${fence}`).kind, 'not-for-us', text);
    }),
    { numRuns: 300 },
  );
});
