// What is read of GitLab's answers (API v4); everything else in them is ignored.
import { z } from 'zod';

const user = z.object({ id: z.int(), username: z.string() });

const page = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform((url) => new URL(url).href);

export const gitlabIssue = z.object({
  iid: z.int().positive(),
  web_url: page,
  description: z.string().nullish(),
  state: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  author: user.nullish(),
});
export type GitlabIssue = z.infer<typeof gitlabIssue>;
export const gitlabIssues = z.array(gitlabIssue);

export const gitlabNote = z.object({
  id: z.int().positive(),
  body: z.string().nullish(),
  author: user.nullish(),
  created_at: z.iso.datetime({ offset: true }),
  updated_at: z.iso.datetime({ offset: true }),
  /** Written by GitLab itself: "changed the title", "assigned to". */
  system: z.boolean(),
  /** Brought by an import, which names whom it wants as the author. */
  imported: z.boolean().nullish(),
});
export type GitlabNote = z.infer<typeof gitlabNote>;
export const noteList = z.array(gitlabNote);
/** A row that cannot be read is left out, so that one cannot hide the others. */
export const readableNotes = z
  .array(z.unknown())
  .transform((rows) => rows.flatMap((row) => gitlabNote.safeParse(row).data ?? []));

export const gitlabUser = z.object({ username: z.string().min(1) });
export const users = z.array(user);
export const ownToken = z.object({ scopes: z.array(z.string()) });

const access = z.object({ access_level: z.int() }).nullish();
export const gitlabProject = z.object({
  path_with_namespace: z.string(),
  archived: z.boolean(),
  issues_access_level: z.string(),
  permissions: z.object({ project_access: access, group_access: access }).nullish(),
});
