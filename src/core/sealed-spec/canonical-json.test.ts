// The canonical text of any value is the one that the library of RFC 8785 makes, or the same error.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';

type Made = { readonly text: string | undefined } | { readonly error: string };

const madeBy = (make: (value: unknown) => string | undefined, value: unknown): Made => {
  try {
    return { text: make(value) };
  } catch (error) {
    return { error: (error as Error).message };
  }
};

const assertSame = (value: unknown): void =>
  assert.deepEqual(madeBy(canonicalJson, value), madeBy(canonicalize, value));

const nested = (depth: number, inner: unknown): unknown => (depth === 0 ? inner : { in: [nested(depth - 1, inner)] });

const circle = (): object => {
  const one: { self?: object } = {};
  one.self = one;
  return one;
};

suite('canonical JSON', () => {
  const ODD: readonly (readonly [what: string, value: unknown])[] = [
    ['keys that are whole numbers', { '10': 1, '9': 2, '-1': 3, '1.5': 4, '01': 5, a: 6, '': 7 }],
    ['keys beyond ASCII', { é: 1, z: 2, '\u{1f600}': 3, '\ufb33': 4, '\r': 5 }],
    ['"__proto__" and its kin', JSON.parse('{"__proto__":{"b":1,"a":2},"constructor":1,"toString":2}')],
    ['numbers', [1e21, 1e-7, -0, 0.1, 333333333.3333333, 5e-324, Number.MAX_SAFE_INTEGER]],
    ['what JSON leaves out', { a: undefined, b: () => 1, c: Symbol('c'), d: [undefined] }],
    ['no number', { a: Number.NaN }],
    ['no end', { a: [Number.POSITIVE_INFINITY] }],
    ['half a surrogate pair', { a: '\ud800' }],
    ['half a surrogate pair in a key', { '\udc00': 1 }],
    ['objects that say what they are', { at: new Date(0), own: { toJSON: () => 'x' } }],
    ['boxed values', { a: Object(1), b: Object('b') }],
    ['an object without a prototype', Object.assign(Object.create(null), { b: 1, a: 2 })],
    ['a map', new Map([['a', 1]])],
    ['what is deep', nested(2_000, { b: 1, a: '"' })],
    ['a circle', circle()],
    ['nothing', undefined],
    ['null', null],
    ['a text', '"\\\u0000\u2028é'],
  ];
  for (const [what, value] of ODD) test(`of ${what}`, () => assertSame(value));

  test('of any JSON', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), assertSame), { numRuns: 2_000 });
    const keys = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.nat({ max: 200 }).map(String),
      fc.constantFrom('__proto__', 'a'),
    );
    fc.assert(fc.property(fc.dictionary(keys, fc.jsonValue({ maxDepth: 3 })), assertSame), { numRuns: 1_000 });
  });
});
