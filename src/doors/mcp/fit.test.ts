import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../core/model/json.ts';
import { fieldText } from '../json-field.ts';
import { fit, jsonBytes } from './fit.ts';

const LIMIT = 16 * 1024;

test('what fits is left as it is', () => {
  const body = { id: 'p-1', spec: { effects: [{ verb: 'get' }] } };
  assert.equal(fit(body, LIMIT), body);
});

test('what does not fit is shortened, keeps its first fields with their kind, and says so', () => {
  const long = 'a'.repeat(10_000);
  const body = {
    id: 'p-1',
    diagnosis: long,
    score: 55,
    votes: [],
    events: Array.from({ length: 500 }, (_, seq) => ({ seq, text: long })),
    spec: { digest: 'sha256:1', objects: { deep: { deeper: [{ more: long }] } } },
  };
  const shown = fit(body, LIMIT);
  assert.ok(jsonBytes(shown) <= LIMIT);
  assert.deepEqual(Object.keys(shown), [...Object.keys(body), 'truncated']);
  assert.equal(shown['truncated'], true);
  assert.equal(shown['id'], 'p-1');
  assert.equal(shown['score'], 55);
  assert.equal((shown['spec'] as JsonObject)['digest'], 'sha256:1');
  const events = shown['events'] as readonly JsonObject[];
  assert.ok(events.length > 0 && events.length < 500);
  assert.equal(events[0]?.['seq'], 0);
  assert.ok(fieldText(shown['diagnosis']).endsWith('…'));
});

test('any object fits, however it is built', () => {
  const wide = fc.dictionary(fc.string({ maxLength: 400 }), fc.jsonValue({ maxDepth: 6 }), { maxKeys: 300 });
  const long = fc.dictionary(fc.string(), fc.string({ minLength: 5_000, maxLength: 40_000 }), { maxKeys: 5 });
  fc.assert(
    fc.property(fc.oneof(wide, long), fc.integer({ min: 200, max: 4000 }), (body, limit) => {
      // as: a dictionary of JSON values is a JSON object.
      const shown = fit(body as Record<string, Json>, limit);
      assert.ok(jsonBytes(shown) <= limit);
      assert.equal(shown['truncated'] === true || jsonBytes(body) <= limit, true);
    }),
    { numRuns: 300 },
  );
});
