// Comments that count as votes, as a real Gitea shows them: the command stands for everybody to see, in no quote, list, code or fold.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { readCommentCommand } from '../../src/core/approval/comment-command.ts';
import { type Gitea, sharedGitea } from '../servers/gitea.ts';
import { seedOf } from '../support/sample.ts';

/** Six digits: from seven on Gitea takes them for a commit, which its API of rendering looks for where there is none, and ends (1.26). */
const COMMAND = '/approve 01234f';
/** What opens, closes and continues blocks of Markdown and of its dialects. */
const LINES = [
  ...[COMMAND, '', '', '', ' ', '\u00a0', 'text', 'text\\', '    x', '  x', '\t'],
  ...['```', '````', '~~~', '``` x', '   ```', '    ```', '- ```', '10) ~~~', '> ```', '`x', 'x`'],
  ...['> q', '> > q', '>>>', '>', '- a', '1. a', '- ', '- [ ] x', '| a |', '|-|', '[a]: /u', '[^1]: x', '# h', '==='],
  ...[
    '---',
    '+++',
    ';;;',
    '***',
    '<b>',
    '<details>',
    '</details>',
    '<!-- x',
    '-->',
    '<div>',
    '</div>',
    'a <details>',
    'a <b',
    'x <!-- y',
    'x <p hidden>',
    'x <blockquote>',
  ],
  ...['$$', '$$x$$', '\\[', '\\]', '> [!NOTE]', ':::', '<summary>x', '<pre>', '<p hidden>', '**', '~~', '![', '[x]('],
];
/** Elements in which a paragraph is not said by whoever wrote the comment, or not seen. */
const HIDING = new Set(['blockquote', 'pre', 'code', 'details', 'summary', 'li', 'table', 'td', 'del', 'a']);
const VOID = new Set(['br', 'hr', 'img', 'input']);

/** Whether the command stands alone in a paragraph that nothing hides. */
const isShown = (html: string): boolean => {
  const open: string[] = [];
  for (const [, tag, text] of html
    .replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '')
    .matchAll(/<(\/?[a-z][a-z0-9]*)[^>]*>([^<]*)/gi)) {
    const name = tag?.toLowerCase() ?? '';
    if (name.startsWith('/')) {
      const at = open.lastIndexOf(name.slice(1));
      if (at >= 0) open.length = at;
    } else if (!VOID.has(name)) open.push(name);
    const isParagraph = open.at(-1) === 'p' && text?.trim() === COMMAND;
    if (isParagraph && !open.some((one) => HIDING.has(one))) return true;
  }
  return false;
};

test('the check of what is shown is awake', () => {
  assert.equal(isShown(`<p>x</p>\n<p dir="auto">${COMMAND}</p>`), true);
  for (const html of [
    `<blockquote><p>${COMMAND}</p></blockquote>`,
    `<p>x ${COMMAND}</p>`,
    `<pre><code>${COMMAND}</code></pre>`,
    `<details><p>x</p><p>${COMMAND}</p></details>`,
    `<!-- <p>${COMMAND}</p>`,
    COMMAND,
  ])
    assert.equal(isShown(html), false, html);
});

describe('comments that count, on a real Gitea', () => {
  let gitea: Gitea;
  before(async () => {
    gitea = await sharedGitea();
  });
  after(() => gitea?.stop());

  const rendered = async (text: string): Promise<string> => {
    const { token, owner, repo, apiUrl } = gitea;
    const response = await fetch(`${apiUrl}/markdown`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `token ${token}` },
      body: JSON.stringify({ Text: text, Mode: 'comment', Context: `${owner}/${repo}`, Wiki: false }),
    });
    assert.equal(response.status, 200);
    return response.text();
  };

  test('are shown as what they are, whatever stands around the command', async () => {
    const seed = seedOf(process.env) ?? 20261127;
    let votes = 0;
    const around = fc.array(fc.constantFrom(...LINES), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(around, around, async (before, behind) => {
        const text = [...before, COMMAND, ...behind].join('\n');
        if (readCommentCommand(text).kind !== 'approve') return;
        votes += 1;
        const html = await rendered(text);
        assert.ok(isShown(html), `${JSON.stringify(text)}\n${html}`);
      }),
      { numRuns: 4000, seed },
    );
    assert.ok(votes > 100, `only ${votes} counted: the test slept`);
  });
});
