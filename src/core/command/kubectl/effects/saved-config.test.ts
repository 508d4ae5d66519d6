import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocuments } from '../../../../adapters/yaml/read-documents.ts';
import { isObject, type JsonObject } from '../../../model/json.ts';
import { LAST_APPLIED } from '../../../model/last-applied.ts';
import { effectsOf } from '../../../model/understanding.ts';
import { understand } from '../../understand.ts';
import { withSavedConfig } from './saved-config.ts';

const noteOf = (object: JsonObject | null): unknown => {
  const metadata = object?.['metadata'];
  return isObject(metadata) && isObject(metadata['annotations']) ? metadata['annotations'][LAST_APPLIED] : undefined;
};

const noted = (line: string): unknown => {
  const surroundings = { namespace: 'shop', files: new Map(), customResources: [], readDocuments };
  const [effect] = effectsOf(understand({ kind: 'line', line: `kubectl ${line} --save-config` }, surroundings));
  const { mutation } = effect ?? {};
  return mutation?.is === 'create' ? noteOf(mutation.object) : undefined;
};

/** [command, what kubectl 1.36.3 notes: printed by it with --dry-run=client]. */
const NOTES: readonly (readonly [string, string])[] = [
  [
    "create cronjob j --image=a:1 --schedule='* * * * *' -n shop",
    '{"kind":"CronJob","apiVersion":"batch/v1","metadata":{"name":"j","namespace":"shop"},"spec":{"schedule":"* * * * *","jobTemplate":{"metadata":{"name":"j"},"spec":{"template":{"metadata":{},"spec":{"containers":[{"name":"j","image":"a:1","resources":{}}],"restartPolicy":"OnFailure"}}}}},"status":{}}',
  ],
  [
    'create configmap c --from-literal=a=b',
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"},"data":{"a":"b"}}',
  ],
  [
    'create poddisruptionbudget p --selector=a=b --min-available=1',
    '{"kind":"PodDisruptionBudget","apiVersion":"policy/v1","metadata":{"name":"p"},"spec":{"minAvailable":1,"selector":{"matchLabels":{"a":"b"}}},"status":{"disruptionsAllowed":0,"currentHealthy":0,"desiredHealthy":0,"expectedPods":0}}',
  ],
  [
    'create clusterrole r --aggregation-rule=a=b',
    '{"kind":"ClusterRole","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"r"},"rules":null,"aggregationRule":{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}}',
  ],
  [
    'create rolebinding b --clusterrole=view --user=u --serviceaccount=a:b',
    '{"kind":"RoleBinding","apiVersion":"rbac.authorization.k8s.io/v1","metadata":{"name":"b"},"subjects":[{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"u"},{"kind":"ServiceAccount","name":"b","namespace":"a"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"}}',
  ],
  [
    "create configmap c --from-literal='a=<b> & c'",
    '{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c"},"data":{"a":"\\u003cb\\u003e \\u0026 c"}}',
  ],
];

describe('--save-config', () => {
  for (const [line, note] of NOTES)
    test(`${line} is noted as Go writes it`, () => assert.equal(noted(line), `${note}\n`));

  test('kubectl notes nothing of a Service', () => {
    assert.equal(noted('create service clusterip s --tcp=80'), undefined);
  });

  test('an object with a field that nobody knows the place of is not noted', () => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec: { hostname: 'h' } };
    assert.equal(withSavedConfig(object), null);
    assert.equal(withSavedConfig({ ...object, kind: 'Widget' }), null);
  });
});
