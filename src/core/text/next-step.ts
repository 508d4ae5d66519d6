// What happens next with a remediation, in one sentence.
import type { Remediation } from '../remediation/remediation.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** `have`: how many people have approved so far and still count. */
export function describeNext(remediation: Remediation, have: number, lang: Lang): string {
  const { state, decision, incident, expiresAt } = remediation;
  const { states, waitsFor } = DICTIONARIES[lang];
  if (state !== 'awaiting-approval') return states[state];
  return waitsFor((decision?.approvals ?? 0) - have, have, incident, expiresAt);
}
