// A PromQL query → the values of its instant answer, asked of Prometheus' HTTP API (v1, /query).
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { hostOf, isLoopback } from '../../core/model/host.ts';
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

/** Where a Prometheus is, and the file with the bearer token that it wants; null: it wants none. */
export interface PrometheusAt {
  readonly address: string;
  readonly tokenFile: string | null;
}

/** Read for each query: a token of a service account is written anew before it ends. Throws AdapterError. */
const tokenOf = async ({ address, tokenFile }: PrometheusAt): Promise<string | null> => {
  if (tokenFile === null) return null;
  const url = new URL(address);
  if (url.protocol !== 'https:' && !isLoopback(hostOf(url)))
    throw new AdapterError('no-answer', 'the token of Prometheus is sent over https alone; write https in the policy');
  try {
    const token = (await readFile(tokenFile, 'utf8')).trim();
    if (/^[\x21-\x7e]+$/.test(token)) return token;
  } catch {
    throw new AdapterError('no-answer', `the token of Prometheus cannot be read: ${tokenFile}`);
  }
  throw new AdapterError('no-answer', `there is no token of Prometheus in ${tokenFile}`);
};

/** One value a series, none where nothing is known. Throws AdapterError: no answer, or Prometheus refused the query. */
export async function valuesOf(at: PrometheusAt, query: string, signal: AbortSignal): Promise<readonly number[]> {
  const url = `${at.address}/api/v1/query?query=${encodeURIComponent(query)}`;
  const { status, text } = await limitedGet(url, 'read', signal, await tokenOf(at));
  if (status === 401 || status === 403)
    throw new AdapterError('refused', `Prometheus answered ${status}: PROMETHEUS_TOKEN_FILE names its token`, {
      status,
    });
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
