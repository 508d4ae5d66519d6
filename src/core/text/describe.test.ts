// No place of a sentence stays unfilled, and what a sentence is about stands where it should.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { missingObject } from '../model/facts.ts';
import type { MutationRefusalCode } from '../model/mutation-refusal.ts';
import { REASON_CODES } from '../model/reason.ts';
import { REFUSAL_CODES } from '../model/refusal.ts';
import { VERDICT_CODES } from '../remediation/verdict.ts';
import {
  describeHardRule,
  describeMissing,
  describeMutationRefusal,
  describeReason,
  describeRefusal,
  describeVerdict,
} from './describe.ts';
import { explanations } from './explain.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import { LANGS } from './words/lang.ts';
import { fill } from './words/sentence.ts';

describe('sentences', () => {
  test('an optional part disappears with its value', () => {
    assert.equal(fill('a[ of {x}] b', { x: null }), 'a b');
    assert.equal(fill('a[ of {x}] b', { x: 3 }), 'a of 3 b');
  });

  test('are filled for every code, with and without a subject', () => {
    for (const lang of LANGS) {
      for (const subject of [null, 'shop/web']) {
        const texts = [
          ...REASON_CODES.map((code) => describeReason({ code, points: 1, subject }, lang)),
          ...VERDICT_CODES.map((code) => describeVerdict({ is: 'moving', code, subject }, lang)),
          ...REFUSAL_CODES.flatMap((code) => {
            const { message, remedy } = describeRefusal({ code, about: subject }, lang);
            return [message, remedy ?? ''];
          }),
          ...explanations(lang).flatMap(({ message, remedy }) => [message, remedy ?? '']),
          ...Object.keys(DICTIONARIES.en.hardRules).map(
            (code) => describeHardRule({ code, subject: 'shop/web' }, lang).message,
          ),
          describeHardRule({ code: 'new-rule', subject: 'shop/web' }, lang).message,
        ];
        for (const text of texts) assert.doesNotMatch(text, /[[\]{}?]|undefined|null/, text);
      }
    }
  });

  test('a refusal says what it is about', () => {
    assert.deepEqual(describeRefusal({ code: 'unknown-flag', about: 'flag --frce' }, 'en'), {
      code: 'unknown-flag',
      message: 'kubectl does not know this flag here (flag --frce).',
      remedy: 'Check the flag with --help of the command.',
    });
  });

  test('a refusal in Chinese has Chinese brackets', () => {
    assert.equal(
      describeRefusal({ code: 'not-found', about: 'pods shop/x' }, 'zh-TW').message,
      '物件不存在（pods shop/x）。',
    );
  });

  test('an action without an executor is told where the list of those stands', () => {
    const { remedy } = describeRefusal({ code: 'no-executor', about: null }, 'en');
    assert.match(remedy ?? '', /docs\/operate\.md .*terminals, tokens/);
  });

  test('why nothing is sent is told with what it is about, and without', () => {
    for (const lang of LANGS)
      for (const code of Object.keys(DICTIONARIES[lang].mutationRefusals) as readonly MutationRefusalCode[])
        for (const [about, subject] of [
          [null, null],
          ['tier', 'deployment/web'],
        ] as const) {
          const text = describeMutationRefusal({ code, about }, subject, lang);
          assert.doesNotMatch(text, /[[\]{}?]/, code);
          assert.match(text, /[.。]$/, code);
        }
    assert.equal(
      describeMutationRefusal({ code: 'value-exists', about: 'tier' }, 'deployment/web', 'en'),
      'It has another value already: tier. --overwrite changes it on deployment/web.',
    );
  });

  test('a fact that is missing says why', () => {
    const pods = missingObject({ group: '', resource: 'pods', namespace: 'shop', name: 'x' }, 'forbidden');
    assert.equal(describeMissing(pods, 'en'), 'pods shop/x could not be read: the gate has no right to');
    assert.equal(describeMissing(pods, 'zh-TW'), '無法讀取 pods shop/x：閘門沒有權限');
  });

  test('a subject is never read as a place', () => {
    assert.equal(
      describeVerdict({ is: 'failing', code: 'trouble', subject: '{window} [x]' }, 'en'),
      'Pods do not start ({window} [x]).',
    );
  });
});
