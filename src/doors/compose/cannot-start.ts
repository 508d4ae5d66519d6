// Why a gate does not start.

/** The gate cannot start; each problem says what to do. */
export class CannotStart extends Error {
  override readonly name = 'CannotStart';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
