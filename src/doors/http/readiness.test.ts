import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from '../../../test/support/memory-gate.ts';
import { AdapterError } from '../../ports/adapter-error.ts';
import { readiness } from './readiness.ts';

const full = new AdapterError('refused', 'The database cannot grow, the disk is full.', { reason: 'disk-full' });

test('a gate that cannot store is not ready, and is again once it can', async () => {
  const { gate, clock, store } = setStage();
  const ready = readiness(gate, new AbortController().signal);
  const write = store.controls.writeCursor.bind(store.controls);
  assert.deepEqual(await ready(), { ok: true });
  store.controls.writeCursor = () => Promise.reject(full);
  clock.pass(6);
  assert.deepEqual(await ready(), {
    ok: false,
    why: 'nothing can be stored: The database cannot grow, the disk is full.',
  });
  store.controls.writeCursor = write;
  clock.pass(6);
  assert.deepEqual(await ready(), { ok: true });
});

test('many who ask cause one write', async () => {
  const { gate, clock, store } = setStage();
  const ready = readiness(gate, new AbortController().signal);
  let writes = 0;
  store.controls.writeCursor = async () => {
    writes += 1;
  };
  await Promise.all(Array.from({ length: 50 }, ready));
  clock.pass(4);
  await ready();
  assert.equal(writes, 1);
});

test('a gate that ends is not ready', async () => {
  const { gate } = setStage();
  assert.deepEqual(await readiness(gate, AbortSignal.abort())(), { ok: false, why: 'the gate is shutting down' });
});
