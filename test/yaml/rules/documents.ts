// Rules of documents: merges, aliases, blocks and flow collections, JSON, what stands between documents, the reader's limits.
import type { Json } from '../../../src/core/model/json.ts';
import { manifests, overrides, patch, REFUSED, type Rule, UNSEEN } from './rule.ts';

const MERGES: readonly Rule[] = [
  patch('a merge behind a key overrides it', 'a: 1\n<<: {a: 2}\n', { a: 2 }),
  patch('a key behind a merge overrides it', '<<: {a: 2}\na: 1\n', { a: 1 }),
  patch('in flow', 'spec: {replicas: 3, <<: {replicas: 0}}', { spec: { replicas: 0 } }),
  patch('of a list the first wins', '<<: [{a: 1, b: 1}, {a: 2, c: 2}]\n', { a: 1, b: 1, c: 2 }),
  patch('the later of two merges wins', '<<: {a: 1}\n<<: {a: 2}\n', { a: 2 }),
  patch('by alias', 'x: &x {ns: k}\nm: {ns: d, <<: *x}\n', { x: { ns: 'k' }, m: { ns: 'k' } }),
  patch('by a list of aliases', 'x: &x {a: 1}\nz: &z {a: 2}\n<<: [*z, *x]\n', { x: { a: 1 }, z: { a: 2 }, a: 2 }),
  patch('a merge within a merge', '<<: {a: 1, <<: {a: 2, b: 2}}\n', { a: 2, b: 2 }),
  patch('it replaces whole values', 'a: {b: 1}\n<<: {a: {c: 2}}\n', { a: { c: 2 } }),
  patch('in quotes it is a key', '"<<": {a: 1}\n', { '<<': { a: 1 } }),
  patch('in quotes with its tag it merges', '!!merge "<<": {a: 1}\n', { a: 1 }),
  patch('with "!" it merges', '! "<<": {a: 1}\n', { a: 1 }),
  patch('tagged as text it is a key', '!!str <<: {a: 1}\n', { '<<': { a: 1 } }),
  patch('of nothing', '<<: []\n', {}),
  patch('of null', '<<:\n', REFUSED),
  patch('of a scalar', '<<: a\n', REFUSED),
  patch('of a list in a list', '<<: [[{a: 1}]]\n', REFUSED),
  patch('of an alias of a list', 'x: &x [{a: 1}]\n<<: *x\n', REFUSED),
];

const ALIASES: readonly Rule[] = [
  patch('an alias is what it stands for', 'a: &a [1, {b: c}]\nd: *a\n', { a: [1, { b: 'c' }], d: [1, { b: 'c' }] }),
  patch('the latest anchor of a name counts', 'a: &x 1\nb: *x\nc: &x 2\nd: *x\n', { a: 1, b: 1, c: 2, d: 2 }),
  patch('an alias of nothing', 'a: *x\n', REFUSED),
  patch('an alias before its anchor', 'a: *x\nb: &x 1\n', REFUSED),
  patch('an alias within what it stands for', 'a: &a {b: *a}\n', REFUSED),
  patch('an anchor without a node', 'a: &a\nb: *a\n', { a: null, b: null }),
  patch('a name with signs', 'a: &a-b_1 x\nb: [*a-b_1]\n', { a: 'x', b: ['x'] }),
  patch('a name with others', 'a: &a.b x\n', REFUSED),
  patch('an anchor and a tag in either order', 'a: &x !!str 1\nb: !!str &y 1\n', { a: '1', b: '1' }),
];

