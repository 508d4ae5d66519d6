// The words on an impact picture, in both languages.

import type { ImpactRole } from '../../impact/impact.ts';
import type { Group } from '../impact-outline.ts';
import type { Lang } from './lang.ts';

interface ImpactWords {
  readonly roles: Readonly<Record<ImpactRole, string | null>>;
  readonly pods: (count: number) => string;
  readonly above: string;
}

const WORDS: { readonly [L in Lang]: ImpactWords } = {
  en: {
    roles: { target: 'touched', goes: 'goes', breaks: 'breaks', near: null },
    pods: (count) => `${count} pods`,
    above: 'see above',
  },
  'zh-TW': {
    roles: { target: '作用對象', goes: '中止', breaks: '中斷', near: null },
    pods: (count) => `${count} 個 pod`,
    above: '見上',
  },
};

/** More pods than these are counted without their names. */
const NAMED = 4;

/** "deployments.apps shop/web", "3 pods shop/a, shop/b, shop/c". */
export function labelOf({ id, members }: Group, lang: Lang): string {
  const count = members.reduce((sum, member) => sum + member.count, 0);
  if (count <= 1) return id;
  const names = members.map((member) => member.id.slice('pods '.length));
  const named = names.length <= NAMED ? ` ${names.join(', ')}` : ` ${names[0] ?? ''} …`;
  return `${WORDS[lang].pods(count)}${named}`;
}

/** "goes"; null where the object only stands near. */
export function roleOf({ members }: Group, lang: Lang): string | null {
  return WORDS[lang].roles[members[0]?.role ?? 'near'];
}

export function aboveOf(lang: Lang): string {
  return WORDS[lang].above;
}
