// Texts come in; how the reader and kubectl's decoders compare comes out: equal, both refuse, called unseen, or a difference.
import { isDeepStrictEqual } from 'node:util';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import { wellFormed } from '../../src/core/model/well-formed.ts';
import type { Answer } from './ask.ts';
import type { Question } from './questions.ts';

export type Outcome = 'equal' | 'refused' | 'unseen' | 'different';

/** What came of some texts. */
export interface Tally {
  readonly counts: Readonly<Record<Outcome, number>>;
  readonly unseen: readonly Question[];
  /** Each with what the reader and kubectl make of it, ready to print. */
  readonly differences: readonly string[];
}

const rounded = Symbol('an integer that JSON.parse would round');

/** A value for comparison: integers of 64 bits that would be rounded stand out, and a minus zero is a zero. */
const exact = (_key: string, value: unknown, { source }: { readonly source?: string } = {}): unknown => {
  if (typeof value !== 'number' || source === undefined) return value;
  if (/^-?\d{16,20}$/.test(source)) {
    const integer = BigInt(source);
    if (BigInt.asIntN(64, integer) === integer && BigInt(value) !== integer) return rounded;
  }
  return Number.isFinite(value) ? value + 0 : rounded;
};

const outcomeOf = ({ text, as }: Question, { documents, error }: Answer): Outcome => {
  const ours = readDocuments(text, as);
  if (error !== undefined || documents === null) return ours === null ? 'refused' : 'different';
  if (ours === null) return 'unseen';
  const theirs = documents.map((raw) => wellFormed(JSON.parse(raw, exact as (key: string, value: unknown) => unknown)));
  const asWritten: unknown = JSON.parse(JSON.stringify(ours)); // a minus zero is written 0
  return isDeepStrictEqual(asWritten, theirs) ? 'equal' : 'different';
};

/** Compares each text with the answer that kubectl's decoders gave. */
export function compare(questions: readonly Question[], answers: readonly Answer[]): Tally {
  const counts: Record<Outcome, number> = { equal: 0, refused: 0, unseen: 0, different: 0 };
  const unseen: Question[] = [];
  const differences: string[] = [];
  questions.forEach((question, at) => {
    const answer = answers[at];
    if (answer === undefined) throw new Error('a question without answer');
    const outcome = outcomeOf(question, answer);
    counts[outcome]++;
    if (outcome === 'unseen') unseen.push(question);
    if (outcome === 'different') {
      const ours = JSON.stringify(readDocuments(question.text, question.as));
      differences.push(`${JSON.stringify(question)}\n  reader  ${ours}\n  kubectl ${JSON.stringify(answer)}`);
    }
  });
  return { counts, unseen, differences };
}

/** How many of the texts that kubectl reads are called unseen, in percent. */
export function unseenPercent({ counts }: Tally): number {
  return (100 * counts.unseen) / Math.max(1, counts.equal + counts.unseen + counts.different);
}

export function summary(tally: Tally): string {
  const { equal, refused, different, unseen } = tally.counts;
  const percent = unseenPercent(tally).toFixed(2);
  return `${equal} equal, ${refused} refused by both, ${different} different, ${unseen} unseen (${percent} % of the valid)`;
}
