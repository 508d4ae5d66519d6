// What collectors of security events are told: every kind of line against the schema of OCSF and the dictionary of CEF.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NOTE_NAMES } from '../../src/core/remediation/audit-line.ts';
import { EVENT_NAMES } from '../../src/core/remediation/event.ts';
import { cefLine } from '../../src/core/text/cef.ts';
import { ocsfEvent } from '../../src/core/text/ocsf.ts';
import type { TrailRecord } from '../../src/core/text/trail-record.ts';
import { HOSTILE } from '../support/dual-spec.ts';
import { cefFaults, readCef } from './siem/cef.ts';
import { ocsfFaults } from './siem/ocsf.ts';

const VERSION = '1.2.3';
const BARE: TrailRecord = {
  seq: 7,
  hash: 'ab'.repeat(32),
  event: 'voted',
  timeMs: 1_764_162_000_000,
  weight: 'routine',
  result: null,
  who: null,
  proposal: null,
  incident: null,
  state: null,
  command: null,
  digest: null,
  tier: null,
  cluster: null,
  about: null,
};
const FULL: TrailRecord = {
  ...BARE,
  result: 'success',
  who: 'ben',
  proposal: 'p-1',
  incident: 'INC-1',
  state: 'approved',
  command: 'kubectl scale deployment/web --replicas=5',
  digest: `sha256:${'cd'.repeat(32)}`,
  tier: 'dual',
  cluster: 'blue: the 2nd (uid 1234)',
  about: 'approve: looks good',
};
/** Each name of an event, with everything and with nothing, at every weight and end. */
const RECORDS: readonly TrailRecord[] = [...EVENT_NAMES, ...NOTE_NAMES, 'of a later version'].flatMap((event) =>
  [BARE, FULL].flatMap((one) =>
    (['routine', 'low', 'medium', 'high', 'critical'] as const).flatMap((weight) =>
      ([null, 'success', 'failure'] as const).map((result) => ({ ...one, event, weight, result })),
    ),
  ),
);
const LONG = 'x=\\|\n'.repeat(20_000);
const HARD: readonly TrailRecord[] = [
  { ...FULL, timeMs: null },
  { ...FULL, seq: 2 ** 40 },
  ...[LONG, '', ' ', ' suser=root ', ...HOSTILE].map((text) => ({
    ...FULL,
    who: text.slice(0, 500),
    about: text,
    command: text,
    cluster: text,
    incident: text,
    proposal: text.slice(0, 500),
  })),
];

describe('OCSF', () => {
  test('every kind of line is an event of its class', () => {
    assert.ok(RECORDS.length > 500);
    const faults = [...RECORDS, ...HARD].flatMap((record) =>
      ocsfFaults(JSON.parse(JSON.stringify(ocsfEvent(record, VERSION)))).map((fault) => `${record.event}: ${fault}`),
    );
    assert.deepEqual([...new Set(faults)], []);
  });

  type Event = Readonly<Record<string, unknown>>;
  const { actor: _, ...nobody } = ocsfEvent(FULL, VERSION) as Event;
  const login = ocsfEvent({ ...FULL, event: 'logged-in' }, VERSION) as Event;
  const { service: __, ...nowhere } = login;
  const whole = ocsfEvent(FULL, VERSION) as Event & { readonly metadata: Event; readonly api: Event };
  const { product: ___, ...noProduct } = whole.metadata;
  const WRONG: readonly (readonly [why: string, event: unknown, says: RegExp])[] = [
    ['no class', { ...whole, class_uid: 6099 }, /class_uid 6099/],
    ['a class that it is not', { ...login, class_uid: 6003 }, /category_uid is 3, not 6/],
    ['nobody who acts', nobody, /actor is missing/],
    ['a login to nothing', nowhere, /none of service, dst_endpoint/],
    ['an activity that is not listed', { ...whole, activity_id: 7 }, /activity_id is 7, which is not listed/],
    ['a type that does not follow', { ...whole, type_uid: 600399 }, /type_uid is 600399, not 600301/],
    ['a caption of something else', { ...whole, severity: 'Grave' }, /severity is "Grave", not "Informational"/],
    ['a field of nobody', { ...whole, who: 'ben' }, /who is not in the schema/],
    ['a field within of nobody', { ...whole, api: { ...whole.api, verb: 'x' } }, /api\.verb is not in the schema/],
    ['no operation', { ...whole, api: {} }, /api\.operation is missing/],
    ['no product', { ...whole, metadata: noProduct }, /metadata\.product is missing/],
    ['a time as text', { ...whole, time: '2026-11-26T13:00:00Z' }, /time is no whole number/],
    ['one resource for a list', { ...whole, resources: { uid: 'p-1' } }, /resources is no list/],
    [
      'a resource without a name',
      { ...whole, resources: [{ type: 'proposal' }] },
      /resources\[0\]\. has none of name, uid/,
    ],
    [
      'another version',
      { ...whole, metadata: { ...whole.metadata, version: '1.4.0' } },
      /metadata\.version is 1\.4\.0/,
    ],
    ['a profile that is not named', { ...whole, cloud: { provider: 'x' } }, /cloud is of the profile cloud/],
    ['null', { ...whole, unmapped: { incident: null } }, /unmapped\.incident is null/],
    ['a text without end', { ...whole, message: 'x'.repeat(70_000) }, /message is longer than 65535/],
  ];
  for (const [why, event, says] of WRONG)
    test(`the check is awake: ${why}`, () => assert.match(ocsfFaults(event).join('\n'), says));
});

