// A refusal and the proposal that it is about → what is said of it: one that takes no votes any more says its end.
import { toTheSecond } from '../model/instant.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Remediation } from '../remediation/remediation.ts';
import type { State } from '../remediation/state.ts';
import { describeRefusal } from './describe.ts';
import { whyOf } from './state-reason.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';
import { fill } from './words/sentence.ts';

/** Ends after which the same command may do what was wanted. */
const WORTH_AGAIN: ReadonlySet<State> = new Set<State>(['stale', 'expired']);

/** `{code, message, remedy}` as describeRefusal gives them; `remediation` null: none is known. */
export function describeRefusalOf(
  refusal: Refusal,
  remediation: Remediation | null,
  lang: Lang,
): ReturnType<typeof describeRefusal> {
  if (refusal.code !== 'not-open' || remediation === null) return describeRefusal(refusal, lang);
  const { id, incident, state, changedAt } = remediation;
  const { message, again, look } = DICTIONARIES[lang].ended;
  return {
    code: refusal.code,
    message: fill(message, {
      proposal: id,
      incident,
      state,
      since: toTheSecond(changedAt),
      ...endOf(remediation, lang),
    }),
    remedy: fill(WORTH_AGAIN.has(state) ? again : look, { proposal: id }),
  };
}

/** Who ended it, or why it ended. */
const endOf = (remediation: Remediation, lang: Lang): { readonly by: string | null; readonly why: string | null } => {
  const { state, endedBy, refusal } = remediation;
  if (state === 'cancelled') return { by: endedBy, why: null };
  if (state === 'superseded') return { by: endedBy, why: whyOf(remediation, state, lang) };
  // What to do about it follows by itself.
  if (refusal !== null && WORTH_AGAIN.has(state)) return { by: null, why: describeRefusal(refusal, lang).message };
  return { by: null, why: whyOf(remediation, state, lang) };
};
