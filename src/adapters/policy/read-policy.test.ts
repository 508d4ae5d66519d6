// The policy file: the shipped one is the default, and whatever is wrong is refused with its place and what to do.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { DEFAULT_POLICY_DOCUMENT } from '../../core/blast-radius/default-policy.ts';
import { policyJsonSchema } from './policy-schema.ts';
import { readPolicy } from './read-policy.ts';

const folder = new URL('../../../policy/', import.meta.url);
const shipped = readFileSync(new URL('default.yaml', folder), 'utf8');
const schema: unknown = JSON.parse(readFileSync(new URL('schema.json', folder), 'utf8'));

test('the shipped policy is the default policy', () => {
  assert.deepEqual(readPolicy(shipped), { ok: true, policy: DEFAULT_POLICY_DOCUMENT });
});

test('verify is read, and may be left out as in older files', () => {
  const verify = { scale: { windowSeconds: 300 }, production: { soakSeconds: 60 } };
  const read = readPolicy(shipped.replace('verify: {}', `verify: ${JSON.stringify(verify)}`));
  assert.ok(read.ok, JSON.stringify(read));
  assert.deepEqual(read.policy.verify, verify);
  const more = {
    prometheus: 'https://prometheus.example/base',
    verify: {
      production: {
        checks: [
          { promql: 'sum(rate(errors[1m]))', is: '< 0.05' },
          { http: 'https://shop.example/healthz', status: 200 },
        ],
      },
    },
    breaker: { failures: 2, withinMinutes: 10 },
    writesAtOnce: 1,
    shadow: [{ agents: ['healer'], namespaces: ['shop-*'], until: '2026-12-24T00:00:00Z' }],
  };
  const lines = Object.entries(more).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const without = shipped.replace(/\nbreaker:[\s\S]*$/, '\n');
  const withMore = readPolicy(without.replace('verify: {}', lines.join('\n')));
  assert.ok(withMore.ok, JSON.stringify(withMore));
  const { prometheus, verify: rules, breaker, writesAtOnce, shadow } = withMore.policy;
  assert.deepEqual({ prometheus, verify: rules, breaker, writesAtOnce, shadow }, more);
  const older = readPolicy(shipped.replace('verify: {}', ''));
  assert.ok(older.ok && older.policy.verify === undefined);
});

test('the published schema is the one that is checked', () => {
  assert.deepEqual(schema, JSON.parse(JSON.stringify(policyJsonSchema())));
  const validate = new Ajv2020({ allErrors: true }).compile(schema as object);
  assert.ok(validate(parse(shipped)), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...parse(shipped), floors: {} }));
});

const RULES: readonly (readonly [what: string, rule: string, marked: string, says: RegExp])[] = [
  ['of blocked', '{needed: 2, tiers: [blocked]}', 'blocked', /what is blocked nobody approves/],
  ['for nobody', '{needed: 0}', '0}', /write 1, 2 or 3 people/],
  ['for four', '{needed: 4}', '4}', /write 1, 2 or 3 people/],
  ['without a number', '{tiers: [dual]}', '{tiers', /needed is missing/],
  ['of more of a team than in all', '{needed: 1, from: [{team: a, atLeast: 2}]}', 'a, atLeast', /raise needed to 2/],
  [
    'with a team twice',
    '{needed: 2, from: [{team: a, atLeast: 1}, {team: a, atLeast: 1}]}',
    'a, atLeast: 1}]',
    /twice/,
  ],
  ['open for longer than an approval', '{needed: 1, expiresMinutes: 241}', '241', /240 at most/],
  [
    'by an unknown way',
    '{needed: 1, channels: [pigeon]}',
    'pigeon',
    /write telegram, slack, gitea, github, gitlab, http, oidc, link/,
  ],
  ['by no way', '{needed: 1, channels: []}', '[]}', /one channel at least/],
  ['of an unknown action', '{needed: 1, actions: [explode]}', 'explode', /write actions/],
  ['with an unknown key', '{needed: 1, team: a}', 'team', /unknown key team/],
];
for (const [what, rule, marked, says] of RULES) {
  test(`a rule of approval ${what} is turned down where it stands`, () => {
    const text = `${shipped}\napprovals:\n  - ${rule}\n`;
    const read = readPolicy(text);
    assert.ok(!read.ok);
    const [problem] = read.problems;
    assert.match(problem?.message ?? '', says);
    const line = text.split('\n')[(problem?.line ?? 0) - 1] ?? '';
    assert.ok(line.slice((problem?.column ?? 0) - 1).startsWith(marked), `${problem?.column}: ${line}`);
  });
}

