// What is sealed is a copy that nobody can change, with every key that it was given.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { seal, type Unsealed } from './seal.ts';

/** As JSON.parse makes it: "__proto__" is a key of its own. */
const PRE_IMAGE = '{"__proto__":{"labels":{"__proto__":"a"}},"constructor":[{"__proto__":null}],"é":[[1],{}]}';

// as: what is sealed is JSON; of a spec this much is looked at.
const unsealed = () =>
  ({ schemaVersion: 'blastgate/v1', facts: [{ preImage: JSON.parse(PRE_IMAGE) }] }) as unknown as Unsealed;

const everyObject = (value: unknown): readonly object[] =>
  typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(everyObject)] : [];

suite('a sealed spec', () => {
  test('has every key, whatever its name, and nothing of what it was made from', () => {
    const given = unsealed();
    const sealed = seal(given);
    const { digest, ...content } = sealed;
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.equal(JSON.stringify(content), JSON.stringify(given));
    const theirs = new Set(everyObject(given));
    for (const one of everyObject(sealed)) {
      assert.ok(Object.isFrozen(one));
      assert.ok(!theirs.has(one));
      assert.ok([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(one)));
    }
  });

  test('has the digest of its content', () => {
    assert.equal(seal(unsealed()).digest, seal(unsealed()).digest);
    const other = { ...unsealed(), command: 'kubectl get pods' } as Unsealed;
    assert.notEqual(seal(other).digest, seal(unsealed()).digest);
  });
});
