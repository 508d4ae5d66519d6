// POST /v1/score and /v1/evaluate: judging without storing.
import type { z } from '@hono/zod-openapi';
import { scoreToShow } from '../../core/evaluation/judge.ts';
import type { Command } from '../../core/model/command.ts';
import { maskCommand } from '../../core/text/mask.ts';
import type { Gate } from '../../flow/gate.ts';
import { assess } from '../../flow/requests/assess.ts';
import { scoreAnswer } from '../score-answer.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import * as schemas from './schemas.ts';

type CommandBody = z.infer<typeof schemas.ScoreRequest>;

export function commandOfBody(body: CommandBody): Command {
  return body.argv === undefined ? { kind: 'line', line: body.command ?? '' } : { kind: 'argv', argv: body.argv };
}

export function filesOfBody(body: CommandBody): ReadonlyMap<string, string> {
  return new Map(Object.entries(body.files ?? {}));
}

export function serveJudging(app: App, gate: Gate): void {
  const ok = (description: string, schema: z.ZodType) => ({ 200: { description, schema } });
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/score',
      right: 'read',
      summary: 'The blast radius of a command; no cluster is asked.',
      body: schemas.ScoreRequest,
      query: null,
      answers: ok('Score, tier and the reasons that add up.', schemas.ScoreAnswerSchema),
    },
    ({ body, c }) => {
      const understanding = gate.understand(commandOfBody(body), {
        ...gate.context,
        namespace: body.namespace ?? gate.context.namespace,
        files: filesOfBody(body),
        readDocuments: gate.readDocuments,
      });
      return c.json(scoreAnswer(maskCommand(understanding), scoreToShow(understanding, gate.policy), gate.lang));
    },
  );
  serveEndpoint(
    app,
    {
      method: 'post',
      path: '/v1/evaluate',
      right: 'read',
      summary: 'The declarative spec of a command, judged against the live cluster; nothing is stored.',
      body: schemas.EvaluateRequest,
      query: null,
      answers: ok('The sealed spec.', schemas.Spec),
    },
    async ({ body, c, signal }) => {
      const { spec } = await assess(
        gate,
        {
          command: commandOfBody(body),
          files: filesOfBody(body),
          namespace: body.namespace ?? null,
          incident: body.incident ?? null,
        },
        signal,
      );
      return c.json(spec);
    },
  );
}
