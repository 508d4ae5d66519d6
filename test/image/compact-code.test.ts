// What the package carries: the programs that were compiled, without spaces that mean nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { compactCode } from '../../scripts/compact-code.ts';

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates are what is read here
const ROWS: readonly (readonly [what: string, code: string, compact: string])[] = [
  ['indentation goes, lines stay', 'function f(a, b) {\n    return a;\n}\n', 'function f(a,b){\nreturn a;\n}\n'],
  ['words stay apart', 'export const x = typeof y in z;', 'export const x=typeof y in z;'],
  ['strings stay', `const a = "b  c = d";`, `const a="b  c = d";`],
  [
    'templates stay, their expressions shrink',
    'const a = `b\n    c  ${ d + 1 }\n  e`;',
    'const a=`b\n    c  ${d+1}\n  e`;',
  ],
  ['templates within templates', 'a = `x  ${ b ? `y  ${ c }` : "" }  z`;', 'a=`x  ${b?`y  ${c}`:""}  z`;'],
  ['regular expressions stay', 'const a = b.replace(/ x  y /g, "");', 'const a=b.replace(/ x  y /g,"");'],
  ['signs that would join', 'a = b + +c - -d + ++e;', 'a=b+ +c- -d+ ++e;'],
  ['a division beside a regular expression', 'a = b / /c/.d;', 'a=b/ /c/.d;'],
  ['a choice that is no optional access', 'a = b ? .5 : c ?.d;', 'a=b?.5:c?.d;'],
  [
    'private names and words beyond ASCII',
    'class A { #é = 1; has(o) { return #é in o; } }',
    'class A{#é=1;has(o){return#é in o;}}',
  ],
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: templates are what is read here

for (const [what, code, compact] of ROWS) {
  test(`A compiled module: ${what}`, () => assert.equal(compactCode(code, 'a.js'), compact));
}

test('What is no program is refused with its name', () => {
  assert.throws(() => compactCode('const = 1;', 'dist/broken.js'), /dist\/broken\.js/);
});

test('Where taking the spaces out would change the program, nothing comes out', () => {
  // `<!--` begins a comment, but in modules.
  assert.throws(() => compactCode('a < !--b\nc', 'dist/old.cjs'), /dist\/old\.cjs: .*another program/);
});
