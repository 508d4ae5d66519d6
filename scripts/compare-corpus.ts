// Compares what kubectl accepts with what our parser accepts, over a corpus kept outside the repository.
// BLASTGATE_FACTS=DIR node scripts/compare-corpus.ts [--all]  DIR holds corpus.jsonl (lines, the argvs in them,
// kubectl's own error of parsing) and requests.jsonl (argvs with the exit code, the requests and the message of a real
// kubectl). Prints the agreement and the disagreements, 40 or all.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseKubectl } from '../src/core/command/kubectl/parse.ts';
import type { RefusalCode } from '../src/core/model/refusal.ts';

interface Corpus {
  readonly kubectl: readonly { readonly argv: readonly string[]; readonly error?: string }[];
}
interface Recorded {
  readonly argv: readonly string[];
  readonly exit: number;
  readonly requests: readonly unknown[];
  readonly stderr?: string;
}
interface Difference {
  readonly argv: readonly string[];
  readonly kubectl: string | null;
  readonly ours: string | null;
}

const USAGE: ReadonlySet<RefusalCode> = new Set(['unknown-command', 'unknown-flag', 'bad-flag-value', 'usage-error']);

/** Messages that depend on the machine or the cluster, not on the words. */
const ELSEWHERE =
  /no such file|could not stat|unable to find one of|does not exist|doesn't have a resource type|Error from server|not a terminal|unable to read|error validating|error parsing|no objects passed|the path|no context exists|no matches for kind|unable to recognize|is not a valid|EOF|must specify an? (?:existing|resource)|current-context is not set|cannot unset|no matching|lookup |dial tcp|x509|unable to load|open |stat |yaml:|json:|local filesystem|in your PATH|not in \$WD|already exists|current map key|failed to run|executing jsonpath|not found|add operation does not apply|Invalid JSON/;

const lines = <T>(folder: string, file: string): readonly T[] =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);

const ourError = (argv: readonly string[]): string | null => {
  const found = parseKubectl(argv).refusals.find((refusal) => USAGE.has(refusal.code));
  return found === undefined ? null : `${found.code}: ${found.about}`;
};

const report = (title: string, total: number, differences: readonly Difference[], most: number): void => {
  const agreed = total - differences.length;
  process.stdout.write(`${title}: ${agreed} of ${total} agree (${((100 * agreed) / total).toFixed(2)} %)\n`);
  for (const { argv, kubectl, ours } of differences.slice(0, most))
    process.stdout.write(
      `  ${JSON.stringify(argv)}\n    kubectl: ${kubectl ?? 'accepts'}\n    ours:    ${ours ?? 'accepts'}\n`,
    );
};

const compareParsing = (folder: string): { total: number; differences: readonly Difference[] } => {
  const all = lines<Corpus>(folder, 'corpus.jsonl').flatMap((line) => line.kubectl);
  const differences = all
    .map(({ argv, error }): Difference => ({ argv, kubectl: error ?? null, ours: parsingError(argv) }))
    .filter(({ kubectl, ours }) => (kubectl === null) !== (ours === null));
  return { total: all.length, differences };
};

/** Of cobra and pflag alone: what the corpus recorded before any command ran. */
const parsingError = (argv: readonly string[]): string | null => {
  const found = parseKubectl(argv).refusals.find(
    ({ code, about }) =>
      code === 'unknown-flag' ||
      (code === 'unknown-command' && about?.endsWith('for "kubectl"')) ||
      (code === 'bad-flag-value' && /^(?:invalid argument|flag needs)/.test(about ?? '')) ||
      (code === 'usage-error' && about?.startsWith('required flag')),
  );
  return found === undefined ? null : `${found.code}: ${found.about}`;
};

const compareRuns = (folder: string): { total: number; differences: readonly Difference[] } => {
  const all = lines<Recorded>(folder, 'requests.jsonl').filter(
    ({ exit, stderr }) => exit === 0 || !ELSEWHERE.test(stderr ?? ''),
  );
  const differences = all
    .map(({ argv, exit, requests, stderr }): Difference => {
      const refused = exit !== 0 && exit !== 124 && (requests.length === 0 || ourError(argv) !== null);
      return { argv, kubectl: refused ? (stderr ?? `exit ${exit}`) : null, ours: ourError(argv) };
    })
    .filter(({ kubectl, ours }) => (kubectl === null) !== (ours === null));
  return { total: all.length, differences };
};

const main = (): number => {
  const folder = process.env['BLASTGATE_FACTS'];
  if (folder === undefined) {
    process.stderr.write('BLASTGATE_FACTS names no folder with corpus.jsonl and requests.jsonl\n');
    return 2;
  }
  const most = process.argv.includes('--all') ? Number.POSITIVE_INFINITY : 40;
  const parsing = compareParsing(folder);
  const runs = compareRuns(folder);
  report('parsing', parsing.total, parsing.differences, most);
  report('usage', runs.total, runs.differences, most);
  return 0;
};

process.exitCode = main();
