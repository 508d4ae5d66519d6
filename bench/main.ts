// `npm run bench [NAME…]`: every benchmark, or those named.

const BENCHES: Readonly<Record<string, () => Promise<{ run(): Promise<void> }>>> = {
  decisions: () => import('./decisions.ts'),
  cli: () => import('./cli.ts'),
  radius: () => import('./radius.ts'),
  load: () => import('./load.ts'),
  loop: () => import('./loop.ts'),
  replay: () => import('./replay.ts'),
  proxy: () => import('./proxy.ts'),
  console: () => import('./console.ts'),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(`there is no benchmark ${unknown.join(', ')}; there are ${Object.keys(BENCHES).join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, load] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stdout.write(`\n## ${name}\n\n`);
    await (await load()).run();
  }
}
