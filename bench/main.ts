// `npm run bench [NAME…]`: every benchmark, or those named; `history`, `soak` and `pages`, which take long, only where they are named.
import { parseArgs } from 'node:util';

const BENCHES: Readonly<Record<string, () => Promise<{ run(): Promise<void> }>>> = {
  decisions: () => import('./decisions.ts'),
  cli: () => import('./cli.ts'),
  radius: () => import('./radius.ts'),
  load: () => import('./load.ts'),
  loop: () => import('./loop.ts'),
  replay: () => import('./replay.ts'),
  proxy: () => import('./proxy.ts'),
  console: () => import('./console.ts'),
  waiting: () => import('./waiting.ts'),
  pages: () => import('./pages.ts'),
  history: () => import('./history.ts'),
  shapes: () => import('./shapes.ts'),
  soak: () => import('./soak.ts'),
};

const ONLY_NAMED = new Set(['history', 'shapes', 'soak', 'pages']);

const { values, positionals: names } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string' }, pause: { type: 'string' }, stored: { type: 'string' } },
});
if (values.minutes !== undefined) process.env['BENCH_MINUTES'] = values.minutes;
if (values.pause !== undefined) process.env['BENCH_PAUSE'] = values.pause;
if (values.stored !== undefined) process.env['BENCH_STORED'] = values.stored;
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`there is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, load] of Object.entries(BENCHES)) {
    if (names.length > 0 ? !names.includes(name) : ONLY_NAMED.has(name)) continue;
    process.stdout.write(`\n## ${name}\n\n`);
    await (await load()).run();
  }
}
