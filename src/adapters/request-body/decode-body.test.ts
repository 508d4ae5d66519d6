// Bodies by their content types, and every way in which protobuf may be broken; client-go's own objects are the measure.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Random } from '../../../test/generators/random.ts';
import { body, commonObjects, damaged, number, piece, varint } from '../../../test/request-body/objects.ts';
import type { OpaqueReason } from '../../core/model/api-request.ts';
import type { Json } from '../../core/model/json.ts';
import { type DecodedBody, decodeBody } from './decode-body.ts';
import { messageKinds, messageOfKind } from './protobuf/message-table.ts';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const CONFIG_MAP = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}';

const outcome = (read: DecodedBody): Json => {
  switch (read.kind) {
    case 'none':
      return 'none';
    case 'value':
      return { value: read.value };
    case 'opaque':
      return read.why;
    default:
      return read satisfies never;
  }
};

suite('a body by its content type', () => {
  const value = { value: JSON.parse(CONFIG_MAP) as Json };
  const rows: readonly (readonly [type: string | null, body: string | Buffer, expected: Json])[] = [
    ['application/json', '', 'none'],
    [null, CONFIG_MAP, value],
    ['Application/JSON; charset=utf-8', `\n ${CONFIG_MAP}\n`, value],
    ['application/merge-patch+json', '{"spec":{"replicas":null}}', { value: { spec: { replicas: null } } }],
    ['application/strategic-merge-patch+json', '{"$patch":"delete"}', { value: { $patch: 'delete' } }],
    ['application/json-patch+json', '[{"op":"remove","path":"/a"}]', { value: [{ op: 'remove', path: '/a' }] }],
    ['application/apply-patch+yaml', CONFIG_MAP, value],
    ['application/apply-patch+yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', value],
    ['application/yaml', '---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n', value],
    ['application/yaml', '', 'none'],
    ['application/yaml', '# nothing\n', { value: null }],
    ['application/yaml', 'a: 1\n---\nb: 2\n', 'unreadable'],
    ['application/yaml', 'a: 1\nb: 2\na: 3\n', 'duplicate-key'],
    ['application/yaml', 'a: {b: 1, "b": 2}\n', 'duplicate-key'],
    ['application/yaml', 'a: &x {b: 1}\nc: {<<: *x, b: 2}\n', { value: { a: { b: 1 }, c: { b: 2 } } }],
    ['application/yaml', 'a: [', 'unreadable'],
    ['application/apply-patch+yaml', '{"a":1,"a":2}', 'duplicate-key'],
    ['application/json', '{"a":{"b":1,"c":2,"b":3}}', 'duplicate-key'],
    ['application/json', '{"a":1,"\\u0061":2}', 'duplicate-key'],
    ['application/json', '{"a:b":":","c":"\\":"}', { value: { 'a:b': ':', c: '":' } }],
    ['application/json', '{"__proto__":{"a":1},"__proto__":{}}', 'duplicate-key'],
    ['application/json', '{"\\ud800":1,"\\ud801":2}', 'duplicate-key'],
    ['application/json', '[{"a":1},{"a":2}]', { value: [{ a: 1 }, { a: 2 }] }],
    ['application/json', '{"a":1}{"a":2}', 'unreadable'],
    ['application/json', '\ufeff{}', 'unreadable'],
    ['application/json', '{"a":9007199254740993}', 'unreadable'],
    ['application/json', '{"a":1e999}', 'unreadable'],
    ['application/json', '{"a":NaN}', 'unreadable'],
    ['application/json', Buffer.from([0x22, 0xff, 0x22]), 'unreadable'],
    ['application/json', `${'['.repeat(200)}${']'.repeat(200)}`, 'unreadable'],
    ['application/json', '['.repeat(3_000_000), 'unreadable'],
    ['application/json', `[${'0,'.repeat(1_500_000)}0]`, 'unreadable'],
    ['application/json', `"${'a'.repeat(3_000_000)}"`, { value: 'a'.repeat(3_000_000) }],
    ['application/cbor', Buffer.from([0xd9, 0xd9, 0xf7, 0xa0]), 'cbor'],
    ['application/apply-patch+cbor', Buffer.from([0xa0]), 'cbor'],
    ['application/x-www-form-urlencoded', 'a=b', 'content-type'],
    ['text/plain', CONFIG_MAP, 'content-type'],
    [PROTOBUF, CONFIG_MAP, 'unreadable'],
    ['application/json', body('v1', 'ConfigMap'), 'unreadable'],
  ];
  for (const [type, content, expected] of rows)
    test(`${type}: ${JSON.stringify(String(content).slice(0, 60))}`, () =>
      assert.deepEqual(outcome(decodeBody(type, Buffer.from(content as string))), expected));
});

test('a key that every object inherits is one like any other', () => {
  const read = decodeBody('application/json', Buffer.from('{"__proto__":{"polluted":1}}'));
  assert.ok(read.kind === 'value');
  assert.deepEqual(Object.keys(read.value as object), ['__proto__']);
  assert.equal(Object.getPrototypeOf(read.value), Object.prototype);
});

