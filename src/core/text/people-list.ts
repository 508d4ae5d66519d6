// Names people in Markdown, by name and id.
import type { Person } from '../approval/people.ts';
import { codeSpan } from './escape.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** More are counted. */
const NAMED = 20;

/** "`Ben Koch` (`ben`), `Mei Tanaka` (`mei`)". */
export function peopleList(people: readonly Pick<Person, 'id' | 'name'>[], lang: Lang): string {
  const { nobody, morePeople } = DICTIONARIES[lang].review;
  if (people.length === 0) return nobody;
  const named = people.slice(0, NAMED).map(({ id, name }) => `${codeSpan(name)} (${codeSpan(id)})`);
  return [...named, ...(people.length > NAMED ? [morePeople(people.length - NAMED)] : [])].join(', ');
}
