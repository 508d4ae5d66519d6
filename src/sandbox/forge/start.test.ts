// What a person or a stranger finds at the sandbox forge. Its API is shown in test/contracts, beside a real Gitea.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type SandboxForge, startSandboxForge } from './start.ts';

describe('the sandbox forge', () => {
  let forge: SandboxForge;
  before(async () => {
    forge = await startSandboxForge();
  });
  after(() => forge.close());

  test('shows each issue as it was written, and runs nothing of it', async () => {
    const { number } = forge.openIssueAs('ana', '<script>alert(1)</script>', '</pre><img src=x onerror=alert(1)>&"\'');
    const page = await fetch(`${forge.webUrl}/${number}`);
    const html = await page.text();
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.doesNotMatch(html, /<script|<img/);
    assert.match(html, /&lt;\/pre&gt;&lt;img src=x onerror=alert\(1\)&gt;&amp;&quot;&#39;/);
    const list = await (await fetch(forge.webUrl)).text();
    assert.match(list, new RegExp(`href="/sre/reviews/issues/${number}">#${number} &lt;script`));
  });

  test('what is not there is 404, what it does not know 501 with what to do', async () => {
    assert.equal((await fetch(`${forge.webUrl}/999`)).status, 404);
    const headers = { authorization: `token ${forge.token}` };
    const unknown = await fetch(`${forge.apiUrl}/repos/sre/reviews/labels`, { headers });
    assert.equal(unknown.status, 501);
    assert.match(await unknown.text(), /use a real Gitea/);
  });

  test('two at once take ports of their own', async () => {
    const other = await startSandboxForge();
    assert.notEqual(other.apiUrl, forge.apiUrl);
    await other.close();
  });
});
