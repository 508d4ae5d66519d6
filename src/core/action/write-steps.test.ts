import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { understand } from '../command/understand.ts';
import type { TargetFact } from '../model/facts.ts';
import type { ObjectChange } from '../model/object-change.ts';
import { effectsOf } from '../model/understanding.ts';
import { rollbackPlanFor } from './rollback-plan.ts';
import { anewSeconds, changeOf, earlierOf, sealedSteps, stepsOf } from './write-steps.ts';

const MANIFEST = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"web"},"data":{"mode":"fast"}}';

const effectsFrom = (line: string) =>
  effectsOf(
    understand(
      { kind: 'line', line: `kubectl ${line} -n shop` },
      { namespace: 'default', files: new Map([['a.json', MANIFEST]]), customResources: [], readDocuments },
    ),
  );

const factOf = (group: string, resource: string, kind: string): TargetFact => ({
  group,
  resource,
  kind,
  namespace: 'shop',
  name: 'web',
  uid: 'old',
  preImage: {},
  revision: null,
  revisions: [],
  replicas: 1,
  controller: null,
  protected: false,
});
const CONFIG = factOf('', 'configmaps', 'ConfigMap');
const object = 'configmaps shop/web';
const gone: ObjectChange = { object, write: 0, uid: 'old', op: 'delete', fields: [] };
const made: ObjectChange = {
  object,
  write: 1,
  uid: null,
  op: 'create',
  fields: [{ path: '/data/mode', after: 'fast' }],
};

describe('two writes of one object', () => {
  test('are told apart by their place, and one alone has none', () => {
    const [deletion, creation, ...rest] = stepsOf(effectsFrom('replace --force -f a.json'), [CONFIG]);
    assert.ok(deletion !== undefined && creation !== undefined && rest.length === 0);
    assert.deepEqual([deletion.effect.verb, deletion.write], ['delete', 0]);
    assert.deepEqual([creation.effect.verb, creation.write], ['create', 1]);
    assert.deepEqual(
      [deletion, creation].map((step) => changeOf(step, [gone, made])?.op),
      ['delete', 'create'],
    );
    assert.deepEqual(earlierOf([deletion, creation], creation), [deletion]);
    assert.deepEqual(earlierOf([deletion, creation], deletion), []);
    assert.deepEqual(
      stepsOf(effectsFrom('apply -f a.json'), [CONFIG]).map(({ write }) => write),
      [null],
    );
  });

  test('are taken back in the opposite order, each by its own change', () => {
    const way = rollbackPlanFor(effectsFrom('replace --force -f a.json'), [CONFIG], 'live', [gone, made]);
    assert.ok(way.ok);
    assert.deepEqual(
      way.steps.map(({ verb, change }) => [verb, change]),
      [
        ['delete', { to: 'before', write: 1 }],
        ['create', { to: 'before', write: 0 }],
      ],
    );
  });

  test('what is made where nothing stands is one write', () => {
    assert.deepEqual(
      stepsOf(effectsFrom('replace --force -f a.json'), []).map(({ effect, write }) => [effect.verb, write]),
      [['create', null]],
    );
    const way = rollbackPlanFor(effectsFrom('replace --force -f a.json'), [], 'live', [
      { object, uid: null, op: 'create', fields: made.fields },
    ]);
    assert.ok(way.ok);
  });

  test('a scale and its cause are two, with a way back of two', () => {
    const fact = factOf('apps', 'deployments', 'Deployment');
    const effects = effectsFrom('scale deployment web --replicas=3 --record');
    assert.deepEqual(
      stepsOf(effects, [fact]).map(({ effect, write }) => [effect.subresource, write]),
      [
        ['scale', 0],
        [null, 1],
      ],
    );
  });
});

describe('apply --force', () => {
  const effects = effectsFrom('apply --force -f a.json');
  const verbs = (changes: readonly ObjectChange[]) =>
    sealedSteps(effects, [CONFIG], changes).map(({ effect }) => effect.verb);

  test('is a patch, or a deletion and a creation: the one that was sealed', () => {
    const update: ObjectChange = { object, write: 0, uid: 'old', op: 'update', fields: [] };
    assert.deepEqual(verbs([update]), ['patch']);
    assert.deepEqual(
      verbs([
        { ...gone, write: 1 },
        { ...made, write: 2 },
      ]),
      ['delete', 'create'],
    );
  });

  test('has no way back where nothing was sealed', () => {
    assert.deepEqual(verbs([]), ['patch', 'delete', 'create']);
    assert.equal(rollbackPlanFor(effects, [CONFIG], 'live', []).ok, false);
  });
});

test('what waits for objects to go may take longer', () => {
  assert.equal(anewSeconds(effectsFrom('replace --force -f a.json')), 60);
  assert.equal(anewSeconds(effectsFrom('replace -f a.json')), 0);
  assert.equal(anewSeconds(effectsFrom('delete -f a.json')), 0);
});
