// How long people, writes and verdicts take, as it is counted from the steps that a gate saves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memoryLog } from '../../../test/fakes/log.ts';
import { createMeasures } from './measures.ts';

test('warnings and errors are counted by event and still said; what only informs is not counted', () => {
  const [measures, log] = [createMeasures(() => 0), memoryLog()];
  const counting = measures.counting(log);
  counting.warn('write_not_admitted', {});
  counting.error('loop_failed', {});
  counting.error('loop_failed', {});
  counting.info('state_changed', {});
  assert.match(measures.text(), /^blastgate_log_events_total\{level="warn",event="write_not_admitted"\} 1$/m);
  assert.match(measures.text(), /^blastgate_log_events_total\{level="error",event="loop_failed"\} 2$/m);
  assert.doesNotMatch(measures.text(), /state_changed/);
  assert.equal(log.lines.length, 4);
});

test('an answer is counted by method, path and status, and timed', () => {
  const measures = createMeasures(() => 0);
  measures.answered({ method: 'POST', route: '/v1/score', code: 200, seconds: 0.02 });
  const text = measures.text();
  assert.match(text, /^blastgate_http_requests_total\{method="POST",route="\/v1\/score",code="200"\} 1$/m);
  assert.match(text, /^blastgate_http_request_seconds_bucket\{method="POST",route="\/v1\/score",le="0.025"\} 1$/m);
});

test('dry runs are timed, those that fail too, and the writer is otherwise the same', async () => {
  let now = 0;
  const measures = createMeasures(() => now);
  const writer = {
    hash: () => 'hashed',
    dryRun: () => {
      now += 200;
      return Promise.reject(new Error('no answer'));
    },
  };
  // as: of a writer, what is asked here.
  const timed = measures.timed(writer as never);
  assert.equal(timed.hash(1), 'hashed');
  await assert.rejects(timed.dryRun(undefined as never, undefined as never, undefined as never), /no answer/);
  assert.match(measures.text(), /^blastgate_dry_run_seconds_bucket\{when="before",le="0.25"\} 1$/m);
  assert.match(measures.text(), /^blastgate_dry_run_seconds_bucket\{when="before",le="0.1"\} 0$/m);
});
