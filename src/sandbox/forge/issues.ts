// The issues of the one repository that the sandbox forge keeps.

export interface SandboxIssue {
  readonly number: number;
  readonly author: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** Grows with every change of the body. */
  readonly version: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Gitea cuts a title at 255 characters and shows that by an ellipsis. */
const titleAsKept = (title: string): string => {
  const points = Array.from(title);
  return points.length <= 255 ? title : `${points.slice(0, 254).join('')}…`;
};

export class Issues {
  #kept: SandboxIssue[] = [];

  all(): readonly SandboxIssue[] {
    return [...this.#kept];
  }

  find(number: number): SandboxIssue | undefined {
    return this.#kept.find((issue) => issue.number === number);
  }

  open(author: string, title: string, body: string): SandboxIssue {
    const now = Date.now();
    const issue: SandboxIssue = {
      number: this.#kept.length + 1,
      author,
      title: titleAsKept(title),
      body,
      state: 'open',
      version: 0,
      createdAt: now,
      updatedAt: now,
    };
    this.#kept.push(issue);
    return issue;
  }

  edit(number: number, change: Partial<Pick<SandboxIssue, 'title' | 'body' | 'state'>>): SandboxIssue | undefined {
    const at = this.#kept.findIndex((issue) => issue.number === number);
    const before = this.#kept[at];
    if (before === undefined) return undefined;
    const version = before.version + (change.body === undefined || change.body === before.body ? 0 : 1);
    const after = { ...before, ...change, version, updatedAt: Date.now() };
    this.#kept[at] = after;
    return after;
  }

  clear(): void {
    this.#kept = [];
  }

  /** Newest first, as Gitea lists them. */
  list(filter: {
    readonly state: 'open' | 'closed' | 'all';
    readonly since: number;
    readonly q: string;
  }): readonly SandboxIssue[] {
    return this.#kept
      .filter(({ state }) => filter.state === 'all' || state === filter.state)
      .filter(({ updatedAt }) => updatedAt >= filter.since)
      .filter(({ title, body }) => `${title}\n${body}`.toLowerCase().includes(filter.q.toLowerCase()))
      .reverse();
  }
}
