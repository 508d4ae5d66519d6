// The rules by which kubectl reads a text (test/yaml/rules.ts; test/yaml/yaml.real.test.ts holds kubectl to the same), and the time.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { jsonList } from '../../../test/generators/json-texts.ts';
import { Random } from '../../../test/generators/random.ts';
import { CHANCE } from '../../../test/yaml/rules/scalars.ts';
import { RULES } from '../../../test/yaml/rules.ts';
import { newReadingBudget } from '../../core/model/command.ts';
import { Unreadable } from './go-yaml/unreadable.ts';
import { listReadAlike } from './json-text.ts';
import { yamlDocument } from './manifests.ts';
import { readDocuments } from './read-documents.ts';

suite('a text is read as kubectl reads it', () => {
  for (const { what, as, text, documents } of [...RULES, ...CHANCE])
    test(`${as}: ${what}`, () => assert.deepEqual(readDocuments(text, as), documents));
});

test('half a surrogate pair is no text', () => {
  for (const as of ['manifests', 'patch', 'overrides'] as const)
    assert.equal(readDocuments('{"a":"\ud83d"}', as), null);
});

suite('a JSON patch that is read as JSON', () => {
  const asYaml = (text: string): unknown => {
    try {
      return yamlDocument(text, newReadingBudget());
    } catch (error) {
      assert.ok(error instanceof Unreadable, String(error));
      return error;
    }
  };

  test('is what YAML makes of it', () => {
    const random = new Random(9);
    let alike = 0;
    for (let run = 0; run < 20_000; run++) {
      const text = jsonList(random);
      const value = listReadAlike(text, newReadingBudget());
      if (value === null) continue;
      alike++;
      const inYaml = asYaml(text);
      assert.deepEqual(value, inYaml, text);
      assert.equal(JSON.stringify(value), JSON.stringify(inYaml), text);
    }
    assert.ok(alike > 2_000, `${alike} of them are read as JSON`);
  });

  const ALIKE = ['[]', '[{"op":"replace","path":"/spec/replicas","value":2}]', '[{"<<":{"a":1}}, {"a":"\'","a":null}]'];
  for (const text of ALIKE)
    test(`JSON: ${text}`, () => assert.deepEqual(listReadAlike(text, newReadingBudget()), JSON.parse(text)));

  const LEFT_TO_YAML: Readonly<Record<string, string>> = {
    'minus zero': '[-0]',
    'a fraction': '[1.0]',
    'an exponent, which is text in YAML': '[1e3]',
    'a number of more digits than are sure': '[1234567890123456]',
    'an escape': '["\\u0041"]',
    'half a surrogate pair': '["\\ud83d"]',
    'a character of two units': '["\u{1f600}"]',
    DEL: '["\u007f"]',
    'a control character of Latin-1': '["\u0085"]',
    'a tab': '[\t1]',
    'a line break': '[\n1]',
    'a key that is too long for YAML': `[{"${'k'.repeat(1_025)}":1}]`,
    'many levels': '['.repeat(100) + ']'.repeat(100),
    'what stands behind': '[1] 2',
    'an end that is missing': '[1',
    'a comma too many': '[1,]',
    'no list': '{"a":1}',
  };
  for (const [what, text] of Object.entries(LEFT_TO_YAML))
    test(`YAML: ${what}`, () => assert.equal(listReadAlike(text, newReadingBudget()), null));
});

const MIB = 2 ** 20;
const filled = (unit: string, head = '', tail = ''): string =>
  head + unit.repeat((MIB - head.length - tail.length) / unit.length) + tail;
const numbered = (many: number, line: (at: number) => string): string =>
  Array.from({ length: many }, (_, at) => line(at)).join('');

/** Texts of up to 1 MiB that a reader could take a time for which grows with their square. */
const LONG: Readonly<Record<string, string>> = {
  '60,000 keys': numbered(60_000, (at) => `k${at}: v\n`),
  'one key many times': filled('a: b\n'),
  '50,000 aliases': `- &a x\n${'- *a\n'.repeat(50_000)}`,
  '30,000 anchors': numbered(30_000, (at) => `- &a${at} x\n`),
  'merges of a wide mapping': `a: &a {${numbered(500, (at) => `k${at}: 1,`)}}\n${'<<: *a\n'.repeat(50_000)}`,
  'open brackets': filled('['),
  'keys in flow': filled('a:,', '{', '}'),
  'a word': filled('a'),
  words: filled('a '),
  'a folded text': filled('a\u2028'),
  'an open quote': filled('a\n', '"'),
  escapes: filled('\\n', '"', '"'),
  'a literal': filled(' a\n', '|\n'),
  'empty lines': filled('\n', 'a: |\n', ' a'),
  blanks: filled(' ', 'a:'),
  comments: filled('# c\n'),
  'long keys': filled(`${'k'.repeat(1020)}: 1\n`),
  'characters of two units': filled(`[${'😀,'.repeat(680)}]: 1\n`),
  'digits without end': filled('1', '0x'),
  marks: filled('---\n'),
  documents: filled('a\n---\n'),
  'byte order marks': filled('\ufeff', 'a'),
  'JSON values': filled('{}'),
  'JSON entries': filled('1,', '{"a":[', '1]}'),
  'open JSON': filled('{"a":'),
  'blanks behind JSON': filled(' ', '{"a":1}', 'x'),
};

suite('no text takes long', () => {
  for (const [what, text] of Object.entries(LONG))
    test(what, () => {
      for (const as of ['manifests', 'patch'] as const) {
        const before = process.threadCpuUsage();
        readDocuments(text, as);
        const { user, system } = process.threadCpuUsage(before);
        assert.ok((user + system) / 1000 < 500, `${(user + system) / 1000} ms`); // some 50 on a machine at rest
      }
    });
});