describe('CEF', () => {
  test('every kind of line can be read, with keys of the dictionary, none too long', () => {
    const faults = [...RECORDS, ...HARD].flatMap((record) =>
      cefFaults(cefLine(record, VERSION)).map((fault) => `${record.event}: ${fault}`),
    );
    assert.deepEqual([...new Set(faults)], []);
  });

  test('a reader finds again what was written', () => {
    const { head, fields } = readCef(cefLine(FULL, VERSION));
    assert.deepEqual(head, ['CEF:0', 'Blastgate', 'Blastgate', VERSION, 'voted', 'voted', '1']);
    assert.equal(fields.get('cs3'), FULL.command);
    assert.equal(fields.get('msg'), FULL.about);
    for (const text of [' suser=root act=nothing', 'a\\=b c\\\\=d', 'one\r\ntwo|three', 'x\\n']) {
      const read = readCef(cefLine({ ...FULL, about: text }, VERSION)).fields;
      assert.equal(read.get('msg'), text);
      assert.equal(read.get('suser'), 'ben');
    }
  });

  const LINE = cefLine(FULL, VERSION);
  const WRONG: readonly (readonly [why: string, line: string, says: RegExp])[] = [
    ['two lines', `${LINE}\n${LINE}`, /more than one line/],
    ['a head that is short', 'CEF:0|Blastgate|Blastgate|1|voted|1|', /seven fields/],
    ['a bare pipe in the head', LINE.replace('|voted|voted|1|', '|vo|ted|voted|1|'), /begins with no key/],
    ['another version', LINE.replace('CEF:0', 'CEF:1'), /CEF:0/],
    ['a key of nobody', `${LINE} who=ben`, /who is not in the dictionary/],
    ['a key twice', `${LINE} act=x`, /act stands twice/],
    ['a bare equals sign', LINE.replace('looks good', 'looks suser=good'), /suser stands twice/],
    ['a text without end', `${LINE}${'x'.repeat(2000)}`, /msg has \d+ characters, 1023 at most/],
    ['no label', LINE.replace(/cs2Label=\S+ /, ''), /cs2 is without its label/],
    ['a time as text', LINE.replace(/rt=\d+/, 'rt=soon'), /rt is no number/],
    ['a name that is no host', `${LINE} dhost=blue the 2nd`, /dhost is no name of a host/],
    ['a backslash alone', LINE.replace('looks', '\\looks'), /no escape/],
  ];
  for (const [why, line, says] of WRONG)
    test(`the check is awake: ${why}`, () => assert.match(cefFaults(line).join('\n'), says));
});
