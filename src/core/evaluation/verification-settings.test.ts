// How long a change may stand still and must stay healthy: by the policy, the proposer and the gate.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_POLICY_DOCUMENT } from '../blast-radius/default-policy.ts';
import { policyOf, type VerifyRules } from '../blast-radius/policy.ts';
import type { Effect } from '../model/effect.ts';
import { verificationSettings } from './verification-settings.ts';

const effect = (kind: Effect['kind'], namespace: string | null): Effect => ({
  verb: kind === 'read' ? 'get' : 'patch',
  group: 'apps',
  resource: 'deployments',
  subresource: null,
  namespace,
  name: 'web',
  selector: null,
  kind,
  known: 'built-in',
  dryRun: false,
  traits: [],
  change: { to: 'other' },
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
});

const RULES: VerifyRules = {
  'set-image': { windowSeconds: 300, soakSeconds: 60 },
  production: { windowSeconds: 600 },
  staging: { soakSeconds: 20 },
};

test('the largest of what is said holds, and a proposer may only lengthen it', () => {
  const rows: readonly (readonly [
    what: string,
    rules: VerifyRules | undefined,
    effects: readonly Effect[],
    asked: number | null,
    window: number,
    soak: number | null,
  ])[] = [
    ['no rules', undefined, [effect('scale', 'production')], null, 120, null],
    ['no rules, asked for less', undefined, [effect('scale', 'production')], 30, 30, null],
    ['no rules, asked for more', undefined, [effect('scale', 'production')], 900, 900, null],
    ['a rule of another action', RULES, [effect('scale', 'dev')], null, 120, null],
    ['of the action', RULES, [effect('set-image', 'dev')], null, 300, 60],
    ['of the class', RULES, [effect('scale', 'prod')], null, 600, null],
    ['of both', RULES, [effect('set-image', 'prod')], null, 600, 60],
    ['a soak alone leaves the window', RULES, [effect('scale', 'staging')], null, 120, 20],
    ['a soak alone, asked for more', RULES, [effect('scale', 'staging')], 200, 200, 20],
    ['of any of several', RULES, [effect('scale', 'dev'), effect('scale', 'prod')], null, 600, null],
    ['asked for less than the rule', RULES, [effect('scale', 'prod')], 30, 600, null],
    ['asked for more than the rule', RULES, [effect('scale', 'prod')], 3000, 3000, null],
    ['what is only read has no rollout', RULES, [effect('read', 'prod')], null, 120, null],
    ['cluster-scoped', RULES, [effect('set-image', null)], null, 300, 60],
  ];
  for (const [what, verify, effects, windowSeconds, window, soak] of rows) {
    const policy = policyOf({ ...DEFAULT_POLICY_DOCUMENT, verify }, null);
    assert.deepEqual(
      verificationSettings(policy, effects, { windowSeconds, otherwise: 120 }),
      { convergeWithinSeconds: window, soakSeconds: soak, checks: [] },
      what,
    );
  }
});

test('checks are asked by action and by class, each once', () => {
  const errors = { promql: 'errors', is: '< 1' } as const;
  const shop = { http: 'https://shop.example', status: 200 } as const;
  const verify: VerifyRules = {
    scale: { checks: [errors, shop] },
    production: { checks: [{ ...errors }] },
    drain: { checks: [shop] },
  };
  const policy = policyOf({ ...DEFAULT_POLICY_DOCUMENT, verify }, null);
  const asked = (...effects: readonly Effect[]) =>
    verificationSettings(policy, effects, { windowSeconds: null, otherwise: 120 }).checks;
  assert.deepEqual(asked(effect('scale', 'prod')), [errors, shop]);
  assert.deepEqual(asked(effect('set-image', 'prod')), [errors]);
  assert.deepEqual(asked(effect('set-image', 'dev')), []);
});
