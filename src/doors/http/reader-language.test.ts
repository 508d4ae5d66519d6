import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readerLanguage } from './reader-language.ts';

for (const [header, lang] of [
  [undefined, 'en'],
  ['', 'en'],
  ['*', 'en'],
  ['de', 'en'],
  ['zh-TW', 'zh-TW'],
  ['zh', 'zh-TW'],
  ['ZH-hant-HK', 'zh-TW'],
  ['zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7', 'zh-TW'],
  ['en-GB,en;q=0.9,zh-TW;q=0.8', 'en'],
  ['en;q=0.5, zh-TW;q=0.9', 'zh-TW'],
  ['en;q=0.8, zh ; q=0.8', 'en'],
  ['zh;q=0, en;q=0.1', 'en'],
  ['zh;q=0', 'en'],
  ['zhuang', 'en'],
  ['\u0000zh; q=nonsense', 'en'],
] as const)
  test(`Accept-Language: ${header ?? '(none)'}`, () => assert.equal(readerLanguage(header), lang));