suite('an object of client-go as protobuf is the one that it prints as JSON', () => {
  for (const { bytes, json } of commonObjects())
    test(`${JSON.stringify(json['apiVersion'])} ${JSON.stringify(json['kind'])}`, () => {
      const read = decodeBody(PROTOBUF, bytes);
      assert.ok(read.kind === 'value', JSON.stringify(read));
      assert.equal(JSON.stringify(read.value), JSON.stringify(json));
    });
});

test('every kind of the table has its messages, and an empty object', () => {
  assert.ok(messageKinds().length > 140, String(messageKinds().length));
  for (const one of messageKinds()) {
    const [apiVersion = '', kind = ''] = one.split(' ');
    assert.notEqual(messageOfKind(apiVersion, kind), null, one);
    const read = decodeBody(PROTOBUF, body(apiVersion, kind));
    assert.ok(read.kind === 'value', one);
    const { apiVersion: said, kind: saidKind } = read.value as { readonly [key: string]: Json };
    assert.deepEqual([said, saidKind], [apiVersion, kind]);
  }
});

const METADATA = 1;
const NAME = 1;

suite('protobuf is read in full, or not at all', () => {
  const named = (...fields: readonly Buffer[]): Buffer => body('v1', 'ConfigMap', piece(METADATA, ...fields));
  const service = (...spec: readonly Buffer[]): Buffer => body('v1', 'Service', piece(2, ...spec));
  const port = (...fields: readonly Buffer[]): Buffer => service(piece(1, ...fields));
  const scale = (replicas: bigint | number): Buffer => body('autoscaling/v1', 'Scale', piece(2, number(1, replicas)));
  const entry = (...fields: readonly Buffer[]): Buffer => body('v1', 'ConfigMap', piece(2, ...fields));
  const revision = (data: string): Buffer => body('apps/v1', 'ControllerRevision', piece(2, piece(1, data)));
  const quantity = (text: string): Buffer =>
    body('v1', 'ResourceQuota', piece(2, piece(1, piece(1, 'cpu'), piece(2, piece(1, text)))));
  const created = (...time: readonly Buffer[]): Buffer => named(piece(8, ...time));
  const nested = (levels: number): Buffer => {
    let schema: Buffer = Buffer.alloc(0);
    for (let level = 0; level < levels; level++) schema = piece(28, schema); // JSONSchemaProps.not
    const version = piece(7, piece(1, 'v1'), piece(4, piece(1, schema)));
    return body('apiextensions.k8s.io/v1', 'CustomResourceDefinition', piece(2, version));
  };
  const envelope = (...fields: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from('k8s\0'), ...fields]);
  const TYPE = piece(1, piece(1, 'v1'), piece(2, 'ConfigMap'));

  const rows: readonly (readonly [what: string, bytes: Buffer, expected: OpaqueReason | 'value'])[] = [
    ['a name', named(piece(NAME, 'a')), 'value'],
    ['an unknown field', named(piece(NAME, 'a'), piece(99, 'x')), 'unknown-protobuf'],
    ['an unknown field of the object', body('v1', 'ConfigMap', piece(77)), 'unknown-protobuf'],
    ['an unknown kind', body('v1', 'Nothing'), 'unknown-protobuf'],
    ['a kind in another version', body('v2', 'ConfigMap'), 'unknown-protobuf'],
    ['a custom kind', body('example.com/v1', 'Widget'), 'unknown-protobuf'],
    ['a kind that objects inherit', body('v1', 'constructor'), 'unknown-protobuf'],
    ['no kind', envelope(piece(2)), 'unknown-protobuf'],
    ['options of a deletion in any version', body('apps/v1', 'DeleteOptions', number(1, 30)), 'value'],
    ['no object', envelope(TYPE), 'value'],
    ['nothing behind the magic', envelope(), 'unknown-protobuf'],
    ['another magic', Buffer.concat([Buffer.from('k8s\x01'), TYPE]), 'unreadable'],
    ['two objects', envelope(TYPE, piece(2), piece(2)), 'unreadable'],
    ['two types', envelope(TYPE, TYPE, piece(2)), 'unreadable'],
    ['packed by another program', envelope(TYPE, piece(2), piece(3, 'gzip')), 'unreadable'],
    ['JSON in the envelope', envelope(TYPE, piece(2, '{}'), piece(4, 'application/json')), 'unreadable'],
    ['bytes behind the end', Buffer.concat([named(piece(NAME, 'a')), Buffer.from([0])]), 'unreadable'],
    ['a name twice', named(piece(NAME, 'a'), piece(NAME, 'b')), 'unreadable'],
    ['metadata twice', body('v1', 'ConfigMap', piece(METADATA), piece(METADATA)), 'unreadable'],
    ['a name as a number', named(number(NAME, 1)), 'unreadable'],
    ['a number as a text', body('autoscaling/v1', 'Scale', piece(2, piece(1, 'x'))), 'unreadable'],
    ['a group', named(varint(NAME * 8 + 3), varint(NAME * 8 + 4)), 'unreadable'],
    ['a field without a number', named(varint(2), varint(0)), 'unreadable'],
    ['a text that is no UTF-8', named(piece(NAME, Buffer.from([0xff]))), 'unreadable'],
    ['a length beyond the message', named(Buffer.from([0x0a, 0x7f, 0x61])), 'unreadable'],
    ['a negative length', named(Buffer.concat([Buffer.from([0x0a]), varint(-1)])), 'unreadable'],
    ['a number that is cut off', named(Buffer.from([0x0a, 0x80])), 'unreadable'],
    ['a number of 11 bytes', scaleBytes(Buffer.from([...Array(10).fill(0x80), 0x01])), 'unreadable'],
    ['a number of 65 bits', scaleBytes(Buffer.from([...Array(9).fill(0x80), 0x02])), 'unreadable'],
    ['replicas', scale(3), 'value'],
    ['negative replicas', scale(-1), 'value'],
    ['replicas beyond 32 bits', scale(2n ** 32n + 1n), 'unreadable'],
    ['a generation that JSON has', named(number(7, 2 ** 53 - 1)), 'value'],
    ['a generation that JSON would round', named(number(7, 2n ** 53n + 1n)), 'unreadable'],
    ['neither true nor false', service(number(17, 2)), 'unreadable'],
    ['a port as a number', port(piece(4, number(1, 0), number(2, 80))), 'value'],
    ['a port as neither', port(piece(4, number(1, 2))), 'unreadable'],
    ['an entry', entry(piece(1, 'a'), piece(2, 'b')), 'value'],
    ['an entry without a value', entry(piece(1, 'a')), 'unreadable'],
    ['an entry without a key', entry(piece(2, 'b')), 'unreadable'],
    ['an entry with two keys', entry(piece(1, 'a'), piece(1, 'b'), piece(2, 'c')), 'unreadable'],
    ['an entry with more', entry(piece(1, 'a'), piece(2, 'b'), piece(3, 'c')), 'unreadable'],
    [
      'an entry twice',
      body('v1', 'ConfigMap', ...[1, 2].map(() => piece(2, piece(1, 'a'), piece(2, 'b')))),
      'unreadable',
    ],
    ['JSON within', revision('{"a":1}'), 'value'],
    ['JSON within with a key twice', revision('{"a":1,"a":2}'), 'unreadable'],
    ['no JSON within', revision('{'), 'unreadable'],
    ['protobuf within', revision('k8s\0'), 'unreadable'],
    ['deep JSON within', revision(`${'['.repeat(128)}${']'.repeat(128)}`), 'unreadable'],
    ['a quantity', quantity('1536Mi'), 'value'],
    ['no quantity', quantity('much'), 'unreadable'],
    ['an empty quantity', quantity(''), 'unreadable'],
    ['a time', created(number(1, 1_790_000_000)), 'value'],
    ['a time before the year 1', created(number(1, -62_135_596_801)), 'unreadable'],
    ['a time behind the year 9999', created(number(1, 253_402_300_800)), 'unreadable'],
    ['schemas within schemas', nested(40), 'value'],
    ['schemas nested too deep', nested(130), 'unreadable'],
    ['schemas nested as deep as a body is long', nested(5_000), 'unreadable'],
    ['a million empty ports', service(Buffer.alloc(2_000_000, piece(1))), 'unreadable'],
  ];
  for (const [what, bytes, expected] of rows)
    test(what, () => {
      const read = decodeBody(PROTOBUF, bytes);
      assert.equal(read.kind === 'opaque' ? read.why : read.kind, expected, JSON.stringify(read).slice(0, 300));
    });
});

function scaleBytes(replicas: Buffer): Buffer {
  return body('autoscaling/v1', 'Scale', piece(2, varint(8), replicas));
}

test('bytes at random and damaged objects are answered, and what ends early is not read', () => {
  const random = new Random(7);
  const chance = (): number => random.below(1_000_000) / 1_000_000;
  const objects = commonObjects();
  let values = 0;
  for (let run = 0; run < 5_000; run++) {
    const { bytes } = objects[run % objects.length] ?? assert.fail();
    if (decodeBody(PROTOBUF, damaged(bytes, chance)).kind === 'value') values++;
    // the last two fields of the envelope are empty: four bytes
    const cut = 1 + random.below(bytes.length - 5);
    const isTypeAlone = bytes.subarray(0, cut).equals(bytes.subarray(0, 6 + (bytes[5] ?? 0)));
    if (!isTypeAlone) assert.equal(decodeBody(PROTOBUF, bytes.subarray(0, cut)).kind, 'opaque', `${run}: ${cut}`);
  }
  assert.ok(values > 100, `${values} damaged ones were read`);
});
