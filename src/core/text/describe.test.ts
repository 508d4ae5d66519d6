// Every code has its sentence in both languages, and no place in one stays unfilled.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { REASON_CODES } from '../model/reason.ts';
import { REFUSALS, type RefusalCode } from '../model/refusal.ts';
import { VERDICT_CODES } from '../remediation/verdict.ts';
import { describeHardRule, describeReason, describeRefusal, describeVerdict, type Language } from './describe.ts';
import { fill } from './words/sentences.ts';
import { sentencesEn } from './words/sentences-en.ts';
import { sentencesZhTw } from './words/sentences-zh-tw.ts';

const LANGUAGES: readonly Language[] = ['en', 'zh-TW'];

describe('sentences', () => {
  test('an optional part disappears with its value', () => {
    assert.equal(fill('a[ of {x}] b', { x: null }), 'a b');
    assert.equal(fill('a[ of {x}] b', { x: 3 }), 'a of 3 b');
  });

  test('are filled for every code, with and without a subject', () => {
    for (const language of LANGUAGES) {
      for (const subject of [null, 'shop/web']) {
        const texts = [
          ...REASON_CODES.map((code) => describeReason({ code, points: 1, subject }, language)),
          ...VERDICT_CODES.map((code) => describeVerdict({ is: 'moving', code, subject }, language)),
          ...(Object.keys(REFUSALS) as RefusalCode[]).map(
            (code) => describeRefusal({ code, about: subject }, language).message,
          ),
          ...Object.keys(sentencesEn.hardRules).map(
            (code) => describeHardRule({ code, subject: 'shop/web' }, language).message,
          ),
          describeHardRule({ code: 'new-rule', subject: 'shop/web' }, language).message,
        ];
        for (const text of texts) assert.doesNotMatch(text, /[[\]{}?]|undefined|null/, text);
      }
    }
  });

  test('name the same places in both languages', () => {
    const places = (value: unknown): unknown => {
      if (typeof value === 'string') return (value.match(/\{\w+\}/g) ?? []).toSorted();
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, places(inner)]));
    };
    assert.deepEqual(places(sentencesZhTw), places(sentencesEn));
  });

  test('a refusal says what it is about', () => {
    assert.deepEqual(describeRefusal({ code: 'unknown-flag', about: 'flag --frce' }, 'en'), {
      code: 'unknown-flag',
      message: 'kubectl does not know this flag here (flag --frce).',
      remedy: 'Check the flag with --help of the command.',
    });
  });

  test('a subject is never read as a place', () => {
    assert.equal(
      describeVerdict({ is: 'failing', code: 'trouble', subject: '{window} [x]' }, 'en'),
      'Pods do not start ({window} [x]).',
    );
  });
});
