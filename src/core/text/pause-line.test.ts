import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pauseOf } from '../remediation/pause.ts';
import { codeSpan } from './escape.ts';
import { describePause } from './pause-line.ts';

const WAITS = { state: 'awaiting-approval' } as const;
const SINCE = '2026-01-01T00:00:00.000Z';
const PAUSED = { kind: 'note', at: SINCE, what: 'paused', about: '' } as const;
const plain = (text: string): string => text;

test('what is paused, since when, by whom, and what ends it, in both languages', () => {
  const pause = { cluster: 'eu-1', since: SINCE, by: 'ana' };
  assert.equal(
    describePause(WAITS, pause, 'en', plain),
    `⏸ The cluster eu-1 is paused since ${SINCE} by ana: nothing of it is written until an admin runs blastgate resume --cluster eu-1.`,
  );
  assert.equal(
    describePause(WAITS, pause, 'zh-TW', plain),
    `⏸ 叢集 eu-1 已暫停（由 ana 暫停，自 ${SINCE} 起）：在管理員執行 blastgate resume --cluster eu-1 之前不會寫入任何變更。`,
  );
  const own = { cluster: null, since: null, by: null };
  assert.match(describePause(WAITS, own, 'en', plain) ?? '', /^⏸ The gate is paused by the gate itself: /);
  assert.match(describePause(WAITS, own, 'zh-TW', plain) ?? '', /^⏸ 閘門已暫停（閘門自行暫停）：/);
});

test('what names bring along is inert where it is shown', () => {
  const pause = { cluster: null, since: SINCE, by: '@all `x`' };
  assert.match(describePause(WAITS, pause, 'en', codeSpan) ?? '', /by `` @all `x` ``:/);
});

test('nothing is said of what is under way, over, or not paused', () => {
  const pause = { cluster: null, since: SINCE, by: 'ana' };
  for (const state of ['executing', 'verifying', 'rolling-back', 'succeeded', 'stale'] as const)
    assert.equal(describePause({ state }, pause, 'en', plain), null);
  assert.equal(describePause(WAITS, null, 'en', plain), null);
});

test('of all pauses the newest of the switch that is off counts', () => {
  const line = (seq: number, who: string | null, cluster?: string) => ({
    seq,
    prev: '',
    hash: '',
    deed: { ...PAUSED, who, ...(cluster === undefined ? {} : { cluster }) },
  });
  const lines = [line(1, 'ana'), line(2, 'ben', 'eu-1'), line(3, null), line(4, 'cho', 'us-1')];
  assert.deepEqual(pauseOf(null, lines), { cluster: null, since: SINCE, by: null });
  assert.deepEqual(pauseOf('eu-1', lines), { cluster: 'eu-1', since: SINCE, by: 'ben' });
  assert.deepEqual(pauseOf('asia', lines), { cluster: 'asia', since: null, by: null });
});
