// Seconds and counts as Prometheus reads them: cumulative buckets, escaped labels, and no row beyond the limit.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCounter, createHistogram } from './histogram.ts';

const NAMED = { name: 'x_seconds', help: 'Time.', labels: ['kind'] } as const;

test('buckets are cumulative, and the last holds all', () => {
  const histogram = createHistogram({ ...NAMED, bounds: [0.1, 1] });
  for (const seconds of [0.05, 0.1, 0.5, 30]) histogram.observe(['a'], seconds);
  assert.deepEqual(histogram.text().split('\n'), [
    '# HELP x_seconds Time.',
    '# TYPE x_seconds histogram',
    'x_seconds_bucket{kind="a",le="0.1"} 2',
    'x_seconds_bucket{kind="a",le="1"} 3',
    'x_seconds_bucket{kind="a",le="+Inf"} 4',
    'x_seconds_sum{kind="a"} 30.65',
    'x_seconds_count{kind="a"} 4',
    '',
  ]);
});

test('what is no time is not counted', () => {
  const histogram = createHistogram({ ...NAMED, bounds: [1] });
  for (const seconds of [Number.NaN, -1]) histogram.observe(['a'], seconds);
  assert.doesNotMatch(histogram.text(), /_count/);
});

test('known labels stand at 0 before anything happens, so that a first increase is seen', () => {
  assert.match(createCounter(NAMED, [['a']]).text(), /^x_seconds\{kind="a"\} 0$/m);
  assert.match(createHistogram({ ...NAMED, bounds: [1] }, [['a']]).text(), /^x_seconds_count\{kind="a"\} 0$/m);
});

test('a label cannot leave its quotes', () => {
  const counter = createCounter(NAMED);
  counter.add(['a"} 1\nevil 1\\']);
  assert.match(counter.text(), /^x_seconds\{kind="a\\"\} 1\\nevil 1\\\\"\} 1$/m);
});

test('beyond the limit all is counted under other, and nothing is lost', () => {
  const counter = createCounter(NAMED);
  for (let at = 0; at < 1000; at += 1) counter.add([`row-${at}`]);
  const rows = counter.text().match(/^x_seconds\{/gm) ?? [];
  assert.equal(rows.length, 301);
  assert.match(counter.text(), /^x_seconds\{kind="other"\} 700$/m);
});
