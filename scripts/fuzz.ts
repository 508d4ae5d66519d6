// Throws bytes, mutated commands and generated lines at reading and judging: no exception, no hang, time linear in the
// length up to 64 KiB, the same answer twice. Nothing that it makes up is run, but for `live`, which runs it on a control
// plane of its own and holds what was foretold against the audit log and against what is gone (test/fuzz/live.ts).
//
//   npm run fuzz -- [minutes] [seed]
//   npm run fuzz -- live [minutes] [seed]
//
// Prints the seed, and every input that bites: put that into test/fixtures/fuzz/ once it is fixed. BLASTGATE_FACTS may
// name a folder with corpus.jsonl, whose lines are mutated besides those of policy/cases.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell, no template
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readCases } from '../src/adapters/policy/read-cases.ts';
import { readDocuments } from '../src/adapters/yaml/read-documents.ts';
import { DEFAULT_POLICY } from '../src/core/blast-radius/default-policy.ts';
import { score } from '../src/core/blast-radius/score.ts';
import { quoteArgv } from '../src/core/command/shell/quote.ts';
import { understand } from '../src/core/command/understand.ts';
import type { TextCommand } from '../src/core/model/command.ts';
import { kubectlArgv } from '../test/generators/kubectl-argv.ts';

const words = process.argv.slice(2);
const live = words[0] === 'live';
const [minutesWord = '1', seedWord] = live ? words.slice(1) : words;
const minutes = Number(minutesWord);
const seed = Number(seedWord ?? Math.floor(Math.random() * 2 ** 31));
if (!Number.isFinite(minutes) || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run fuzz -- [live] [minutes] [seed]\n');
  process.exit(2);
}

if (live) {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say(`seed ${seed}, ${minutes} min on a control plane`);
  const { fuzzLive } = await import('../test/fuzz/live.ts');
  const { tried, executed, complaints } = await fuzzLive(minutes, seed, say);
  say(`${tried} commands drawn, ${executed} run, ${complaints.length} complaints`);
  process.exit(complaints.length === 0 && executed > 0 ? 0 : 1);
}

/** Processor time, which a busy machine does not lengthen: the worst 64 KiB known take a third of it. */
const PATIENCE_MS = 3000;
const spentMs = (): number => process.cpuUsage().user / 1000;

const casesFolder = new URL('../policy/cases/', import.meta.url);
const ofCases = (): readonly string[] =>
  readdirSync(casesFolder)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => {
      const read = readCases(readFileSync(new URL(name, casesFolder), 'utf8'));
      return read.ok
        ? read.cases.flatMap(({ command }) =>
            command.kind === 'line' ? command.line : command.kind === 'argv' ? quoteArgv(command.argv) : [],
          )
        : [];
    });

const ofCorpus = (folder: string | undefined): readonly string[] => {
  const path = folder === undefined ? '' : join(folder, 'corpus.jsonl');
  if (path === '' || !existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { readonly command: string }).command);
};

const lines = [...ofCases(), ...ofCorpus(process.env['BLASTGATE_FACTS'])];
const line = fc.constantFrom(...lines);
const SPICE =
  '$( ` ${x:-$( <<EOF\n EOF\n <<< <( >( && || ; | & \n \\ " \' {a,b} {1..9} * ? [ ] ~ ! # \0 \u200b \u202e – " -- -n --dry-run=client kubectl delete ns rm -rf sh -c exec DROP/**/TABLE =null {"metadata":{"finalizers":null}} $\'\\x41\' (( )) [[ ]] case esac for do done if then fi function time coproc'.split(
    / (?! )/,
  );
const spice = fc.constantFrom(...SPICE);

/** Lines with pieces cut out, doubled, swapped for others' and spiced. */
const mutated: fc.Arbitrary<string> = fc
  .tuple(line, line, fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(4), spice), { maxLength: 6 }))
  .map(([first, second, changes]) =>
    changes.reduce((text, [share, how, piece]) => {
      const at = Math.floor(share * text.length);
      const before = text.slice(0, at);
      const after = text.slice(at);
      switch (how) {
        case 0:
          return before + piece + after;
        case 1:
          return before + after.slice(1 + (at % 7));
        case 2:
          return before + second.slice(at % Math.max(1, second.length)) + after;
        case 3:
          return `${text} ${piece} ${second}`;
        default:
          return before + piece + piece + text.slice(Math.max(0, at - 5));
      }
    }, first),
  );

const generated = kubectlArgv.map((argv) => quoteArgv(['kubectl', ...argv]));
const spiced = fc
  .tuple(generated, fc.array(spice, { maxLength: 3 }), fc.nat(60))
  .map(([text, pieces, at]) => text.slice(0, at) + pieces.join('') + text.slice(at));
const bytes = fc.uint8Array({ maxLength: 400 }).map((raw) => Buffer.from(raw).toString('utf8'));
/** One piece many times, up to the largest command that is read. */
const long = fc
  .tuple(
    fc.oneof(spice, mutated, bytes),
    fc.integer({ min: 100, max: 65_000 }),
    fc.constantFrom('', 'kubectl ', 'sh -c "'),
  )
  .map(([piece, size, start]) => {
    const unit = piece === '' ? 'a' : piece;
    return (start + unit.repeat(Math.ceil(size / unit.length))).slice(0, size);
  });
const text = fc.oneof(
  { arbitrary: mutated, weight: 6 },
  { arbitrary: spiced, weight: 4 },
  { arbitrary: generated, weight: 2 },
  { arbitrary: bytes, weight: 2 },
  { arbitrary: long, weight: 1 },
);
const command: fc.Arbitrary<TextCommand> = fc.oneof(
  { arbitrary: text.map((one): TextCommand => ({ kind: 'line', line: one })), weight: 5 },
  {
    arbitrary: fc
      .array(fc.oneof(spice, bytes, fc.string({ unit: 'binary' })), { maxLength: 12 })
      .map((words): TextCommand => ({ kind: 'argv', argv: ['kubectl', ...words] })),
    weight: 1,
  },
);

const around = { namespace: 'default', files: new Map<string, string>(), customResources: [], readDocuments };

/** What is wrong with the answer to a command; null when nothing is. */
const complaint = (one: TextCommand): string | null => {
  const started = spentMs();
  let answer: ReturnType<typeof score>;
  try {
    answer = score(understand(one, around), null, DEFAULT_POLICY);
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  }
  const took = spentMs() - started;
  if (took > PATIENCE_MS) return `took ${Math.round(took)} ms`;
  const sum = answer.reasons.reduce((all, { points }) => all + points, 0);
  if (answer.score === null) return 'its calculation failed';
  if (answer.hardRule?.code === 'rule-failed') return `a hard rule failed: ${answer.hardRule.subject}`;
  return sum === answer.score ? null : `${answer.score} is not the sum ${sum} of its reasons`;
};

process.stdout.write(`seed ${seed}, ${minutes} min, ${lines.length} lines to mutate\n`);
const end = performance.now() + minutes * 60_000;
let tried = 0;
let bitten = 0;
for (let round = 0; performance.now() < end && bitten < 10; round++) {
  for (const one of fc.sample(command, { seed: seed + round, numRuns: 500 })) {
    tried++;
    const why = complaint(one);
    if (why === null) continue;
    bitten++;
    process.stdout.write(`${why}\n  seed ${seed + round}: ${JSON.stringify(one).slice(0, 2000)}\n`);
  }
}
process.stdout.write(`${tried} commands, ${bitten} complaints\n`);
process.exitCode = bitten === 0 ? 0 : 1;
