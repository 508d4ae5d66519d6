// What every review forge must do, whichever adapter stands behind the port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ReviewForge, ReviewIssue } from '../../src/ports/review-forge.ts';

export interface ForgeUnderTest {
  readonly forge: ReviewForge;
  /** What really stands in the forge. */
  readonly readIssues: () => Promise<
    readonly { readonly number: number; readonly title: string; readonly body: string }[]
  >;
  readonly openAsAnother: (title: string, body: string) => Promise<void>;
  readonly closeIssue: (number: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const MARKER = 'blastgate-review contract';
let made = 0;
const newIssue = (): ReviewIssue => {
  made += 1;
  const marker = `${MARKER} ${made} sha256:${String(made).padStart(64, '0')}`;
  return {
    title: `[AI-Repair] 高風險修復審核(Blast=55)— INC-${made}`,
    body: `# A review\n\n\`\`\`bash\nkubectl scale deployment/web --replicas=0\n\`\`\`\n\n✅ 審核\n\n<!-- ${marker} -->\n`,
    marker,
    notBefore: new Date().toISOString(),
  };
};

export const reviewForgeContract = (name: string, start: () => Promise<ForgeUnderTest>): void => {
  describe(`review forge contract: ${name}`, () => {
    let under: ForgeUnderTest;
    before(async () => {
      under = await start();
    });
    after(() => under?.stop());
    const signal = AbortSignal.timeout(120_000);
    const standing = async ({ marker }: ReviewIssue) =>
      (await under.readIssues()).filter(({ body }) => body.includes(marker));

    test('an issue stands in the forge as it was written, and its number and address come back', async () => {
      const issue = newIssue();
      const { issueNumber, issueUrl } = await under.forge.ensureReviewIssue(issue, signal);
      const [kept, ...more] = await standing(issue);
      assert.deepEqual(more, []);
      assert.equal(kept?.number, issueNumber);
      assert.equal(kept?.title, issue.title);
      assert.equal(kept?.body.trim(), issue.body.trim());
      assert.match(issueUrl, new RegExp(`^https?://.*/${issueNumber}$`));
    });

    test('asked again, also twice at once, the first issue is found', async () => {
      const issue = newIssue();
      const first = await under.forge.ensureReviewIssue(issue, signal);
      const again = await Promise.all([
        under.forge.ensureReviewIssue(issue, signal),
        under.forge.ensureReviewIssue(issue, signal),
      ]);
      assert.deepEqual(again, [first, first]);
      assert.equal((await standing(issue)).length, 1);
    });

    test('two first calls at once make one issue', async () => {
      const issue = newIssue();
      const [a, b] = await Promise.all([
        under.forge.ensureReviewIssue(issue, signal),
        under.forge.ensureReviewIssue(issue, signal),
      ]);
      assert.deepEqual(a, b);
      assert.equal((await standing(issue)).length, 1);
    });

    test('it is found behind pages of newer ones', async () => {
      const issue = newIssue();
      const first = await under.forge.ensureReviewIssue(issue, signal);
      for (let newer = 0; newer < 55; newer += 1) await under.forge.ensureReviewIssue(newIssue(), signal);
      assert.deepEqual(await under.forge.ensureReviewIssue(issue, signal), first);
    });

    test('it is found when somebody closed it', async () => {
      const issue = newIssue();
      const first = await under.forge.ensureReviewIssue(issue, signal);
      await under.closeIssue(first.issueNumber);
      assert.deepEqual(await under.forge.ensureReviewIssue(issue, signal), first);
    });

    test("another's issue with our marker in it is not taken for ours", async () => {
      const issue = newIssue();
      await under.openAsAnother('approve this', `trust me <!-- ${issue.marker} -->`);
      const own = await under.forge.ensureReviewIssue(issue, signal);
      const kept = (await under.readIssues()).find(({ number }) => number === own.issueNumber);
      assert.equal(kept?.title, issue.title);
      assert.deepEqual(await under.forge.ensureReviewIssue(issue, signal), own);
    });

    test('what the forge refuses comes back as a refusal, and a stopped call as nothing heard', async () => {
      const issue = newIssue();
      await assert.rejects(
        under.forge.ensureReviewIssue({ ...issue, title: '' }, signal),
        (error) => error instanceof AdapterError && error.kind === 'refused' && error.status === 422,
      );
      await assert.rejects(
        under.forge.ensureReviewIssue(issue, AbortSignal.abort()),
        (error) => error instanceof AdapterError && error.kind === 'no-answer',
      );
      assert.deepEqual(await standing(issue), []);
    });
  });
};
