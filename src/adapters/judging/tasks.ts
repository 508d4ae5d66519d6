// A question becomes its answer, on whatever thread this is loaded in.
import { withResults } from '../../core/command/read-result.ts';
import { judge, judgeAgain, scoreToShow } from '../../core/evaluation/judge.ts';
import { scoreAnswer } from '../../core/evaluation/score-answer.ts';
import { type Understanding, withFoundSecrets } from '../../core/model/understanding.ts';
import { understandCommand } from '../../core/request/understand-command.ts';
import { maskCommand } from '../../core/text/mask.ts';
import type { CommandQuestion, JudgingTask, JudgingTasks } from '../../ports/judging.ts';
import { readDocuments } from '../yaml/read-documents.ts';

type Answer<T extends JudgingTask> = (question: JudgingTasks[T]['asks']) => JudgingTasks[T]['answers'];

const understood = ({ command, files, namespace, customResources }: CommandQuestion): Understanding =>
  understandCommand(command, { files, namespace, customResources, readDocuments });

const TASKS: { readonly [T in JudgingTask]: Answer<T> } = {
  // As data: the answer may go to another thread.
  understand: (question) => withFoundSecrets(understood(question)),
  score: (question) => {
    const understanding = understood(question);
    return scoreAnswer(maskCommand(understanding), scoreToShow(understanding, question.policy), question.lang);
  },
  judge: ({ understanding, ...question }) =>
    judge({ ...question, understanding: withResults(understanding, question.facts?.rehearsal?.changes ?? []) }),
  judgeAgain: ({ spec, facts, policy, flags }) => judgeAgain(spec, facts, { policy, flags }),
};

/** The answer, worked out now. */
export function answerTo<T extends JudgingTask>(
  task: T,
  question: JudgingTasks[T]['asks'],
): JudgingTasks[T]['answers'] {
  // as: TypeScript does not see that both sides have the same T.
  return (TASKS[task] as Answer<T>)(question);
}
