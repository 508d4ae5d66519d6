// What a remediation alone may write to, by the effects of its command: what is there, and what it makes.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { understood } from '../../../test/support/understood.ts';
import { writesTo } from './remediation.ts';

suite('the objects that a command writes to, without any facts', () => {
  const rows: readonly (readonly [line: string, objects: readonly string[]])[] = [
    ['create configmap settings --from-literal=a=b -n shop', ['configmaps./shop/settings']],
    ['create namespace shop', ['namespaces.//shop']],
    ['run probe --image=registry.example/probe:1 -n shop', ['pods./shop/probe']],
    ['scale deployment/web --replicas=3 -n shop', ['deployments.apps/shop/web']],
    ['create configmap settings --from-literal=a=b -n shop --dry-run=server', []],
    ['delete pods --all -n shop', []],
    ['get deployment/web -n shop', []],
  ];
  for (const [line, objects] of rows)
    test(line, () =>
      assert.deepEqual(
        writesTo({ cluster: { name: null, uid: null }, facts: [], effects: understood(line).effects }),
        objects,
      ),
    );
});
