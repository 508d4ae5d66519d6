// What runs where: a question is answered here (on the thread of the event loop), on the thread for short questions, or on that for
// long ones. Here runs only what is bounded by its size alone (bench/loop.ts measures it).
import type { JudgingRequest } from '../../core/evaluation/judge.ts';
import type { Command } from '../../core/model/command.ts';
import type { Effect } from '../../core/model/effect.ts';
import type { Facts } from '../../core/model/facts.ts';
import { secretsOf } from '../../core/model/understanding.ts';
import type { CommandQuestion, JudgingTask, JudgingTasks, SecondQuestion } from '../../ports/judging.ts';

/**
 * Letters of a command that is understood here. Every word must be plain: then nothing stands inside of it (no shell, no body,
 * no variable) that could be read more often than once, and a command of this length takes at most 15 ms.
 */
const MOST_LETTERS = 2_048;
const PLAIN = /^[\w@%+=:,./ -]*$/;

/** Effects and facts that are judged here: each is compared with each, in less than 10 ms for as many as this. */
const MOST_EFFECTS = 32;
const MOST_FACTS = 256;

/** Bytes of a question for the short thread. It waits for no longer one: the worst known of this size takes 0.1 s. */
const MOST_SHORT_BYTES = 16 * 1024;

export type Place = 'short' | 'long';

const isPlain = (command: Command): boolean => {
  if (command.kind === 'request') return false;
  const texts = command.kind === 'line' ? [command.line] : command.argv;
  let letters = 0;
  for (const text of texts) letters += text.length + 1;
  return letters <= MOST_LETTERS && texts.every((text) => PLAIN.test(text));
};

const isPlainCommand = ({ command, files }: CommandQuestion): boolean => files.size === 0 && isPlain(command);

const factsIn = (facts: Facts | null): number => {
  if (facts === null) return 0;
  const { neighbourhood, targets, missing, failures, recent } = facts;
  const lists = Object.values(neighbourhood).flatMap((one) => (Array.isArray(one) ? [one.length] : []));
  const among = [...neighbourhood.services, ...neighbourhood.budgets].map(({ pods }) => pods.length);
  return [targets.length, missing.length, failures.length, recent.length, ...lists, ...among].reduce(
    (a, b) => a + b,
    0,
  );
};

const isLittle = (effects: readonly Effect[], facts: Facts | null): boolean =>
  effects.length <= MOST_EFFECTS && factsIn(facts) <= MOST_FACTS;

/** A secret or a file is sealed by a hash that is slow by design (core/sealed-spec/seal.ts): 0.06 s. */
const isHashed = ({ understanding, files }: JudgingRequest): boolean =>
  files.size > 0 || secretsOf(understanding).length > 0;

const HERE: { readonly [T in JudgingTask]: (question: JudgingTasks[T]['asks']) => boolean } = {
  understand: isPlainCommand,
  score: isPlainCommand,
  judge: (request) => {
    const { understanding, facts } = request;
    const effects = understanding.parts.flatMap((part) => part.effects);
    return isPlain({ kind: 'line', line: understanding.command }) && isLittle(effects, facts) && !isHashed(request);
  },
  judgeAgain: ({ spec, facts }: SecondQuestion) => isLittle(spec.effects, facts),
};

/** Whether it is answered at once, on the thread of the event loop. */
export function runsHere<T extends JudgingTask>(task: T, question: JudgingTasks[T]['asks']): boolean {
  // as: TypeScript does not see that both sides have the same T.
  return (HERE[task] as (question: JudgingTasks[T]['asks']) => boolean)(question);
}

/** The thread of a question of that many bytes. */
export function threadOf(bytes: number): Place {
  return bytes <= MOST_SHORT_BYTES ? 'short' : 'long';
}
