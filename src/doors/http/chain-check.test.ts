// What the page says of the trail: all verified, broken, or not all looked at yet.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chain } from '../../adapters/store/chain.ts';
import type { AuditEntry, AuditHead, AuditLine } from '../../core/remediation/audit-line.ts';
import { latestCheckpoint, stayedDigest } from '../../core/remediation/checkpoint.ts';
import type { Trail } from '../../ports/store.ts';
import { type ChainCheck, type ChainState, createChainCheck } from './chain-check.ts';

const never = new AbortController().signal;
const note = (about: string): AuditEntry => ({
  kind: 'note',
  at: '2026-11-26T12:00:00.000Z',
  what: 'paused',
  who: 'ana',
  about,
});

const trailOf = (count: number) => {
  const lines: AuditLine[] = [];
  for (let at = 0; at < count; at += 1) lines.push(chain(headOf(lines), note(`${at}`)));
  const asked: number[] = [];
  const trail = {
    lines: async (after: number, limit: number) => {
      asked.push(after);
      return lines.filter(({ seq }) => seq > after).slice(0, limit);
    },
    head: async () => headOf(lines),
    checkpoint: async () => latestCheckpoint(lines)?.checkpoint ?? null,
  } as unknown as Trail; // as: the two questions that it asks
  return { lines, trail, asked };
};
const headOf = (lines: readonly AuditLine[]): AuditHead | null => {
  const last = lines.at(-1);
  return last === undefined ? null : { seq: last.seq, hash: last.hash };
};

/** What is known once all was looked at. */
const known = async (check: ChainCheck): Promise<ChainState> => {
  for (;;) {
    const state = await check(never);
    if (state !== null) return state;
  }
};

test('an empty trail and a whole one are verified, and a second look reads only what is new', async () => {
  const { lines, trail, asked } = trailOf(2500);
  const check = createChainCheck({ trail });
  assert.deepEqual(await known(check), { ok: true, lines: 2500 });
  lines.push(chain(headOf(lines), note('new')));
  const before = asked.length;
  assert.deepEqual(await check(never), { ok: true, lines: 2501 });
  assert.ok(asked.slice(before).every((after) => after >= 2500));
  assert.deepEqual(await createChainCheck({ trail: trailOf(0).trail })(never), { ok: true, lines: 0 });
});

const CRIMES: readonly (readonly [what: string, commit: (lines: AuditLine[]) => void])[] = [
  ['a changed line', (lines) => lines.splice(7, 1, { ...(lines[7] as AuditLine), deed: note('other') })],
  ['a line that is gone', (lines) => lines.splice(7, 1)],
  ['two lines in another order', (lines) => lines.splice(7, 2, ...lines.slice(7, 9).toReversed())],
  ['a line that hangs on another', (lines) => lines.splice(7, 1, chain({ seq: 7, hash: 'x' }, note('7')))],
];
for (const [what, commit] of CRIMES)
  test(`${what} is found, and stays found`, async () => {
    const { lines, trail } = trailOf(20);
    commit(lines);
    const check = createChainCheck({ trail });
    assert.equal((await check(never))?.ok, false);
    assert.equal((await check(never))?.ok, false);
  });

test('an end that was cut off after it was verified is found', async () => {
  const { lines, trail } = trailOf(20);
  const check = createChainCheck({ trail });
  await check(never);
  lines.splice(15);
  assert.equal((await check(never))?.ok, false);
});

test('a long trail is verified in several looks, none of which takes long', async () => {
  const { trail } = trailOf(25_000);
  let most = 0;
  const lines: Trail['lines'] = (after, limit, signal) => {
    most = Math.max(most, limit);
    return trail.lines(after, limit, signal);
  };
  const check = createChainCheck({ trail: { ...trail, lines } });
  assert.equal(await check(never), null);
  assert.deepEqual(await known(check), { ok: true, lines: 25_000 });
  assert.ok(most <= 1000, `${most}`);
});

/** Takes out every line before these, behind a checkpoint; one stays. */
const prune = (lines: AuditLine[], through: number): void => {
  const last = lines.find(({ seq }) => seq === through) as AuditLine;
  const [stayed] = lines;
  assert.ok(stayed !== undefined);
  const checkpoint = {
    through: { seq: through, hash: last.hash },
    latest: '2026-11-26T12:00:00.000Z',
    stayed: stayedDigest([stayed]),
    carried: '',
  };
  const head = headOf(lines);
  lines.splice(0, lines.length, stayed, ...lines.filter(({ seq }) => seq > through));
  lines.push(chain(head, { ...note('pruned'), what: 'pruned', checkpoint } as AuditEntry));
};

test('lines that were archived, before the first look or after it, break nothing', async () => {
  const { lines, trail } = trailOf(2500);
  const before = createChainCheck({ trail });
  await before(never);
  prune(lines, 1500);
  assert.equal((await known(before)).ok, true);
  assert.deepEqual(await known(createChainCheck({ trail })), { ok: true, lines: 1 + 1000 + 1 });
});

test('lines that are archived in the middle of a look break nothing', async () => {
  const { lines, trail } = trailOf(25_000);
  const check = createChainCheck({ trail });
  assert.equal(await check(never), null);
  prune(lines, 24_000);
  assert.equal((await known(check)).ok, true);
});

test('another line in the place of one that stayed is found', async () => {
  const { lines, trail } = trailOf(20);
  prune(lines, 10);
  lines.splice(0, 1, chain(null, note('forged')));
  assert.equal((await createChainCheck({ trail })(never))?.ok, false);
});
