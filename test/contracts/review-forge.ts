// What every review forge must do, whichever adapter stands behind the port.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { keyedHash } from '../../src/adapters/system/keyed-hash.ts';
import { bodyStatement, isSealed, sealBody } from '../../src/core/text/body-mark.ts';
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { CommentPage, ReviewComment, ReviewForge, ReviewIssue } from '../../src/ports/review-forge.ts';

export interface ForgeUnderTest {
  readonly forge: ReviewForge;
  /** How its comments approve, where the forge keeps `/approve` for itself. */
  readonly approves?: string;
  /** Another process over the same repository: it remembers nothing. */
  readonly anotherForge: () => Promise<ReviewForge>;
  /** What really stands in the forge. */
  readonly readIssues: () => Promise<
    readonly { readonly number: number; readonly title: string; readonly body: string }[]
  >;
  readonly openAsAnother: (title: string, body: string) => Promise<void>;
  /** Whoever may edits an issue's text: its author stays. */
  readonly editIssue: (number: number, body: string) => Promise<void>;
  readonly closeIssue: (number: number) => Promise<void>;
  readonly isClosed: (number: number) => Promise<boolean>;
  /** All comments of an issue as they stand. */
  readonly readComments: (issue: number) => Promise<readonly { readonly author: string; readonly body: string }[]>;
  /** A person comments, and the id of the comment comes back. */
  readonly commentAsAnother: (issue: number, body: string) => Promise<{ readonly id: string; readonly author: string }>;
  /** Whoever may edits a comment, at least a second after it was written. */
  readonly editComment: (id: string, body: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const PROVE = (body: string): string => keyedHash('5e'.repeat(32))(bodyStatement(body));
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
    const approves = (): string => under.approves ?? '/approve';
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

    test('the newest issues of the gate come back as they stand now: closed and edited ones too', async () => {
      const [first, second, third] = [newIssue(), newIssue(), newIssue()];
      const numbers: number[] = [];
      for (const issue of [first, second, third])
        numbers.push((await under.forge.ensureReviewIssue(issue, signal)).issueNumber);
      await under.openAsAnother('approve this', `trust me <!-- ${first.marker} -->`);
      await under.closeIssue(numbers[1] ?? 0);
      const edited = 'emptied by somebody';
      await under.editIssue(numbers[1] ?? 0, edited);
      const own = await under.forge.readOwnIssues(3, signal);
      assert.deepEqual(
        own.map(({ issueNumber }) => issueNumber),
        numbers.toReversed(),
      );
      assert.deepEqual(
        own.map(({ body }) => body.trim()),
        [third.body, edited, first.body].map((body) => body.trim()),
      );
      const { issueUrl, createdAt } = own[0] ?? { issueUrl: '', createdAt: '' };
      assert.match(issueUrl, new RegExp(`^https?://.*/${numbers[2]}$`));
      assert.match(createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      assert.ok(Math.abs(Date.parse(createdAt) - Date.parse(third.notBefore)) < 3_600_000, createdAt);
      assert.equal((await under.forge.readOwnIssues(1, signal)).length, 1);
      const many = await under.forge.readOwnIssues(60, signal);
      assert.equal(new Set(many.map(({ issueNumber }) => issueNumber)).size, 60, 'over several pages');
      await assert.rejects(
        under.forge.readOwnIssues(1, AbortSignal.abort()),
        (error) => error instanceof AdapterError && error.kind === 'no-answer',
      );
    });

    test('an issue is looked for without being made', async () => {
      const issue = newIssue();
      assert.equal(await under.forge.findReviewIssue(issue, signal), null);
      const made = await under.forge.ensureReviewIssue(issue, signal);
      assert.deepEqual(await under.forge.findReviewIssue(issue, signal), made);
    });

    const statusOf = (issueNumber: number, text: string) => {
      const marker = `blastgate-status contract ${issueNumber}`;
      return { issueNumber, marker, body: `${text}\n\n<!-- ${marker} -->\n` };
    };
    const ownComments = async (issueNumber: number) =>
      (await under.readComments(issueNumber)).filter(({ body }) => body.includes('<!-- blastgate-status'));

    test('the status comment is made once, edited where its text is another, and found again by its marker', async () => {
      const { issueNumber } = await under.forge.ensureReviewIssue(newIssue(), signal);
      for (const text of ['waits', 'waits', 'approved **now** ✅ 核准'])
        await under.forge.ensureStatusComment(statusOf(issueNumber, text), signal);
      await Promise.all(
        ['a', 'b', 'c'].map((text) => under.forge.ensureStatusComment(statusOf(issueNumber, text), signal)),
      );
      await under.forge.ensureStatusComment(statusOf(issueNumber, 'approved **now** ✅ 核准'), signal);
      const fresh = await under.anotherForge();
      await fresh.ensureStatusComment(statusOf(issueNumber, 'approved **now** ✅ 核准'), signal);
      const [kept, ...more] = await ownComments(issueNumber);
      assert.deepEqual(more, []);
      assert.equal(kept?.body.trim(), statusOf(issueNumber, 'approved **now** ✅ 核准').body.trim());
      await fresh.ensureStatusComment(statusOf(issueNumber, 'done'), signal);
      assert.match((await ownComments(issueNumber))[0]?.body ?? '', /^done/);
    });

    test("another's comment with our marker in it is not taken for ours", async () => {
      const { issueNumber } = await under.forge.ensureReviewIssue(newIssue(), signal);
      const status = statusOf(issueNumber, 'ours');
      await under.commentAsAnother(issueNumber, `trust me <!-- ${status.marker} -->`);
      await under.forge.ensureStatusComment(status, signal);
      const texts = (await ownComments(issueNumber)).map(({ body }) => body.split('\n')[0]);
      assert.deepEqual(texts, [`trust me <!-- ${status.marker} -->`, 'ours']);
    });

    test('an issue is open, then closed, however often it is closed and by whom', async () => {
      const { issueNumber } = await under.forge.ensureReviewIssue(newIssue(), signal);
      assert.equal((await under.forge.readIssue(issueNumber, signal))?.state, 'open');
      await under.forge.closeIssue(issueNumber, signal);
      await under.forge.closeIssue(issueNumber, signal);
      assert.equal(await under.isClosed(issueNumber), true);
      assert.equal((await under.forge.readIssue(issueNumber, signal))?.state, 'closed');
      assert.equal(await under.forge.readIssue(99_999, signal), null);
      await under.forge.ensureStatusComment(statusOf(issueNumber, 'told behind the end'), signal);
      assert.equal((await ownComments(issueNumber)).length, 1);
    });

    test('a sealed text stands as one; edited by somebody it does not, and written again it does, from a moment on', async () => {
      const plain = newIssue();
      const issue = { ...plain, body: sealBody(plain.body, PROVE) };
      const { issueNumber } = await under.forge.ensureReviewIssue(issue, signal);
      const read = () => under.forge.readIssue(issueNumber, signal);
      const sealed = async () => isSealed((await read())?.body ?? '', issue.marker, PROVE);
      assert.equal(await sealed(), true);
      await under.editIssue(issueNumber, issue.body.replace('replicas=0', 'replicas=9'));
      assert.equal(await sealed(), false);
      assert.match((await read())?.body ?? '', /replicas=9/);
      const { state, body, updatedAt } = await under.forge.rewriteIssue(issueNumber, issue.body, signal);
      assert.deepEqual([state, isSealed(body, issue.marker, PROVE)], ['open', true]);
      assert.equal(await sealed(), true);
      const [kept] = await standing(issue);
      assert.deepEqual([kept?.number, kept?.title], [issueNumber, issue.title]);
      assert.match(updatedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const { id } = await under.commentAsAnother(issueNumber, 'behind it');
      const after = (await readAll(plain.notBefore)).find((comment) => comment.id === id);
      assert.ok((after?.createdAt ?? '') >= updatedAt, 'by the clock that comments have');
      await assert.rejects(
        under.forge.rewriteIssue(99_999, issue.body, signal),
        (error) => error instanceof AdapterError && error.kind === 'refused' && error.status === 404,
      );
    });

    /** All pages, as a listener reads them. */
    const readAll = async (since: string): Promise<readonly ReviewComment[]> => {
      const all: ReviewComment[] = [];
      for (let page: number | null = 1; page !== null; ) {
        const read: CommentPage = await under.forge.readComments(since, page, signal);
        all.push(...read.comments);
        page = read.next;
      }
      return all;
    };

    test('comments come with author, issue and time, pages of them, and the own ones as such', async () => {
      const since = new Date(Date.now() - 1000).toISOString();
      const { issueNumber } = await under.forge.ensureReviewIssue(newIssue(), signal);
      await under.forge.ensureStatusComment(statusOf(issueNumber, `${approves()} nothing`), signal);
      const written: string[] = [];
      for (let at = 0; at < 60; at += 1)
        written.push((await under.commentAsAnother(issueNumber, `${approves()} ${at}\n\n> 核准`)).id);
      const found = (await readAll(since)).filter((comment) => comment.issueNumber === issueNumber);
      const others = found.filter(({ nature }) => nature === 'comment');
      assert.deepEqual(
        others.map(({ id }) => id),
        written,
        'each once, oldest first',
      );
      const { author } = await under.commentAsAnother(issueNumber, 'x');
      assert.ok(others.every(({ account }) => account === author));
      assert.equal(others[7]?.text, `${approves()} 7\n\n> 核准`);
      assert.ok(others.every(({ createdAt, updatedAt }) => createdAt === updatedAt && createdAt >= since.slice(0, 19)));
      assert.deepEqual(
        found.filter(({ text }) => text.includes('nothing')).map(({ nature }) => nature),
        ['own'],
      );
    });

    test('a comment that was edited since is read again, as edited', async () => {
      const { issueNumber } = await under.forge.ensureReviewIssue(newIssue(), signal);
      const { id } = await under.commentAsAnother(issueNumber, 'looks good');
      await under.editComment(id, `${approves()} 0123456789ab`);
      const [newest] = (await readAll('2020-01-01T00:00:00Z')).filter((comment) => comment.id === id);
      assert.equal(newest?.nature, 'edited');
      assert.equal(newest?.text, `${approves()} 0123456789ab`);
      const later = await readAll(newest?.updatedAt ?? '');
      assert.ok(
        later.some((comment) => comment.id === id),
        'since counts the edit, not the beginning',
      );
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
      assert.deepEqual(await readAll(tomorrow), []);
    });

    test('what a review needs is there, and asking changes nothing', async () => {
      const before = await under.readIssues();
      const { rights, problems, login } = await under.forge.checkAccess(signal);
      assert.deepEqual([rights, problems], [['read issues', 'write issues', 'comment', 'close'], []]);
      assert.equal(login, 'blastgate');
      assert.equal((await under.readIssues()).length, before.length);
    });
  });
};
