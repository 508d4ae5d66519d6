// What the mappings of a process are taken for: the soak bench explains resident memory by them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { mappedParts, memoryParts } from '../../bench/memory-parts.ts';

const MB = 1024;
/** One mapping as Linux prints it, with the lines that are read and one that is not. */
const mapping = (range: string, mode: string, name: string, [rss, anonymous]: readonly [number, number]): string =>
  `${range} ${mode} 00000000 fe:00 ${name.startsWith('/') ? 247278 : 0}${name === '' ? '' : `          ${name}`}
Size:              99999 kB
Rss:            ${rss} kB
Anonymous:      ${anonymous} kB
VmFlags: rd wr mr mw me ac
`;

describe('the mappings of a process', () => {
  const rows: readonly (readonly [what: string, smaps: string, of: Partial<ReturnType<typeof mappedParts>>])[] = [
    [
      'a file that was read, and pages of it that were written',
      mapping('55dbd7700000-55dbd7b00000', 'r-xp', '/usr/bin/node', [3 * MB, 0]) +
        mapping('55dbd7b00000-55dbd7c00000', 'rw-p', '/usr/bin/node', [2 * MB, 1 * MB]),
      { files: 4, otherAnonymous: 1, malloc: 0, arenas: 0 },
    ],
    [
      'the first arena of malloc',
      mapping('55dbd8000000-55dbd9000000', 'rw-p', '[heap]', [5 * MB, 5 * MB]),
      { malloc: 5, arenas: 1 },
    ],
    [
      'an arena of another thread, with what of it is not used yet',
      mapping('7f0004000000-7f0005000000', 'rw-p', '', [7 * MB, 7 * MB]) +
        mapping('7f0005000000-7f0008000000', '---p', '', [0, 0]),
      { malloc: 7, arenas: 1, otherAnonymous: 0 },
    ],
    [
      'a full arena',
      mapping('7f0004000000-7f0008000000', 'rw-p', '', [64 * MB, 64 * MB]),
      { malloc: 64, arenas: 1, otherAnonymous: 0 },
    ],
    [
      'pages that only begin where an arena could',
      mapping('7f0004000000-7f0004040000', 'rw-p', '', [MB / 4, MB / 4]) +
        mapping('7f0004040000-7f0004080000', 'r--p', '', [MB / 4, MB / 4]),
      { malloc: 0, arenas: 0, otherAnonymous: 0.5 },
    ],
    [
      'machine code',
      mapping('7f00a1234000-7f00a1334000', 'rwxp', '', [MB, MB]),
      { malloc: 0, arenas: 0, otherAnonymous: 1 },
    ],
  ];
  for (const [what, smaps, expected] of rows)
    test(what, () => {
      const found = mappedParts(smaps);
      for (const [part, megabytes] of Object.entries(expected))
        assert.equal(found[part as keyof typeof found], megabytes, part);
    });
});

test('this process: its threads by name, and no more in the parts than is resident', async () => {
  const worker = new Worker('setInterval(() => {}, 1000)', { eval: true, name: 'store' });
  await new Promise((online) => worker.once('online', online));
  try {
    const { heaps, files, malloc, otherAnonymous } = await memoryParts();
    assert.deepEqual(
      heaps.map(({ thread }) => thread),
      ['main', 'store'],
    );
    for (const { thread, used, held } of heaps) assert.ok(used > 0 && used <= held, thread);
    const resident = process.memoryUsage().rss / 2 ** 20;
    const sum = files + malloc + otherAnonymous;
    assert.ok(Math.abs(sum - resident) < resident / 5, `${sum} MB in parts, ${resident} MB resident`);
  } finally {
    await worker.terminate();
  }
});
