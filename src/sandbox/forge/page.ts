// The pages that a person sees when opening the sandbox forge in a browser.
import type { SandboxComment } from './comments.ts';
import type { SandboxIssue } from './issues.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const text = (raw: string): string => raw.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);

const page = (title: string, content: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>${text(title)}</title>` +
  '<style>body{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}</style>' +
  `<body>${content}`;

export const issueList = (repository: string, issues: readonly SandboxIssue[]): string =>
  page(
    repository,
    `<h1>${text(repository)}</h1><p>The sandbox forge: it lives as long as the demo runs.</p><ul>${issues
      .map(
        ({ number, title, state }) =>
          `<li><a href="/${text(repository)}/issues/${number}">#${number} ${text(title)}</a> (${state})`,
      )
      .join('')}</ul>`,
  );

export const issuePage = (repository: string, issue: SandboxIssue, comments: readonly SandboxComment[]): string =>
  page(
    issue.title,
    `<p><a href="/${text(repository)}/issues">${text(repository)}</a><h1>${text(issue.title)}</h1>` +
      `<p>#${issue.number} · ${issue.state} · opened by ${text(issue.author)} · shown as written<pre>${text(issue.body)}</pre>` +
      comments.map(({ author, body }) => `<p>${text(author)}:<pre>${text(body)}</pre>`).join(''),
  );
