// What the whole judgement promises beyond its parts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { whyNotRunnable } from '../action/runnable.ts';
import { DEFAULT_POLICY } from '../blast-radius/default-policy.ts';
import { understand } from '../command/understand.ts';
import type { Facts, TargetFact } from '../model/facts.ts';
import { NO_NEIGHBOURS } from '../model/neighbourhood.ts';
import type { FieldChange } from '../model/object-change.ts';
import { DEFAULT_SPEC_SETTINGS } from './evaluate.ts';
import { judge } from './judge.ts';

const judgedWith = (line: string, fields: readonly FieldChange[]) =>
  judged(line, {
    cluster: 'c',
    targets: [TARGET],
    neighbourhood: NO_NEIGHBOURS,
    missing: [],
    failures: [],
    recent: [],
    rehearsal: {
      forward: { is: 'passed' },
      changes: [{ object: 'deployments.apps shop/web', uid: 'u', op: 'update', fields }],
      hidden: [],
    },
  }).spec;

const TARGET: TargetFact = {
  group: 'apps',
  resource: 'deployments',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  uid: 'u',
  preImage: {},
  revision: null,
  revisions: [],
  replicas: 2,
  controller: null,
  protected: false,
};

const judged = (line: string, facts: Facts | null = null) =>
  judge({
    understanding: understand(
      { kind: 'line', line },
      { namespace: 'shop', files: new Map(), customResources: [], readDocuments },
    ),
    facts,
    policy: DEFAULT_POLICY,
    flags: { blastRadiusCheck: 'on', gitopsPr: 'on' },
    settings: DEFAULT_SPEC_SETTINGS,
    incident: 'INC-1',
    clusterName: null,
    files: new Map(),
  });

describe('what a command sends', () => {
  test('is sealed with it', () => {
    const { spec } = judged('kubectl label deployment web tier=front');
    assert.deepEqual(spec.effects[0]?.mutation, {
      is: 'metadata',
      on: 'labels',
      set: { tier: 'front' },
      overwrite: false,
    });
    assert.equal(whyNotRunnable(spec), null);
  });

  for (const line of [
    'kubectl run once --image=a:1 -- mysql -h db -phunter2 -e "select 1"',
    'kubectl set env deployment/web DB_PASSWORD=hunter2',
    'kubectl patch configmap app -p \'{"data":{"url":"postgres://u:hunter2@db"}}\'',
    'kubectl annotate deployment web note="Bearer hunter2hunter2"',
  ])
    test(`is not where it holds a secret: ${line}`, () => {
      const { spec } = judged(line);
      assert.doesNotMatch(JSON.stringify(spec), /hunter2/);
      assert.equal(whyNotRunnable(spec)?.code, 'no-executor');
    });
});

test('what will be true is said by the fields that a dry run has shown', () => {
  const spec = judgedWith('kubectl label deployment web tier=front a- b- c=d', [
    { path: '/metadata/labels/a', before: '1' },
    { path: '/metadata/labels/b', before: '1' },
    { path: '/metadata/labels/c', after: 'd' },
    { path: '/metadata/labels/tier', after: 'front' },
  ]);
  assert.equal(
    spec.targetState,
    'deployment/web -n shop is changed: /metadata/labels/a: "1" → (gone), /metadata/labels/b: "1" → (gone), /metadata/labels/c: "d", and 1 more',
  );
  assert.match(spec.rollbackPlan.command ?? '', /kubectl patch deployment\/web -n shop --type=json -p '\[\{"op":"add"/);
  assert.deepEqual([spec.rollbackPlan.fidelity, spec.rehearsed], ['exact', 'passed']);
});
