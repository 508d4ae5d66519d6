// A review forge in memory, for tests.
import { AdapterError } from '../../src/ports/adapter-error.ts';
import type { ReviewForge, ReviewIssue } from '../../src/ports/review-forge.ts';

interface KeptIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: 'gate' | 'another';
  readonly state: 'open' | 'closed';
}

export class MemoryForge implements ReviewForge {
  #issues: readonly KeptIssue[] = [];
  #failures: readonly AdapterError[] = [];

  issues(): readonly KeptIssue[] {
    return this.#issues;
  }

  /** The next calls fail so, one error each. */
  fail(...errors: readonly AdapterError[]): void {
    this.#failures = [...this.#failures, ...errors];
  }

  openAsAnother(title: string, body: string): void {
    this.#open(title, body, 'another');
  }

  closeIssue(number: number): void {
    this.#issues = this.#issues.map((issue) => (issue.number === number ? { ...issue, state: 'closed' } : issue));
  }

  async ensureReviewIssue(
    { title, body, marker }: ReviewIssue,
    signal: AbortSignal,
  ): Promise<{ readonly issueUrl: string; readonly issueNumber: number }> {
    this.#stumble(signal);
    if (title.trim() === '') throw new AdapterError('refused', 'The title is empty.', { status: 422 });
    const found = this.#issues.find((issue) => issue.author === 'gate' && issue.body.includes(marker));
    const { number } = found ?? this.#open(title, body, 'gate');
    return { issueUrl: `http://127.0.0.1/memory/issues/${number}`, issueNumber: number };
  }

  async readLogin(signal: AbortSignal): Promise<string> {
    this.#stumble(signal);
    return 'blastgate';
  }

  #stumble(signal: AbortSignal): void {
    if (signal.aborted) throw new AdapterError('no-answer', 'The request to the forge was stopped.');
    const [failure, ...later] = this.#failures;
    this.#failures = later;
    if (failure !== undefined) throw failure;
  }

  #open(title: string, body: string, author: KeptIssue['author']): KeptIssue {
    const issue: KeptIssue = { number: this.#issues.length + 1, title, body, author, state: 'open' };
    this.#issues = [...this.#issues, issue];
    return issue;
  }
}
