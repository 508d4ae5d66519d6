// Shows which chat messages count as commands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyText } from '../../../test/support/any-text.ts';
import { type ChatCommand, readChatCommand } from './chat-command.ts';

const misread = (problem: Extract<ChatCommand, { kind: 'misread' }>['problem']): ChatCommand => ({
  kind: 'misread',
  problem,
});

const CASES: readonly (readonly [text: string, command: ChatCommand])[] = [
  ['/approve INC-3', { kind: 'approve', incident: 'INC-3', digest: null, reason: null }],
  ['  /approve   INC-3  ', { kind: 'approve', incident: 'INC-3', digest: null, reason: null }],
  ['/Approve INC-3', { kind: 'approve', incident: 'INC-3', digest: null, reason: null }],
  ['/approve@blastgate_bot INC-3', { kind: 'approve', incident: 'INC-3', digest: null, reason: null }],
  ['/approve@Blastgate_Bot INC-3 ABCDEF', { kind: 'approve', incident: 'INC-3', digest: 'abcdef', reason: null }],
  [
    `/approve INC-3 sha256:${'a'.repeat(64)}`,
    { kind: 'approve', incident: 'INC-3', digest: 'a'.repeat(64), reason: null },
  ],
  ['/approve@other_bot INC-3', { kind: 'not-for-us' }],
  ['/approve', misread('no-incident')],
  ['/approve -3', misread('bad-incident')],
  [`/approve ${'a'.repeat(65)}`, misread('bad-incident')],
  ['/approve INC-3 abcde', misread('bad-digest')],
  [`/approve INC-3 ${'a'.repeat(65)}`, misread('bad-digest')],
  ['/approve INC-3 please', misread('bad-digest')],
  ['/approve INC-3 abcdef now', misread('too-many-words')],
  [
    '/approve INC-3 abcdef because  the sale  is over',
    { kind: 'approve', incident: 'INC-3', digest: 'abcdef', reason: 'the sale is over' },
  ],
  ['/approve INC-3 abcdef because', misread('too-many-words')],
  ['/approve INC-3 abcdef if because', misread('too-many-words')],
  ['/approve INC-3 because it is', misread('too-many-words')],
  [`/approve INC-3 abcdef because ${'x'.repeat(501)}`, misread('reason-too-long')],
  ['/approve INC-3\n/approve INC-4', misread('several-lines')],
  ['/approve INC\u200b-3', misread('unseen-characters')],
  ['/approve \u202eINC-3', misread('unseen-characters')],
  ['/approve ＩＮＣ-3', misread('bad-incident')],
  ['/reject INC-3 not now: the sale runs', { kind: 'reject', incident: 'INC-3', reason: 'not now: the sale runs' }],
  ['/reject INC-3 two\nlines', { kind: 'reject', incident: 'INC-3', reason: 'two lines' }],
  ['/reject INC-3', misread('no-reason')],
  ['/reject', misread('no-incident')],
  [`/reject INC-3 ${'x'.repeat(501)}`, misread('reason-too-long')],
  ['/status INC-3', { kind: 'status', incident: 'INC-3' }],
  ['/status INC-3 now', misread('too-many-words')],
  ['/pending', { kind: 'pending' }],
  ['/pending INC-3', misread('too-many-words')],
  ['/help', { kind: 'help' }],
  ['/start', { kind: 'help' }],
  ['/aprove INC-3', misread('unknown-command')],
  ['/toString INC-3', misread('unknown-command')],
  ['/', misread('unknown-command')],
  ['I would /approve INC-3', { kind: 'not-for-us' }],
  ['approve INC-3', { kind: 'not-for-us' }],
  ['> /approve INC-3', { kind: 'not-for-us' }],
  ['', { kind: 'not-for-us' }],
];

test('a message is a command exactly when it is written as one', () => {
  for (const [text, command] of CASES) assert.deepEqual(readChatCommand(text, 'blastgate_bot'), command, text);
});

test('no text throws, and an approval names exactly what was written', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText(),
        fc.string().map((text) => `/approve ${text}`),
      ),
      (text) => {
        const command = readChatCommand(text, 'blastgate_bot');
        if (command.kind !== 'approve') return;
        assert.deepEqual(text.trim().split(/\s+/).slice(1, 2), [command.incident]);
      },
    ),
  );
});
