// POST /v1/score and /v1/evaluate: judging without storing.
import type { z } from '@hono/zod-openapi';
import { type Gate, gateNamed } from '../../flow/gate.ts';
import { assess } from '../../flow/requests/assess.ts';
import type { Identity } from '../identity.ts';
import { commandOfBody, EvaluateRequest, filesOfBody, ScoreRequest } from './command-body.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { ScoreAnswerSchema, Spec } from './judgement-schemas.ts';
import { refusalProblem } from './problem.ts';

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
      body: ScoreRequest,
      query: null,
      admit: (who) => gate.rates.scores.admit(who, gate.clock.now()),
      answers: ok('Score, tier and the reasons that add up.', ScoreAnswerSchema),
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
      body: EvaluateRequest,
      query: null,
      admit: (who) => gate.rates.evaluations.admit(who, gate.clock.now()),
      answers: ok('The sealed spec.', Spec),
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
