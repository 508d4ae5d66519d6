// The reader of YAML against kubectl: every rule and thousands of generated texts against its decoders, a sample against itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { Json, JsonObject } from '../../src/core/model/json.ts';
import { askKubectlDecoders } from './ask.ts';
import { compare, summary, unseenPercent } from './compare.ts';
import { createdObjects, patchedObjects } from './kubectl.ts';
import { generatedQuestions } from './questions.ts';
import { RULES } from './rules.ts';

const SEED = 1;

test('every rule of the reader is one of kubectl', async () => {
  const answers = await askKubectlDecoders(RULES);
  for (const [at, rule] of RULES.entries()) {
    const { counts, differences } = compare([rule], answers.slice(at, at + 1));
    assert.equal(counts[rule.outcome], 1, `${rule.what}: not ${rule.outcome} ${differences.join('')}`);
  }
});

test('20,000 generated texts are read as kubectl reads them, or called unseen', async () => {
  const questions = generatedQuestions(20_000, SEED);
  const tally = compare(questions, await askKubectlDecoders(questions));
  assert.deepEqual(tally.differences, []);
  assert.ok(unseenPercent(tally) <= 2, summary(tally));
  assert.ok(tally.counts.equal > 5_000, summary(tally));
});

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects in a text that create can make and that go by a name, as it prints them. */
const creatable = (text: string, name: string): readonly JsonObject[] =>
  (readDocuments(text, 'manifests') ?? []).filter(isObject).flatMap((document) => {
    const { apiVersion, kind, metadata, items } = document;
    if (apiVersion !== 'v1' || kind !== 'ConfigMap' || items !== undefined || !isObject(metadata)) return [];
    return metadata['name'] === name ? [{ ...document, metadata: { ...metadata, namespace: 'default' } }] : [];
  });

test('a real kubectl creates what the reader has read', async () => {
  const files = generatedQuestions(3_000, SEED + 1)
    .filter(({ as, text }) => as === 'manifests' && /^[a-z]+:/.test(text))
    .map(({ text }, at) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: f${at}}\n${text}`);
  const created = Map.groupBy(await createdObjects(files), ({ metadata }) => isObject(metadata) && metadata['name']);
  let compared = 0;
  for (const [at, text] of files.entries()) {
    const expected = creatable(text, `f${at}`);
    if (readDocuments(text, 'manifests') === null || expected.length !== 1) continue;
    assert.deepEqual(created.get(`f${at}`), expected, JSON.stringify(text));
    compared++;
  }
  assert.ok(compared >= 100, `${compared} compared`);
});

/** RFC 7396 for a patch without nulls: kubectl drops those in lists as well, which is not this test's matter. */
const merged = (target: Json | undefined, patch: Json): Json => {
  if (!isObject(patch)) return patch;
  const result = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) result.set(key, merged(result.get(key), value));
  return Object.fromEntries(result);
};

/** A patch of these makes of the object what kubectl cannot print. */
const OF_THE_OBJECT = ['apiVersion', 'kind', 'metadata', 'items'];

/** The patch that a text is, if it can be compared. */
const comparable = (text: string): JsonObject | null => {
  const [patch = null] = readDocuments(text, 'patch') ?? [];
  if (!isObject(patch) || OF_THE_OBJECT.some((key) => key in patch) || JSON.stringify(patch).includes('null'))
    return null;
  return patch;
};

test('a real kubectl patches with what the reader has read', async () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };
  const texts = generatedQuestions(2_000, SEED + 2)
    .filter(({ as, text }) => as === 'patch' && comparable(text) !== null)
    .map(({ text }) => text)
    .slice(0, 60);
  assert.equal(texts.length, 60);
  const patched = await patchedObjects(object, texts);
  for (const [at, text] of texts.entries())
    assert.deepEqual(patched[at], merged(object, comparable(text)), JSON.stringify(text));
});
