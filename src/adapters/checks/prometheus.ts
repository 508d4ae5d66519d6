// A PromQL query → the values of its instant answer, asked of Prometheus' HTTP API (v1, /query).
import { z } from 'zod';
import { cut, plainLine } from '../../core/text/escape.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { limitedGet } from './limited-get.ts';

const value = z.tuple([z.number(), z.string()]);
const ANSWER = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('success'),
    data: z.discriminatedUnion('resultType', [
      z.object({ resultType: z.literal('scalar'), result: value }),
      z.object({ resultType: z.literal('vector'), result: z.array(z.object({ value })) }),
    ]),
  }),
  z.object({ status: z.literal('error'), error: z.string() }),
]);

/** Values as Prometheus writes them: "1", "+Inf", "NaN". */
const numberOf = (text: string): number => (/^[+-]?Inf$/.test(text) ? Number(`${text}inity`) : Number(text));

const parsed = (text: string): z.infer<typeof ANSWER> | null => {
  try {
    return ANSWER.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
};

/** One value a series, none where nothing is known. Throws AdapterError: no answer, or Prometheus refused the query. */
export async function valuesOf(address: string, query: string, signal: AbortSignal): Promise<readonly number[]> {
  const url = `${address}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { status, text } = await limitedGet(url, 'read', signal);
  const answer = parsed(text);
  if (answer === null)
    throw new AdapterError('invalid-answer', `Prometheus answered ${status} with something else than its API does`, {
      status,
    });
  if (answer.status === 'error')
    throw new AdapterError('refused', `Prometheus: ${cut(plainLine(answer.error), 200)}`, { status });
  const { data } = answer;
  return (data.resultType === 'scalar' ? [data.result] : data.result.map((series) => series.value)).map(([, one]) =>
    numberOf(one),
  );
}
