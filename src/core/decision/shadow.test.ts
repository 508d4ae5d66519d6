// When the gate only observes, and that no core hard rule is ever let through for it.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CORE_RULES } from '../blast-radius/hard-rules.ts';
import { EXTENDED_RULES } from '../blast-radius/policy.ts';
import { decideShadow, endedRules, type ShadowQuestion, type ShadowSettings } from './shadow.ts';

const NOW = '2026-11-26T12:00:00.000Z';
const [LATER, EARLIER] = ['2026-12-24T00:00:00Z', '2026-11-26T11:59:59Z'];
const question: ShadowQuestion = {
  agent: 'healer',
  namespaces: ['shop'],
  now: NOW,
  hardRule: null,
  understood: true,
};
const rule = (more: object = {}): ShadowSettings => ({ everything: false, rules: [{ until: LATER, ...more }] });
const kindOf = (settings: ShadowSettings, more: Partial<ShadowQuestion> = {}): string =>
  decideShadow(settings, { ...question, ...more }).kind;

describe('only observed is', () => {
  const rows: readonly (readonly [
    what: string,
    kind: string,
    settings: ShadowSettings,
    more?: Partial<ShadowQuestion>,
  ])[] = [
    ['nothing without a rule', 'enforced', { everything: false, rules: [] }],
    ['everything, where the gate runs so', 'observed', { everything: true, rules: [] }],
    ['everybody, by a rule that names nobody', 'observed', rule()],
    ['the agent that is named', 'observed', rule({ agents: ['other', 'healer'] })],
    ['no other agent', 'enforced', rule({ agents: ['other'] })],
    ['nobody, by an empty list', 'enforced', rule({ agents: [] })],
    ['a namespace that is named', 'observed', rule({ namespaces: ['shop'] })],
    ['a namespace by its pattern', 'observed', rule({ namespaces: ['sh*'] })],
    ['no other namespace', 'enforced', rule({ namespaces: ['sho'] })],
    [
      'no write that goes beyond the namespaces',
      'enforced',
      rule({ namespaces: ['shop'] }),
      { namespaces: ['shop', 'prod'] },
    ],
    ['no write outside of all namespaces', 'enforced', rule({ namespaces: ['*'] }), { namespaces: [null] }],
    ['a write outside of all namespaces, by a rule without any', 'observed', rule(), { namespaces: [null] }],
    [
      'nothing of which no namespace is known, by a rule with some',
      'enforced',
      rule({ namespaces: ['*'] }),
      { namespaces: [] },
    ],
    ['the agent in its namespace, not elsewhere', 'enforced', rule({ agents: ['healer'], namespaces: ['prod'] })],
    ['nothing after the end', 'enforced', rule({ until: EARLIER })],
    ['nothing at the end', 'enforced', rule({ until: NOW })],
    ['what has an end in another zone', 'enforced', rule({ until: '2026-11-26T13:00:00+01:00' })],
    ['the same a moment before', 'observed', rule({ until: '2026-11-26T13:00:01+01:00' })],
  ];
  for (const [what, kind, settings, more] of rows)
    test(what, () => {
      assert.equal(kindOf(settings, more), kind);
    });
});

test('of several ends the last is named, and none where everything is observed', () => {
  const rules = [{ until: LATER }, { until: '2027-01-01T00:00:00Z' }, { until: EARLIER }];
  assert.deepEqual(decideShadow({ everything: false, rules }, question), {
    kind: 'observed',
    until: '2027-01-01T00:00:00Z',
  });
  assert.deepEqual(decideShadow({ everything: true, rules }, question), { kind: 'observed', until: null });
  assert.deepEqual(endedRules(rules, NOW), [{ until: EARLIER }]);
});

const settings = fc.record({
  everything: fc.boolean(),
  rules: fc.array(
    fc.record({
      until: fc.constantFrom(LATER, EARLIER),
      namespaces: fc.option(fc.constant(['*']), { nil: undefined }),
    }),
  ),
});

test('no core hard rule and nothing unread is let through, whatever is set', () => {
  fc.assert(
    fc.property(settings, fc.constantFrom(...CORE_RULES), fc.boolean(), (given, code, understood) => {
      const kind = kindOf(given, { hardRule: { code, subject: 'x' }, understood });
      assert.notEqual(kind, 'observed');
      assert.notEqual(kindOf(given, { understood: false }), 'observed');
    }),
  );
});

test('an extended hard rule is observed: the policy may lift it', () => {
  for (const code of EXTENDED_RULES) assert.equal(kindOf(rule(), { hardRule: { code, subject: 'x' } }), 'observed');
});
