// A command of a tool call → its score, without a gate and without a cluster. What judges loads with the first call.
import { apiRequestOf } from '../../core/model/api-request.ts';
import type { Command } from '../../core/model/command.ts';
import type { Json, JsonObject } from '../../core/model/json.ts';
import type { CommandArguments } from './tool.ts';

/** Scores as `blastgate score` does: by the policy of BLASTGATE_POLICY, or the built-in one. */
export function scoreHere(env: NodeJS.ProcessEnv): (args: CommandArguments) => Promise<JsonObject> {
  return async (args) => {
    const [
      { readDocuments },
      { understandCommand },
      { scoreToShow },
      { scoreAnswer },
      { maskCommand },
      { loadPolicy },
    ] = await Promise.all([
      import('../../adapters/yaml/read-documents.ts'),
      import('../../core/request/understand-command.ts'),
      import('../../core/evaluation/judge.ts'),
      import('../../core/evaluation/score-answer.ts'),
      import('../../core/text/mask.ts'),
      import('../policy-file.ts'),
    ]);
    const { files, namespace, cluster, ...asked } = args as ScoreArguments;
    const policy = await loadPolicy(undefined, env, cluster ?? null);
    const understanding = understandCommand(commandOf(asked), {
      namespace: namespace ?? 'default',
      files: new Map(Object.entries(files ?? {})),
      customResources: [],
      readDocuments,
    });
    const answer: unknown = scoreAnswer(maskCommand(understanding), scoreToShow(understanding, policy), 'en');
    // as: an answer of score is JSON.
    return answer as Readonly<Record<string, Json>>;
  };
}

const commandOf = ({ command, argv, request }: ScoreArguments): Command => {
  if (argv !== undefined) return { kind: 'argv', argv };
  const asked = apiRequestOf(request);
  return asked === null ? { kind: 'line', line: command ?? '' } : { kind: 'request', request: asked };
};

/** As the schema of score_command has read them: exactly one of the first three. */
interface ScoreArguments {
  readonly command?: string;
  readonly argv?: readonly string[];
  readonly request?: JsonObject;
  readonly namespace?: string;
  readonly cluster?: string;
  readonly files?: Readonly<Record<string, string>>;
}