const FREEZES: readonly (readonly [what: string, freeze: string, marked: string, says: RegExp])[] = [
  ['without a time zone', '{name: a, cron: "0 0 * * *", minutes: 5}', '{name', /timezone is missing/],
  [
    'in an unknown time zone',
    '{name: a, cron: "0 0 * * *", minutes: 5, timezone: Mars}',
    'Mars',
    /name of a time zone/,
  ],
  ['that no day ever fits', '{name: a, cron: "0 0 31 2 *", minutes: 5, timezone: UTC}', '"0 0 31', /some day fit/],
  ['with seconds', '{name: a, cron: "0 0 0 * * *", minutes: 5, timezone: UTC}', '"0 0 0', /five fields/],
  [
    'that ends before it begins',
    '{name: a, from: "2026-02-02T00:00", to: "2026-02-01T00:00", timezone: UTC}',
    '"2026-02-01',
    /end after/,
  ],
  [
    'on a day that is none',
    '{name: a, from: "2026-02-30T00:00", to: "2026-03-01T00:00", timezone: UTC}',
    '"2026-02-30',
    /on the clock/,
  ],
  [
    'of two kinds',
    '{name: a, from: "2026-02-02T00:00", cron: "0 0 * * *", timezone: UTC}',
    '{name',
    /from and to, or cron/,
  ],
  ['that lasts longer than it may', '{name: a, cron: "0 0 * * *", minutes: 50000, timezone: UTC}', '50000', /44640/],
  ['without a name', '{cron: "0 0 * * *", minutes: 5, timezone: UTC}', '{cron', /name is missing/],
  ['with an unknown key', '{name: a, cron: "0 0 * * *", minutes: 5, timezone: UTC, tz: x}', 'tz', /unknown key tz/],
  [
    'that allows no action',
    '{name: a, cron: "0 0 * * *", minutes: 5, timezone: UTC, allow: [x]}',
    'x]',
    /write rollback/,
  ],
];
for (const [what, freeze, marked, says] of FREEZES) {
  test(`a freeze ${what} is turned down where it stands`, () => {
    const text = `${shipped}\nfreezes:\n  - ${freeze}\n`;
    const read = readPolicy(text);
    assert.ok(!read.ok);
    const [problem] = read.problems;
    assert.match(problem?.message ?? '', says);
    const line = text.split('\n')[(problem?.line ?? 0) - 1] ?? '';
    assert.ok(line.slice((problem?.column ?? 0) - 1).startsWith(marked), `${problem?.column}: ${line}`);
  });
}

const REMINDERS: readonly (readonly [what: string, value: string, marked: string, says: RegExp])[] = [
  ['without rules', '{rules: []}', '[]', /one rule/],
  [
    'out of order',
    '{rules: [{afterMinutes: 9, tell: all}, {afterMinutes: 9, tell: sre}]}',
    '9, tell: sre',
    /more minutes/,
  ],
  ['after nobody is asked any more', '{rules: [{afterMinutes: 241, tell: all}]}', '241', /240 at most/],
  [
    'with quiet hours in no time zone',
    '{rules: [{afterMinutes: 9, tell: all}], quiet: {cron: "0 22 * * *", minutes: 480, timezone: Mars}}',
    'Mars',
    /name of a time zone/,
  ],
];
for (const [what, value, marked, says] of REMINDERS) {
  test(`reminders ${what} are turned down where it stands`, () => {
    const text = `${shipped}\nreminders: ${value}\n`;
    const read = readPolicy(text);
    assert.ok(!read.ok);
    const [problem] = read.problems;
    assert.match(problem?.message ?? '', says);
    const line = text.split('\n')[(problem?.line ?? 0) - 1] ?? '';
    assert.ok(line.slice((problem?.column ?? 0) - 1).startsWith(marked), `${problem?.column}: ${line}`);
  });
}

test('freezes are read', () => {
  const freezes = [
    {
      name: 'year end',
      from: '2026-12-20T00:00',
      to: '2027-01-02T00:00',
      timezone: 'Asia/Taipei',
      allow: ['rollback'],
    },
    { name: 'fridays', cron: '0 16 * * 5', minutes: 480, timezone: 'Asia/Taipei', namespaces: ['shop*'] },
  ];
  const read = readPolicy(`${shipped}\nfreezes: ${JSON.stringify(freezes)}\n`);
  assert.ok(read.ok, JSON.stringify(read));
  assert.deepEqual(read.policy.freezes, freezes);
});

