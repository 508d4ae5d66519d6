// The language in which a command of ours answers.
import type { Language } from '../../core/text/describe.ts';

export function languageOf(env: NodeJS.ProcessEnv): Language {
  return env['BLASTGATE_LANG'] === 'zh-TW' ? 'zh-TW' : 'en';
}
