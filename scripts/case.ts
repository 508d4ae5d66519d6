// Prints the skeleton of a golden case for a command: `npm run case -- 'kubectl …'`.
import { stringify } from 'yaml';
import { readCommand } from '../test/calculator/read-command.ts';

const words = process.argv.slice(2);
if (words.length === 0) {
  process.stderr.write("Say which command: npm run case -- 'kubectl delete pod web-0 -n shop'\n");
  process.exit(2);
}
const [line] = words;
const given = words.length === 1 && line !== undefined ? { command: line } : { argv: words };
const isRead = words.length === 1 && line !== undefined && readCommand(line) !== null;

process.stdout.write(
  [
    ...stringify([given], { lineWidth: 0 }).trimEnd().split('\n'),
    '  # namespace: of the context; files: { path: text }; facts: {} where a cluster is asked',
    isRead
      ? '  # the second calculator reads this command itself'
      : '  means: # deeds by hand, as test/calculator/notation.ts reads them: "delete-pod pods shop/x deletes force"',
    '  sum: # every reason with its points, from scoring: "base 40 + weight 5 + multiplier 23"',
    '  score:',
    '  tier: # auto, human, dual, blocked',
    '  action:',
    '  # executable: false with refusals: […]; hardRule: its code; dryRun: true — only where they hold',
    '',
  ].join('\n'),
);
