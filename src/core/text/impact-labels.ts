// How one group of an impact picture is called, and what becomes of it.
import { countOf, type Group, someOf } from './impact-outline.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** More pods than these are counted without their names. */
const NAMED = 4;

/** "deployments.apps shop/web", "3 pods shop/a, shop/b, shop/c". */
export function labelOf({ id, members }: Group, lang: Lang): string {
  const count = countOf(members);
  if (count <= 1) return id;
  const names = members.map((member) => member.id.slice('pods '.length));
  const named = names.length <= NAMED ? ` ${names.join(', ')}` : ` ${names[0] ?? ''} …`;
  return `${DICTIONARIES[lang].impact.pods(count)}${named}`;
}

/** "goes", "1 of them goes"; null where the object only stands near. */
export function roleOf({ members }: Group, lang: Lang): string | null {
  const some = someOf(members);
  if (some !== null) return DICTIONARIES[lang].impact.someGo(some);
  return DICTIONARIES[lang].impact.roles[members[0]?.role ?? 'near'];
}
