// What happens next with a remediation, in one sentence.
import { refusalsOf } from '../action/runnable.ts';
import type { Remediation } from '../remediation/remediation.ts';
import { describeRefusal } from './describe.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';

/** `have`: how many people have approved so far and still count. */
export function describeNext(remediation: Remediation, have: number, lang: Lang): string {
  const { state, decision, incident, expiresAt } = remediation;
  const { states, waitsFor } = DICTIONARIES[lang];
  if (state === 'refused') return refusedNext(remediation, lang);
  if (state !== 'awaiting-approval') return states[state];
  return waitsFor((decision?.approvals ?? 0) - have, have, incident, expiresAt);
}

/** What helps depends on what was refused: another command, a right, or waiting until the cluster answers. */
const refusedNext = ({ spec }: Remediation, lang: Lang): string => {
  const { states } = DICTIONARIES[lang];
  const [first] = refusalsOf(spec);
  const remedy = first === undefined ? null : describeRefusal(first, lang).remedy;
  return remedy === null ? states.refused : `${states.refused} ${remedy}`;
};
