// What the console shows of the gate itself: how remediations went, the policy in force, what each code means.
import { canonicalHash } from '../../core/sealed-spec/seal.ts';
import { explanations } from '../../core/text/explain.ts';
import type { Gate } from '../../flow/gate.ts';
import { readInsight } from '../../flow/requests/read-insight.ts';
import { onceABeat } from './beat.ts';
import { type App, serveEndpoint } from './endpoint.ts';
import { Codes, InsightAnswer, PolicyAnswer } from './insight-schemas.ts';

export function serveInsight(app: App, gate: Gate, ending: AbortSignal): void {
  // It reads a thousand proposals: however many pages ask, once a beat.
  const insight = onceABeat(gate.clock, () => readInsight(gate, ending));
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/insight',
      right: 'read',
      summary: 'How the newest thousand proposals went, by tier, action, target and agent.',
      body: null,
      query: null,
      answers: { 200: { description: 'Counts, and seconds until people approved.', schema: InsightAnswer } },
    },
    async ({ c }) => c.json(await insight()),
  );
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/policy',
      right: 'read',
      summary: 'The policy in force, with its digest.',
      body: null,
      query: null,
      answers: { 200: { description: 'As YAML and as JSON.', schema: PolicyAnswer } },
    },
    async ({ c }) => {
      const { stringify } = await import('yaml');
      const { document } = gate.policy;
      return c.json({ digest: canonicalHash(document), text: stringify(document), document });
    },
  );
  serveEndpoint(
    app,
    {
      method: 'get',
      path: '/v1/codes',
      right: 'read',
      summary: 'What every registered code means, in both languages.',
      body: null,
      query: null,
      answers: { 200: { description: 'All meanings of all codes.', schema: Codes } },
    },
    ({ c }) => c.json({ codes: codes() }),
  );
}

const codes = () => {
  const zhTw = explanations('zh-TW');
  return explanations('en').map(({ kind, code, message, remedy }, at) => {
    const twin = zhTw[at];
    return {
      kind,
      code,
      message: { en: message, 'zh-TW': twin?.message ?? message },
      remedy: remedy === null ? null : { en: remedy, 'zh-TW': twin?.remedy ?? remedy },
    };
  });
};
