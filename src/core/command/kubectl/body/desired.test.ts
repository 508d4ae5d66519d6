// What a body wants of the fields that are compared with the cluster, by every road.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readDocuments } from '../../../../adapters/yaml/read-documents.ts';
import type { Desired } from '../../../model/desired.ts';
import { understand } from '../../understand.ts';

const desiredBy = (line: string, file = ''): Desired | null => {
  const files = new Map([['f.yaml', file]]);
  const { parts } = understand(
    { kind: 'line', line: `kubectl ${line}` },
    { namespace: 'shop', customResources: [], readDocuments, files },
  );
  return parts[0]?.effects[0]?.desired ?? null;
};

suite('selectors of Services', () => {
  const merged = { how: 'merged', labels: { app: 'a' } };
  const replaced = { how: 'replaced', labels: { app: 'a' } };
  const table: readonly (readonly [line: string, selector: unknown])[] = [
    [`patch svc x -p '{"spec":{"selector":{"app":"a"}}}'`, merged],
    [
      `patch svc x --type=merge -p '{"spec":{"selector":{"app":"a","b":null}}}'`,
      { ...merged, labels: { app: 'a', b: null } },
    ],
    [`patch svc x -p '{"spec":{"selector":{"$patch":"replace","app":"a"}}}'`, replaced],
    [`patch svc x --type=json -p '[{"op":"replace","path":"/spec/selector","value":{"app":"a"}}]'`, replaced],
    [`patch svc x --type=json -p '[{"op":"add","path":"/spec/selector/app","value":"a"}]'`, merged],
    [
      `patch svc x --type=json -p '[{"op":"replace","path":"/spec/selector/a~1b","value":"c"}]'`,
      { how: 'merged', labels: { 'a/b': 'c' } },
    ],
    [`patch svc x --type=merge -p '{"spec":{"selector":null}}'`, { how: 'replaced', labels: {} }],
    [`patch svc x --type=json -p '[{"op":"remove","path":"/spec"}]'`, { how: 'replaced', labels: {} }],
    ['set selector svc x app=a', replaced],
    [`patch svc x -p '{"spec":{"type":"NodePort"}}'`, undefined],
    [`patch deploy x -p '{"spec":{"selector":{"app":"a"}}}'`, undefined],
  ];
  for (const [line, selector] of table)
    test(line, () => assert.deepEqual(desiredBy(line)?.selector ?? undefined, selector));
});

suite('templates', () => {
  const pod = (spec: string): string => `{"spec":{"template":{"spec":${spec}}}}`;
  const manifest = (spec: string): string =>
    `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x"},${pod(spec).slice(1)}`;
  const terms = '[{"matchExpressions":[{"key":"a","operator":"Exists"}]}]';
  const affinity = {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: JSON.parse(terms) } },
  };

  test('a node selector is merged by a patch and stands alone in a PUT', () => {
    const selector = '{"nodeSelector":{"a":"b"}}';
    assert.deepEqual(desiredBy(`patch deploy x -p '${pod(selector)}'`)?.pod?.nodeSelector, {
      how: 'merged',
      labels: { a: 'b' },
    });
    assert.deepEqual(desiredBy('replace -f f.yaml', manifest(selector))?.pod?.nodeSelector, {
      how: 'replaced',
      labels: { a: 'b' },
    });
    assert.deepEqual(desiredBy('apply -f f.yaml', manifest(selector))?.pod?.nodeSelector, {
      how: 'merged',
      labels: { a: 'b' },
    });
    assert.equal(desiredBy('create -f f.yaml', manifest(selector)), null);
  });

  test('a PUT without them takes affinity and tolerations away', () => {
    const { affinity: left, tolerations } = desiredBy('replace -f f.yaml', manifest('{"containers":[]}'))?.pod ?? {};
    assert.deepEqual([left, tolerations], [{ how: 'replaced', value: {} }, []]);
  });

  test('affinity and tolerations are put together again', () => {
    const line = `patch ds x -p '${pod(`{"affinity":${JSON.stringify(affinity)},"tolerations":[{"operator":"Exists"}]}`)}'`;
    const { affinity: said, tolerations } = desiredBy(line)?.pod ?? {};
    assert.deepEqual([said, tolerations], [{ how: 'merged', value: affinity }, [{ operator: 'Exists' }]]);
  });

  test('requests are those of each container', () => {
    const line = `patch deploy x -p '${pod('{"containers":[{"name":"a","resources":{"requests":{"cpu":2}}},{"name":"b"}]}')}'`;
    assert.deepEqual(desiredBy(line)?.pod?.requests, [{ container: 'a', cpu: '2', memory: null }]);
    assert.deepEqual(desiredBy('set resources deploy x -c=a --requests=cpu=1,memory=2Gi')?.pod?.requests, [
      { container: 'a', cpu: '1', memory: '2Gi' },
    ]);
  });
});

test('what an autoscaler scales, by flags and by manifest', () => {
  const web = { group: 'apps', resource: 'deployments', name: 'web' };
  const hpa =
    '{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"x"},"spec":{"maxReplicas":2,"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"web"}}}';
  assert.deepEqual(desiredBy('autoscale deploy web --max=2')?.scales, web);
  assert.deepEqual(desiredBy('autoscale deploy web --max=2 --name=other')?.scales, web);
  assert.deepEqual(desiredBy('create -f f.yaml', hpa)?.scales, web);
  assert.deepEqual(desiredBy('apply -f f.yaml', hpa)?.scales, web);
  assert.equal(desiredBy('autoscale deploy web --max=2 --dry-run=server'), null);
});
