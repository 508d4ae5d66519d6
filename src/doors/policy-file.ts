// The policy that a door judges by: the built-in one, or a file.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DEFAULT_POLICY } from '../core/blast-radius/default-policy.ts';
import type { Policy } from '../core/blast-radius/policy.ts';

/** The policy cannot be used; the message names every problem with line and column. */
export class PolicyUnusable extends Error {
  override readonly name = 'PolicyUnusable';
}

/**
 * `file` by option, else BLASTGATE_POLICY, else the built-in policy (which needs no YAML to be read). `cluster` is the
 * name an operator gave to the cluster judged for: the policy may give all its namespaces a lowest class.
 */
export async function loadPolicy(file: unknown, env: NodeJS.ProcessEnv, cluster: string | null): Promise<Policy> {
  const named = typeof file === 'string' ? file : env['BLASTGATE_POLICY'];
  return named === undefined || named === '' ? DEFAULT_POLICY : readPolicyFile(named, cluster);
}

/** "sha256:" and hex of the file, as `sha256sum` prints it; "built-in" where no file is named. */
export function policyDigest(path: string | null): string {
  return path === null ? 'built-in' : `sha256:${createHash('sha256').update(readFileSync(path)).digest('hex')}`;
}

export async function readPolicyFile(path: string, cluster: string | null): Promise<Policy> {
  const { readPolicy } = await import('../adapters/policy/read-policy.ts');
  const { policyOf } = await import('../core/blast-radius/policy.ts');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new PolicyUnusable(`the policy ${path} cannot be read; name an existing file`);
  }
  const result = readPolicy(text);
  if (result.ok) return policyOf(result.policy, cluster);
  const lines = result.problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
  throw new PolicyUnusable(`the policy is not usable\n${lines.join('\n')}`);
}
