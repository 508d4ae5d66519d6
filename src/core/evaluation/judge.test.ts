// What the whole judgement promises beyond its parts.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readDocuments } from '../../adapters/yaml/read-documents.ts';
import { whyNotRunnable } from '../action/runnable.ts';
import { DEFAULT_POLICY } from '../blast-radius/default-policy.ts';
import { understand } from '../command/understand.ts';
import { DEFAULT_SPEC_SETTINGS } from './evaluate.ts';
import { judge } from './judge.ts';

const judged = (line: string) =>
  judge({
    understanding: understand(
      { kind: 'line', line },
      { namespace: 'shop', files: new Map(), customResources: [], readDocuments },
    ),
    facts: null,
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
