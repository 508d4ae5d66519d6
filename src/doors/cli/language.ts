// The language in which a command of ours answers.
import type { Lang } from '../../core/text/words/lang.ts';

export function languageOf(env: NodeJS.ProcessEnv): Lang {
  return env['BLASTGATE_LANG'] === 'zh-TW' ? 'zh-TW' : 'en';
}
