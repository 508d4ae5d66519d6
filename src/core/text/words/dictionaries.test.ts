// Every text that people read stands in both languages, says the same places, and is written in plain words.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DICTIONARIES } from './dictionaries.ts';

interface Text {
  /** "refusals.no-executor.remedy" */
  readonly path: string;
  readonly text: string;
}

/** What stands in for the arguments of a sentence that is a function: strings, numbers and counts alike print as it. */
const argument = (at: number): string => `⟦${at}⟧`;

/** Every text of a dictionary by its path; functions are called with marks in the place of their arguments. */
const textsOf = (value: unknown, path: string): readonly Text[] => {
  if (value === null) return [];
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value === 'function') {
    const said: unknown = value(...Array.from({ length: value.length }, (_, at) => argument(at)));
    return textsOf(said, `${path}()`);
  }
  assert.ok(typeof value === 'object', `${path} is no text`);
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, path === '' ? key : `${path}.${key}`));
};

const en = textsOf(DICTIONARIES.en, '');
const zhTw = textsOf(DICTIONARIES['zh-TW'], '');

const places = (text: string): readonly string[] => (text.match(/\{\w+\}|⟦\d⟧/g) ?? []).toSorted();
/** Also which of them may be left out. */
const optional = (text: string): readonly string[] =>
  [...text.matchAll(/\[[^\]]*\{(\w+)\}[^\]]*\]/g)].map(([, one = '']) => one);

/** Texts that are the same in every language: a mark between sentences or words, a tier's own name. */
const NO_CHINESE = new Set(['separator', 'about', 'ways.comma', 'conditions.comma', 'conditions.all()']);
/** The one line that says where the project comes from; its words and those of the title are pinned by contract section 6. */
const PINNED = new Set(['review.closing()', 'review.title()']);

/** Private words, jargon and metaphors that no reader needs. */
const FORBIDDEN =
  /\bways? back\b|\bwitness|\bdeeds?\b|\bshelf\b|\bparcel|\baround\b|Phase \d|ADR-\d|\bAIOps\b|\bfor ever\b|\bsaid no\b|\bsays (yes|no)\b|\bmend|\bhouse\b|\bwell\?|\bby law\b|\bnobody knows\b|回復途徑|永久封鎖/i;

describe('the dictionaries', () => {
  test('say something everywhere, in both languages', () => {
    assert.deepEqual(
      zhTw.map(({ path }) => path),
      en.map(({ path }) => path),
    );
    assert.ok(en.length > 300, `only ${en.length} texts were found: the walk slept`);
    for (const { path, text } of [...en, ...zhTw]) assert.notEqual(text.trim(), '', path);
  });

  test('fill the same places, and leave out the same ones', () => {
    const twin = new Map(zhTw.map(({ path, text }) => [path, text]));
    for (const { path, text } of en) {
      assert.deepEqual(places(twin.get(path) ?? ''), places(text), path);
      assert.deepEqual(optional(twin.get(path) ?? '').toSorted(), optional(text).toSorted(), path);
    }
  });

  test('leave no English in Chinese and no Chinese in English', () => {
    for (const { path, text } of zhTw)
      if (!NO_CHINESE.has(path)) assert.match(text, /\p{Script=Han}/u, `${path}: ${text}`);
    for (const { path, text } of en) assert.doesNotMatch(text, /[\p{Script=Han}，。：；（）「」]/u, `${path}: ${text}`);
  });

  test('punctuate Chinese as Chinese', () => {
    for (const { path, text } of zhTw) {
      if (PINNED.has(path)) continue;
      const prose = text.replace(/`[^`]*`/g, '').replace(/\[([^\]]*)\]/g, '$1');
      assert.doesNotMatch(
        prose,
        /\p{Script=Han}\s*[,;:!?()]|[,;:!?()]\s*\p{Script=Han}|\p{Script=Han}\./u,
        `${path}: ${text}`,
      );
    }
  });

  test('end a sentence in one language where it ends in the other', () => {
    const twin = new Map(zhTw.map(({ path, text }) => [path, text]));
    for (const { path, text } of en) {
      const english = /[.?]$/.test(text);
      const chinese = /[。？]$/.test(twin.get(path) ?? '');
      assert.equal(chinese, english, `${path}: ${text} | ${twin.get(path) ?? ''}`);
    }
  });

  test('use plain words', () => {
    for (const { path, text } of [...en, ...zhTw])
      if (!PINNED.has(path)) assert.doesNotMatch(text, FORBIDDEN, `${path}: ${text}`);
  });

  test('count one as one', () => {
    const { announcement, chatAnswer, waitsFor } = DICTIONARIES.en;
    assert.equal(announcement.waiting(1), '⏳ waits for one approval');
    assert.equal(announcement.waiting(2), '⏳ waits for 2 approvals');
    assert.equal(chatAnswer.pending(1), 'One proposal waits for people:');
    assert.match(waitsFor(1, 0, '', 'INC-1', 'noon'), /^It waits for one person to approve until/);
    assert.match(waitsFor(1, 1, ' (so)', 'INC-1', 'noon'), /^It waits for one more person to approve \(so\) until/);
    assert.match(waitsFor(2, 0, '', 'INC-1', 'noon'), /^It waits for 2 different people/);
  });
});