const CHECKS: readonly (readonly [what: string, check: string, marked: string, says: RegExp])[] = [
  ['a comparison that is none', '{promql: up, is: "= 1"}', '"= 1"', /an operator and a number/],
  ['a check of two kinds', '{promql: up, is: "> 1", http: "https://x.example", status: 200}', '{promql', /promql, is/],
  ['a query without what it must be', '{promql: up}', '{promql', /promql, is/],
  ['a query of nothing', '{promql: "", is: "> 1"}', '"",', /write a query/],
  ['a status that is none', '{http: "https://x.example", status: 99}', '99}', /an HTTP status/],
  ['an address that is none', '{http: "/healthz", status: 200}', '"/healthz"', /begins with http/],
  ['an address of a file', '{http: "file:///etc/passwd", status: 200}', '"file:', /begins with http/],
  [
    'an address with a password',
    '{http: "https://a:b@x.example", status: 200}',
    '"https://a',
    /without user, password/,
  ],
];

/** Line and column of the first occurrence, both from 1. */
const placeOf = (text: string, needle: string): readonly [number, number] => {
  const before = text.slice(0, text.indexOf(needle));
  assert.ok(text.includes(needle), `${needle} does not stand in the policy`);
  return [before.split('\n').length, before.length - before.lastIndexOf('\n')];
};

