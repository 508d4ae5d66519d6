// What every registered code means, of whatever kind it is.
import { CORE_RULES } from '../blast-radius/hard-rules.ts';
import { REFUSAL_CODES } from '../model/refusal.ts';
import { describeProblem, describeRefusal } from './describe.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import { type CodeKind, PROBLEM_CODES } from './words/dictionary.ts';
import type { Lang } from './words/lang.ts';
import { fill, type Sentence } from './words/sentence.ts';

/** One meaning of a code; some words name a refusal and a reason alike. */
export interface Explanation {
  readonly kind: CodeKind;
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** Kinds with one sentence a code, in the order in which they are listed. */
const OTHER_KINDS = ['hardRules', 'reasons', 'constraints', 'noRollback', 'states', 'verdicts'] as const;

/** Whether a policy may lower the rule, which its sentence does not say. */
const limitOf = (code: string, lang: Lang): string => {
  const { coreRule, extendedRule } = DICTIONARIES[lang].terminal.explain;
  return (CORE_RULES as readonly string[]).includes(code) ? coreRule : extendedRule;
};

/** All meanings of all codes, kind by kind, each kind in the order of its register. */
export function explanations(lang: Lang): readonly Explanation[] {
  const refusals = REFUSAL_CODES.map(
    (code): Explanation => ({ kind: 'refusals', ...describeRefusal({ code, about: null }, lang) }),
  );
  const others = OTHER_KINDS.flatMap((kind) => {
    const sentences: Readonly<Record<string, Sentence>> = DICTIONARIES[lang][kind];
    return Object.entries(sentences).map(([code, sentence]): Explanation => {
      const message = fill(sentence, {});
      return {
        kind,
        code,
        message: kind === 'hardRules' ? `${message} ${limitOf(code, lang)}` : message,
        remedy: null,
      };
    });
  });
  const problems = PROBLEM_CODES.map((code): Explanation => ({ kind: 'problems', ...describeProblem(code, lang) }));
  return [...refusals, ...others, ...problems];
}
