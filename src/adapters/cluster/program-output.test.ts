// What is kept of what a program prints.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OUTPUT_LIMIT, OutputCollector } from './program-output.ts';

const outputOf = (
  stdout: readonly (string | Buffer)[],
  stderr: readonly string[] = [],
  argv: readonly string[] = ['x'],
) => {
  const collector = new OutputCollector();
  for (const piece of stdout) collector.printed('stdout', Buffer.from(piece as string));
  for (const piece of stderr) collector.printed('stderr', Buffer.from(piece));
  return collector.output(argv, 0);
};
const bytes = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): number =>
  Buffer.byteLength(stdout) + Buffer.byteLength(stderr);

describe('the output of a program', () => {
  test('within the limit is kept as it is, piece by piece', () => {
    assert.deepEqual(outputOf(['a', 'b\n'], ['c']), { stdout: 'ab\n', stderr: 'c', exitCode: 0, truncated: false });
    const full = outputOf(['x'.repeat(OUTPUT_LIMIT)]);
    assert.deepEqual([bytes(full), full.truncated], [OUTPUT_LIMIT, false]);
  });

  for (const [what, out, err] of [
    ['one stream', 10 * OUTPUT_LIMIT, 0],
    ['the other', 0, 10 * OUTPUT_LIMIT],
    ['both', 10 * OUTPUT_LIMIT, 10 * OUTPUT_LIMIT],
    ['both together only', OUTPUT_LIMIT - 1, 2],
  ] as const)
    test(`beyond the limit is cut to it: ${what}`, () => {
      const kept = outputOf(['o'.repeat(out)], ['e'.repeat(err)]);
      assert.deepEqual([bytes(kept), kept.truncated], [OUTPUT_LIMIT, true]);
    });

  test('words of failure behind a long output are kept', () => {
    const { stderr, truncated } = outputOf(['o'.repeat(OUTPUT_LIMIT * 3)], ['disk full\n']);
    assert.deepEqual([stderr, truncated], ['disk full\n', true]);
  });

  test('no character is cut in two, and bytes that are no text cannot make it longer', () => {
    const kept = outputOf(['€'.repeat(OUTPUT_LIMIT)]);
    assert.ok(!kept.stdout.includes('\ufffd'));
    assert.ok(bytes(kept) <= OUTPUT_LIMIT && bytes(kept) > OUTPUT_LIMIT - 4);
    assert.ok(bytes(outputOf([Buffer.alloc(OUTPUT_LIMIT, 0xff)])) <= OUTPUT_LIMIT);
  });

  test('a character that comes in two pieces is one', () => {
    const euro = Buffer.from('€');
    assert.equal(outputOf([euro.subarray(0, 1), euro.subarray(1)]).stdout, '€');
  });

  for (const before of [0, 100, OUTPUT_LIMIT - 10, OUTPUT_LIMIT - 1])
    test(`a secret ${before} bytes in is masked, though it is cut off`, () => {
      const secret = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789';
      const { stdout } = outputOf([`${'x'.repeat(Math.max(0, before - 1))} `, secret, ' and more']);
      for (let length = 5; length <= secret.length; length += 1) assert.ok(!stdout.includes(secret.slice(0, length)));
    });

  test('a secret that comes in two pieces is masked', () => {
    assert.equal(outputOf(['DB_PASS', 'WORD=hun', 'ter2\n']).stdout, 'DB_PASSWORD=***\n');
  });
});
