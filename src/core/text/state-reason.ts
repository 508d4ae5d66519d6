// One sentence why a remediation is in the state that people are told of.
import { refusalsOf } from '../action/runnable.ts';
import type { Refusal } from '../model/refusal.ts';
import type { Remediation } from '../remediation/remediation.ts';
import type { State } from '../remediation/state.ts';
import type { VerdictCode } from '../remediation/verdict.ts';
import { describeHardRule, describeRollbackVerdict, describeVerdict, refusalText } from './describe.ts';
import { DICTIONARIES } from './words/dictionaries.ts';
import type { Lang } from './words/lang.ts';
import { fill } from './words/sentence.ts';

/** What a rollback has reached that its state does not say. */
const TELLING: ReadonlySet<VerdictCode> = new Set<VerdictCode>(['left-over', 'still-unhealthy']);

/** null where the state says all. The record may have gone on since; then its newest cause is told. */
export function whyOf(remediation: Remediation, state: State, lang: Lang): string | null {
  const { spec, refusal, verdict, backVerdict, forward, back, votes, endedBy } = remediation;
  switch (state) {
    case 'blocked':
      return spec.hardRule === null ? null : describeHardRule(spec.hardRule, lang).message;
    case 'refused':
      return firstOf(refusalsOf(spec), lang);
    case 'stale':
    case 'expired':
    case 'handed-over':
      return joined([
        verdict === null || state !== 'handed-over' ? null : describeVerdict(verdict, lang),
        refusal === null ? null : refusalText(refusal, lang),
      ]);
    case 'rejected': {
      const denial = votes.find(({ decision }) => decision === 'reject');
      if (denial === undefined) return null;
      return denial.reason === null ? denial.person : `${denial.person}: ${denial.reason}`;
    }
    case 'cancelled':
      return endedBy;
    case 'superseded':
      return endedBy === null ? null : fill(DICTIONARIES[lang].supersededBy, { proposal: endedBy });
    case 'failed':
      if (refusal !== null) return refusalText(refusal, lang);
      return verdict === null ? (forward?.why ?? null) : describeVerdict(verdict, lang);
    case 'uncertain':
      return (back ?? forward)?.why ?? null;
    case 'succeeded':
    case 'rolling-back':
      return verdict === null ? null : describeVerdict(verdict, lang);
    case 'rolled-back':
      return joined([
        whyBack(remediation, lang),
        backVerdict !== null && TELLING.has(backVerdict.code)
          ? rollbackSaid(describeRollbackVerdict(backVerdict, lang), lang)
          : null,
      ]);
    case 'rollback-failed': {
      const said = backVerdict === null ? (back?.why ?? null) : describeRollbackVerdict(backVerdict, lang);
      return joined([whyBack(remediation, lang), said === null ? null : rollbackSaid(said, lang)]);
    }
    case 'proposed':
    case 'awaiting-approval':
    case 'approved':
    case 'executing':
    case 'verifying':
      return null;
    default:
      return state satisfies never;
  }
}

const joined = (parts: readonly (string | null)[]): string | null => {
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? null : said.join(' ');
};

/** Why it was rolled back: what was seen of it, or what the peer said. */
const whyBack = ({ verdict, forward }: Remediation, lang: Lang): string | null =>
  verdict === null ? (forward?.why ?? null) : describeVerdict(verdict, lang);

const rollbackSaid = (said: string, lang: Lang): string => fill(DICTIONARIES[lang].rollbackVerdict, { said });

/** The first refusal with its remedy, and how many there are besides: a reader in a chat has one line. */
const firstOf = (refusals: readonly Refusal[], lang: Lang): string | null => {
  const [first, ...more] = refusals;
  if (first === undefined) return null;
  const said = refusalText(first, lang);
  return more.length === 0 ? said : `${said} ${fill(DICTIONARIES[lang].andMore, { count: more.length })}`;
};
