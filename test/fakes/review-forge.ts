// A review forge in memory, for tests.
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type {
  CommentPage,
  ForgeAccess,
  IssueAddress,
  OwnIssue,
  ReviewComment,
  ReviewForge,
  ReviewIssue,
  StandingIssue,
  StatusComment,
} from '../../src/ports/review-forge.ts';

interface KeptIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: 'gate' | 'another';
  readonly state: 'open' | 'closed';
  readonly createdAt: number;
  readonly updatedAt: number;
}

interface KeptComment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly text: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly edits: number;
}

const GATE = 'blastgate';
const PAGE = 50;

export class MemoryForge implements ReviewForge {
  readonly channel = 'gitea';
  readonly brand = 'Gitea';
  readonly commandPrefix = '/';
  readonly #now: () => number;
  #issues: readonly KeptIssue[] = [];
  #comments: readonly KeptComment[] = [];
  #failures: readonly AdapterError[] = [];
  #gone = false;
  #polls = 0;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issues(): readonly KeptIssue[] {
    return this.#issues;
  }

  comments(issue: number): readonly KeptComment[] {
    return this.#comments.filter((comment) => comment.issue === issue);
  }

  /** How often comments were asked for. */
  polls(): number {
    return this.#polls;
  }

  /** The next calls fail so, one error each. */
  fail(...errors: readonly AdapterError[]): void {
    this.#failures = [...this.#failures, ...errors];
  }

  /** Somebody deletes the repository, or an empty one of its name is made again. */
  removeRepository(): void {
    this.#gone = true;
    this.#issues = [];
    this.#comments = [];
  }

  makeRepository(): void {
    this.#gone = false;
  }

  openAsAnother(title: string, body: string): void {
    this.#open(title, body, 'another');
  }

  /** By whoever may: the author stays. */
  editIssueAsAnother(number: number, body: string): void {
    this.#change(number, { body });
  }

  async closeAsAnother(number: number): Promise<void> {
    this.#close(number);
  }

  commentAs(author: string, issue: number, text: string): string {
    const id = this.#comments.length + 1;
    const at = this.#now();
    this.#comments = [...this.#comments, { id, issue, author, text, createdAt: at, updatedAt: at, edits: 0 }];
    return `${id}`;
  }

  /** By whoever may: the author stays. */
  editAsAnother(id: string, text: string): void {
    this.#edit(id, text);
  }

  async ensureReviewIssue({ title, body, marker }: ReviewIssue, signal: AbortSignal): Promise<IssueAddress> {
    this.#stumble(signal);
    if (title.trim() === '') throw new AdapterError('refused', 'The title is empty.', { status: 422 });
    return addressOf(this.#find(marker) ?? this.#open(title, body, 'gate'));
  }

  async findReviewIssue({ marker }: Pick<ReviewIssue, 'marker'>, signal: AbortSignal): Promise<IssueAddress | null> {
    this.#stumble(signal);
    const found = this.#find(marker);
    return found === undefined ? null : addressOf(found);
  }

  async readOwnIssues(limit: number, signal: AbortSignal): Promise<readonly OwnIssue[]> {
    this.#stumble(signal);
    const own = this.#issues.filter(({ author }) => author === 'gate');
    return own
      .toReversed()
      .slice(0, limit)
      .map((issue) => ({
        ...addressOf(issue),
        createdAt: new Date(issue.createdAt).toISOString(),
        body: issue.body,
      }));
  }

  async readIssue(number: number, signal: AbortSignal): Promise<StandingIssue | null> {
    this.#stumble(signal, 'may-be-gone');
    const issue = this.#issues.find((one) => one.number === number);
    return issue === undefined ? null : standing(issue);
  }

  async rewriteIssue(number: number, body: string, signal: AbortSignal): Promise<StandingIssue> {
    this.#stumble(signal);
    const issue = this.#change(number, { body });
    if (issue === undefined) throw new AdapterError('refused', 'There is no such issue.', { status: 404 });
    return standing(issue);
  }

  async ensureStatusComment({ issueNumber, marker, body }: StatusComment, signal: AbortSignal): Promise<void> {
    this.#stumble(signal);
    const found = this.comments(issueNumber).find(({ author, text }) => author === GATE && text.includes(marker));
    if (found === undefined) this.commentAs(GATE, issueNumber, body);
    else if (found.text !== body) this.#edit(`${found.id}`, body);
  }

  async closeIssue(number: number, signal: AbortSignal): Promise<void> {
    this.#stumble(signal);
    this.#close(number);
  }

  async readComments(since: string, page: number, signal: AbortSignal): Promise<CommentPage> {
    this.#polls += 1;
    this.#stumble(signal);
    const second = Math.floor(Date.parse(since) / 1000);
    const found = this.#comments.filter(({ updatedAt }) => Math.floor(updatedAt / 1000) >= second);
    const shown = found.slice((page - 1) * PAGE, page * PAGE);
    return { comments: shown.map(asReviewComment), next: page * PAGE < found.length ? page + 1 : null };
  }

  async checkAccess(signal: AbortSignal): Promise<ForgeAccess> {
    this.#stumble(signal, 'may-be-gone');
    const problem = { code: 'no-repository', message: 'there is none', remedy: 'make one' } as const;
    return {
      repository: 'memory',
      login: GATE,
      rights: this.#gone ? [] : ['read issues', 'write issues', 'comment', 'close'],
      problems: this.#gone ? [problem] : [],
    };
  }

  #find(marker: string): KeptIssue | undefined {
    return this.#issues.find((issue) => issue.author === 'gate' && issue.body.includes(marker));
  }

  #stumble(signal: AbortSignal, gone: 'is-refused' | 'may-be-gone' = 'is-refused'): void {
    if (signal.aborted) throw new AdapterError('no-answer', 'The request to the forge was stopped.');
    const [failure, ...later] = this.#failures;
    this.#failures = later;
    if (failure !== undefined) throw failure;
    if (this.#gone && gone === 'is-refused')
      throw new AdapterError('refused', 'There is no such repository.', { status: 404 });
  }

  #open(title: string, body: string, author: KeptIssue['author']): KeptIssue {
    const number = this.#issues.length + 1;
    const issue: KeptIssue = {
      number,
      title,
      body,
      author,
      state: 'open',
      createdAt: this.#now(),
      updatedAt: this.#now(),
    };
    this.#issues = [...this.#issues, issue];
    return issue;
  }

  #close(number: number): void {
    this.#change(number, { state: 'closed' });
  }

  #change(number: number, change: Partial<Pick<KeptIssue, 'body' | 'state'>>): KeptIssue | undefined {
    const updatedAt = this.#now();
    this.#issues = this.#issues.map((issue) => (issue.number === number ? { ...issue, ...change, updatedAt } : issue));
    return this.#issues.find((issue) => issue.number === number);
  }

  #edit(id: string, text: string): void {
    const at = this.#now();
    this.#comments = this.#comments.map((comment) =>
      `${comment.id}` === id ? { ...comment, text, updatedAt: at, edits: comment.edits + 1 } : comment,
    );
  }
}

const addressOf = ({ number }: KeptIssue): IssueAddress => ({
  issueUrl: `http://127.0.0.1/memory/issues/${number}`,
  issueNumber: number,
});

const standing = ({ state, body, updatedAt }: KeptIssue): StandingIssue => ({
  state,
  body,
  updatedAt: new Date(updatedAt).toISOString(),
});

const asReviewComment = (comment: KeptComment): ReviewComment => ({
  id: `${comment.id}`,
  issueNumber: comment.issue,
  account: comment.author,
  nature: comment.author === GATE ? 'own' : comment.edits > 0 ? 'edited' : 'comment',
  createdAt: new Date(comment.createdAt).toISOString(),
  updatedAt: new Date(comment.updatedAt).toISOString(),
  text: comment.text,
});
