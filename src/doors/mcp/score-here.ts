// A command of a tool call → its score, without a gate and without a cluster. What judges loads with the first call.
import type { Json, JsonObject } from '../../core/model/json.ts';
import type { CommandArguments } from './tool.ts';

/** Scores as `blastgate score` does: by the policy of BLASTGATE_POLICY, or the built-in one. */
export function scoreHere(env: NodeJS.ProcessEnv): (args: CommandArguments) => Promise<JsonObject> {
  return async (args) => {
    const [{ readDocuments }, { understand }, { scoreToShow }, { scoreAnswer }, { maskCommand }, { loadPolicy }] =
      await Promise.all([
        import('../../adapters/yaml/read-documents.ts'),
        import('../../core/command/understand.ts'),
        import('../../core/evaluation/judge.ts'),
        import('../../core/evaluation/score-answer.ts'),
        import('../../core/text/mask.ts'),
        import('../policy-file.ts'),
      ]);
    const policy = await loadPolicy(undefined, env, null);
    const { command, argv, files, namespace } = args as ScoreArguments;
    const understanding = understand(
      argv === undefined ? { kind: 'line', line: command ?? '' } : { kind: 'argv', argv },
      {
        namespace: namespace ?? 'default',
        files: new Map(Object.entries(files ?? {})),
        customResources: [],
        readDocuments,
      },
    );
    const answer: unknown = scoreAnswer(maskCommand(understanding), scoreToShow(understanding, policy), 'en');
    // as: an answer of score is JSON.
    return answer as Readonly<Record<string, Json>>;
  };
}

/** As the schema of score_command has read them. */
interface ScoreArguments {
  readonly command?: string;
  readonly argv?: readonly string[];
  readonly namespace?: string;
  readonly files?: Readonly<Record<string, string>>;
}