const STRUCTURE: readonly Rule[] = [
  patch('a sequence at the column of its key', 'a:\n- 1\n- b: 2\n  c: 3\nd: 4\n', { a: [1, { b: 2, c: 3 }], d: 4 }),
  patch('sequences in a sequence', '- - 1\n  - 2\n-\n- 3\n', [[1, 2], null, 3]),
  patch('an explicit key', '? a\n: b\n? c\n', { a: 'b', c: null }),
  patch('a pair in a flow sequence', '[a: b, ? c : d, e]', [{ a: 'b' }, { c: 'd' }, 'e']),
  patch('words in a flow mapping', '--- {a, b: , ? c, "d"}', { a: null, b: null, c: null, d: null }),
  patch('a comma behind the last', '[a, {b: c,},]', ['a', { b: 'c' }]),
  patch('two commas', '[a,,b]', REFUSED),
  patch('a comment glued to a bracket', '[a]#c', ['a']),
  patch('a collection without end', '[a', REFUSED),
  patch('a line without a colon', 'a: 1\nb\nc: 2\n', REFUSED),
  patch('a key too far left ends the document', '  a: 1\n b: 2\n', { a: 1 }),
  patch('a mapping on the line of its key', 'a: b: c', REFUSED),
  patch('a tab before a value', 'a:\t1\n-\tb: 1\n', REFUSED),
  patch('a tab between key and value', 'a:\t1\n', { a: 1 }),
  patch('a tab before a key', '\ta: 1\n', REFUSED),
  patch('only the first document of a patch', 'a: 1\n---\na: 2\n', { a: 1 }),
  patch('what stands behind a flow collection is not looked at', '[1]\nkind: Namespace\n', [1]),
  patch('nor behind the end of a document', 'a: 1\n...\n[', { a: 1 }),
  patch('but one token behind a flow collection is', '[1] "', REFUSED),
  patch('a document of a comment', '# c\n', null),
  patch('an end of no document', '...\na: 1\n', REFUSED),
];

const JSON_TEXTS: readonly Rule[] = [
  patch('JSON is JSON', ' {"a": "\\/\\ud83d\\ude00", "a": [1e3, 1.50]}\n', { a: [1000, 1.5] }),
  patch('half a surrogate pair in JSON', '{"a": "\\ud83d"}', { a: '\ufffd' }),
  patch('a brace that begins no JSON is refused as a patch', '{a: 1}', REFUSED),
  patch('text behind JSON', '{"a": 1} x', REFUSED),
  patch('two values', '{"a": 1}{"b": 2}', REFUSED),
  patch('a bracket begins YAML', '["a", y]', ['a', true]),
  patch('a byte order mark makes it YAML', '\ufeff{"a": y}', { a: true }),
  patch('a rounded number in JSON', '{"a": 9007199254740993}', UNSEEN),
  patch('digits in a string', '{"a": "9007199254740993"}', { a: '9007199254740993' }),
  patch('a number of more than 64 bits', '{"a": 123456789012345678901234567890}', { a: 1.2345678901234568e29 }),
  manifests('one object', '{"spec":{"replicas":0}}', [{ spec: { replicas: 0 } }]),
  manifests('values that follow each other', '{"a":"}\\""}\n{"b":[1]} ', [{ a: '}"' }, { b: [1] }]),
  manifests('a null among them', '{"a":1}null{"b":1}', [{ a: 1 }, { b: 1 }]),
  manifests('a brace that begins no JSON is YAML', '{a: y}', [{ a: true }]),
  manifests('too short for that', '{a}', REFUSED),
  manifests('JSON, then YAML', '{"a":1}\n---\nb: y\n', [{ a: 1 }, { b: true }]),
  manifests('YAML behind JSON on its line', '{"a":1} b: y\n', [{ a: 1 }, { b: true }]),
  manifests('two JSON values, then YAML', '{"a":1}\n{"b":1}\nc: 1\n', REFUSED),
  manifests('four bytes must be left', '{"a":1}\nb: 1', [{ a: 1 }, { b: 1 }]),
  manifests('fewer are', '{"a":1} b:', REFUSED),
  manifests('blanks of Unicode before a brace', '\u00a0\u2028{a: y}', [{ a: true }]),
  manifests('a brace behind 4,096 blanks is YAML', `${' '.repeat(4096)}{"a": y}`, [{ a: true }]),
  manifests('JSON within quotes of YAML', "{a: '9007199254740993, \"'}", [{ a: '9007199254740993, "' }]),
  overrides('overrides are JSON', '{"spec":{"hostNetwork":true}}', [{ spec: { hostNetwork: true } }]),
  overrides('never YAML', '{spec: {hostNetwork: true}}', REFUSED),
  overrides('nor with more behind it', '{"a":1} {}', REFUSED),
];

