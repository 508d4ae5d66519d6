// The settings of the forges → the one where reviews are made (house rule 10: a brand is named in its adapter, in its settings, and in
// open-<wing>.ts).
import { Secret } from '../../ports/secret.ts';
import { checkUrl } from './addresses.ts';
import type { ReadVariable } from './environment.ts';

/** Where reviews are made (house rule 10: a brand is named in its adapter, here, and in open-<wing>.ts). */
export type ForgeSettings =
  | {
      readonly channel: 'gitea';
      readonly apiUrl: string;
      readonly token: Secret;
      readonly owner: string;
      readonly repo: string;
    }
  | { readonly channel: 'github'; readonly apiUrl: string; readonly token: Secret; readonly repository: string }
  | { readonly channel: 'gitlab'; readonly apiUrl: string; readonly token: Secret; readonly project: string };

/** One of three: two forges that are set would leave open where people look. */
export function readForge(read: ReadVariable, problems: string[]): ForgeSettings | null {
  const named = [
    readGitea(read, problems),
    readSingle(read, problems, {
      token: 'GITHUB_TOKEN',
      place: 'GITHUB_REPOSITORY',
      url: 'GITHUB_API_URL',
      otherwise: 'https://api.github.com',
      made: (apiUrl, token, repository) => ({ channel: 'github', apiUrl, token, repository }),
    }),
    readSingle(read, problems, {
      token: 'GITLAB_TOKEN',
      place: 'GITLAB_PROJECT',
      url: 'GITLAB_API_URL',
      otherwise: 'https://gitlab.com/api/v4',
      made: (apiUrl, token, project) => ({ channel: 'gitlab', apiUrl, token, project }),
    }),
  ].filter((one) => one !== null);
  if (named.length > 1)
    problems.push(
      'more than one forge is set (GITEA_*, GITHUB_*, GITLAB_*): reviews are made in one, keep one of them',
    );
  return named[0] ?? null;
}

/** A forge that needs a token and the place of the reviews, and has an address of its own where none is named. */
const readSingle = (
  read: ReadVariable,
  problems: string[],
  forge: {
    readonly token: string;
    readonly place: string;
    readonly url: string;
    readonly otherwise: string;
    readonly made: (apiUrl: string, token: Secret, place: string) => ForgeSettings;
  },
): ForgeSettings | null => {
  const [token, place, url] = [read(forge.token), read(forge.place), read(forge.url)];
  if (token === null && place === null && url === null) return null;
  // Every job there finds the repository of its workflow in its environment.
  if (token === null && read('GITHUB_ACTIONS') === 'true') return null;
  if (token === null || place === null) {
    problems.push(`the review repository is only half set: ${token === null ? forge.token : forge.place} is missing`);
    return null;
  }
  const apiUrl = (url ?? forge.otherwise).replace(/\/+$/, '');
  checkUrl(forge.url, apiUrl, problems);
  return forge.made(apiUrl, new Secret(token), place);
};

const readGitea = (read: ReadVariable, problems: string[]): ForgeSettings | null => {
  const names = ['GITEA_API_URL', 'GITEA_API_TOKEN', 'GITEA_REPO_OWNER', 'GITEA_REPO_NAME'] as const;
  const [apiUrl, token, owner, repo] = [read(names[0]), read(names[1]), read(names[2]), read(names[3])];
  const missing = names.filter((_, i) => [apiUrl, token, owner, repo][i] === null);
  if (missing.length === names.length) return null;
  if (apiUrl === null || token === null || owner === null || repo === null) {
    problems.push(
      `the review repository is only half set: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
    return null;
  }
  const trimmed = apiUrl.replace(/\/+$/, '');
  if (!trimmed.endsWith('/api/v1')) problems.push(`GITEA_API_URL must end in /api/v1, this is "${apiUrl}"`);
  checkUrl('GITEA_API_URL', trimmed, problems);
  return { channel: 'gitea', apiUrl: trimmed, token: new Secret(token), owner, repo };
};
