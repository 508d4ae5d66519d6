// The worked example of docs/understanding.md is what the program prints.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');

test('docs/understanding.md shows what blastgate score says', () => {
  const page = readFileSync(join(root, 'docs/understanding.md'), 'utf8');
  const [, command = '', said = ''] = /--command '([^']+)'\n```[\s\S]*?```text\n(sudo [\s\S]*?)\n```/.exec(page) ?? [];
  assert.notEqual(command, '');
  let printed = '';
  try {
    execFileSync(process.execPath, [join(root, 'src/doors/cli/main.ts'), 'score', '--command', command], {
      encoding: 'utf8',
      env: { ...process.env, NO_COLOR: '1' },
    });
  } catch (error) {
    // the exit code says the tier: a failing child is the answer
    printed = String((error as { readonly stdout: unknown }).stdout);
  }
  assert.equal(printed.replace(/\s+$/, ''), said);
});
