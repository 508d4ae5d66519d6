import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { understand } from '../command/understand.ts';
import { hasExecutor } from './executors.ts';

/** [command, does each write of it have an executor]. */
const CASES: readonly (readonly [string, boolean])[] = [
  ['kubectl delete pod web-1', true],
  ['kubectl delete pod web-1 --now', true],
  ['kubectl scale deployment web --replicas=3', true],
  ['kubectl scale rc web --replicas=3', true],
  ['kubectl rollout restart deployment/web', true],
  ['kubectl rollout undo sts/db --to-revision=2', true],
  ['kubectl set image ds/agent agent=a:1', true],
  // what is sealed as a difference
  ['kubectl scale deployment web --replicas=3 --current-replicas=2', true],
  ['kubectl scale deployment web --replicas=3 --resource-version=5', true],
  ['kubectl scale deployment web --replicas=3 --record', true],
  ['kubectl set image deployment/web web=a:1 --record', true],
  ['kubectl label pod web-1 a=b', true],
  ['kubectl annotate node n1 a=b', true],
  ['kubectl cordon n1', true],
  ['kubectl taint node n1 a=b:NoSchedule', true],
  ['kubectl rollout pause deployment/web', true],
  ['kubectl set env deployment/web MODE=fast', true],
  ['kubectl patch configmap app -p \'{"data":{"a":"b"}}\'', true],
  ['kubectl create job once --from=cronjob/nightly', true],
  ['kubectl run once --image=a:1', true],
  ['kubectl expose deployment web --port=80', true],
  // what is sealed by its pre-image
  ['kubectl delete deployment web', true],
  ['kubectl delete widgets/x', true],
  ['kubectl delete rolebinding readers', true],
  ['kubectl apply -f app.json --prune --all --prune-allowlist=core/v1/ConfigMap', true],
  ['kubectl apply -f app.json --prune -l a=b --prune-allowlist=core/v1/ConfigMap', true],
  ['kubectl apply -f app.json --prune -l a=c --prune-allowlist=core/v1/ConfigMap', false],
  // what holds a secret, and what answers with one
  ['kubectl delete secret web', true],
  ['kubectl create secret generic web --from-literal=a=b', true],
  ['kubectl patch secret web -p \'{"data":{"a":"Yg=="}}\'', true],
  ['kubectl set env deployment/web DB_PASSWORD=hunter2', true],
  // what takes its time
  ['kubectl drain n1', true],
  ['kubectl drain n1 --disable-eviction --timeout=5m', true],
  // what is not built
  ['kubectl exec web-1 -- true', true],
  ['kubectl exec web-1 -i -- true', false],
  ['kubectl attach web-1', false],
  ['kubectl apply -f nosuch.json --prune --all --prune-allowlist=core/v1/ConfigMap', false],
  ['kubectl set env deployment/web --from=configmap/app', true],
];

const APP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app', labels: { a: 'b' } }, data: { x: 'y' } };
const FILES = new Map([['app.json', JSON.stringify(APP)]]);

for (const [line, expected] of CASES)
  test(`${line}: ${expected ? 'can' : 'cannot'} be carried out`, () => {
    const { parts } = understand(
      { kind: 'line', line },
      { namespace: 'shop', files: FILES, customResources: [], readDocuments },
    );
    const writes = parts.flatMap(({ effects }) => effects).filter(({ verb }) => verb !== 'get');
    assert.ok(writes.length > 0);
    assert.equal(writes.every(hasExecutor), expected);
  });
