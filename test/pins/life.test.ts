// Names that others rely on, frozen. Whoever changes one writes a line into the changelog.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chain } from '../../src/adapters/store/chain.ts';
import { EVENT_NAMES } from '../../src/core/remediation/event.ts';
import { STATES, TRANSITIONS } from '../../src/core/remediation/state.ts';
import { setStage } from '../support/memory-gate.ts';

test('the states and what leads from one to the next', () => {
  const table = STATES.filter((state) => TRANSITIONS[state].length > 0).map(
    (state) => `${state} → ${TRANSITIONS[state].join(' | ')}`,
  );
  assert.deepEqual(table, [
    'proposed → blocked | refused | awaiting-approval | approved',
    'awaiting-approval → approved | rejected | expired | superseded | cancelled | stale',
    'approved → executing | stale | expired | awaiting-approval',
    'executing → verifying | failed | uncertain',
    'verifying → succeeded | rolling-back | handed-over | failed',
    'uncertain → executing | verifying | failed | rolling-back | rolled-back | rollback-failed | handed-over',
    'rolling-back → rolled-back | rollback-failed | handed-over | uncertain',
  ]);
});

test('the events that the audit trail holds', () => {
  assert.deepEqual(EVENT_NAMES, [
    'proposed',
    'decided',
    'voted',
    'glass-broken',
    'reminded',
    'vote-withdrawn',
    'cancelled',
    'superseded',
    'expired',
    'went-stale',
    'write-intended',
    'write-answered',
    'progressed',
    'answer-missed',
    'looked',
    'sampled',
    'way-back-lost',
    'review-answered',
    'breaker-tripped',
  ]);
});

test('the hash of a known audit line, onto a known line', () => {
  const deed = { kind: 'note', at: '2026-01-01T00:00:00.000Z', what: 'paused', who: 'ana', about: '' } as const;
  const first = chain(null, deed);
  assert.equal(first.hash, '7ad239e90589b4d036a6ea904ae306e0d5ffc96b4933bc55eb10bdaa5ecdb552');
  assert.equal(chain(first, deed).hash, '2ec2f4198fd00aa6570a848a5360cc8e57d3225d681538004a27d5c7b1bfb2ea');
});

test('the fields of an outcome', async () => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5');
  await stage.pass(15);
  const { outcomes } = await stage.store.history.outcomes({ limit: 1, before: null }, stage.never);
  const [outcome] = outcomes;
  assert.ok(outcome);
  assert.deepEqual(Object.keys(outcome), [
    'key',
    'incident',
    'digest',
    'proposal',
    'action',
    'target',
    'namespace',
    'objects',
    'blast_radius_score',
    'tier',
    'rolled_back',
    'state',
    'verdict',
    'times',
  ]);
});
