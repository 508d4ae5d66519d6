// Which dry runs are the gate's own: those on the objects that it tries, while it tries them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectRef } from '../../core/model/object-ref.ts';
import type { ReviewedRequest } from '../../core/model/reviewed-request.ts';
import { createTrials } from './trials.ts';

const WEB = { group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' } as const;
const dryRun = (of: Partial<ReviewedRequest>): ReviewedRequest => ({
  ...WEB,
  operation: 'UPDATE',
  subresource: null,
  object: null,
  oldObject: null,
  options: {},
  dryRun: true,
  ...of,
});

const TABLE: readonly (readonly [what: string, tried: ObjectRef, request: ReviewedRequest, covered: boolean])[] = [
  ['the object', WEB, dryRun({}), true],
  ['its subresource', WEB, dryRun({ subresource: 'scale' }), true],
  ['another name', WEB, dryRun({ name: 'api' }), false],
  ['another namespace', WEB, dryRun({ namespace: 'production' }), false],
  ['another kind', WEB, dryRun({ resource: 'statefulsets' }), false],
  ['one of several', { ...WEB, name: '*' }, dryRun({ name: 'api' }), true],
  ['one that the server names', { ...WEB, name: null }, dryRun({ operation: 'CREATE', name: null }), true],
  [
    'one of another kind that the server names',
    { ...WEB, name: null },
    dryRun({ name: null, resource: 'pods' }),
    false,
  ],
  ['making it again after its deletion', WEB, dryRun({ operation: 'CREATE', name: 'web-rehearsal' }), true],
  ['making another again', WEB, dryRun({ operation: 'CREATE', name: 'api-rehearsal' }), false],
  ['changing what has such a name', WEB, dryRun({ name: 'web-rehearsal' }), false],
];

for (const [what, tried, request, covered] of TABLE)
  test(`${what} is ${covered ? '' : 'not '}covered, and nothing is before and after`, async () => {
    const trials = createTrials();
    assert.ok(!trials.covers(request));
    assert.equal(await trials.during([tried], async () => trials.covers(request)), covered);
    assert.ok(!trials.covers(request));
  });

test('one that fails ends all the same, and two that overlap are apart', async () => {
  const trials = createTrials();
  await assert.rejects(
    trials.during([WEB], () => Promise.reject(new Error('no'))),
    /no/,
  );
  assert.ok(!trials.covers(dryRun({})));
  await trials.during([WEB], async () => {
    await trials.during([WEB], async () => undefined);
    assert.ok(trials.covers(dryRun({})), 'the other goes on');
  });
});
