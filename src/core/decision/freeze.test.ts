import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FreezeRule } from '../blast-radius/policy.ts';
import type { Effect } from '../model/effect.ts';
import { instant } from '../model/instant.ts';
import { freezeStatusOf, frozenBy } from './freeze.ts';
import { freezeTimesProblem, nextWindow, windowAt } from './freeze-window.ts';

const write = (over: Partial<Effect> = {}): Effect => ({
  verb: 'patch',
  group: 'apps',
  resource: 'deployments',
  subresource: 'scale',
  namespace: 'shop',
  name: 'web',
  selector: null,
  kind: 'scale',
  known: 'built-in',
  dryRun: false,
  traits: [],
  change: { to: 'replicas', replicas: 5 },
  labelKeys: [],
  annotationKeys: [],
  templateKeys: [],
  desired: null,
  subjects: [],
  ...over,
});

const BERLIN = 'Europe/Berlin';
const SALE: FreezeRule = { name: 'sale', from: '2026-11-27T00:00', to: '2026-11-30T12:00', timezone: BERLIN };
const FRIDAYS: FreezeRule = { name: 'fridays', cron: '0 16 * * 5', minutes: 120, timezone: 'Asia/Taipei' };

const WINDOWS: readonly (readonly [
  what: string,
  freeze: FreezeRule,
  now: string,
  from: string | null,
  until?: string,
])[] = [
  ['just before it begins', SALE, '2026-11-26T22:59:59.999Z', null],
  ['the moment it begins', SALE, '2026-11-26T23:00:00.000Z', '2026-11-26T23:00', '2026-11-30T11:00'],
  ['the moment before it ends', SALE, '2026-11-30T10:59:59.999Z', '2026-11-26T23:00', '2026-11-30T11:00'],
  ['the moment it ends', SALE, '2026-11-30T11:00:00.000Z', null],
  ['a Friday afternoon in Taipei', FRIDAYS, '2026-11-27T08:30:00.000Z', '2026-11-27T08:00', '2026-11-27T10:00'],
  ['a Thursday there', FRIDAYS, '2026-11-26T08:30:00.000Z', null],
  // Clocks in Berlin go from 2:00 to 3:00 on 2026-03-29, and from 3:00 back to 2:00 on 2026-10-25.
  [
    'a time that the clock skips begins when the clock goes on',
    { name: 'n', cron: '30 2 * * *', minutes: 60, timezone: BERLIN },
    '2026-03-29T01:10:00.000Z',
    '2026-03-29T01:00',
    '2026-03-29T02:00',
  ],
  [
    'a time that the clock shows twice begins once',
    { name: 'n', cron: '30 2 * * *', minutes: 30, timezone: BERLIN },
    '2026-10-25T01:35:00.000Z',
    null,
  ],
  [
    'an end that the clock shows twice is the second',
    { name: 'n', from: '2026-10-24T00:00', to: '2026-10-25T02:45', timezone: BERLIN },
    '2026-10-25T01:15:00.000Z',
    '2026-10-23T22:00',
    '2026-10-25T01:45',
  ],
  [
    'one between a first and a second showing lasts through both',
    { name: 'n', from: '2026-10-25T02:30', to: '2026-10-25T02:45', timezone: BERLIN },
    '2026-10-25T01:10:00.000Z',
    '2026-10-25T00:30',
    '2026-10-25T01:45',
  ],
  [
    'a day that is an hour shorter lasts as long as the clock says',
    { name: 'n', from: '2026-03-29T00:00', to: '2026-03-30T00:00', timezone: BERLIN },
    '2026-03-29T10:00:00.000Z',
    '2026-03-28T23:00',
    '2026-03-29T22:00',
  ],
  [
    'an offset that is written holds, whatever the zone',
    { name: 'n', from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', timezone: BERLIN },
    '2026-01-01T00:00:00.000Z',
    '2026-01-01T00:00',
    '2026-01-02T00:00',
  ],
  [
    'windows that touch are one: the end is the end of all',
    { name: 'n', cron: '0 * 1 * *', minutes: 60, timezone: 'UTC' },
    '2026-02-01T05:00:00.000Z',
    '2026-02-01T05:00',
    '2026-02-02T00:00',
  ],
];
for (const [what, freeze, now, from, until] of WINDOWS) {
  test(`a freeze: ${what}`, () => {
    const window = windowAt(freeze, now);
    const expected = from === null ? null : { from: `${from}:00.000Z`, until: `${until}:00.000Z` };
    if (window === null || expected === null) return assert.equal(window, expected);
    assert.equal(window.until, expected.until);
    assert.ok(window.from <= now);
    return undefined;
  });
}

const HELD: readonly (readonly [what: string, more: Partial<FreezeRule>, effects: readonly Effect[], held: boolean])[] =
  [
    ['any write where nothing else is said', {}, [write()], true],
    ['no read', {}, [write({ verb: 'get', kind: 'read' })], false],
    ['an action that it allows', { allow: ['scale'] }, [write()], false],
    ['two actions of which it allows one', { allow: ['scale'] }, [write(), write({ kind: 'drain' })], true],
    ['another namespace', { namespaces: ['pay*'] }, [write()], false],
    ['its namespace, by a glob', { namespaces: ['sh*'] }, [write()], true],
    ['one namespace of several', { namespaces: ['pay'] }, [write(), write({ namespace: 'pay' })], true],
    [
      'what is in no namespace and may touch any',
      { namespaces: ['pay'] },
      [write({ namespace: null, resource: 'nodes', group: '' })],
      true,
    ],
    [
      'the namespace itself',
      { namespaces: ['pay'] },
      [write({ namespace: null, resource: 'namespaces', group: '', name: 'dev' })],
      false,
    ],
  ];
for (const [what, more, effects, held] of HELD) {
  test(`a freeze holds${held ? '' : ' not'}: ${what}`, () => {
    const frozen = frozenBy([{ ...SALE, ...more }], effects, '2026-11-28T00:00:00.000Z');
    assert.equal(frozen?.name ?? null, held ? 'sale' : null);
  });
}

test('of several the one that ends last is named', () => {
  const longer = { ...SALE, name: 'longer', to: '2026-12-24T00:00' };
  assert.equal(frozenBy([SALE, longer, SALE], [write()], '2026-11-28T00:00:00.000Z')?.name, 'longer');
});

test('one freeze more never lets more through', () => {
  const rules = fc.constantFrom<FreezeRule>(
    SALE,
    FRIDAYS,
    { ...SALE, namespaces: ['pay'] },
    { ...FRIDAYS, allow: ['scale'] },
  );
  const moment = fc.integer({ min: Date.UTC(2026, 10, 20), max: Date.UTC(2026, 11, 5) }).map(instant);
  fc.assert(
    fc.property(fc.array(rules, { maxLength: 4 }), rules, moment, (freezes, more, now) => {
      const before = frozenBy(freezes, [write()], now);
      const after = frozenBy([...freezes, more], [write()], now);
      assert.ok(before === null || (after !== null && after.until >= before.until));
    }),
  );
});

test('a moment is in a window exactly when the next one begins later', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) }).map(instant), (now) => {
      for (const freeze of [SALE, FRIDAYS]) {
        const [on, next] = [windowAt(freeze, now), nextWindow(freeze, now)];
        if (on !== null) assert.ok(on.from <= now && now < on.until);
        if (next !== null)
          assert.ok(next.from > now && next.until > next.from && (on === null || next.from >= on.until));
      }
    }),
  );
});

