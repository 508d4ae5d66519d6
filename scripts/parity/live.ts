// Compares predicted effects with what a real kubectl sends to a recording server, over commands that a file lists.
// It must never reach a real cluster: kubectl gets the server's address, an empty configuration and an empty home.
//
//   KUBECTL=PATH node scripts/parity/live.ts [FILE]
//
// FILE (scripts/parity/commands.txt by default): a command a line without "kubectl"; single quotes keep spaces; "#" begins
// a comment. `FILE name: JSON` gives the commands after it a file. Ends with 1 where the two sides disagree.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, difference, Tally } from './compare.ts';
import { startRecordingServer } from './recording-server.ts';

/** A command that hangs (a stream, a watch) is ended after this long: what it sent counts. */
const PATIENCE_MS = 6_000;

const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''));

const run = (kubectl: string, argv: readonly string[], folder: string, url: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const child = spawn(kubectl, ['--server', url, ...argv], {
      cwd: folder,
      env: { HOME: folder, KUBECONFIG: join(folder, 'none'), KUBE_EDITOR: 'true', PATH: '' },
      stdio: 'ignore',
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });

const kubectl = process.env['KUBECTL'] ?? 'kubectl';
const list = process.argv[2] ?? join(import.meta.dirname, 'commands.txt');
const folder = mkdtempSync(join(tmpdir(), 'blastgate-parity-'));
const server = await startRecordingServer();
const files = new Map<string, string>();
const tally = new Tally();
let agreed = true;
let refused = 0;
try {
  for (const line of readFileSync(list, 'utf8').split('\n')) {
    const file = /^FILE (\S+): (.*)$/.exec(line);
    if (file !== null) {
      const [, name = '', text = ''] = file;
      files.set(name, text);
      writeFileSync(join(folder, name), text);
    }
    if (file !== null || line.trim() === '' || line.startsWith('#')) continue;
    const argv = wordsOf(line);
    const exit = await run(kubectl, argv, folder, server.url);
    const ran = {
      argv,
      requests: server.take(),
      finished: exit === 0,
      namespace: 'default',
      files,
      customResources: [],
    };
    if (exit !== 0) refused++;
    const judged = compare(ran);
    if (tally.add(argv, judged)) continue;
    agreed = false;
    process.stdout.write(`${difference(argv, judged)}\n`);
  }
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
process.stdout.write(`${tally.lines().join('\n')}\n`);
process.stdout.write(`${refused} ended with an error or were ended: of those only what they sent was compared\n`);
process.exitCode = agreed ? 0 : 1;
