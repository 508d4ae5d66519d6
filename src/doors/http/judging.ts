// POST /v1/score and /v1/evaluate: judging without storing.
import type { z } from '@hono/zod-openapi';
import type { Command } from '../../core/model/command.ts';
import { type Gate, gateNamed } from '../../flow/gate.ts';
import { assess } from '../../flow/requests/assess.ts';
import type { Identity } from '../identity.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { refusalProblem } from './problem.ts';
import * as schemas from './schemas.ts';

type CommandBody = z.infer<typeof schemas.ScoreRequest>;

export function commandOfBody(body: CommandBody): Command {
  if (body.request !== undefined) return { kind: 'request', request: body.request };
  return body.argv === undefined ? { kind: 'line', line: body.command ?? '' } : { kind: 'argv', argv: body.argv };
}

export function filesOfBody(body: CommandBody): ReadonlyMap<string, string> {
  return new Map(Object.entries(body.files ?? {}));
}

const callerOf = ({ proposer }: Identity): string => `${proposer.kind} ${proposer.id}`;

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
      admit: (who) => gate.rates.scores.admit(who, gate.clock.now()),
      answers: ok('Score, tier and the reasons that add up.', schemas.ScoreAnswerSchema),
    },
    async ({ body, c, identity, signal }) => {
      // No cluster is asked: without a name the policy alone judges, whatever clusters there are.
      const named = body.cluster === undefined ? ({ ok: true, gate } as const) : gateNamed(gate, body.cluster);
      if (!named.ok) return refusalProblem(c, named.refusal);
      const { policy, lang, context } = named.gate;
      const namespace = body.namespace ?? context.namespace;
      const command = { command: commandOfBody(body), files: filesOfBody(body), namespace };
      const question = { ...command, customResources: context.customResources, policy, lang };
      const answer = await gate.judging.ask('score', question, { caller: callerOf(identity), signal });
      return answer.ok ? c.json(answer.value) : refusalProblem(c, answer.refusal);
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
      admit: (who) => gate.rates.evaluations.admit(who, gate.clock.now()),
      answers: ok('The sealed spec.', schemas.Spec),
    },
    async ({ body, c, identity, signal }) => {
      const named = gateNamed(gate, body.cluster ?? null);
      if (!named.ok) return refusalProblem(c, named.refusal);
      const judged = await assess(
        named.gate,
        {
          command: commandOfBody(body),
          files: filesOfBody(body),
          namespace: body.namespace ?? null,
          incident: body.incident ?? null,
          windowSeconds: body.windowSeconds ?? null,
        },
        { caller: callerOf(identity), signal },
      );
      return judged.ok ? c.json(judged.value.spec) : refusalProblem(c, judged.refusal);
    },
  );
}
