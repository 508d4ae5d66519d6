// Which door an address leads to, and what is said where there is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProxyCounts } from './counts.ts';
import { createDoorOf, type ProxyDoor } from './door-of.ts';

const door = (cluster: string | null): ProxyDoor => ({
  cluster,
  upstream: { read: () => assert.fail(), dryRun: () => assert.fail() },
  write: () => assert.fail(),
  counts: createProxyCounts(),
});
const [eu, us] = [door('eu'), door('us')];
const led = (doorOf: ReturnType<typeof createDoorOf>, cluster: string | null) => {
  const found = doorOf(cluster);
  return found.ok ? found.door.cluster : `${found.refusal.code}: ${found.refusal.about}`;
};

test('a name leads to its cluster alone; whatever is like a name leads nowhere', () => {
  const doorOf = createDoorOf([eu, us], null, ['eu', 'us', 'bare']);
  assert.deepEqual([led(doorOf, 'eu'), led(doorOf, 'us')], ['eu', 'us']);
  for (const odd of ['gone', 'EU', 'eu ', 'eu.', '', 'null', '__proto__', 'constructor'])
    assert.equal(led(doorOf, odd), `unknown-cluster: ${odd}`);
  assert.equal(led(doorOf, 'x'.repeat(9_000)), `unknown-cluster: ${'x'.repeat(100)}`);
  assert.equal(led(doorOf, 'bare'), 'cluster-unproxied: bare');
  assert.equal(led(doorOf, null), 'cluster-required: eu, us');
});

test('an address without a name leads to the cluster that goes without one', () => {
  assert.equal(led(createDoorOf([eu, us], us, ['eu', 'us']), null), 'us');
  const only = door(null);
  const doorOf = createDoorOf([only], only, []);
  assert.equal(led(doorOf, null), null);
  assert.equal(led(doorOf, 'null'), 'unknown-cluster: null');
});

test('rows of metrics are of the clusters named at the start, whatever is asked for', () => {
  const counts = createProxyCounts(undefined, ['eu', 'us']);
  counts.of('eu').answered('read', 200, 0.1);
  counts.of('__proto__').answered('read', 404, 0.1);
  counts.answered('refused', 401, 0.1);
  const done = counts.of('us').open('held');
  const text = counts.text();
  assert.match(text, /requests_total\{kind="read",status="2xx",cluster="eu"\} 1$/m);
  assert.match(text, /requests_total\{kind="read",status="4xx"\} 1$/m);
  assert.match(text, /requests_total\{kind="refused",status="4xx"\} 1$/m);
  assert.match(text, /proxy_open\{what="held",cluster="us"\} 1$/m);
  assert.equal([...text.matchAll(/^# TYPE/gm)].length, 3);
  assert.doesNotMatch(text, /__proto__/);
  done();
  assert.match(counts.text(), /proxy_open\{what="held",cluster="us"\} 0$/m);
});
