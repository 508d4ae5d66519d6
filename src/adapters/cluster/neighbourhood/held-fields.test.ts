// Which fields Argo CD or Flux holds, from managedFields as an API server writes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldFields } from './held-fields.ts';

const entry = (manager: string, fieldsV1: object, more: object = {}): object => ({
  manager,
  operation: 'Apply',
  fieldsType: 'FieldsV1',
  fieldsV1,
  ...more,
});
const held = (...managedFields: readonly object[]) =>
  // as: JSON as an API server writes it.
  heldFields('deployments.apps shop/web', { metadata: { managedFields } } as never).map(({ manager, fields }) => [
    manager,
    fields,
  ]);

const IMAGE = {
  'f:spec': {
    'f:replicas': {},
    'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } },
  },
};

test('leaves are named by their path, items of keyed lists by their key', () => {
  assert.deepEqual(held(entry('argocd-controller', IMAGE)), [
    [
      'argocd-controller',
      ['spec.replicas', 'spec.template.spec.containers.web.image', 'spec.template.spec.containers.web.name'],
    ],
  ]);
  assert.deepEqual(held(entry('helm-controller', { 'f:metadata': { 'f:finalizers': { 'v:"a/b"': {} } } })), [
    ['helm-controller', ['metadata.finalizers.a/b']],
  ]);
});

test('others and what belongs to the status count for nothing', () => {
  assert.deepEqual(
    held(entry('kubectl', IMAGE), entry('kustomize-controller', { 'f:status': {} }, { subresource: 'status' })),
    [],
  );
  assert.deepEqual(heldFields('pods shop/a', {}), []);
});

test('an item of a list that is all they hold is held itself', () => {
  assert.deepEqual(
    held(entry('flux', { 'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {} } } } })),
    [['flux', ['spec.ports.80,TCP']]],
  );
});
