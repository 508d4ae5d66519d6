// What of an audit log counts as an action, what does not and why; and that the order of its records means nothing.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { loggedRecord } from '../../../test/support/logged.ts';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { DEFAULT_POLICY, DEFAULT_POLICY_DOCUMENT } from '../blast-radius/default-policy.ts';
import { policyOf } from '../blast-radius/policy.ts';
import { understand } from '../command/understand.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Understanding } from '../model/understanding.ts';
import type { ReplayPolicies, UnderstandLogged } from './judge-logged.ts';
import { LogReplay } from './replay-log.ts';
import type { ReplayReport } from './replay-report.ts';

const said = (argv: readonly string[]): Understanding =>
  understand({ kind: 'argv', argv }, { namespace: 'shop', files: new Map(), customResources: [], readDocuments });

/** Stands in for the reading of requests: a few addresses, in the words of kubectl. */
const understandLogged: UnderstandLogged = ({ method, path }, type) => {
  const [, namespace = 'default', resource = '', name = ''] = /namespaces\/([^/]+)\/([^/]+)\/([^/]+)/.exec(path) ?? [];
  if (name === 'label') return said(['kubectl', 'label', resource, name, 'team=a', '--overwrite', '-n', namespace]);
  if (method === 'PATCH' && type?.includes('strategic') === true)
    return said(['kubectl', 'set', 'image', `${resource}/${name}`, 'web=web:2', '-n', namespace]);
  if (method === 'PATCH') return said(['kubectl', 'scale', `${resource}/${name}`, '--replicas=2', '-n', namespace]);
  if (method === 'POST') return said(['kubectl', 'exec', name, '-n', namespace, '--', 'sh']);
  if (method === 'DELETE') return said(['kubectl', 'delete', resource, name, '-n', namespace]);
  return said(['kubectl', 'get', resource, name, '-n', namespace]);
};

const policies: ReplayPolicies = { policy: DEFAULT_POLICY, against: null };
const reportOf = (records: readonly Json[], by = policies): ReplayReport => {
  const replay = new LogReplay(understandLogged, by);
  for (const record of records) replay.add(record);
  return replay.report();
};

const skippedBy = (record: JsonObject): readonly string[] => {
  const report = reportOf([loggedRecord(record)]);
  assert.equal(report.records, 1);
  return Object.entries(report.notCounted).flatMap(([why, count]) => (count > 0 ? [why] : []));
};

describe('no action', () => {
  const rows: readonly (readonly [what: string, record: JsonObject, why: string])[] = [
    ['a read', { verb: 'get' }, 'read'],
    ['a watch that has begun', { verb: 'watch', stage: 'ResponseStarted' }, 'read'],
    ['a request before its answer', { stage: 'RequestReceived' }, 'other-stage'],
    ['a controller', { user: { username: 'system:serviceaccount:kube-system:job-controller' } }, 'controller'],
    ['a kubelet', { user: { username: 'system:node:n1' } }, 'node'],
    ['the scheduler', { user: { username: 'system:kube-scheduler' } }, 'system'],
    ['a dry run', { requestURI: '/api/v1/namespaces/shop/pods/web-1?a=b&dryRun=All' }, 'dry-run'],
    ['a dry run by the options of a deletion', { requestObject: { dryRun: ['All'] } }, 'dry-run'],
    ['what the roles refused', { responseStatus: { code: 403 } }, 'refused'],
    ['a conflict that is tried again', { responseStatus: { code: 409 } }, 'refused'],
    ['a full server', { responseStatus: { code: 429 } }, 'refused'],
    ['a time-out', { responseStatus: { code: 504 } }, 'failed'],
    ['a panic', { stage: 'Panic', responseStatus: { code: 500 } }, 'failed'],
  ];
  for (const [what, record, why] of rows)
    test(`${what}: ${why}`, () => {
      assert.deepEqual(skippedBy(record), [why]);
    });

  test('no event of an audit log is unreadable, and a verb that nobody knows', () => {
    for (const record of [null, 1, [], {}, { kind: 'Event' }, { ...(loggedRecord() as object), verb: 'mangle' }])
      assert.equal(reportOf([record as Json]).unreadable, 1);
  });
});

