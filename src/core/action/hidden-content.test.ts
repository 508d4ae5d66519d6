// What is hidden of what is sent stands nowhere in the sealed effects, and comes back exactly, at its place alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Effect, plainDeletion } from '../model/effect.ts';
import { isObject, type Json } from '../model/json.ts';
import { hashesOf, hideContent, revealContent, secretTextsOf } from './hidden-content.ts';

const hash = (value: Json): string => `hash of ${JSON.stringify(value).length} ${JSON.stringify(value).slice(1, 3)}`;

const effectOf = (body: Json, secrets?: readonly string[]): Effect => ({
  ...plainDeletion('delete-object', { group: '', resource: 'configmaps', namespace: 'shop', name: 'a' }),
  mutation: { is: 'patch', type: 'merge', body, ...(secrets === undefined ? {} : { secrets }) },
});

const pointersOf = (value: Json, pointer: string): readonly string[] => {
  const inner = isObject(value) ? Object.entries(value) : Array.isArray(value) ? [...value.entries()] : [];
  return [
    pointer,
    ...inner.flatMap(([key, one]) =>
      pointersOf(one, `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`),
    ),
  ];
};

/** A body of JSON and one of its places. */
const placed = fc
  .jsonValue({ maxDepth: 3 })
  // as: what JSON.parse gives.
  .map((value) => JSON.parse(JSON.stringify(value)) as Json)
  .chain((body) => fc.tuple(fc.constant(body), fc.constantFrom(...pointersOf(body, '/body'))));

test('what is hidden at any place comes back as it was', () => {
  fc.assert(
    fc.property(placed, ([body, pointer]) => {
      const names = new Map<Json, string>();
      const name = (value: Json): string => {
        const made = names.get(value) ?? `hash-${names.size}`;
        names.set(value, made);
        return made;
      };
      const given = effectOf(body, [pointer]);
      const { effects, hidden } = hideContent([given], [], name);
      const [sealed] = effects;
      assert.ok(sealed);
      assert.deepEqual(hashesOf([sealed]), ['hash-0']);
      assert.deepEqual(revealContent(sealed, new Map(hidden)), given);
      assert.equal(revealContent(sealed, new Map()), null);
    }),
  );
});

test('a text that is hidden in the command is hidden wherever it stands, unless it is short', () => {
  const { effects, hidden } = hideContent(
    [effectOf({ a: 'x hunter2 y', b: 'ab', c: ['ab'] })],
    ['hunter2', 'ab'],
    hash,
  );
  assert.deepEqual(
    hidden.map(([, value]) => value),
    ['x hunter2 y'],
  );
  assert.ok(!JSON.stringify(effects).includes('hunter2'));
});

test('a text that looks like a hash, where nothing was hidden, is no hash', () => {
  const stolen = effectOf({ a: 'hash-of-a-secret', b: 'z' }, ['/body/b']);
  const { effects, hidden } = hideContent([stolen], [], hash);
  const known = new Map<string, Json>([...hidden, ['hash-of-a-secret', 'the secret']]);
  assert.deepEqual(
    effects.map((effect) => revealContent(effect, known)),
    [stolen],
  );
});

test('a text that looks like a hash at a secret place is hidden as any other', () => {
  const { effects, hidden } = hideContent([effectOf({ a: 'hash-of-a-secret' }, ['/body/a'])], [], hash);
  assert.ok(!JSON.stringify(effects).includes('hash-of-a-secret'));
  assert.deepEqual(
    hidden.map(([, value]) => value),
    ['hash-of-a-secret'],
  );
});

test('the secret texts of an effect are those of all values at its places', () => {
  assert.deepEqual(secretTextsOf(effectOf({ a: { b: ['x', 7, null] }, c: 'y' }, ['/body/a'])), ['x', '7']);
  assert.deepEqual(secretTextsOf(plainDeletion('delete-pod', effectOf({}))), []);
});
