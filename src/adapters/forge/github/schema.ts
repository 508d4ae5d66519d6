// What is read of GitHub's answers (REST API 2022-11-28); everything else in them is ignored.
import { z } from 'zod';

/** null: the account was deleted, and nobody is proven. */
const user = z.object({ id: z.int(), login: z.string(), type: z.string().nullish() }).nullish();

const page = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform((url) => new URL(url).href);

export const githubIssue = z.object({
  number: z.int().positive(),
  html_url: page,
  body: z.string().nullish(),
  state: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  user,
  /** There where it is a pull request: lists of issues hold both. */
  pull_request: z.unknown().optional(),
});
export type GithubIssue = z.infer<typeof githubIssue>;
export const githubIssues = z.array(githubIssue);

export const githubComment = z.object({
  id: z.int().positive(),
  body: z.string().nullish(),
  /** ".../repos/OWNER/NAME/issues/7", also for a comment of a pull request. */
  issue_url: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  user,
  /** There where an app wrote it, also in the name of a person. */
  performed_via_github_app: z.unknown().optional(),
});
export type GithubComment = z.infer<typeof githubComment>;
export const githubComments = z.array(githubComment);

/** A row that cannot be read is left out, so that one cannot hide the others. */
export const recentGithubComments = z
  .array(z.unknown())
  .transform((rows) => rows.flatMap((row) => githubComment.safeParse(row).data ?? []));

export const githubUser = z.object({ login: z.string().min(1) });

export const githubRepository = z.object({
  full_name: z.string(),
  has_issues: z.boolean(),
  archived: z.boolean(),
});
