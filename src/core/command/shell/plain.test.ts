// Lines of plain and quoted words, and all the lines that are more. It must never run a shell.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are lines of shell, not templates
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readPlain } from './plain.ts';
import { quoteArgv } from './quote.ts';
import { readLine } from './read-line.ts';

describe('a plain line', () => {
  for (const [line, words] of [
    ['kubectl get pods', ['kubectl', 'get', 'pods']],
    ['  kubectl\tget   pods \n', ['kubectl', 'get', 'pods']],
    [`ku"bec"tl 'get' po\\ds`, ['kubectl', 'get', 'pods']],
    [`a "b c" 'd "e' "f 'g"`, ['a', 'b c', 'd "e', "f 'g"]],
    [`a "" ''`, ['a', '', '']],
    ['a "\\"\\\\\\$\\`\\n"', ['a', '"\\$`\\n']],
    ['a \\$x \\* \\;', ['a', '$x', '*', ';']],
    ['a \\\n b', ['a', 'b']],
    ['a "b\\\nc"', ['a', 'bc']],
    ["a 'b\nc'", ['a', 'b\nc']],
    ['a # comment $x', ['a']],
    ['a b#c', ['a', 'b#c']],
    ['# comment\na b\n# more\n\n', ['a', 'b']],
    ["a '$x' '`y`' '*'", ['a', '$x', '`y`', '*']],
    ['a k=v', ['a', 'k=v']],
    ['a !b c!=d e!', ['a', '!b', 'c!=d', 'e!']],
    ['a {.x.y} a{b}c {} { }', ['a', '{.x.y}', 'a{b}c', '{}', '{', '}']],
    ['a N:{.x},M:{.y}', ['a', 'N:{.x},M:{.y}']],
    ["a {b','c} {d\\,e}", ['a', '{b,c}', '{d,e}']],
    ['a b;', ['a', 'b']],
    ['a b ; # c\n\n', ['a', 'b']],
    ["'if' x", ['if', 'x']],
    ['a –dry-run', ['a', '–dry-run']],
    ['', []],
    [' \n# x', []],
  ] as const)
    test(JSON.stringify(line), () => assert.deepEqual(readPlain(line), words));

  for (const line of [
    'a | b',
    'a && b',
    'a; b',
    'a;;',
    'a; b;',
    '; a',
    ';',
    '! a',
    '} a',
    'a {1..3}',
    'a {b"c",d}',
    'a x{b{c,d}}',
    'a &',
    'a\nb',
    'a $x',
    'a "$x"',
    'a `b`',
    'a "`b`"',
    'a $(b)',
    'a > b',
    'a < b',
    'a 2>&1',
    'a <<< b',
    'a *',
    'a ?',
    'a [x]',
    'a {b,c}',
    'a ~',
    '(a)',
    '{ a; }',
    'X=1 a',
    'X+=1 a',
    'if a',
    'a=""',
    'A="b" c',
    "KUBECONFIG='x' kubectl get pods",
    'time a',
    '! a',
    "a 'b",
    'a "b',
    'a \\',
    'a \0',
    "a '\0'",
    "$'a'",
    'a\\\0',
  ])
    test(`${JSON.stringify(line)} is more`, () => assert.equal(readPlain(line), null));
});

describe('the two readers', () => {
  const letter = fc.constantFrom(...'ab-=/.,:@%+# \t\n\'"\\é $`<>(){}*?[]~!|&;'.split(''));
  const line = fc.oneof(
    fc.array(letter, { maxLength: 24 }).map((letters) => letters.join('')),
    fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 6 }).map(quoteArgv),
  );

  test('agree wherever the plain one reads', () => {
    fc.assert(
      fc.property(line, (text) => {
        const plain = readPlain(text);
        if (plain === null || plain.length === 0 || /\d[<>]\(/.test(text)) return; // such a line is read as plain only
        const { commands, unreadable } = readLine(text);
        assert.equal(unreadable, null);
        assert.deepEqual(
          commands.map(({ words }) => words.map((word) => word.text)),
          [plain],
        );
        assert.deepEqual(commands[0]?.assigned, []);
      }),
      { numRuns: 1000 },
    );
  });

  test('what is quoted is read back', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (argv) => {
        const line = quoteArgv(argv);
        if (line.includes('\0')) return;
        assert.deepEqual(readPlain(line), argv);
      }),
    );
  });
});