const DOCUMENTS: readonly Rule[] = [
  manifests('one document', 'spec:\n  replicas: 0\n', [{ spec: { replicas: 0 } }]),
  manifests('several, an empty one among them', 'a: 1\n---\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]),
  manifests('nothing at all', '', []),
  manifests('only blanks and comments', ' # nothing\n\n---\n# more\n', []),
  manifests('null is nothing', '~\n---\nnull\n', []),
  manifests('a scalar is something', 'a\n', ['a']),
  manifests('a comment behind the mark', 'a: 1\n--- # c\nb: 2\n', [{ a: 1 }, { b: 2 }]),
  manifests('text behind the mark', 'a: 1\n--- b\n', REFUSED),
  manifests('more dashes', 'a: 1\n----\nb: 2\n', REFUSED),
  manifests('a mark within a literal ends the document', 'a: |\n  b\n---\nc: 1\n', [{ a: 'b\n' }, { c: 1 }]),
  manifests('a mark that is indented ends none', 'a: |\n  b\n  ---\n  c\n', [{ a: 'b\n---\nc\n' }]),
  manifests('a mark behind another break: the rest is not read', 'a: 1\r---\rb: 2\n', [{ a: 1 }]),
  manifests('the line of a mark behind a comment goes with it', 'a: 1\n--- # c\u2028b: 2\nc: 3\n', [
    { a: 1 },
    { c: 3 },
  ]),
  manifests('but not that of the first', '--- # c\u2028b: 2\nc: 3\n', [{ b: 2, c: 3 }]),
  manifests('a directive and its mark are two documents', '%YAML 1.1\n---\na: 1\n', REFUSED),
  manifests('CRLF', 'a: 1\r\n---\r\nb: 2\r\n', [{ a: 1 }, { b: 2 }]),
  manifests('two CR and LF', 'a: |\r\r\n  b\r\r\n', [{ a: 'b\n' }]),
  manifests('a broken document beside a good one', 'a: 1\n---\nb: [\n', REFUSED),
  manifests('a byte order mark', '\ufeffa: 1\n', [{ a: 1 }]),
  manifests('before a later document', 'a: 1\n---\n\ufeffb: 2\n', [{ a: 1 }, { b: 2 }]),
  manifests('before JSON', '\ufeff{"a": 1}', [{ a: 1 }]),
  manifests('two of them', '\ufeff\ufeffa: 1\n', [{ a: 1 }]),
  manifests('three of them', '\ufeff\ufeff\ufeffa: 1\nb: 2\n', REFUSED),
  manifests('one behind the first mark is part of a key', '---\n\ufeffkind: a\nlonger: text\n', [
    { '\ufeffkind': 'a', longer: 'text' },
  ]),
  manifests('one near the end', 'a: \ufeff\n', UNSEEN),
  manifests('one in a long text', `a: \ufeffb\n# ${'c'.repeat(600)}\n`, [{ a: '\ufeffb' }]),
  manifests('one where the buffer of go-yaml ends', `# ${'c'.repeat(507)}\n\ufeffa: b\n# ${'c'.repeat(600)}\n`, UNSEEN),
];

const LIMITS: readonly Rule[] = [
  patch(
    '100 levels',
    `${'['.repeat(100)}${']'.repeat(100)}`,
    JSON.parse(`${'['.repeat(100)}${']'.repeat(100)}`) as Json,
  ),
  patch('200 levels in flow', `${'['.repeat(200)}${']'.repeat(200)}`, UNSEEN),
  patch('200 levels in a block', `${'- '.repeat(200)}a`, UNSEEN),
  patch('200 levels of JSON', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, UNSEEN),
  patch(
    '200 levels by alias',
    `a0: &a0 {}\n${Array.from({ length: 200 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}]\n`).join('')}`,
    UNSEEN,
  ),
  patch(
    'aliases that grow without end',
    'abcdefghi'
      .split('')
      .map(
        (name, at) =>
          `${name}: &${name} [${Array<string>(9)
            .fill(at === 0 ? 'x' : `*${'abcdefghi'[at - 1] ?? ''}`)
            .join(',')}]\n`,
      )
      .join(''),
    REFUSED,
  ),
  patch('100,000 entries', '-\n'.repeat(100_000), UNSEEN),
  manifests('3,000 documents', 'a: 1\n---\n'.repeat(3000), UNSEEN),
];

export const DOCUMENT_RULES: readonly Rule[] = [
  ...MERGES,
  ...ALIASES,
  ...STRUCTURE,
  ...JSON_TEXTS,
  ...DOCUMENTS,
  ...LIMITS,
];
