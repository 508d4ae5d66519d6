// What is read of Gitea's answers; everything else in them is ignored.
import { z } from 'zod';

/** The author may be missing or null: then nobody is proven. */
const user = z.object({ id: z.int().nullish(), login: z.string() }).nullish();

/** API v1, `Issue`; an older body may be null. */
export const giteaIssue = z.object({
  number: z.int().positive(),
  /** As the URL standard writes it: what is no plain letter is percent-encoded, so that nothing in it steers a screen. */
  html_url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .transform((url) => new URL(url).href),
  body: z.string().nullish(),
  state: z.string().nullish(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  user,
});
export type GiteaIssue = z.infer<typeof giteaIssue>;

export const issueList = z.array(giteaIssue);

/** API v1, `Comment`. `issue_url` is the page of the issue, "" for a comment of a pull request. */
export const giteaComment = z.object({
  id: z.int().positive(),
  body: z.string().nullish(),
  issue_url: z.string().nullish(),
  original_author: z.string().nullish(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  user,
});
export type GiteaComment = z.infer<typeof giteaComment>;

export const commentList = z.array(giteaComment);

/** A row that cannot be read is left out, so that one cannot hide the others. */
export const recentComments = z.array(z.unknown()).transform((rows) => ({
  size: rows.length,
  comments: rows.flatMap((row) => giteaComment.safeParse(row).data ?? []),
}));

export const currentUser = z.object({ login: z.string().min(1) });

/** API v1, `Repository`. */
export const giteaRepository = z.object({
  full_name: z.string(),
  has_issues: z.boolean(),
  archived: z.boolean(),
});

/** The body of a refusal. */
export const refusal = z.object({ message: z.string() }).transform(({ message }) => message);
