// What a whole gate admits of its own account: the write that is under way, once it is and no longer, and the dry runs of its judging.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setStage } from '../../../test/support/memory-gate.ts';
import type { ReviewedRequest } from '../../core/model/reviewed-request.ts';
import { createAdmissionCheck } from './admit.ts';
import { createTrials } from './trials.ts';

const REQUEST: ReviewedRequest = {
  operation: 'UPDATE',
  group: 'apps',
  resource: 'deployments',
  subresource: 'scale',
  namespace: 'dev',
  name: 'web',
  object: { metadata: { uid: 'u' }, spec: { replicas: 5 } },
  oldObject: { metadata: { uid: 'u' }, spec: { replicas: 3 } },
  options: {},
  dryRun: false,
};

test('nothing is admitted while nothing is under way, and each answer is a line of the log', async () => {
  const { gate, log, never } = setStage();
  const trials = createTrials();
  const admit = createAdmissionCheck(gate, trials, (prefix) => prefix);
  assert.deepEqual(await admit(REQUEST, never), {
    ok: false,
    why: 'no approved write that is under way asks for this',
  });
  assert.equal((await admit({ ...REQUEST, dryRun: true }, never)).ok, false);
  const { group, resource, namespace, name } = REQUEST;
  await trials.during([{ group, resource, namespace, name }], async () => {
    assert.deepEqual(await admit({ ...REQUEST, dryRun: true }, never), { ok: true, proposal: null });
    assert.equal((await admit(REQUEST, never)).ok, false, 'what is tried is not written');
  });
  assert.deepEqual(
    log.lines.map(({ event }) => event),
    ['write_not_admitted', 'write_not_admitted', 'write_admitted', 'write_not_admitted'],
  );
});

test('a store that does not answer admits nothing, and says so', async () => {
  const { gate, never } = setStage();
  const remediations = { ...gate.store.remediations, beingWritten: () => Promise.reject(new Error('locked')) };
  const admit = createAdmissionCheck({ ...gate, store: { ...gate.store, remediations } }, createTrials(), (one) => one);
  assert.deepEqual(await admit(REQUEST, never), { ok: false, why: 'the gate cannot look: locked' });
});
