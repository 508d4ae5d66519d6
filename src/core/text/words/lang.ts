// The languages that people are addressed in. It must never hold a sentence: those stand in the files beside it.

export const LANGS = ['en', 'zh-TW'] as const;
export type Lang = (typeof LANGS)[number];
