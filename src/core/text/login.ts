// A login by a one-time link, as the chat tells it.
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';
import { fill } from './words/sentence.ts';

export function describeLogin(what: 'link-made' | 'logged-in', person: string, lang: Lang): string {
  const { linkMade, loggedIn } = DICTIONARIES[lang].login;
  return fill(what === 'link-made' ? linkMade : loggedIn, { person });
}
