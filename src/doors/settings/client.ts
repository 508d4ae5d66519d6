// The settings of the command line as a client of a gate.
import type { Secret } from '../../ports/secret.ts';
import { checkUrl } from './addresses.ts';
import { type Env, readVariable, secretOf } from './environment.ts';

/** A token for a client command: BLASTGATE_TOKEN or the file that BLASTGATE_TOKEN_FILE names. */
export function readClientSettings(env: Env): {
  readonly url: string;
  readonly token: Secret | null;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const token = readVariable(env, 'BLASTGATE_TOKEN', problems);
  const url = readVariable(env, 'BLASTGATE_URL', problems) ?? 'http://127.0.0.1:8448';
  checkUrl('BLASTGATE_URL', url, problems);
  return { url: url.replace(/\/+$/, ''), token: secretOf(token), problems };
}
