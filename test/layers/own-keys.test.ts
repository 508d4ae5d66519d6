// Look-ups by somebody's text: a table or JSON object whose keys are any text is asked by ownValue or is a Map, since every
// object inherits `constructor` and its like (test/attacks/inherited-names.test.ts shows what comes of it at the doors).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Source, sources, withoutComments } from './sources.ts';

/** Types of objects whose keys are any text. */
const ANY_TEXT =
  /(?:Readonly<)?(?:Record<string,|\{ (?:readonly )?\[\w+: string\]|JsonObject\b|Json\b|JsonRecord\b|Labels\b|NodeJS\.ProcessEnv\b|Env\b)/
    .source;
const DECLARED = new RegExp(`\\b(\\w+)\\??: (?:readonly )?${ANY_TEXT}`, 'g');
const SATISFIES = /\bconst (\w+) = \{[^;]*?\} as const satisfies (?:Readonly<)?Record<string/g;

/** `table[key]` with a key that is no literal and no plain index. */
const LOOKED_UP = /(\b\w+|\})\)?!?\??\.?\[(?!['"`\d\]])([^\][{}]+)\]/g;
const INDEX = /^(?:i|j|k|at|index|from|to|end|next|.*(?:length|[-+] \d|\+\+|\w\()).*$/;

/** Look-ups whose keys are the program's own words, with the reason. */
const OWN_WORDS: { readonly [lookUp: string]: string } = {
  'MODIFIERS[modifier]': 'names of modifiers, a closed type',
  'PASSES[name]': 'names of the table itself',
  'spec[list]': 'containers or initContainers',
  'value[key]': 'names of fields, from a list in the file',
  'values[key]': 'names of declared options, as parseArgs returns them',
  'values[name]': 'names of declared options',
  'request[name]': 'names of fields, from a list in the file',
  'env[name]': 'names of settings',
  'after[key]': 'taken away, never read',
  'field[side]': 'before or after',
  'port[field]': 'containerPort or port',
  'object[LAST_APPLIED]': 'the one annotation of apply',
};

/** Names that are declared, anywhere, as such an object. */
const tables = (files: readonly Source[]): ReadonlySet<string> =>
  new Set(
    files.flatMap(({ text }) =>
      [...text.matchAll(DECLARED), ...text.matchAll(SATISFIES)].map(([, name]) => name ?? ''),
    ),
  );

const lookUps = (names: ReadonlySet<string>, { path, text }: Source): readonly string[] => {
  const code = withoutComments(text).replace(/\/(?![*/ ])(?:\\.|\[(?:\\.|[^\]\n])*\]|[^/\n\\[])+\/[a-z]*/g, '/re/');
  return [...code.matchAll(LOOKED_UP)]
    .filter(([, name = '', key = '']) => (name === '}' || names.has(name)) && !INDEX.test(key))
    .map(([, name, key]) => `${name}[${key}]`)
    .filter((found) => !Object.hasOwn(OWN_WORDS, found))
    .map((found) => `${path}: ${found}`);
};

test('what is looked up by any text is asked for its own keys alone', () => {
  // core/model/json.ts is where own keys are read and set.
  const files = sources().filter(({ path }) => !path.startsWith('sandbox/') && path !== 'core/model/json.ts');
  const names = tables(files);
  assert.deepEqual(
    files.flatMap((source) => lookUps(names, source)),
    [],
  );
});

test('the rule is awake', () => {
  const planted = [
    'const T: Readonly<Record<string, string>> = {};\nexport const f = (word: string) => T[word];',
    'interface A { readonly labels: { readonly [key: string]: string } }\nexport const f = (a: A, word: string) => a.labels[word];',
    'export const f = (word: string) => ({ list, verify })[word];',
    'export const f = (body: JsonObject, word: string) => body[word.trim];',
  ];
  for (const text of planted) {
    const source = { path: 'x.ts', text };
    assert.equal(lookUps(tables([source]), source).length, 1, text);
  }
});