describe('an action', () => {
  const actions = (record: JsonObject): readonly string[] =>
    reportOf([loggedRecord(record)]).actors.map(({ actor, class: is }) => `${actor} ${is}`);

  const rows: readonly (readonly [what: string, record: JsonObject, actor: string])[] = [
    ['of an agent', {}, 'healer user'],
    ['of a person of the cluster', { user: { username: 'system:admin' } }, 'system:admin user'],
    ['of nobody known', { user: { username: 'system:anonymous' } }, 'system:anonymous anonymous'],
    [
      'of a service account',
      { user: { username: 'system:serviceaccount:shop:kube-system' } },
      'system:serviceaccount:shop:kube-system service-account',
    ],
    ['in the name of another', { impersonatedUser: { username: 'ana' } }, 'ana user'],
    [
      'in the name of a part of the cluster',
      { impersonatedUser: { username: 'system:kube-scheduler' } },
      'system:kube-scheduler system',
    ],
    ['of which the status is not known', { responseStatus: {} }, 'healer user'],
  ];
  for (const [what, record, actor] of rows)
    test(`${what} counts for ${actor}`, () => {
      assert.deepEqual(actions(record), [actor]);
    });

  test('counts once, whatever stages and files it stands in', () => {
    const exec = { verb: 'create', requestURI: '/api/v1/namespaces/shop/pods/web-1/exec?command=sh' };
    const report = reportOf([
      loggedRecord({ ...exec, stage: 'ResponseStarted', responseStatus: { code: 101 } }),
      loggedRecord({ ...exec, responseStatus: { code: 101 } }),
      loggedRecord({ ...exec, responseStatus: { code: 101 } }),
    ]);
    assert.deepEqual([report.total.dual, report.notCounted.repeated], [1, 2]);
  });

  test('a read of a Secret is one', () => {
    const report = reportOf([loggedRecord({ verb: 'get', requestURI: '/api/v1/namespaces/shop/secrets/db' })]);
    assert.deepEqual(report.actors[0]?.actions[0]?.action, 'sensitive-read');
  });

  test('without its body has no tier, but where the address says all', () => {
    const meta = { level: 'Metadata', auditID: 'm' };
    const write = { ...meta, verb: 'patch', requestURI: '/apis/apps/v1/namespaces/shop/deployments/web' };
    assert.deepEqual(reportOf([loggedRecord(write)]).total, {
      auto: 0,
      human: 0,
      dual: 0,
      blocked: 0,
      refused: 0,
      noBody: 1,
    });
    const truncated = { ...write, level: 'Request', annotations: { 'audit.k8s.io/truncated': 'true' } };
    assert.equal(reportOf([loggedRecord(truncated)]).total.noBody, 1);
    assert.equal(reportOf([loggedRecord({ ...meta })]).total.noBody, 0);
  });

  test('of a patch whose type the log does not tell, the lowest holds, and it is said', () => {
    const patch = { verb: 'patch', requestURI: '/apis/apps/v1/namespaces/shop/deployments/web', requestObject: {} };
    const report = reportOf([loggedRecord(patch)]);
    assert.deepEqual([report.cannotTell['patch-type'], report.actors[0]?.actions[0]?.action], [1, 'scale']);
    const list = reportOf([loggedRecord({ ...patch, requestObject: [] })]);
    assert.equal(list.cannotTell['patch-type'], 0);
  });
});

test('a label that may be new or changed counts as new, and it is said', () => {
  const labelled = (labels: JsonObject) =>
    reportOf([
      loggedRecord({
        verb: 'patch',
        requestURI: '/apis/apps/v1/namespaces/shop/deployments/label?fieldManager=kubectl-label',
        requestObject: { metadata: { labels } },
      }),
    ]);
  const [set, taken] = [labelled({ team: 'a' }), labelled({ team: null })];
  assert.deepEqual([set.cannotTell['label-before'], set.total.auto], [1, 1]);
  assert.deepEqual([taken.cannotTell['label-before'], taken.total.human], [0, 1]);
});

