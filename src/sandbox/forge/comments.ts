// The comments that the sandbox forge keeps, of all its issues.

export interface SandboxComment {
  readonly id: number;
  readonly issue: number;
  readonly author: string;
  readonly body: string;
  /** Milliseconds since the epoch; shown in whole seconds, as Gitea does. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

const second = (at: number): number => Math.floor(at / 1000);

export class Comments {
  #kept: readonly SandboxComment[] = [];
  #last = 0;

  of(issue: number): readonly SandboxComment[] {
    return this.#kept.filter((comment) => comment.issue === issue);
  }

  find(id: number): SandboxComment | undefined {
    return this.#kept.find((comment) => comment.id === id);
  }

  add(author: string, issue: number, body: string): SandboxComment {
    this.#last += 1;
    const now = Date.now();
    const comment: SandboxComment = { id: this.#last, issue, author, body, createdAt: now, updatedAt: now };
    this.#kept = [...this.#kept, comment];
    return comment;
  }

  /** Whoever edits it, the author stays; the same text changes nothing. */
  edit(id: number, body: string, at: number = Date.now()): SandboxComment | undefined {
    const before = this.find(id);
    if (before === undefined || before.body === body) return before;
    const after = { ...before, body, updatedAt: at };
    this.#kept = this.#kept.map((comment) => (comment.id === id ? after : comment));
    return after;
  }

  /** Changed in that second or later, oldest first, as Gitea lists them. */
  since(at: number): readonly SandboxComment[] {
    return this.#kept.filter(({ updatedAt }) => second(updatedAt) >= second(at));
  }

  clear(): void {
    this.#kept = [];
  }
}
