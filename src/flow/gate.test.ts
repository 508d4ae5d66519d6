// Whose write a remediation may be: the scope of a gate, and the narrower of its name.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SPEC } from '../../test/support/dual-spec.ts';
import { isOfCluster, isOwn } from './gate.ts';

const sealedFor = (name: string | null) => ({ spec: { ...SPEC, cluster: { name, uid: 'u' } } });
const gateAt = (clusterName: string | null, names: readonly string[] | null) => ({
  clusterName,
  ...(names === null ? {} : { clusters: () => ({ all: [], names }) }),
});

const ROWS: readonly (readonly [
  what: string,
  gate: ReturnType<typeof gateAt>,
  name: string | null,
  own: boolean,
  of: boolean,
])[] = [
  ['its own', gateAt('eu', ['eu', 'us']), 'eu', true, true],
  ['of the other', gateAt('eu', ['eu', 'us']), 'us', false, false],
  ['from before there were several, at the first', gateAt('eu', ['eu', 'us']), null, true, true],
  ['from before there were several, at another', gateAt('us', ['eu', 'us']), null, false, false],
  ['of a name that has gone, at the first, which looks after it', gateAt('eu', ['eu', 'us']), 'asia', true, false],
  ['of a name that has gone, at another', gateAt('us', ['eu', 'us']), 'asia', false, false],
  ['of another name, at the only cluster', gateAt('eu', null), 'us', true, false],
  ['of a name, at the only cluster, which nobody names', gateAt(null, null), 'us', true, true],
  ['without a name at all', gateAt(null, null), null, true, true],
];
for (const [what, gate, name, own, of] of ROWS)
  test(what, () => assert.deepEqual([isOwn(gate, sealedFor(name)), isOfCluster(gate, sealedFor(name))], [own, of]));
