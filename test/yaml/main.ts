// Compares the reader with kubectl's decoders by hand: `npm run yaml -- [how many] [seed]`; prints what differs.
import { askKubectlDecoders } from './ask.ts';
import { compare, summary } from './compare.ts';
import { generatedQuestions } from './questions.ts';

const [many = '20000', given] = process.argv.slice(2);
const seed = given === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(given);
if (!Number.isInteger(Number(many)) || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run yaml -- [how many] [seed]\n');
  process.exit(2);
}
const questions = generatedQuestions(Number(many), seed);
const tally = compare(questions, await askKubectlDecoders(questions));
for (const one of tally.differences) process.stdout.write(`${one}\n`);
process.stdout.write(`seed ${seed}: ${summary(tally)}\n`);
process.exitCode = tally.differences.length > 0 ? 1 : 0;
