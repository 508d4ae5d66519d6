// What a repository and a token are asked for at each forge → what a review lacks there; asking changes nothing.
import { AdapterError } from '../../ports/adapter-error.ts';
import type { ForgeAccess, ForgeProblem } from '../../ports/review-forge.ts';

/** Message and remedy of what a forge can lack, in the words of its own settings. */
export type AccessProblems = {
  readonly [C in Exclude<ForgeProblem['code'], 'unclear' | 'no-answer'>]: Omit<ForgeProblem, 'code'>;
};

/** What each status says of an issue without a title; `none`: it would be taken, had it one. */
export type WriteProblems = { readonly [status: number]: keyof AccessProblems | 'none' };

/** What an issue that cannot be made is refused for. Throws AdapterError where that says nothing of the right to write. */
export async function writeProblemOf(
  problems: AccessProblems,
  means: WriteProblems,
  createWithoutTitle: () => Promise<unknown>,
): Promise<ForgeProblem | null> {
  try {
    await createWithoutTitle();
    return null;
  } catch (thrown) {
    const known = thrown instanceof AdapterError && thrown.kind === 'refused' ? means[thrown.status ?? 0] : undefined;
    if (known === undefined) throw thrown;
    return known === 'none' ? null : { code: known, ...problems[known] };
  }
}

export interface AccessQuestions {
  /** "sre/reviews at https://forge.example" */
  readonly repository: string;
  /** What to check where the forge cannot be asked. */
  readonly remedy: string;
  readLogin(signal: AbortSignal): Promise<string | null>;
  /** What is wrong with the repository itself. Throws AdapterError. */
  repositoryProblems(signal: AbortSignal): Promise<readonly ForgeProblem[]>;
  /** Throws AdapterError where issues may not be read. */
  read(signal: AbortSignal): Promise<unknown>;
  /** By a refusal of `read`; null: it is none that is known. */
  readProblem(error: AdapterError): ForgeProblem | null;
  /** null: issues may be written. Throws AdapterError. */
  writeProblem(signal: AbortSignal): Promise<ForgeProblem | null>;
}

/** Repository, then reading, then writing: the first that is lacking ends it. Never throws AdapterError. */
export async function askAccess(questions: AccessQuestions, signal: AbortSignal): Promise<ForgeAccess> {
  const { repository, remedy } = questions;
  const answer = (
    problems: readonly ForgeProblem[],
    login: string | null = null,
    rights: ForgeAccess['rights'] = [],
  ) => ({
    repository,
    login,
    rights,
    problems,
  });
  const unclear = (error: AdapterError): ForgeProblem => ({
    code: error.kind === 'no-answer' ? 'no-answer' : 'unclear',
    message: error.message,
    remedy,
  });
  try {
    const login = await questions.readLogin(signal);
    const seen = await questions.repositoryProblems(signal);
    if (seen.length > 0) return answer(seen, login);
    try {
      await questions.read(signal);
    } catch (thrown) {
      if (!(thrown instanceof AdapterError) || thrown.kind !== 'refused') throw thrown;
      return answer([questions.readProblem(thrown) ?? unclear(thrown)], login);
    }
    const lacking = await questions.writeProblem(signal);
    return lacking === null
      ? answer([], login, ['read issues', 'write issues', 'comment', 'close'])
      : answer([lacking], login, ['read issues']);
  } catch (thrown) {
    if (thrown instanceof AdapterError) return answer([unclear(thrown)]);
    throw thrown;
  }
}
