// Which language the page speaks: the reader's choice, else the browser's; and how the gate's texts are picked in it.
import { createContext, useContext } from 'react';
import { EN, type Words } from './en.ts';
import { ZH_TW } from './zh-tw.ts';

export type Lang = 'en' | 'zh-TW';
export const LANGS: Readonly<Record<Lang, Words>> = { en: EN, 'zh-TW': ZH_TW };

const KEPT = 'blastgate.lang';

/** The choice of the reader; else Chinese for a browser that asks for any Chinese first, English otherwise. */
export function firstLang(): Lang {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'en' || kept === 'zh-TW') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-TW' : 'en';
}

/** Keeps the choice in this browser, and tells screen readers which language the page is in. */
export function keepLang(lang: Lang): void {
  localStorage.setItem(KEPT, lang);
  document.documentElement.lang = lang;
}

export interface Speech {
  readonly lang: Lang;
  readonly words: Words;
}

export const SpeechContext = createContext<Speech>({ lang: 'en', words: EN });

export function useWords(): Words {
  return useContext(SpeechContext).words;
}

export function useLang(): Lang {
  return useContext(SpeechContext).lang;
}
