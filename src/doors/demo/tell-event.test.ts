import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProposalView } from '../proposal-view.ts';
import { tellEvent } from './tell-event.ts';

const paint = (text: string): string => text;

const look = (direction: 'forward' | 'back', code: string, samples: readonly object[]) =>
  tellEvent(
    {
      seq: 1,
      at: '2026-01-01T00:00:00Z',
      event: 'sampled',
      from: 'verifying',
      to: 'verifying',
      direction,
      verdict: { is: 'pending', code, subject: null },
      look: { samples },
      // as: the parts that are read of an event that the gate shows.
    } as unknown as ProposalView['events'][number],
    paint,
  );

const WEB = { seen: 'workload', target: 'deployment/web', desired: 3, updated: 2, ready: 1 };
const SETTINGS = { seen: 'written', target: 'configmap/settings' };

test('a look counts the pods of workloads; of what has none it says what the verdict says', () => {
  assert.equal(look('forward', 'rolling-out', [WEB, SETTINGS]), 'deployment/web: 2 of 3 updated, 1 ready');
  assert.equal(look('forward', 'settling', [SETTINGS]), 'Everything looks healthy; it must stay so for a while.');
  assert.equal(look('back', 'settling', []), 'Everything looks healthy; it must stay so for a while.');
  assert.match(look('forward', 'trouble', [WEB]) ?? '', /^Pods do not start/);
});
