// What the sandbox forge answers, in the shapes of Gitea's API (v1).
import type { SandboxComment } from './comments.ts';
import type { SandboxIssue } from './issues.ts';

/** Where things of a repository are found. */
export interface Place {
  readonly origin: string;
  readonly owner: string;
  readonly name: string;
}

const rfc3339 = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Accounts are counted by their names, so that each has the same id everywhere. */
const idOf = (login: string): number =>
  Array.from(login).reduce((id, char) => (id * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7) + 1;

export const userAsJson = ({ origin }: Place, login: string) => ({
  id: idOf(login),
  login,
  login_name: '',
  source_id: 0,
  full_name: '',
  email: `${login}@noreply.localhost`,
  avatar_url: '',
  html_url: `${origin}/${login}`,
  language: '',
  is_admin: false,
  last_login: rfc3339(0),
  created: rfc3339(0),
  restricted: false,
  active: true,
  prohibit_login: false,
  location: '',
  website: '',
  description: '',
  visibility: 'public',
  followers_count: 0,
  following_count: 0,
  starred_repos_count: 0,
});

const issuePage = ({ origin, owner, name }: Place, number: number): string =>
  `${origin}/${owner}/${name}/issues/${number}`;

export const issueAsJson = (place: Place, issue: SandboxIssue, comments: number) => {
  const { origin, owner, name } = place;
  return {
    id: issue.number,
    url: `${origin}/api/v1/repos/${owner}/${name}/issues/${issue.number}`,
    html_url: issuePage(place, issue.number),
    number: issue.number,
    user: userAsJson(place, issue.author),
    original_author: '',
    original_author_id: 0,
    title: issue.title,
    body: issue.body,
    content_version: issue.version,
    ref: '',
    assets: [],
    labels: [],
    milestone: null,
    assignee: null,
    assignees: null,
    state: issue.state,
    is_locked: false,
    comments,
    created_at: rfc3339(issue.createdAt),
    updated_at: rfc3339(issue.updatedAt),
    closed_at: issue.state === 'closed' ? rfc3339(issue.updatedAt) : null,
    due_date: null,
    time_estimate: 0,
    pull_request: null,
    repository: { id: 1, name, owner, full_name: `${owner}/${name}` },
    pin_order: 0,
  };
};

export const commentAsJson = (place: Place, comment: SandboxComment) => ({
  id: comment.id,
  html_url: `${issuePage(place, comment.issue)}#issuecomment-${comment.id}`,
  pull_request_url: '',
  issue_url: issuePage(place, comment.issue),
  user: userAsJson(place, comment.author),
  original_author: '',
  original_author_id: 0,
  body: comment.body,
  assets: [],
  created_at: rfc3339(comment.createdAt),
  updated_at: rfc3339(comment.updatedAt),
});

export const repositoryAsJson = (
  place: Place,
  { hasIssues, archived }: { readonly hasIssues: boolean; readonly archived: boolean },
) => {
  const { origin, owner, name } = place;
  const full = `${owner}/${name}`;
  return {
    id: 1,
    owner: userAsJson(place, owner),
    name,
    full_name: full,
    description: '',
    empty: true,
    private: false,
    fork: false,
    template: false,
    mirror: false,
    size: 0,
    language: '',
    languages_url: `${origin}/api/v1/repos/${full}/languages`,
    html_url: `${origin}/${full}`,
    url: `${origin}/api/v1/repos/${full}`,
    link: '',
    ssh_url: `git@localhost:${full}.git`,
    clone_url: `${origin}/${full}.git`,
    original_url: '',
    website: '',
    stars_count: 0,
    forks_count: 0,
    watchers_count: 1,
    branch_count: 0,
    open_issues_count: 0,
    open_pr_counter: 0,
    release_counter: 0,
    default_branch: 'main',
    archived,
    created_at: rfc3339(0),
    updated_at: rfc3339(0),
    archived_at: rfc3339(0),
    permissions: { admin: true, push: true, pull: true },
    has_code: true,
    has_issues: hasIssues,
    ...(hasIssues
      ? {
          internal_tracker: {
            enable_time_tracker: true,
            allow_only_contributors_to_track_time: true,
            enable_issue_dependencies: true,
          },
        }
      : {}),
    has_wiki: true,
    has_pull_requests: true,
    has_projects: true,
    projects_mode: 'all',
    has_releases: true,
    has_packages: true,
    has_actions: false,
    ignore_whitespace_conflicts: false,
    allow_merge_commits: true,
    allow_rebase: true,
    allow_rebase_explicit: true,
    allow_squash_merge: true,
    allow_fast_forward_only_merge: true,
    allow_rebase_update: true,
    allow_manual_merge: false,
    autodetect_manual_merge: false,
    default_delete_branch_after_merge: false,
    default_merge_style: 'merge',
    default_allow_maintainer_edit: true,
    avatar_url: '',
    internal: false,
    mirror_interval: '',
    object_format_name: 'sha1',
    mirror_updated: rfc3339(0),
    topics: [],
    licenses: [],
  };
};
