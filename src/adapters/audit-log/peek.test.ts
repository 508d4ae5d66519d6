// What is seen of a record at a glance is what the whole of it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_POLICY } from '../../core/blast-radius/default-policy.ts';
import { notUnderstood } from '../../core/command/understand.ts';
import type { Json } from '../../core/model/json.ts';
import { LogReplay } from '../../core/replay/replay-log.ts';
import { SKIPPED_RECORDS } from '../../core/replay/replay-report.ts';
import { peekRecord } from './peek.ts';

const record = fc.record({
  level: fc.constantFrom('Metadata', 'Request', 'RequestResponse'),
  stage: fc.constantFrom('RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic', 'Other'),
  verb: fc.constantFrom('get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'post'),
  path: fc.constantFrom(
    '/api/v1/pods',
    '/api/v1/namespaces/shop/secrets',
    '/api/v1/namespaces/shop/%73ecrets/db',
    '/api/v1/namespaces/shop/pods/web/exec',
    '/api/v1/nodes/n/proxy/logs',
    '/apis/apps/v1/namespaces/shop/deployments/"web"',
    '/healthz',
  ),
  query: fc.constantFrom('', '?watch=true&limit=5', '?a="b"\\', '?'),
  user: fc.constantFrom(
    'healer',
    'system:admin',
    'system:node:n1',
    'system:kube-scheduler',
    'system:serviceaccount:kube-system:job-controller',
    'system:serviceaccount:shop:deployer',
    'a"b',
  ),
  impersonated: fc.constantFrom(null, 'healer', 'system:kube-scheduler'),
  code: fc.constantFrom(101, 200, 403, 409, 503),
});

const wholeSays = (value: Json): string | null => {
  const replay = new LogReplay(() => notUnderstood(''), { policy: DEFAULT_POLICY, against: null });
  replay.add(value);
  const { notCounted, unreadable } = replay.report();
  assert.equal(unreadable, 0);
  return SKIPPED_RECORDS.find((why) => notCounted[why] === 1) ?? null;
};

test('at a glance and as a whole it is the same, and much is seen at a glance', () => {
  let seen = 0;
  fc.assert(
    fc.property(record, ({ level, stage, verb, path, query, user, impersonated, code }) => {
      const value: Json = {
        kind: 'Event',
        apiVersion: 'audit.k8s.io/v1',
        level,
        auditID: 'id',
        stage,
        requestURI: `${path}${query}`,
        verb,
        user: { username: user, groups: [] },
        ...(impersonated === null ? {} : { impersonatedUser: { username: impersonated } }),
        responseStatus: { code },
        requestObject: { kind: 'x' },
      };
      const why = peekRecord(Buffer.from(JSON.stringify(value)));
      if (why === null) return;
      seen += 1;
      assert.equal(why, wholeSays(value));
    }),
    { numRuns: 2000 },
  );
  assert.ok(seen > 200, `only ${seen} were seen at a glance`);
});

test('a record that is formatted otherwise, or begins with too long an address, is parsed', () => {
  const text = JSON.stringify({
    kind: 'Event',
    apiVersion: 'audit.k8s.io/v1',
    level: 'Metadata',
    auditID: 'id',
    stage: 'ResponseComplete',
    requestURI: '/api/v1/pods',
    verb: 'list',
    user: { username: 'healer' },
  });
  assert.equal(peekRecord(Buffer.from(text)), 'read');
  assert.equal(peekRecord(Buffer.from(text.replace(':', ': '))), null);
  assert.equal(peekRecord(Buffer.from(text.replace('/pods', `/${'p'.repeat(2000)}`))), null);
});
