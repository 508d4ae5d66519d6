// Accept-Language of a request → the language of what the answer says to a person.
import type { Lang } from '../../core/text/words/lang.ts';

/**
 * Chinese where any Chinese is asked for before English (RFC 9110, 12.5.4: the weight of each, the order among equals); English for
 * whoever asks for neither, and for programs, which ask for nothing.
 */
export function readerLanguage(header: string | undefined): Lang {
  const asked = (header ?? '')
    .split(',')
    .flatMap((part): readonly { readonly lang: Lang; readonly weight: number }[] => {
      const [, tag = '', weight = '1'] =
        /^\s*([a-z]{1,8}|\*)(?:-[a-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?$/i.exec(part) ?? [];
      const lang = tag.toLowerCase() === 'zh' ? 'zh-TW' : tag.toLowerCase() === 'en' ? 'en' : null;
      return lang === null || Number(weight) === 0 ? [] : [{ lang, weight: Number(weight) }];
    });
  const [first] = asked.toSorted((one, other) => other.weight - one.weight);
  return first?.lang ?? 'en';
}
