import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chain, hashOfLine } from '../../src/adapters/store/chain.ts';
import type { AuditLine } from '../../src/core/remediation/audit-line.ts';
import { type TrailEvidence, type TrailFault, verifyTrail } from '../../src/core/remediation/replay.ts';
import { setStage } from '../support/memory-gate.ts';

/** Three remediations, one of them executed, one rejected, and a note. */
const evidence = async (): Promise<TrailEvidence> => {
  const stage = setStage();
  await stage.proposeText('scale dev/web 5');
  await stage.proposeText('scale production/web 0', 'INC-2');
  await stage.vote('p-2', 'ben');
  await stage.vote('p-2', 'eve');
  await stage.proposeText('scale production/api 0', 'INC-3');
  await stage.vote('p-3', 'ben', 'reject');
  await stage.pass(15);
  const lines = await stage.store.trail.lines(0, 1000, stage.never);
  const { head, kept } = await stage.store.trail.snapshot(stage.never);
  assert.ok(lines.length > 10);
  return { lines, head, kept, known: [{ seq: 3, hash: lines[2]?.hash ?? '' }], hashOf: hashOfLine };
};

/** The chain written anew over changed deeds, as somebody would who can write the whole file. */
const rechained = (lines: readonly AuditLine[]): readonly AuditLine[] => {
  const done: AuditLine[] = [];
  for (const { deed } of lines) done.push(chain(done.at(-1) ?? null, deed));
  return done;
};

const kinds = (faults: readonly TrailFault[]): readonly string[] => [...new Set(faults.map(({ what }) => what))];

const swap = (lines: readonly AuditLine[], i: number): readonly AuditLine[] => {
  const [one, two] = [lines[i], lines[i + 1]];
  assert.ok(one && two);
  return [...lines.slice(0, i), two, one, ...lines.slice(i + 2)];
};
const changed = (lines: readonly AuditLine[], i: number): readonly AuditLine[] =>
  lines.map((line, n) => {
    if (n !== i || line.deed.kind !== 'step') return line;
    const record = { ...line.deed.record, at: '2020-01-01T00:00:00.000Z' };
    return { ...line, deed: { ...line.deed, record } };
  });

const CRIMES: readonly (readonly [says: string, crime: (all: TrailEvidence) => TrailEvidence, found: string])[] = [
  ['a line changed', (all) => ({ ...all, lines: changed(all.lines, 4) }), 'changed'],
  ['a line removed', (all) => ({ ...all, lines: all.lines.filter((_, i) => i !== 4) }), 'removed'],
  ['the first line removed', (all) => ({ ...all, lines: all.lines.slice(1) }), 'removed'],
  ['two lines swapped', (all) => ({ ...all, lines: swap(all.lines, 4) }), 'reordered'],
  ['the tail cut', (all) => ({ ...all, lines: all.lines.slice(0, -1) }), 'tail-cut'],
  ['all lines gone', (all) => ({ ...all, lines: [] }), 'tail-cut'],
  [
    'lines added beyond the head',
    (all) => ({ ...all, head: { seq: 2, hash: all.lines[1]?.hash ?? '' } }),
    'beyond-head',
  ],
  [
    'a line changed and the chain written anew',
    (all) => ({ ...all, lines: rechained(changed(all.lines, 4)) }),
    'tail-cut',
  ],
  [
    'the tail cut, state row and states forged to fit: the head in the review issue still tells',
    (all) => {
      const lines = all.lines.slice(0, 2);
      const last = lines.at(-1);
      assert.ok(last);
      return { ...all, lines, head: last, kept: all.kept.filter(({ head }) => head.seq <= 2) };
    },
    'tail-cut',
  ],
  [
    'a state changed in its row',
    (all) => ({
      ...all,
      kept: all.kept.map(({ remediation, head }) => ({ head, remediation: { ...remediation, votes: [] } })),
    }),
    'state-differs',
  ],
  ['a state removed', (all) => ({ ...all, kept: all.kept.slice(1) }), 'state-differs'],
];

test('a whole trail has no fault', async () => assert.deepEqual(verifyTrail(await evidence()), []));

for (const [says, crime, found] of CRIMES) {
  test(`${says} is found`, async () => {
    const faults = kinds(verifyTrail(crime(await evidence())));
    assert.ok(faults.includes(found), `found ${faults.join(', ') || 'nothing'}`);
  });
}

test('every single line that is changed, removed or cut off is found', async () => {
  const all = await evidence();
  for (const [i, { deed }] of all.lines.entries()) {
    const without = all.lines.filter((_, n) => n !== i);
    assert.notDeepEqual(verifyTrail({ ...all, lines: without }), [], `line ${i + 1} removed`);
    assert.notDeepEqual(verifyTrail({ ...all, lines: all.lines.slice(0, i) }), [], `cut after ${i}`);
    if (deed.kind === 'step')
      assert.notDeepEqual(verifyTrail({ ...all, lines: changed(all.lines, i) }), [], `line ${i + 1} changed`);
  }
});
