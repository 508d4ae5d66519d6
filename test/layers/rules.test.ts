// Rules of the house that text alone can hold (CONTRIBUTING.md lists them): one name, one meaning; functions are declared;
// "must never" names who holds it; tests are not imported, and what serves them lives under test.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { filesUnder, ROOT, type Source, sources, withoutComments } from './sources.ts';

const own = (): readonly Source[] => sources().filter(({ path }) => !path.startsWith('sandbox/'));

const EXPORTED = /^export (?:abstract )?(?:async )?(?:const|function\*?|class|interface|type|enum) (\w+)/gm;
const exportedNames = ({ text }: Source): readonly string[] => [
  ...new Set([...withoutComments(text).matchAll(EXPORTED)].map(([, name]) => name ?? '')),
];

/** Names that several files export, with the files. */
const repeated = (files: readonly Source[]): readonly string[] => {
  const places = Map.groupBy(
    files.flatMap((source) => exportedNames(source).map((name) => ({ name, path: source.path }))),
    ({ name }) => name,
  );
  return [...places]
    .filter(([, all]) => all.length > 1)
    .map(([name, all]) => `${name}: ${all.map(({ path }) => path).join(', ')}`);
};

/** An exported arrow without a named type is a function that others call: it is declared. */
const arrows = ({ path, text }: Source): readonly string[] =>
  [...withoutComments(text).matchAll(/^export const (\w+) = (?:async )?(?:\([^)]*\)|\w+)(?:: [^=]+)? =>/gm)].map(
    ([, name]) => `${path}: ${name}`,
  );

const forwards = ({ path, text }: Source): readonly string[] =>
  [...withoutComments(text).matchAll(/^export (?:type )?(?:\{|\*).*$/gm)].map(([line]) => `${path}: ${line}`);

/** What a file's opening comment forbids without naming the test or the type that holds it. */
const unheld = ({ path, text }: Source): readonly string[] => {
  const opening = /^(?:#!.*\n)?((?:\/\/.*\n)*)/.exec(text)?.[1] ?? '';
  const held = /\b(?:test|src|core)\/[\w./-]+/.test(opening);
  return /\b(?:must|may) (?:never|not)\b/.test(opening) && !held ? [path] : [];
};

test('an exported name exists once in src, and no file passes on what another exports', () => {
  assert.deepEqual(repeated(own()), []);
  assert.deepEqual(own().flatMap(forwards), []);
});

test('exported functions are declared', () => {
  assert.deepEqual(own().flatMap(arrows), []);
});

test('a first line forbids only what it shows to be held', () => {
  assert.deepEqual(own().flatMap(unheld), []);
});

test('no folder of src is called spec, test or mock', () => {
  const folders = readdirSync(join(ROOT, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  assert.ok(folders.length > 20);
  assert.deepEqual(
    folders.filter((name) => /^_*(?:specs?|tests?|mocks?|fakes?|fixtures?)_*$/.test(name)),
    [],
  );
});

const FROM = /(?:from|import\() ?'(\.[^']*)'/g;
const importsOf = (text: string): readonly string[] => [...text.matchAll(FROM)].map(([, path]) => path ?? '');

test('a test is run, never imported; fakes and kits live under test, and src imports them in tests alone', () => {
  const files = ['src', 'test', 'scripts', 'bench'].flatMap((folder) =>
    filesUnder(folder).map((path) => ({
      path: `${folder}/${path}`,
      text: readFileSync(join(ROOT, folder, path), 'utf8'),
    })),
  );
  const imports = files.flatMap(({ path, text }) => importsOf(text).map((to) => ({ path, to })));
  assert.ok(imports.length > 1000, `only ${imports.length} imports were found`);
  assert.deepEqual(
    imports.filter(({ to }) => to.endsWith('.test.ts')),
    [],
  );
  assert.deepEqual(
    imports.filter(({ path, to }) => path.startsWith('src/') && !path.endsWith('.test.ts') && /\.\.\/test\//.test(to)),
    [],
  );
  const classes = files.filter(({ text }) => /^export class Memory\w+ implements/m.test(text));
  assert.deepEqual(
    classes.filter(({ path }) => !path.startsWith('test/fakes/')).map(({ path }) => basename(path)),
    [],
  );
});

test('the rules are awake: each kind of breach is found', () => {
  const one = (text: string): Source => ({ path: 'core/model/x.ts', text });
  assert.equal(repeated([one('export const a = 1;\n'), one('export type a = 1;\n')]).length, 1);
  assert.equal(repeated([one('export function a(): 1;\nexport function a(): 2;\n')]).length, 0);
  for (const text of [
    'export const a = (b: string): string => b;',
    'export const a = async () => 1;',
    'export const a = b => b;',
  ])
    assert.equal(arrows(one(text)).length, 1, text);
  assert.equal(arrows(one('export const a: Rule = (b) => b;')).length, 0);
  for (const text of ["export { a } from './a.ts';", "export * from './a.ts';", 'export type { A };'])
    assert.equal(forwards(one(text)).length, 1, text);
  assert.equal(unheld(one('// Reads. It must never write.\n')).length, 1);
  assert.equal(unheld(one('// Reads. It must never write: test/layers/law.test.ts.\n')).length, 0);
});