describe('compared with another policy', () => {
  const stricter = policyOf(
    { ...DEFAULT_POLICY_DOCUMENT, base: { ...DEFAULT_POLICY_DOCUMENT.base, 'delete-pod': 40 } },
    null,
  );
  const limits = policyOf({ ...DEFAULT_POLICY_DOCUMENT, tiers: { auto: 1, human: 50, dual: 99 } }, null);
  const twice = [
    loggedRecord({ auditID: '2', requestReceivedTimestamp: '2026-11-21T10:00:00.000000Z' }),
    loggedRecord({ auditID: '1' }),
  ];

  test('each tier that differs is told, with what of its sum differs and the earliest request', () => {
    const report = reportOf(twice, { policy: stricter, against: DEFAULT_POLICY });
    const [change, ...others] = report.changes ?? [];
    assert.deepEqual(others, []);
    assert.deepEqual(
      [change?.actor, change?.action, change?.before, change?.after, change?.count],
      ['healer', 'delete-pod', 'auto', 'human', 2],
    );
    const base = DEFAULT_POLICY_DOCUMENT.base['delete-pod'];
    assert.deepEqual(change?.because[0], { code: 'base', before: base, after: 40 });
    assert.equal(change?.example.at, '2026-11-20T10:00:00.000000Z');
    assert.equal(
      change?.example.after.reasons.reduce((sum, { points }) => sum + points, 0),
      change?.example.after.score,
    );
  });

  test('where only the limits differ, that is what is told', () => {
    const [change] = reportOf(twice, { policy: limits, against: DEFAULT_POLICY }).changes ?? [];
    assert.deepEqual([change?.before, change?.after, change?.because], ['auto', 'human', []]);
  });

  test('the same policy differs in nothing', () => {
    assert.deepEqual(reportOf(twice, { policy: DEFAULT_POLICY, against: DEFAULT_POLICY }).changes, []);
  });
});

test('people are asked by day', () => {
  const drain = (day: string, id: string) =>
    loggedRecord({
      auditID: id,
      verb: 'create',
      requestURI: '/api/v1/namespaces/shop/pods/web-1/exec',
      requestReceivedTimestamp: `${day}T10:00:00Z`,
    });
  const report = reportOf([
    drain('2026-11-21', '1'),
    drain('2026-11-20', '2'),
    drain('2026-11-21', '3'),
    loggedRecord(),
  ]);
  assert.deepEqual(report.asked, [
    { day: '2026-11-20', human: 0, dual: 1 },
    { day: '2026-11-21', human: 0, dual: 2 },
  ]);
});

test('the order of the records means nothing', () => {
  const records = Array.from({ length: 60 }, (_, i) =>
    loggedRecord({
      auditID: String(i % 40),
      verb: ['delete', 'patch', 'create', 'get'][i % 4] ?? 'get',
      requestURI: `/api/v1/namespaces/${['shop', 'production', 'dev'][i % 3]}/pods/web-${i % 5}/x`,
      user: { username: `agent-${i % 7}` },
      requestReceivedTimestamp: `2026-11-2${i % 6}T10:00:0${i % 10}Z`,
      ...(i % 2 === 0 ? { requestObject: { spec: {} } } : {}),
    }),
  );
  // Of two records with one id the same must be told: they are one request.
  const unique = records.slice(0, 40);
  const by = {
    policy: policyOf({ ...DEFAULT_POLICY_DOCUMENT, tiers: { auto: 1, human: 20, dual: 99 } }, null),
    against: DEFAULT_POLICY,
  };
  const whole = reportOf([...unique, ...unique], by);
  assert.ok((whole.changes ?? []).length > 2, JSON.stringify(whole.changes));
  fc.assert(
    fc.property(fc.shuffledSubarray([...unique, ...unique], { minLength: 80 }), (shuffled) => {
      assert.deepEqual(reportOf(shuffled, by), whole);
    }),
    { numRuns: 30 },
  );
});
