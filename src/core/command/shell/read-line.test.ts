// Every simple command of a line is found, with what reaches it. It must never run a shell.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of shell, not templates
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { expandBraces } from './braces.ts';
import { readLine } from './read-line.ts';
import { replaceUnknown } from './unknown.ts';

const commands = (line: string): readonly string[] =>
  readLine(line).commands.map(({ words }) => words.map((word) => replaceUnknown(word.text, '◌')).join(' '));

describe('the commands of a line', () => {
  for (const [line, expected] of [
    ['a | b |& c', ['a', 'b', 'c']],
    ['a && b || c; d & e', ['a', 'b', 'c', 'd', 'e']],
    ['for x in 1 2; do a $x; done', ['a ◌']],
    ['while a; do b; done', ['a', 'b']],
    ['until a; do b; done', ['a', 'b']],
    ['if a; then b; elif c; then d; else e; fi', ['a', 'b', 'c', 'd', 'e']],
    ['case $x in y) a;; *) b;; esac', ['a', 'b']],
    ['f() { a; }; f', ['a', 'f']],
    ['(a; b)', ['a', 'b']],
    ['{ a; b; } > /dev/null', ['a', 'b']],
    ['[[ -n "$(a)" ]] && b', ['a', 'b']],
    ['(( x = $(a) ))', ['a']],
    ['a "$(b $(c))" `d`', ['c', 'b ◌', 'd', 'a ◌ ◌']],
    ['X=$(a) b', ['a', 'b']],
    ['export X=$(a) Y="b c"', ['a', 'export X=◌ Y=b c']],
    ['a <(b) >(c)', ['b', 'c', 'a ◌ ◌']],
    ['a <<E\n$(b)\nE', ['b', 'a']],
    ["a <<'E'\n$(b)\nE", ['a']],
    ['a <<< "$(b)"', ['b', 'a']],
    ['a > "$(b)"', ['b', 'a']],
    ['! a', ['a']],
    ['time a', ['a']],
    ['coproc a', ['a']],
    ['a ${x:-$(b)}', ['b', 'a ◌']],
    ['a {b,c}d', ['a bd cd']],
    ['a {1..3}', ['a 1 2 3']],
    ['a *.yaml x?y [ab]', ['a ◌.yaml x◌y ◌']],
    ['a $x ${y} "z$w" $(b)', ['b', 'a ◌ ◌ z◌ ◌']],
    ['a # b', ['a']],
  ] as const)
    test(JSON.stringify(line), () => assert.deepEqual(commands(line), expected));

  test('input is known where the line says it', () => {
    const inputs = (line: string): readonly (string | null)[] => readLine(line).commands.map(({ stdin }) => stdin);
    assert.deepEqual(inputs('a <<E\nx\nE'), ['x\n']);
    assert.deepEqual(inputs('a <<< x'), ['x\n']);
    assert.deepEqual(inputs('echo x y | a'), [null, 'x y\n']);
    assert.deepEqual(inputs('cat <<E | tee /dev/stderr | a\nx\nE'), ['x\n', 'x\n', 'x\n']);
    assert.deepEqual(inputs('cat <<E | tr a b | a\nx\nE'), ['x\n', 'x\n', null]);
    assert.deepEqual(inputs("printf '%s-%s\\n' a b c | a"), [null, 'a-b\nc-\n']);
    assert.deepEqual(inputs('echo x >&2 | a'), [null, null]);
    assert.deepEqual(inputs('{ read a; b; } <<< x'), ['x\n', null]);
    assert.deepEqual(inputs('(echo x; echo -n y) | a'), [null, null, 'x\ny']);
    assert.deepEqual(inputs('curl u | a'), [null, null]);
  });

  test('what a file is written for, or an expansion hides, is opaque', () => {
    const opaque = (line: string): boolean => readLine(line).commands.some((command) => command.opaque !== null);
    for (const line of [
      'a > f',
      'a >> f',
      'a &> f',
      'a 2> f',
      'a >| f',
      'a > /dev/tcp/x/1',
      'a ${x:-y}',
      'a $((1))',
      'a <(b)',
      'a ${x[0]}',
    ])
      assert.ok(opaque(line), line);
    for (const line of [
      'a > /dev/null',
      'a 2>&1',
      'a >&2',
      'a &>/dev/null',
      'a < f',
      'a $x',
      'a ${x}',
      'a $(b)',
      'a 2>&-',
    ])
      assert.ok(!opaque(line), line);
  });

  test('a line that cannot be read says so', () => {
    for (const line of ["a 'b", 'a "b', 'if a', 'a |', '(a', 'a $(b', '0<(a)', 'a )'])
      assert.notEqual(readLine(line).unreadable, null, line);
    assert.equal(readLine('a | b').unreadable, null);
  });
});

describe('braces', () => {
  for (const [text, expected] of [
    ['{a,b}', ['a', 'b']],
    ['{a,b}{c,d}', ['ac', 'ad', 'bc', 'bd']],
    ['{a,{b,c}}', ['a', 'b', 'c']],
    ['{a}', ['{a}']],
    ['{}', ['{}']],
    ['{3..1}', ['3', '2', '1']],
    ['{01..03}', ['01', '02', '03']],
    ['{0..6..3}', ['0', '3', '6']],
    ['{a..c}', ['a', 'b', 'c']],
    ['{,x}', ['', 'x']],
    ['{a,$x}', null],
    ['{1..100000}', null],
  ] as const)
    test(text, () => assert.deepEqual(expandBraces(text), expected));
});
