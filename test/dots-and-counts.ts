// A reporter for `npm test`: node's dots and failures, then what dots alone lack: each skip with its reason, and one
// closing line with the counts. Decides nothing.
import { dot } from 'node:test/reporters';

type Events = Parameters<typeof dot>[0];

// biome-ignore lint/style/noDefaultExport: node takes a reporter as the default export of its module.
export default async function* dotsAndCounts(source: Events): AsyncGenerator<string, void> {
  const closing: string[] = [];
  async function* watched(): Events {
    for await (const event of source) {
      if (event.type === 'test:pass' && event.data.skip !== undefined) {
        closing.push(`skipped: ${event.data.name} (${event.data.skip === true ? 'no reason given' : event.data.skip})`);
      } else if (event.type === 'test:summary' && event.data.file === undefined) {
        const { tests, passed, skipped, todo } = event.data.counts;
        closing.push(`${passed} passed, ${tests - passed - skipped - todo} failed, ${skipped} skipped`);
      }
      yield event;
    }
  }
  yield* dot(watched());
  yield `\n${closing.join('\n')}\n`;
}
