// How people's own commands are judged: the share of each tier by verb and for reads, over a corpus kept outside the
// repository.    BLASTGATE_FACTS=DIR npm run corpus -- [--all]  DIR holds corpus.jsonl: lines, and the argv of each
// kubectl command in them. Ends with 1 when a read of a plain kind that names no other identity is anything but auto.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocuments } from '../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../src/core/blast-radius/default-policy.ts';
import { score } from '../src/core/blast-radius/score.ts';
import { parseKubectl } from '../src/core/command/kubectl/parse.ts';
import { understand } from '../src/core/command/understand.ts';
import type { TextCommand } from '../src/core/model/command.ts';
import type { RefusalCode } from '../src/core/model/refusal.ts';
import { TIERS, type Tier } from '../src/core/model/tier.ts';

interface Line {
  readonly command: string;
  readonly kubectl: readonly { readonly argv: readonly string[] }[];
}

const folder = process.env['BLASTGATE_FACTS'] ?? '';
const path = join(folder, 'corpus.jsonl');
if (folder === '' || !existsSync(path)) {
  process.stderr.write('BLASTGATE_FACTS names no folder with corpus.jsonl\n');
  process.exit(2);
}
const most = process.argv.includes('--all') ? Number.POSITIVE_INFINITY : 20;
const lines = readFileSync(path, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Line);

const around = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };
const judge = (command: TextCommand): BlastRadius => score(understand(command, around), null, DEFAULT_POLICY);

type Row = Record<Tier, number>;
const empty = (): Row => ({ auto: 0, human: 0, dual: 0, blocked: 0 });
const total = (row: Row): number => TIERS.reduce((sum, tier) => sum + row[tier], 0);
const shown = (name: string, row: Row): string =>
  `${name.padEnd(28)} ${String(total(row)).padStart(6)}  ${TIERS.map((tier) => `${tier} ${((100 * row[tier]) / Math.max(1, total(row))).toFixed(1)} %`.padEnd(16)).join('')}\n`;

/** Verbs that only read; what else may ask is seen by its action. */
const READS =
  /^(?:get|describe|logs|events|top .*|explain|diff|wait|version|cluster-info.*|api-.*|rollout (?:status|history)|auth can-i|auth whoami)$/;
const SENSITIVE = /secret|^all$|\$|\*/i;
/** Refusals of words that name another identity, write a file, or that kubectl does not take. */
const NOT_PLAIN: ReadonlySet<RefusalCode> = new Set([
  'identity-flag',
  'host-file',
  'unknown-word',
  'unknown-command',
  'unknown-flag',
  'usage-error',
  'bad-flag-value',
]);

/** A read of a plain kind, whose words kubectl takes, as whoever is configured. */
const isPlainRead = (argv: readonly string[], answer: BlastRadius): boolean => {
  const { path: verb, args, flags } = parseKubectl(argv);
  return (
    READS.test(verb.join(' ')) &&
    !flags.has('raw') &&
    !flags.has('filename') &&
    !flags.has('kustomize') &&
    !args.some((word) => SENSITIVE.test(word)) &&
    !answer.refusals.some(({ code }) => NOT_PLAIN.has(code))
  );
};

const byVerb = new Map<string, Row>();
const whole = empty();
const ofLines = empty();
const reads = empty();
const plainReads = empty();
const offenders: string[] = [];
const why = new Map<string, number>();
for (const { command, kubectl } of lines) {
  ofLines[judge({ kind: 'line', line: command }).tier]++;
  for (const { argv } of kubectl) {
    const answer = judge({ kind: 'argv', argv: ['kubectl', ...argv] });
    const verb = parseKubectl(argv).path.join(' ');
    const row = byVerb.get(verb) ?? empty();
    byVerb.set(verb, row);
    row[answer.tier]++;
    whole[answer.tier]++;
    if (READS.test(verb)) {
      reads[answer.tier]++;
      if (answer.tier !== 'auto') {
        const floor = answer.reasons.find(({ code, points }) => code !== 'base' && points > 0);
        const cause = `${answer.action}, ${floor?.code ?? 'base'} ${floor?.subject ?? ''}`;
        why.set(cause, (why.get(cause) ?? 0) + 1);
      }
    }
    if (isPlainRead(argv, answer)) {
      plainReads[answer.tier]++;
      if (answer.tier !== 'auto') offenders.push(`${answer.tier} ${JSON.stringify(argv)}`);
    }
  }
}

for (const [verb, row] of [...byVerb].sort(([, a], [, b]) => total(b) - total(a)))
  process.stdout.write(shown(verb === '' ? '(none)' : verb, row));
process.stdout.write(
  `\n${shown('all commands', whole)}${shown('all lines', ofLines)}${shown('reads', reads)}${shown('plain reads', plainReads)}`,
);
process.stdout.write('\nWhy reads are not auto:\n');
for (const [cause, count] of [...why].sort(([, a], [, b]) => b - a).slice(0, most))
  process.stdout.write(`  ${String(count).padStart(5)}  ${cause}\n`);
if (offenders.length > 0) process.stdout.write(`\nPlain reads that are not auto:\n`);
for (const one of offenders.slice(0, most)) process.stdout.write(`  ${one.slice(0, 240)}\n`);
process.exitCode = offenders.length === 0 ? 0 : 1;
