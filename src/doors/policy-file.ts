// The policy that a door judges by: the built-in one, or a file; a gate's is read again whenever it changes.
import { readFileSync } from 'node:fs';
import { DEFAULT_POLICY, DEFAULT_POLICY_DOCUMENT } from '../core/blast-radius/default-policy.ts';
import type { Policy, PolicyDocument } from '../core/blast-radius/policy.ts';
import type { Log } from '../ports/log.ts';
import { digestOfText, type LoadedFile, type WatchedFile, watchFile } from './watched-file.ts';

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

export async function readPolicyFile(path: string, cluster: string | null): Promise<Policy> {
  const { policyOf } = await import('../core/blast-radius/policy.ts');
  const { value, problems } = (await documentReader(path))();
  if (problems.length > 0) throw unusable(problems);
  return policyOf(value, cluster);
}

/** In place of a digest, where no file is named. */
const BUILT_IN = 'built-in';

/** What of a policy this gate could not hold, though the file can be read; none: it can. */
type Unholdable = (document: PolicyDocument) => readonly string[];

/**
 * The policy of a gate, as WatchedFile says; `path` null: the built-in one, for good. A policy that the gate could not start with
 * is not taken while it runs either. Throws PolicyUnusable for a first file that cannot be read; `onTaken` hears of each that is
 * taken, the first included, with its digest ("built-in" where no file is named).
 */
export async function watchPolicy(
  path: string | null,
  log: Log,
  unholdable: Unholdable,
  onTaken: (document: PolicyDocument, digest: string) => void,
): Promise<WatchedFile<PolicyDocument>> {
  if (path === null) {
    onTaken(DEFAULT_POLICY_DOCUMENT, BUILT_IN);
    return { now: () => DEFAULT_POLICY_DOCUMENT, problems: () => [], digest: () => BUILT_IN };
  }
  const read = await documentReader(path);
  const watched = watchFile<PolicyDocument>({
    file: 'policy',
    path,
    load: () => {
      const loaded = read();
      return loaded.problems.length > 0 ? loaded : { ...loaded, problems: unholdable(loaded.value) };
    },
    first: DEFAULT_POLICY_DOCUMENT,
    effect: 'the policy of before holds; nothing of what was changed holds until it is fixed',
    log,
    onTaken: ({ value, digest }) => onTaken(value, digest),
  });
  watched.now();
  if (watched.problems().length > 0) throw unusable(watched.problems());
  return watched;
}

const unusable = (problems: readonly string[]): PolicyUnusable =>
  new PolicyUnusable(`the policy is not usable\n${problems.join('\n')}`);

/** Reads the file each time that it is called; what reads YAML is loaded before. */
const documentReader = async (path: string): Promise<() => LoadedFile<PolicyDocument>> => {
  const { readPolicy } = await import('../adapters/policy/read-policy.ts');
  return () => {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      const problems = [`the policy ${path} cannot be read; name an existing file`];
      return { value: DEFAULT_POLICY_DOCUMENT, problems, digest: '' };
    }
    const [result, digest] = [readPolicy(text), digestOfText(text)];
    if (result.ok) return { value: result.policy, problems: [], digest };
    const problems = result.problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
    return { value: DEFAULT_POLICY_DOCUMENT, problems, digest };
  };
};
