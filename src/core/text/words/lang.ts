// The languages that people are addressed in.

export const LANGS = ['en', 'zh-TW'] as const;
export type Lang = (typeof LANGS)[number];
