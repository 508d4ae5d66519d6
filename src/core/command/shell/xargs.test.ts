// What xargs and parallel make of the text that they are given.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Printed } from './prints.ts';
import { replaceUnknown } from './unknown.ts';
import { wordOf } from './words.ts';
import { parallelRuns, xargsRuns } from './xargs.ts';

const given = (exact: string | null): Printed => ({ exact, texts: [], dashed: false });

describe('xargs', () => {
  for (const [options, own, text, expected] of [
    ['', 'k delete', 'ns prod\n', ['k delete ns prod']],
    ['', 'k', 'a\nb c\n', ['k a b c']],
    ['', 'k', `'a b' "c d" e\\ f\n`, ['k a b|c d|e f']],
    ['-n 2', 'k', 'a b c\n', ['k a b', 'k c']],
    ['-n1', 'k', 'a b\n', ['k a', 'k b']],
    ['--max-args=1', 'k', 'a b\n', ['k a', 'k b']],
    ['-L 1', 'k', 'a b\nc\n', ['k a b', 'k c']],
    ['-rtL1', 'k', 'a b\nc\n', ['k a b', 'k c']],
    ['-I {}', 'k {} -n {}', 'a\n b c \n', ['k a -n a', 'k b c  -n b c ']],
    ['-I%', 'k pod/%', 'a\n', ['k pod/a']],
    ['-i', 'k {}', 'a\n', ['k a']],
    ['-d ,', 'k', 'a,b', ['k a b']],
    ['-0', 'k', 'a b\n', ['k a b\n']],
    ['', 'k', '', []],
    ['', 'k', null, ['k ◌']],
    ['-I{}', 'k {} x', null, ['k ◌ x']],
    ['-a f', 'k', 'a', ['k ◌']],
  ] as const)
    test(`${options} ${own} of ${JSON.stringify(text)}`, () => {
      const before = ['xargs', ...(options === '' ? [] : options.split(' '))];
      const words = [...before, ...own.split(' ')].map(wordOf);
      const runs = xargsRuns(words, before.length, given(text)).map((run) =>
        run.map((word) => replaceUnknown(word.text, '◌')),
      );
      const all = expected.map((one) => one.replaceAll('|', ' '));
      assert.deepEqual(
        runs.map((run) => run.join(' ')),
        all,
      );
    });
});

describe('parallel', () => {
  for (const [line, text, expected] of [
    ['parallel k {} ::: a b', null, ['k a', 'k b']],
    ['parallel -j 4 k ::: a', null, ['k a']],
    ['parallel', 'k a\nk b\n', ['k a', 'k b']],
    ['parallel k', 'a\n', ['k a']],
    ['parallel k', null, ['k ◌']],
    ['parallel k :::: f', 'a\n', ['k ◌']],
  ] as const)
    test(`${line} of ${JSON.stringify(text)}`, () =>
      assert.deepEqual(
        parallelRuns(line.split(' ').map(wordOf), given(text)).map((one) => replaceUnknown(one, '◌')),
        expected,
      ));
});
