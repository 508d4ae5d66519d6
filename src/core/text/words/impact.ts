// The words on an impact picture, in both languages.

import type { ImpactRole } from '../../impact/impact.ts';

export interface ImpactWords {
  readonly roles: Readonly<Record<ImpactRole, string | null>>;
  readonly pods: (count: number) => string;
  /** Of several that stand together: how many go, where the others stay. */
  readonly someGo: (going: number) => string;
  readonly above: string;
}

export const impactEn = {
  roles: { target: 'touched', goes: 'goes', breaks: 'breaks', near: null },
  pods: (count) => `${count} pods`,
  someGo: (going) => (going === 1 ? '1 of them goes' : `${going} of them go`),
  above: 'see above',
} as const satisfies ImpactWords;

export const impactZhTw = {
  roles: { target: '作用對象', goes: '中止', breaks: '中斷', near: null },
  pods: (count) => `${count} 個 Pod`,
  someGo: (going) => `其中 ${going} 個中止`,
  above: '見上',
} as const satisfies ImpactWords;