suite('refused, with line and column and what to do', () => {
  const rows: readonly (readonly [what: string, from: string, to: string, marked: string, says: RegExp])[] = [
    ['an unknown key', 'version: 1', 'version: 1\nversoin: 2', 'versoin', /unknown key versoin/],
    ['an unknown inner key', '  force: 20', '  force: 20\n  farce: 1', 'farce', /unknown key farce/],
    ['a weakened floor', 'version: 1', 'version: 1\nfloors: {exec: auto}', 'floors', /floors are built in/],
    ['a missing limit', '  auto: 10\n', '', 'human: 50', /tiers\.auto is missing/],
    ['a missing number', '  prune: 30\n', '', 'all: 25', /modifiers\.prune is missing/],
    ['a fraction', 'auto: 10', 'auto: 9.5', '9.5', /whole points/],
    ['a fraction of points', 'drain: 45', 'drain: 45.5', '45.5', /whole points/],
    ['a word for a number', 'drain: 45', 'drain: lots', 'lots', /whole points/],
    ['a negative number', 'drain: 45', 'drain: -1', '-1', /0 or more/],
    ['a hundred by adding', 'drain: 45', 'drain: 100', '100\n  exec', /99 at most/],
    ['a raised auto limit', 'auto: 10', 'auto: 11', '11', /never raise it above 10/],
    ['a raised human limit', 'human: 50', 'human: 51', '51', /never raise it above 50/],
    ['a moved end', 'dual: 99', 'dual: 98', '98', /write 99/],
    ['tiers out of order', 'human: 50', 'human: 10', '10\n  dual', /tiers out of order/],
    [
      'a hard rule below two people',
      'delete-crd: block',
      'delete-crd: human',
      'human\n  delete-apiservice',
      /never below two people/,
    ],
    [
      'a core hard rule',
      'hardRules:',
      'hardRules:\n  delete-namespace: dual',
      'delete-namespace',
      /core hard rules are built in/,
    ],
    ['a missing hard rule', '  nodes-proxy: block\n', '', 'delete-crd', /hardRules\.nodes-proxy is missing/],
    ['a weakened core list', '  - tenants.capsule.clastix.io\n', '', '- projects', /weakens a hard rule/],
    ['a weakened floor', '  - janitor/*\n', '', '- eks', /weakens a floor/],
    ['a key that is no glob', '- helm.sh/chart', '- helm.sh/[a-z]', 'helm.sh/[a-z]', /only wildcard/],
    ['two decimals', 'multiplier: 1.5', 'multiplier: 1.55', '1.55', /one decimal at most/],
    ['no multiplier', 'multiplier: 1.5', 'multiplier: 0', '0\n    patterns:\n      [\n        prod', /0\.1 or more/],
    [
      'a class above the control plane',
      'multiplier: 1.5',
      'multiplier: 2.5',
      '2.5',
      /no more than that of control-plane/,
    ],
    ['a pattern that is no glob', 'kube-system,', 'kube-(system|public),', 'kube-(system', /wildcards/],
    ['a kind named twice', '[pods, events,', '[pods, pods, events,', 'pods, events,', /pods stands twice/],
    ['a kind in capitals', '[pods, events,', '[Pods, events,', 'Pods', /lower case/],
    ['a quoted word of exec', 'execReadonly: []', 'execReadonly: [["cat x"]]', '"cat x"', /plain words/],
    ['an unknown class of a cluster', 'clusters: {}', 'clusters: {eu: best}', 'best', /write one of control-plane/],
    ['a window that is too short', 'verify: {}', 'verify: {scale: {windowSeconds: 4}}', '4}', /5 or more/],
    [
      'a soak below that of the gate',
      'verify: {}',
      'verify: {scale: {soakSeconds: 9}}',
      '9}',
      /never for a shorter one/,
    ],
    ['a window for no action', 'verify: {}', 'verify: {rescale: {windowSeconds: 9}}', 'rescale', /./],
    ...CHECKS.map(
      ([what, check, marked, says]) =>
        [
          what,
          'verify: {}',
          `prometheus: https://p.example\nverify: {scale: {checks: [${check}]}}`,
          marked,
          says,
        ] as const,
    ),
    [
      'a query without a Prometheus',
      'verify: {}',
      'verify: {scale: {checks: [{promql: up, is: == 1}]}}',
      'up,',
      /write `prometheus: https/,
    ],
    ['a Prometheus that is no address', 'verify: {}', 'prometheus: prom.invalid', 'prom.invalid', /begins with http/],
    [
      'a Prometheus with a query',
      'verify: {}',
      'prometheus: https://p.example/?x=1',
      'https://p.example',
      /without a query/,
    ],
    ['a breaker of no failures', 'failures: 3', 'failures: 0', '0\n  withinMinutes', /1 or more/],
    ['a breaker of a missing time', '  withinMinutes: 30\n', '', 'failures: 3', /withinMinutes is missing/],
    ['no write at once', 'writesAtOnce: 4', 'writesAtOnce: 0 # none', '0 # none', /1 or more/],
    ['a shadow without an end', 'shadow: []', 'shadow: [{ agents: [a] }]', '{ agents: [a] }', /until is missing/],
    ['a shadow that ends at no time', 'shadow: []', 'shadow: [{ until: soon }]', 'soon', /a time with its offset/],
    [
      'a shadow that ends nobody knows where',
      'shadow: []',
      'shadow: [{ until: 2026-12-24T00:00:00 }]',
      '2026-12-24T00:00:00 }]',
      /a time with its offset/,
    ],
    [
      'a shadow that ends on no day',
      'shadow: []',
      'shadow: [{ until: 2026-13-24T00:00:00Z }]',
      '2026-13',
      /a time with its offset/,
    ],
    [
      'a shadow of no agents',
      'shadow: []',
      'shadow: [{ agents: [], until: 2026-12-25T00:00:00Z }]',
      '[], until',
      /leave agents out/,
    ],
    [
      'a shadow of a namespace that is none',
      'shadow: []',
      'shadow: [{ namespaces: [Shop], until: 2026-12-25T00:00:00Z }]',
      'Shop',
      /namespace name/,
    ],
    [
      'a shadow of an unknown key',
      'shadow: []',
      'shadow: [{ teams: [a], until: 2026-12-25T00:00:00Z }]',
      'teams',
      /unknown key teams/,
    ],
    ['another version', 'version: 1', 'version: 2', '2\n', /write 1/],
    ['a key twice', 'clusters: {}', 'clusters: {}\nversion: 1', 'version: 1\n\n# Added', /unique/],
    ['an alias', 'clusters: {}', 'clusters: *x', '*x', /alias/i],
    ['broken YAML', 'clusters: {}', 'clusters: {', 'execReadonly', /./],
    ['a tag', 'version: 1', 'version: !js 1', '!js', /tag/i],
  ];
  for (const [what, from, to, marked, says] of rows) {
    test(what, () => {
      const text = shipped.replace(from, to);
      assert.notEqual(text, shipped, `${from} does not stand in the policy`);
      const result = readPolicy(text);
      assert.ok(!result.ok, 'it was accepted');
      const said = result.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
      const found = result.problems.find(({ message }) => says.test(message));
      assert.ok(found, said.join('\n'));
      if (what !== 'broken YAML') {
        const [line, column] = placeOf(text, marked);
        if (!/missing/.test(what)) assert.deepEqual([found.line, found.column], [line, column], said.join('\n'));
      }
      assert.ok(found.line >= 1 && found.column >= 1);
    });
  }
  for (const [what, text] of [
    ['an empty file', ''],
    ['a list', '- 1'],
    ['two documents', `${shipped}\n---\n${shipped}`],
    ['a bare word', 'policy'],
  ] as const) {
    test(what, () => assert.equal(readPolicy(text).ok, false));
  }
});
