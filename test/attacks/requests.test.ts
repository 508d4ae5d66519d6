// Requests of the API that said less than they do: each stands here with the tier below which it must never come out.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDocuments } from '../../src/adapters/yaml/read-documents.ts';
import type { BlastRadius } from '../../src/core/blast-radius/blast-radius.ts';
import { DEFAULT_POLICY } from '../../src/core/blast-radius/default-policy.ts';
import { score } from '../../src/core/blast-radius/score.ts';
import { apiRequestOf } from '../../src/core/model/api-request.ts';
import { type Facts, NO_MEMORY } from '../../src/core/model/facts.ts';
import type { Json } from '../../src/core/model/json.ts';
import { NO_NEIGHBOURS } from '../../src/core/model/neighbourhood.ts';
import type { FieldChange } from '../../src/core/model/object-change.ts';
import { understandRequest } from '../../src/core/request/understand-request.ts';

const judge = (method: string, path: string, type: string, body: Json, facts: Facts | null = null): BlastRadius => {
  const contentType = type === 'json' ? 'application/json' : `application/${type}+json`;
  const request = apiRequestOf({ method, path, contentType, body });
  assert.ok(request !== null);
  const surroundings = { namespace: 'default', files: new Map(), customResources: [], readDocuments };
  return score(understandRequest(request, surroundings), facts, DEFAULT_POLICY);
};

const CLAIM = '/api/v1/namespaces/shop/persistentvolumeclaims/data';
const VOLUME = '/api/v1/persistentvolumes/pv1';
const WEB = '/apis/apps/v1/namespaces/shop/deployments/web';
const SECRET = '/api/v1/namespaces/shop/secrets/db';

suite('an index of a JSON patch as the API server reads it: from the end, and with a sign', () => {
  for (const index of ['0', '-1', '-2', '+0', '-0', '00'])
    test(index, () => {
      const finalizer = [{ op: 'remove', path: `/metadata/finalizers/${index}` }];
      assert.equal(judge('PATCH', CLAIM, 'json-patch', finalizer).hardRule?.code, 'remove-finalizers');
      assert.equal(judge('PATCH', '/api/v1/namespaces/shop', 'json-patch', finalizer).tier, 'blocked');
      const at = `/spec/template/spec/containers/${index}`;
      const run = [{ op: 'add', path: `${at}/command`, value: ['sh', '-c', 'rm -rf /'] }];
      assert.equal(judge('PATCH', WEB, 'json-patch', run).hardRule?.code, 'recursive-delete');
      const host = [{ op: 'replace', path: `/spec/template/spec/volumes/${index}/hostPath/path`, value: '/' }];
      assert.equal(judge('PATCH', WEB, 'json-patch', host).tier, 'dual');
    });
});

test('finalizers of an object whose metadata is replaced as a whole, by a strategic patch', () => {
  const metadata = { $patch: 'replace', name: 'pv1', finalizers: ['example.com/other'] };
  for (const path of [VOLUME, CLAIM])
    assert.equal(judge('PATCH', path, 'strategic-merge-patch', { metadata }).hardRule?.code, 'remove-finalizers');
});

suite('a Secret is not read by changing it', () => {
  const label = { op: 'add', path: '/metadata/labels/a', value: 'x' };
  for (const [what, operations] of [
    ['copied to an annotation', [{ op: 'copy', from: '/data/password', path: '/metadata/annotations/a' }]],
    ['copied to a label', [{ op: 'copy', from: '/data/password', path: '/metadata/labels/a' }]],
    ['copied to its type', [{ op: 'copy', from: '/data/password', path: '/type' }]],
    ['moved', [{ op: 'move', from: '/data', path: '/metadata/annotations' }]],
    ['what was applied', [{ op: 'copy', from: '/metadata/annotations', path: '/metadata/labels' }]],
    ['asked for', [{ op: 'test', path: '/data/password', value: 'aHVudGVyMg==' }, label]],
    ['asked for as a whole', [{ op: 'test', path: '', value: {} }, label]],
  ] as const)
    test(what, () => {
      const { executable, refusals } = judge('PATCH', SECRET, 'json-patch', operations);
      assert.equal(executable, false);
      assert.ok(refusals.some(({ code }) => code === 'unreadable-request'));
    });

  test('its version may be asked for', () => {
    const operations = [{ op: 'test', path: '/metadata/resourceVersion', value: '7' }, label];
    assert.equal(judge('PATCH', SECRET, 'json-patch', operations).executable, true);
  });
});

suite('what a dry run shows of a protected object counts, whatever the request says', () => {
  const facts = (object: string, fields: readonly FieldChange[]): Facts => ({
    cluster: 'cluster-1',
    targets: [],
    neighbourhood: NO_NEIGHBOURS,
    missing: [],
    ...NO_MEMORY,
    rehearsal: { forward: { is: 'passed' }, changes: [{ object, uid: 'u', op: 'update', fields }], hidden: [] },
  });
  const claim = (fields: readonly FieldChange[]): string | undefined => {
    const metadata = { name: 'data', finalizers: ['example.com/other'] };
    const body = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata };
    return judge('PUT', CLAIM, 'json', body, facts('persistentvolumeclaims shop/data', fields)).hardRule?.code;
  };
  const PROTECTION = 'kubernetes.io/pvc-protection';

  test('finalizers that a PUT does not name', () => {
    const path = '/metadata/finalizers';
    assert.equal(claim([{ path, before: [PROTECTION], after: ['example.com/other'] }]), 'remove-finalizers');
    assert.equal(claim([{ path, before: [PROTECTION] }]), 'remove-finalizers');
    assert.equal(claim([{ path: `${path}/0`, before: PROTECTION }]), 'remove-finalizers');
    assert.equal(claim([{ path, before: [PROTECTION], after: [PROTECTION, 'example.com/other'] }]), undefined);
    assert.equal(claim([{ path: '/spec/resources/requests/storage', before: '1Gi', after: '2Gi' }]), undefined);
  });

  test('finalizers that a server-side apply under their manager leaves out', () => {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
    const request = apiRequestOf({
      method: 'PATCH',
      path: '/api/v1/namespaces/shop?fieldManager=argocd&force=true',
      contentType: 'application/apply-patch+yaml',
      body,
    });
    assert.ok(request !== null);
    const surroundings = { namespace: 'default', files: new Map(), customResources: [], readDocuments };
    const seen = facts('namespaces shop', [{ path: '/metadata/finalizers', before: ['example.com/keep'] }]);
    const { hardRule } = score(understandRequest(request, surroundings), seen, DEFAULT_POLICY);
    assert.equal(hardRule?.code, 'remove-finalizers');
  });

  test('an owner that is given', () => {
    const path = '/metadata/ownerReferences';
    const owner = { uid: 'x', kind: 'Pod', name: 'p', apiVersion: 'v1' };
    assert.equal(claim([{ path, after: [owner] }]), 'add-owner-reference');
    assert.equal(claim([{ path, before: [owner] }]), undefined);
  });

  test('of an object that no rule protects nothing', () => {
    const fields = [{ path: '/metadata/finalizers', before: ['a'] }];
    assert.equal(judge('PUT', WEB, 'json', {}, facts('deployments.apps shop/web', fields)).hardRule, null);
  });
});
