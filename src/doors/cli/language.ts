// The language in which a command of ours answers. It must never fail: an odd setting falls to English, `serve` refuses it.
import type { Language } from '../../core/text/describe.ts';

export const languageOf = (env: NodeJS.ProcessEnv): Language => (env['BLASTGATE_LANG'] === 'zh-TW' ? 'zh-TW' : 'en');
