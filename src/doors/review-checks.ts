// What settings, policy and people say of reviews that cannot go together.
import { type People, personByAccount } from '../core/approval/people.ts';
import type { AccountService } from '../core/approval/vote.ts';
import type { ReviewRule } from '../core/blast-radius/policy.ts';
import type { Settings } from './settings.ts';

/** With `review: required` and nowhere to make the issue, no dual action could ever run: the gate does not start so. */
export function reviewProblems(
  { forge, flags }: Pick<Settings, 'forge' | 'flags'>,
  rule: ReviewRule,
): readonly string[] {
  if (rule === 'off') return [];
  const lacks = [
    ...(forge === null ? ['no forge is set (GITEA_API_URL, …)'] : []),
    ...(flags.gitopsPr === 'off' ? ['AIOPS_P5_GITOPS_PR is off'] : []),
  ];
  return lacks.map(
    (lack) =>
      `the policy says review: required, and ${lack}: no dual action could ever run; set it up, or write review: off`,
  );
}

/** The gate's own comments are never votes: a person who writes by the same account could not vote by comments. */
export function forgeIdentityWarnings(
  people: People,
  service: AccountService,
  login: string | null,
): readonly string[] {
  const person = login === null ? null : personByAccount(people, service, login);
  return person === null
    ? []
    : [
        `the gate writes to the forge as ${login}, which people.yaml gives to ${person.id}: their comments cannot count; make an account for the gate alone`,
      ];
}
