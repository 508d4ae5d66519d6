// Reads golden cases (policy/cases/*.yaml, or an operator's own).

import { z } from 'zod';
import type { GoldenCase } from '../../core/blast-radius/golden-case.ts';
import { type ApiRequest, apiRequestOf } from '../../core/model/api-request.ts';
import type { Command } from '../../core/model/command.ts';
import { ACTION_KINDS } from '../../core/model/effect.ts';
import { REASON_CODES } from '../../core/model/reason.ts';
import { REFUSAL_CODES } from '../../core/model/refusal.ts';
import { TIERS } from '../../core/model/tier.ts';
import { type Problem, readChecked } from '../yaml/checked-yaml.ts';
import { CASE_FACTS } from './case-facts.ts';

const line = z.strictObject({
  command: z.string().optional(),
  argv: z.array(z.string()).optional(),
  request: z
    .unknown()
    .optional()
    .transform((given, context) => {
      const request = given === undefined ? undefined : apiRequestOf(given);
      if (request !== null) return request;
      context.addIssue({ code: 'custom', message: 'write a request as method, path, query, contentType and body' });
      return z.NEVER;
    }),
  namespace: z.string().default('default'),
  files: z.record(z.string(), z.string()).default({}),
  facts: CASE_FACTS.nullable().default(null),
  means: z.string().nullable().default(null),
  why: z.string().optional(),
  sum: z.string(),
  score: z.int().min(0).max(100),
  tier: z.enum(TIERS),
  action: z.enum([...ACTION_KINDS, 'opaque']),
  executable: z.boolean().default(true),
  dryRun: z.boolean().default(false),
  refusals: z.array(z.enum(REFUSAL_CODES)).default([]),
  hardRule: z.string().nullable().default(null),
});

/** "base 40 + multiplier -8" → 32; null when it is not such a sum. */
const addUp = (sum: string): number | null => {
  let all = 0;
  for (const term of sum.split(' + ')) {
    const [code, points, more] = term.split(' ');
    if (more !== undefined || !REASON_CODES.some((known) => known === code) || !/^-?\d+$/.test(points ?? ''))
      return null;
    all += Number(points);
  }
  return all;
};

const CASES = z.array(
  line
    .refine((given) => [given.command, given.argv, given.request].filter((one) => one !== undefined).length === 1, {
      message: 'write either command (one line of text), argv (a list of words) or request (of the Kubernetes API)',
    })
    .refine(({ sum }) => addUp(sum) !== null, {
      path: ['sum'],
      message: 'write every reason with its points: "base 40 + weight 5 + multiplier 23"',
    })
    .refine(({ sum, score }) => addUp(sum) === score, {
      path: ['sum'],
      message: 'the sum does not add up to the score',
    })
    .refine(({ executable, refusals }) => executable === (refusals.length === 0), {
      path: ['executable'],
      message: 'a command is executable exactly when nothing refuses it: write executable and refusals together',
    }),
);

const commandOf = (line?: string, argv?: readonly string[], request?: ApiRequest): Command => {
  if (request !== undefined) return { kind: 'request', request };
  return argv === undefined ? { kind: 'line', line: line ?? '' } : { kind: 'argv', argv };
};

export type CasesResult =
  | { readonly ok: true; readonly cases: readonly GoldenCase[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The cases of one file, or everything that is wrong with it. */
export function readCases(text: string): CasesResult {
  const read = readChecked(text, CASES, (key) => `unknown key ${key}: remove it or correct its spelling`);
  if (!read.ok) return read;
  return {
    ok: true,
    cases: read.value.map(({ command, argv, request, files, why: _why, ...rest }) => ({
      ...rest,
      command: commandOf(command, argv, request),
      files: new Map(Object.entries(files)),
    })),
  };
}
