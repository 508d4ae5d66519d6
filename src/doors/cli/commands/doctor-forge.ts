// The lines of `blastgate doctor` on the review repository: is it there, does it take issues, what may the token do.

import { OPEN } from '../../open-peers.ts';
import { loadPeople } from '../../people-file.ts';
import { loadPolicy } from '../../policy-file.ts';
import { forgeIdentityWarnings, reviewProblems } from '../../review-checks.ts';
import type { Settings } from '../../settings.ts';
import { type Finding, finding } from './finding.ts';

const PATIENCE_MS = 10_000;

/** Nothing is changed in the forge. With the issues switched off by AIOPS_P5_GITOPS_PR what is wrong there is no failure. */
export async function forgeFindings(settings: Settings): Promise<readonly Finding[]> {
  const { forge: named, flags } = settings;
  const rule = await loadPolicy(settings.policyFile, {}, null).then(
    ({ document }) => document.review ?? 'off',
    () => 'off' as const,
  );
  const held = reviewProblems(settings, rule).map((problem) => finding('forge', 'fail', problem));
  if (held.length > 0) return held;
  if (named === null)
    return [
      finding(
        'forge',
        'off',
        'no forge is set: dual actions get no review issue',
        'set GITEA_*, GITHUB_* or GITLAB_* (docs/operate.md, The review repository)',
      ),
    ];
  const { repository, login, rights, problems } = await (await OPEN.forge(named)).checkAccess(
    AbortSignal.timeout(PATIENCE_MS),
  );
  const isOff = flags.gitopsPr === 'off' ? ' (AIOPS_P5_GITOPS_PR is off)' : '';
  const state = flags.gitopsPr === 'off' ? 'off' : 'fail';
  if (problems.length > 0)
    return problems.map(({ message, remedy }) => finding('forge', state, `${repository}: ${message}${isOff}`, remedy));
  const people = settings.peopleFile === null ? null : loadPeople(settings.peopleFile).people;
  return [
    finding(
      'forge',
      flags.gitopsPr === 'on' ? 'ok' : 'off',
      `${repository} as ${login ?? 'an account that the token may not name'}: ${rights.join(', ')}${isOff}`,
    ),
    ...(login === null
      ? [
          finding(
            'forge',
            'warn',
            'the token may not say whose it is',
            'let it read its own account (scope read:user), or the gate knows its own comments by their markers alone',
          ),
        ]
      : []),
    ...(people === null
      ? []
      : forgeIdentityWarnings(people, named.channel, login).map((text) => finding('forge', 'warn', text))),
  ];
}