test('what each is doing is told for doctor', () => {
  const over = { ...SALE, name: 'over', from: '2020-01-01T00:00', to: '2020-01-02T00:00' };
  assert.deepEqual(
    freezeStatusOf([SALE, FRIDAYS, over], '2026-11-28T00:00:00.000Z').map((one) => `${one.name} ${one.kind}`),
    ['sale on', 'fridays next', 'over over'],
  );
});

const WRONG: readonly (readonly [times: Omit<FreezeRule, 'name'>, key: string | null])[] = [
  [{ timezone: 'Mars/Base', cron: '0 0 * * *', minutes: 1 }, 'timezone'],
  [{ timezone: 'UTC', cron: '0 0 30 2 *', minutes: 1 }, 'cron'],
  [{ timezone: 'UTC', cron: '@daily', minutes: 1 }, 'cron'],
  [{ timezone: 'UTC', cron: '99 0 * * *', minutes: 1 }, 'cron'],
  [{ timezone: 'UTC', from: '2026-02-30T00:00', to: '2026-03-02T00:00' }, 'from'],
  [{ timezone: 'UTC', from: '2026-02-01', to: '2026-03-02T00:00' }, 'from'],
  [{ timezone: 'UTC', from: '2026-02-01T00:00', to: 'tomorrow' }, 'to'],
  [{ timezone: 'UTC', from: '2026-02-01T00:00', to: '2026-02-01T00:00' }, 'to'],
  [{ timezone: 'UTC', from: '2026-02-01T00:00' }, null],
  [{ timezone: 'UTC', from: '2026-02-01T00:00', to: '2026-02-02T00:00', cron: '0 0 * * *', minutes: 1 }, null],
  [{ timezone: 'UTC' }, null],
];
for (const [times, key] of WRONG)
  test(`wrong in ${key ?? 'all'}: ${JSON.stringify(times)}`, () => {
    assert.equal(freezeTimesProblem(times)?.key, key);
  });
