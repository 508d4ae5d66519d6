// Texts come in, what kubectl's own decoders make of each comes out (test/servers/yaml-oracle).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ensureBuilt } from '../servers/build.ts';
import type { Question } from './questions.ts';

/** Raw JSON of each document, as far as kubectl came; `error` where it did not come to the end. */
export interface Answer {
  readonly documents: readonly string[] | null;
  readonly error?: string;
}

/** Asks the decoders of kubectl; the answers in the order of the questions. */
export async function askKubectlDecoders(questions: readonly Question[]): Promise<readonly Answer[]> {
  const { 'yaml-oracle': built } = await ensureBuilt(['yaml-oracle']);
  const child = spawn(built.executable, { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output += piece;
  });
  child.stdin.end(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
  const [code] = await once(child, 'close');
  const answers = output.split('\n').filter((line) => line !== '');
  if (code !== 0 || answers.length !== questions.length) throw new Error(`the oracle ended with ${String(code)}`);
  // as: main.go writes it so
  return answers.map((line) => JSON.parse(line) as Answer);
}
