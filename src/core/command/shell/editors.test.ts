// awk and sed programs that only filter, and those that run or write something or may.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isPlainEditor } from './editors.ts';
import { UNKNOWN } from './unknown.ts';

describe('a plain editor', () => {
  for (const [name, ...words] of [
    ['awk', '{print $1}'],
    ['awk', 'NR > 1 && $3 != "Running" {print $1; n++} END {print n}'],
    ['awk', '-F,', '-v', 'x=1', '{print "a>b;c" $2}'],
    ['awk', '/a|b/ {print $1/$2}'],
    ['gawk', '{x = ($1 + 1) / 2; print x}'],
    ['sed', 's/a/b/g; s#c#d#2;p'],
    ['sed', '-n', '1,5p;/a/,/b/{p;d}'],
    ['sed', '-E', '-e', 's/([a-z]+)/\\1/', '--expression=1d'],
    ['sed', ':a;N;$!ba;s/\\n/ /g'],
    ['sed', 'y/abc/xyz/'],
  ] as const)
    test([name, ...words].join(' '), () => assert.equal(isPlainEditor(name, words), true));
});

describe('no plain editor', () => {
  for (const [name, ...words] of [
    ['awk', '{system($1)}'],
    ['awk', '{print > "f"}'],
    ['awk', '{print "a;b}" >> "f"}'],
    ['awk', '/"/ {print > "f"} /"/ {x}'],
    ['awk', '{if (1) /"/; print "a" > "f" #"}'],
    ['awk', '{print | "sh"}'],
    ['awk', '{printf("a") | "sh"}'],
    ['awk', '{while (("ls" | getline x) > 0) n++}'],
    ['awk', '-f', 'p'],
    ['awk', '-i', 'inplace', '{print}'],
    ['awk', `{print ${UNKNOWN}}`],
    ['awk'],
    ['sed', 's/a/b/e'],
    ['sed', 's/a/b/w f'],
    ['sed', 's/[/]/#/e'],
    ['sed', 's/[[:alpha:]/]/#/e'],
    ['sed', '1w f'],
    ['sed', '/a/r f'],
    ['sed', '1!e ls'],
    ['sed', ':a;w f'],
    ['sed', 'a\\\nb\nw f'],
    ['sed', '--expression=w f'],
    ['sed', '-n', '-e', 'p', '-e', 'W f'],
    ['sed', '-i', 's/a/b/'],
    ['sed', '-nf', 'p'],
  ] as const)
    test([name, ...words].join(' '), () => assert.equal(isPlainEditor(name, words), false));
});
