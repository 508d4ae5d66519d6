// Whom an effect touches is the same whether a list is filed or searched.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ObjectRef, touchedBy, touches } from './object-ref.ts';

const ref = (wild: readonly (string | null)[]): fc.Arbitrary<ObjectRef> =>
  fc.record({
    group: fc.constantFrom('', 'apps'),
    resource: fc.constantFrom('pods', 'deployments'),
    namespace: fc.constantFrom('a', 'b', '', null, ...wild),
    name: fc.constantFrom('x', 'y', 'z', null, ...wild),
  });

test('touchedBy finds what touches says, in the same order, for lists of any length', () => {
  fc.assert(
    fc.property(fc.array(ref([]), { maxLength: 60 }), fc.array(ref(['*']), { maxLength: 8 }), (objects, effects) => {
      for (const effect of effects)
        assert.deepEqual(
          touchedBy(effect, objects),
          objects.filter((object) => touches(effect, object)),
        );
    }),
    { numRuns: 500 },
  );
});
