// The words on an impact picture, in both languages.

import type { ImpactRole } from '../../impact/impact.ts';

export interface ImpactWords {
  readonly roles: Readonly<Record<ImpactRole, string | null>>;
  readonly pods: (count: number) => string;
  readonly above: string;
}

export const impactEn = {
  roles: { target: 'touched', goes: 'goes', breaks: 'breaks', near: null },
  pods: (count) => `${count} pods`,
  above: 'see above',
} as const satisfies ImpactWords;

export const impactZhTw = {
  roles: { target: '作用對象', goes: '中止', breaks: '中斷', near: null },
  pods: (count) => `${count} 個 Pod`,
  above: '見上',
} as const satisfies ImpactWords;
