// The webhook that guard-executor prints: whom it asks about, and by what address the API server calls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executorGuard } from './executor-guard.ts';

// biome-ignore lint/suspicious/noExplicitAny: an object of a cluster, read by tests only
type Any = any;
const hookOf = (url: string): Any => (executorGuard({ url, caPem: 'PEM', account: 'someone' }) as Any).webhooks[0];
const caBundle = Buffer.from('PEM').toString('base64');

test('a Service is called by its name, anything else by its address', () => {
  assert.deepEqual(hookOf('https://gate.ns.svc:8450/admission').clientConfig, {
    service: { name: 'gate', namespace: 'ns', port: 8450, path: '/admission' },
    caBundle,
  });
  assert.equal(hookOf('https://gate.ns.svc/admission').clientConfig.service.port, 443);
  for (const url of ['https://127.0.0.1:8450/admission', 'https://gate.example/admission'])
    assert.deepEqual(hookOf(url).clientConfig, { url, caBundle });
});

test('one account is asked about, and what fails is refused', () => {
  const { matchConditions, failurePolicy, timeoutSeconds, sideEffects } = hookOf('https://gate.example/admission');
  assert.equal(matchConditions[0].expression, "request.userInfo.username == 'someone'");
  assert.deepEqual([failurePolicy, sideEffects], ['Fail', 'None']);
  assert.ok(timeoutSeconds <= 5);
});
