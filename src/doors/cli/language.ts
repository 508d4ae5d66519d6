// The language in which a command of ours answers.
import { LANGS, type Lang } from '../../core/text/words/lang.ts';

/** The language of BLASTGATE_LANG; English where there is none of that name. */
export function languageOf(env: NodeJS.ProcessEnv): Lang {
  return LANGS.find((lang) => lang === env['BLASTGATE_LANG']) ?? 'en';
}

/** What BLASTGATE_LANG names although no answer is written in it; null where it names a language or nothing. */
export function unknownLanguage(env: NodeJS.ProcessEnv): string | null {
  const named = env['BLASTGATE_LANG'] ?? '';
  return named === '' || LANGS.some((lang) => lang === named) ? null : named;
}
