// What is read of Gitea's answers; everything else in them is ignored.
import { z } from 'zod';

/** The answer to a creation (API v1, `Issue`). */
export const createdIssue = z.object({
  number: z.int().positive(),
  /** As the URL standard writes it: what is no plain letter is percent-encoded, so that nothing in it steers a screen. */
  html_url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .transform((url) => new URL(url).href),
});

/** One row of a list. `body` and `user` may be missing or null: then it cannot be the issue looked for, or its author is unknown. */
const listedIssue = createdIssue.extend({
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});
export type ListedIssue = z.infer<typeof listedIssue>;

export const issueList = z.array(listedIssue);

export const currentUser = z.object({ login: z.string().min(1) });

/** The body of a refusal. */
export const refusal = z.object({ message: z.string() });
