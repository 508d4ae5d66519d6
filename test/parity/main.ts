// npm run parity: what we predict of kubectl commands beside what a real kubectl sends. Exit 1 when a write was not
// predicted.
import { parseArgs } from 'node:util';
import { generatedSamples } from './generated.ts';
import { goldenSamples } from './golden.ts';
import { findKubectl, runSamples, type Sample } from './kubectl.ts';
import { listedSamples } from './lists.ts';
import { runOnRealCluster } from './real.ts';
import { recordedRuns } from './recorded.ts';
import { print, type Tally, tally } from './report.ts';
import { scoreTable, scoreTally } from './request-scores.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
  },
});
const most = values.all ? Number.POSITIVE_INFINITY : 40;
const wants = (name: string): boolean => !values.real && (positionals.length === 0 || positionals.includes(name));
const limit = values.limit === undefined ? null : Number(values.limit);

const results: Tally[] = [];
const show = (title: string, result: Tally): void => {
  print(title, result, most);
  results.push(result);
};

const live = async (title: string, samples: readonly Sample[]): Promise<void> => {
  const kubectl = findKubectl();
  if (kubectl === null) throw new Error('no kubectl: name one by KUBECTL');
  const started = performance.now();
  const runs = await runSamples(kubectl, samples, (done) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${title}: ${done} of ${samples.length} `);
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  show(`${title}, ${kubectl}, ${seconds} s`, tally(runs));
};

if (values.real) show('story on a real control plane', tally(await runOnRealCluster(listedSamples('story.txt'))));
if (wants('listed')) await live('listed commands', listedSamples('commands.txt').slice(0, limit ?? undefined));
if (wants('golden')) await live('golden cases', goldenSamples().slice(0, limit ?? undefined));
if (wants('generated')) await live('generated commands', generatedSamples(limit ?? 500, Number(values.seed)));
const facts = process.env['BLASTGATE_FACTS'];
if (wants('recorded') && facts !== undefined) show('recorded', tally(recordedRuns(facts)));
let differing = 0;
if (!values.real && positionals.includes('requests')) {
  if (facts === undefined) throw new Error('the recorded runs are elsewhere: name their folder by BLASTGATE_FACTS');
  const scores = scoreTally(recordedRuns(facts));
  differing = scores.differ.length;
  process.stdout.write(
    `${scoreTable(scores)}\n${scores.differ
      .slice(0, most)
      .map((one) => `${one}\n`)
      .join('')}`,
  );
}
process.exitCode = differing > 0 || results.some(({ under }) => under > 0) ? 1 : 0;
