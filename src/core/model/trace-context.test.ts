// The examples of W3C Trace Context, and what is no trace.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTraceParent } from './trace-context.ts';

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

test('a trace is read, with whether it is recorded', () => {
  assert.deepEqual(readTraceParent(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, parentId: SPAN, recorded: 'yes' });
  assert.equal(readTraceParent(`00-${TRACE}-${SPAN}-00`)?.recorded, 'no');
  assert.equal(readTraceParent(`00-${TRACE}-${SPAN}-03`)?.recorded, 'yes');
  assert.equal(readTraceParent(` 00-${TRACE}-${SPAN}-01 `)?.traceId, TRACE);
});

test('a later version is read by what this one knows of it', () => {
  assert.equal(readTraceParent(`01-${TRACE}-${SPAN}-01-what-comes`)?.traceId, TRACE);
});

for (const [why, header] of [
  ['nothing', undefined],
  ['no text', ''],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['the version that is none', `ff-${TRACE}-${SPAN}-01`],
  ['more than this version has', `00-${TRACE}-${SPAN}-01-x`],
  ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
] as const)
  test(`${why} is no trace`, () => {
    assert.equal(readTraceParent(header), null);
  });
