// A reporter beside node's own: what each test file took, the slowest first. Decides nothing.
import { relative } from 'node:path';
import type { dot } from 'node:test/reporters';

type Events = Parameters<typeof dot>[0];

// biome-ignore lint/style/noDefaultExport: node takes a reporter as the default export of its module.
export default async function* seconds(source: Events): AsyncGenerator<string, void> {
  const took = new Map<string, number>();
  for await (const event of source) {
    if (event.type === 'test:summary' && event.data.file !== undefined)
      took.set(relative(process.cwd(), event.data.file), event.data.duration_ms / 1000);
  }
  const lines = [...took]
    .toSorted(([, a], [, b]) => b - a)
    .map(([file, time]) => `${time.toFixed(1).padStart(8)} s  ${file}\n`);
  yield `\n${lines.join('')}`;
}
